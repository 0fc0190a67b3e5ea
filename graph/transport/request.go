package transport

import (
	"bytes"
	"encoding/json"
	"errors"
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
	// sent is the JSON that a body has for it, nil where it has none.
	sent []byte
}

// take keeps a value of a body that is the parameter's.
func (p *parameter[T]) take(name, value []byte) {
	if string(name) == p.name {
		p.sent = value
	}
}

// kind is the first character of what was sent, which tells the kinds of JSON apart. What is missing is null.
func (p *parameter[T]) kind() byte {
	if p.sent == nil {
		return 'n'
	}
	return p.sent[0]
}

func (r *request) texts() [3]parameter[string] {
	return [...]parameter[string]{
		{name: "query", target: &r.query}, {name: "documentId", target: &r.documentID}, {name: "operationName", target: &r.operationName},
	}
}

func (r *request) objects() [2]parameter[map[string]any] {
	return [...]parameter[map[string]any]{{name: "variables", target: &r.variables}, {name: "extensions", target: &r.extensions}}
}

// readRequest reads a POST's body and the request in it.
func (c *core) readRequest(w http.ResponseWriter, r *http.Request) (*request, *refusal) {
	body := c.buffers.take()
	defer c.buffers.giveBack(body)
	refused := c.readBody(w, r, body)
	if refused != nil {
		return nil, refused
	}
	return decodeRequest(body.Bytes())
}

// readBody reads a POST's body within the limit.
func (c *core) readBody(w http.ResponseWriter, r *http.Request, to *bytes.Buffer) *refusal {
	if r.ContentLength > c.MaxBodyBytes {
		return bodyTooLarge()
	}
	// A length that is told is room for the whole body at once, as far as it is believed.
	to.Grow(bytes.MinRead + int(max(0, min(r.ContentLength, believedLength))))
	_, err := to.ReadFrom(http.MaxBytesReader(w, r.Body, c.MaxBodyBytes))
	if err == nil {
		return nil
	}
	var limit *http.MaxBytesError
	switch {
	case errors.As(err, &limit):
		return bodyTooLarge()
	case errors.Is(err, os.ErrDeadlineExceeded):
		return &refusal{status: http.StatusRequestTimeout, code: CodeBadRequest, message: "the request did not arrive in time"}
	default:
		return badRequest("the request could not be read")
	}
}

func bodyTooLarge() *refusal {
	return &refusal{status: http.StatusRequestEntityTooLarge, code: CodeRequestTooLarge, message: "the request is too large"}
}

// believedLength bounds the memory that a request gets for the length that it tells, before it has sent anything.
const believedLength = 16 << 10

// checkContentType accepts JSON in UTF-8, uncompressed, and nothing else: a browser asks before it sends that elsewhere.
func checkContentType(h http.Header) *refusal {
	given := h["Content-Type"]
	if len(given) == 1 && given[0] == mediaJSON && h["Content-Encoding"] == nil {
		return nil // What nearly all clients send.
	}
	media, params, err := mime.ParseMediaType(h.Get("Content-Type"))
	charset, named := params["charset"]
	encoding := h.Get("Content-Encoding")
	switch {
	case err != nil, media != mediaJSON, len(given) != 1:
	case named && !strings.EqualFold(charset, "utf-8"):
	case encoding != "" && !strings.EqualFold(encoding, "identity"):
	default:
		return nil
	}
	return &refusal{
		status:  http.StatusUnsupportedMediaType,
		code:    CodeUnsupportedMediaType,
		message: "the body must be application/json in UTF-8, without a Content-Encoding",
	}
}

// decodeRequest reads one JSON object with nothing behind it. Keys that it does not know are ignored, as the
// specification wants; keys are compared exactly.
func decodeRequest(body []byte) (*request, *refusal) {
	if !utf8.Valid(body) {
		return nil, badRequest("the body is not UTF-8")
	}
	if !json.Valid(body) {
		return nil, badRequest("the body is not one JSON object")
	}
	text := jsonText{text: body}
	if text.peek() != '{' {
		return nil, badRequest("the body must be one JSON object; batches are not accepted")
	}
	var req request
	texts, objects := req.texts(), req.objects()
	for text.open(); text.more('}'); {
		name := text.name()
		value := text.skip()
		for i := range texts {
			texts[i].take(name, value)
		}
		for i := range objects {
			objects[i].take(name, value)
		}
	}
	for _, field := range texts {
		switch field.kind() {
		case 'n':
		case '"':
			*field.target = unquote(field.sent)
		default:
			return nil, badRequest("%s must be a string", field.name)
		}
	}
	for _, field := range objects {
		switch field.kind() {
		case 'n':
		case '{':
			*field.target = (&jsonText{text: field.sent}).object()
		default:
			return nil, badRequest("%s must be an object", field.name)
		}
	}
	return req.complete()
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
		object, ok := decodeObject(text)
		if len(values[field.name]) > 1 || !ok {
			return nil, badRequest("%s must be given once, as a JSON object", field.name)
		}
		*field.target = object
	}
	return req.complete()
}

// decodeObject reads one JSON object, and tells whether it is one. Nothing and null are none, and no fault.
func decodeObject(text string) (map[string]any, bool) {
	if text == "" {
		return nil, true
	}
	if !utf8.ValidString(text) || !json.Valid([]byte(text)) {
		return nil, false
	}
	read := jsonText{text: []byte(text)}
	switch read.peek() {
	case '{':
		return read.object(), true
	case 'n':
		return nil, true
	default:
		return nil, false
	}
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
