package transport

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/domain"
)

// statusPartial is what GraphQL over HTTP recommends for data beside errors.
const statusPartial = 294

// encode appends a response as JSON. The data is copied as it is: the executor made it, so it is not parsed again.
func (c *core) encode(ctx context.Context, to *bytes.Buffer, resp *graphql.Response) {
	c.encodeHead(ctx, to, resp)
	to.Write(resp.Data)
	c.encodeTail(ctx, to, resp)
}

// encodeHead appends what stands before the data: errors come first, so that they are seen in a long answer.
func (c *core) encodeHead(ctx context.Context, to *bytes.Buffer, resp *graphql.Response) {
	to.WriteByte('{')
	if len(resp.Errors) > 0 {
		to.WriteString(`"errors":`)
		c.encodeValue(ctx, to, resp.Errors, `[{"message":"Internal error","extensions":{"code":"`+string(domain.CodeInternal)+`"}}]`)
	}
	if resp.Data == nil && len(resp.Errors) > 0 {
		return
	}
	if len(resp.Errors) > 0 {
		to.WriteByte(',')
	}
	to.WriteString(`"data":`)
	if resp.Data == nil {
		to.WriteString("null")
	}
}

// encodeTail appends what stands behind the data.
func (c *core) encodeTail(ctx context.Context, to *bytes.Buffer, resp *graphql.Response) {
	if len(resp.Extensions) > 0 {
		to.WriteString(`,"extensions":`)
		c.encodeExtensions(ctx, to, resp.Extensions)
	}
	to.WriteByte('}')
}

// encodeExtensions appends what stands beside the data, in the order of the names. A part that is no JSON takes all with it.
func (c *core) encodeExtensions(ctx context.Context, to *bytes.Buffer, parts map[string]any) {
	start := to.Len()
	var room [4]string
	names := slices.AppendSeq(room[:0], maps.Keys(parts))
	slices.Sort(names)
	between := byte('{')
	for _, name := range names {
		to.WriteByte(between)
		between = ','
		err := appendMember(to, name, parts[name])
		if err != nil {
			c.noJSON(ctx, err)
			to.Truncate(start)
			to.WriteString("null")
			return
		}
	}
	to.WriteByte('}')
}

// encodeValue appends a value as JSON, or otherwise where it has none: an extension may hold anything.
func (c *core) encodeValue(ctx context.Context, to *bytes.Buffer, value any, otherwise string) {
	err := appendJSON(to, value)
	if err != nil {
		c.noJSON(ctx, err)
		to.WriteString(otherwise)
	}
}

func (c *core) noJSON(ctx context.Context, err error) {
	c.Log.ErrorContext(ctx, "part of an answer is no JSON", "error", err)
}

// appendMember appends one member of an object.
func appendMember(to *bytes.Buffer, name string, value any) error {
	if isPlain(name) {
		to.WriteString(`"` + name + `"`)
	} else {
		err := appendJSON(to, name)
		if err != nil {
			return err
		}
	}
	to.WriteByte(':')
	return appendJSON(to, value)
}

// isPlain tells whether a text needs nothing but quotes to be what encoding/json makes of it.
func isPlain(text string) bool {
	return !strings.ContainsFunc(text, func(char rune) bool { return char < ' ' || char > '~' || strings.ContainsRune(`"\<>&`, char) })
}

// jsonAppender is a value that writes itself, the same as encoding/json would, at less cost.
type jsonAppender interface{ AppendJSON(to []byte) []byte }

// appendJSON appends a value as JSON, and nothing where it has none.
func appendJSON(to *bytes.Buffer, value any) error {
	own, ok := value.(jsonAppender)
	if ok {
		to.Write(own.AppendJSON(to.AvailableBuffer()))
		return nil
	}
	text, err := json.Marshal(value)
	to.Write(text)
	return err
}

// send writes a whole answer from its parts and tells its length, so that it is not chunked.
func (c *core) send(w http.ResponseWriter, media string, status int, parts ...[]byte) {
	length := 0
	for _, part := range parts {
		length += len(part)
	}
	h := w.Header()
	setContentType(h, media)
	h["Content-Length"] = []string{strconv.Itoa(length)}
	if h.Get("Cache-Control") == "" {
		h["Cache-Control"] = valueNoStore
	}
	w.WriteHeader(status)
	for _, part := range parts {
		_, err := w.Write(part)
		if err != nil {
			// The client has gone; the access log has the line.
			return
		}
	}
}

// statusOf chooses the status of a response in one piece.
func statusOf(resp *graphql.Response, media string) int {
	if resp.Data != nil || len(resp.Errors) == 0 {
		if media == mediaGraphQL && len(resp.Errors) > 0 {
			return statusPartial
		}
		return http.StatusOK
	}
	// Nothing ran. Who may not ask, or asks too much, is told by the status in both media types, as is a fault of ours:
	// proxies and clients act on these.
	for _, rule := range []struct {
		code   domain.Code
		status int
	}{
		{domain.CodeUnauthenticated, http.StatusUnauthorized},
		{codeRateLimited, http.StatusTooManyRequests},
		{domain.CodeForbidden, http.StatusForbidden},
		{domain.CodeInternal, http.StatusInternalServerError},
		{domain.CodeUnavailable, http.StatusServiceUnavailable},
		{codeCancelled, http.StatusServiceUnavailable},
		{domain.CodeTimeout, http.StatusGatewayTimeout},
	} {
		if hasCode(resp.Errors, rule.code) {
			return rule.status
		}
	}
	if media == mediaGraphQL {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

func hasCode(errs gqlerror.List, code domain.Code) bool {
	return slices.ContainsFunc(errs, func(err *gqlerror.Error) bool { return err.Extensions["code"] == string(code) })
}

// setStatusHeaders adds the headers that go with a status.
func setStatusHeaders(h http.Header, status int, errs gqlerror.List) {
	switch status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer")
	case http.StatusTooManyRequests:
		h.Set("Retry-After", strconv.Itoa(retryAfter(errs)))
	}
}

// retryAfter is the longest wait that the errors ask for under extensions.retryAfter, in whole seconds, at least one.
func retryAfter(errs gqlerror.List) int {
	longest := 1.0
	for _, err := range errs {
		switch seconds := err.Extensions["retryAfter"].(type) {
		case int:
			longest = max(longest, float64(seconds))
		case int64:
			longest = max(longest, float64(seconds))
		case float64:
			longest = max(longest, seconds)
		}
	}
	return int(math.Ceil(min(longest, math.MaxInt32)))
}
