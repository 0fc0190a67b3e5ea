package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"strings"
	"unicode/utf8"
)

// request is a GraphQL request as a client sends it.
type request struct {
	query         string
	documentID    string
	operationName string
	variables     map[string]any
	extensions    map[string]any
}

// parameter is where one parameter of a request goes.
type parameter[T any] struct {
	name   string
	target *T
}

func (r *request) texts() []parameter[string] {
	return []parameter[string]{{"query", &r.query}, {"documentId", &r.documentID}, {"operationName", &r.operationName}}
}

func (r *request) objects() []parameter[map[string]any] {
	return []parameter[map[string]any]{{"variables", &r.variables}, {"extensions", &r.extensions}}
}

// readBody reads a POST's body within the limit.
func (c *core) readBody(w http.ResponseWriter, r *http.Request) ([]byte, *refusal) {
	tooLarge := &refusal{status: http.StatusRequestEntityTooLarge, code: CodeRequestTooLarge, message: "the request is too large"}
	if r.ContentLength > c.MaxBodyBytes {
		return nil, tooLarge
	}
	// A length that is told is room for the whole body at once, as far as it is believed.
	body := bytes.NewBuffer(make([]byte, 0, bytes.MinRead+max(0, min(r.ContentLength, believedLength))))
	_, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, c.MaxBodyBytes))
	var limit *http.MaxBytesError
	switch {
	case errors.As(err, &limit):
		return nil, tooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &refusal{status: http.StatusRequestTimeout, code: CodeBadRequest, message: "the request did not arrive in time"}
	case err != nil:
		return nil, badRequest("the request could not be read")
	}
	return body.Bytes(), nil
}

// believedLength bounds the memory that a request gets for the length that it tells, before it has sent anything.
const believedLength = 16 << 10

// checkContentType accepts JSON in UTF-8, uncompressed, and nothing else: a browser asks before it sends that elsewhere.
func checkContentType(h http.Header) *refusal {
	refused := &refusal{
		status:  http.StatusUnsupportedMediaType,
		code:    CodeUnsupportedMediaType,
		message: "the body must be application/json in UTF-8, without a Content-Encoding",
	}
	if given := h["Content-Type"]; len(given) == 1 && given[0] == mediaJSON && h["Content-Encoding"] == nil {
		return nil // What nearly all clients send.
	}
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || media != mediaJSON || len(h.Values("Content-Type")) != 1 {
		return refused
	}
	charset, given := params["charset"]
	if given && !strings.EqualFold(charset, "utf-8") {
		return refused
	}
	encoding := h.Get("Content-Encoding")
	if encoding != "" && !strings.EqualFold(encoding, "identity") {
		return refused
	}
	return nil
}

// decodeRequest reads one JSON object with nothing behind it. Keys that it does not know are ignored, as the
// specification wants; keys are compared exactly, which encoding/json does for maps alone.
func decodeRequest(body []byte) (*request, *refusal) {
	if !utf8.Valid(body) {
		return nil, badRequest("the body is not UTF-8")
	}
	var fields map[string]json.RawMessage
	err := json.Unmarshal(body, &fields)
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &wrongType) || err == nil && fields == nil:
		return nil, badRequest("the body must be one JSON object; batches are not accepted")
	case err != nil:
		return nil, badRequest("the body is not one JSON object")
	}
	var req request
	for _, field := range req.texts() {
		if len(fields[field.name]) == 0 {
			continue
		}
		err = json.Unmarshal(fields[field.name], field.target)
		if err != nil {
			return nil, badRequest("%s must be a string", field.name)
		}
	}
	for _, field := range req.objects() {
		err = decodeJSON(fields[field.name], field.target)
		if err != nil {
			return nil, badRequest("%s must be an object", field.name)
		}
	}
	return req.complete()
}

// decodeJSON leaves target as it is where there is no value or a null. Numbers keep their digits.
func decodeJSON(value []byte, target any) error {
	if len(value) == 0 {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.UseNumber()
	err := decoder.Decode(target)
	if err != nil {
		return err
	}
	_, err = decoder.Token()
	if !errors.Is(err, io.EOF) {
		return errors.New("more than one value")
	}
	return nil
}

// parseQuery reads a GET's parameters.
func parseQuery(raw string) (*request, *refusal) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, badRequest("the query string is not well encoded")
	}
	var req request
	for _, field := range req.texts() {
		given := values[field.name]
		if len(given) > 1 || !utf8.ValidString(values.Get(field.name)) {
			return nil, badRequest("%s must be given once, in UTF-8", field.name)
		}
		*field.target = values.Get(field.name)
	}
	for _, field := range req.objects() {
		text := values.Get(field.name)
		if len(values[field.name]) > 1 || !utf8.ValidString(text) || decodeJSON([]byte(text), field.target) != nil {
			return nil, badRequest("%s must be given once, as a JSON object", field.name)
		}
	}
	return req.complete()
}

// complete checks that the request names a document in one way or another.
func (r *request) complete() (*request, *refusal) {
	if r.query == "" && r.documentID == "" && r.hash() == nil {
		return nil, badRequest("query is missing")
	}
	return r, nil
}

// hash is the persistedQuery extension, nil where there is none.
func (r *request) hash() map[string]any {
	extension, _ := r.extensions["persistedQuery"].(map[string]any)
	return extension
}
