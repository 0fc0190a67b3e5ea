package transport

import (
	"fmt"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/domain"
)

// The codes, under extensions.code, of errors that this package makes.
const (
	CodeBadRequest           domain.Code = "BAD_REQUEST"
	CodeRequestTooLarge      domain.Code = "REQUEST_TOO_LARGE"
	CodeNotAcceptable        domain.Code = "NOT_ACCEPTABLE"
	CodeUnsupportedMediaType domain.Code = "UNSUPPORTED_MEDIA_TYPE"
	CodeMethodNotAllowed     domain.Code = "METHOD_NOT_ALLOWED"
	CodePreflightRequired    domain.Code = "PREFLIGHT_REQUIRED"
	CodeDocumentNotFound     domain.Code = "DOCUMENT_NOT_FOUND"
	CodeDocumentNotTrusted   domain.Code = "DOCUMENT_NOT_TRUSTED"
	CodeHashNotFound         domain.Code = "PERSISTED_QUERY_NOT_FOUND"
	CodeHashNotSupported     domain.Code = "PERSISTED_QUERY_NOT_SUPPORTED"
	CodeTooManyOperations    domain.Code = "TOO_MANY_OPERATIONS"
)

// Codes of errors that others make and that have a status of their own.
const (
	codeRateLimited domain.Code = "RATE_LIMITED"
	codeCancelled   domain.Code = "CANCELLED"
)

const (
	messageNotAcceptable     = "Accept must include application/graphql-response+json, application/json, text/event-stream or multipart/mixed"
	messageSubscriptionNeeds = "a subscription needs Accept: text/event-stream, or a websocket that speaks graphql-transport-ws"
	messageDeferNeeds        = "@defer needs Accept: multipart/mixed or Accept: text/event-stream"
	messageDeferOnSocket     = "@defer is not delivered over a websocket: send the operation by POST with Accept: multipart/mixed or Accept: text/event-stream"
)

// refusal is the answer to a request that holds no GraphQL operation, or that may not carry the one it holds.
type refusal struct {
	status  int
	code    domain.Code
	message string
	// allow is for status 405.
	allow string
}

func badRequest(format string, args ...any) *refusal {
	return &refusal{status: http.StatusBadRequest, code: CodeBadRequest, message: fmt.Sprintf(format, args...)}
}

func methodNotAllowed(allow, message string) *refusal {
	return &refusal{status: http.StatusMethodNotAllowed, code: CodeMethodNotAllowed, message: message, allow: allow}
}

// response is the refusal as GraphQL shows it.
func (f *refusal) response() *graphql.Response {
	return errorResponse(f.code, f.message)
}

func errorResponse(code domain.Code, message string) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{codedError(code, message)}}
}

func codedError(code domain.Code, message string) *gqlerror.Error {
	return &gqlerror.Error{Message: message, Extensions: map[string]any{"code": string(code)}}
}

// refuse answers without running anything. These answers show nothing of the request but its shape.
func (c *core) refuse(w http.ResponseWriter, r *http.Request, media string, f *refusal) {
	c.Refused(r.Context(), f.code)
	if f.allow != "" {
		w.Header().Set("Allow", f.allow)
	}
	if f.status == http.StatusRequestEntityTooLarge {
		// The rest of the body is not worth reading.
		w.Header().Set("Connection", "close")
	}
	body := c.buffers.take()
	defer c.buffers.giveBack(body)
	c.encode(r.Context(), body, f.response())
	c.send(w, media, f.status, body.Bytes())
}
