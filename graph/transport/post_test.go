package transport_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

func TestPostAnswersInBothMediaTypes(t *testing.T) {
	h := plain(t)
	for _, test := range []struct {
		accept, body string
		status       int
		media, want  string
	}{
		{typeGraphQL, document("{ hello }"), 200, typeGraphQL, `{"data":{"hello":"Hello"}}`},
		{typeJSON, document("{ hello }"), 200, typeJSON, `{"data":{"hello":"Hello"}}`},
		{"", document("{ hello }"), 200, typeJSON, `{"data":{"hello":"Hello"}}`},
		{"*/*", document("{ hello }"), 200, typeJSON, `{"data":{"hello":"Hello"}}`},
		{typeGraphQL, document("mutation { touch }"), 200, typeGraphQL, `{"data":{"touch":0}}`},
		{typeGraphQL, document("{ broken hello }"), 294, typeGraphQL, `{"errors":[{"message":"it broke","path":["broken"]}],"data":{"broken":null,"hello":"Hello"}}`},
		{typeJSON, document("{ broken hello }"), 200, typeJSON, `{"errors":[{"message":"it broke","path":["broken"]}],"data":{"broken":null,"hello":"Hello"}}`},
		{typeGraphQL, document("{ required }"), 294, typeGraphQL, `{"errors":[{"message":"it broke","path":["required"]}],"data":null}`},
		{
			typeJSON, `{"query":"query E($t: String!) { echo(text: $t) }","variables":{"t":"é <b> \u2028 🚚"},"operationName":"E","extensions":null,"unknown":[1]}`,
			200, typeJSON, `{"data":{"echo":"é \u003cb\u003e \u2028 🚚"}}`,
		},
		{typeJSON, `{"query":"{ hello }","QUERY":"{ broken }","variables":null,"operationName":null}`, 200, typeJSON, `{"data":{"hello":"Hello"}}`},
	} {
		w := do(h, post(test.body, test.accept))
		assert.Equal(t, test.status, w.Code, test.body)
		assert.Equal(t, test.media+"; charset=utf-8", w.Header().Get("Content-Type"), test.body)
		assert.Equal(t, test.want, w.Body.String())
		assert.Equal(t, "no-store", w.Header().Get("Cache-Control"))
		assert.Empty(t, w.Header().Get("ETag"))
	}
}

func TestRequestErrorsHaveTheirStatus(t *testing.T) {
	h := plain(t)
	for name, body := range map[string]string{
		"parse":      document("{"),
		"validate":   document("{ nothing }"),
		"no name":    `{"query":"query A { hello } query B { hello }"}`,
		"wrong name": `{"query":"query A { hello }","operationName":"B"}`,
		"coerce":     `{"query":"query E($t: String!) { echo(text: $t) }","variables":{"t":null}}`,
		"empty":      document("# only a comment"),
	} {
		w := do(h, post(body, typeGraphQL))
		assert.Equal(t, http.StatusBadRequest, w.Code, name)
		assert.NotContains(t, w.Body.String(), `"data"`, name)
		require.NotEmpty(t, parse(t, w.Body.String()).Errors, name)

		w = do(h, post(body, typeJSON))
		assert.Equal(t, http.StatusOK, w.Code, name)
		assert.NotContains(t, w.Body.String(), `"data"`, name)
	}
}

func TestMalformedBodiesAreRefusedAndNotEchoed(t *testing.T) {
	h := plain(t)
	const secret = "anna@example.org"
	for _, body := range []string{
		"", " ", secret, "null", "1", `"` + secret + `"`, `["` + secret + `"]`, "[" + document("{ hello }") + "]",
		`{"query":"{ hello }"`, `{"query":"{ hello }"} ` + "x", document("{ hello }") + document("{ hello }"),
		`{"query":{"a":"` + secret + `"}}`, `{"query":0}`, `{"query":false}`, `{"query":["a"]}`, `{"query":null}`, `{"query":""}`, `{}`,
		`{"qeury":"{ ` + secret + ` }"}`,
		`{"query":"{ hello }","operationName":{}}`, `{"query":"{ hello }","operationName":0}`,
		`{"query":"{ hello }","variables":"` + secret + `"}`, `{"query":"{ hello }","variables":["` + secret + `"]}`, `{"query":"{ hello }","variables":7}`,
		`{"query":"{ hello }","extensions":[]}`, `{"query":"{ hello }","extensions":"` + secret + `"}`,
		"\xef\xbb\xbf" + document("{ hello }"), "{\"query\":\"{ hello }\",\"operationName\":\"\xff\"}",
		strings.Repeat("[", 20_000), `{"query":"{ hello }","variables":` + strings.Repeat(`{"a":`, 20_000),
	} {
		for _, accept := range []string{typeGraphQL, typeJSON} {
			w := do(h, post(body, accept))
			shown := body[:min(len(body), 80)]
			assert.Equal(t, http.StatusBadRequest, w.Code, shown)
			assert.Equal(t, accept+"; charset=utf-8", w.Header().Get("Content-Type"), shown)
			assert.Equal(t, "BAD_REQUEST", parse(t, w.Body.String()).code(t), shown)
			assert.NotContains(t, w.Body.String(), "anna", shown)
		}
	}
}

func TestContentTypeMustBeJSON(t *testing.T) {
	h := plain(t)
	for contentType, status := range map[string]int{
		"":                                   415,
		"text/plain":                         415,
		"application/x-www-form-urlencoded":  415,
		"multipart/form-data; boundary=x":    415,
		"application/graphql":                415,
		"application/graphql-response+json":  415,
		"application/jsonx":                  415,
		"application/json; charset=latin1":   415,
		"application/json; charset":          415,
		"application/json":                   200,
		"Application/JSON; Charset=UTF-8":    200,
		`application/json;charset="utf-8"`:   200,
		"application/json; profile=anything": 200,
	} {
		r := post(document("{ hello }"), typeJSON)
		r.Header.Set("Content-Type", contentType)
		assert.Equal(t, status, do(h, r).Code, contentType)
	}
	r := post(document("{ hello }"), typeJSON)
	r.Header.Set("Content-Encoding", "gzip")
	w := do(h, r)
	assert.Equal(t, http.StatusUnsupportedMediaType, w.Code)
	assert.Equal(t, "UNSUPPORTED_MEDIA_TYPE", parse(t, w.Body.String()).code(t))
	r = post(document("{ hello }"), typeJSON)
	r.Header["Content-Type"] = []string{typeJSON, "text/plain"}
	assert.Equal(t, http.StatusUnsupportedMediaType, do(h, r).Code)
}

func TestBodiesAreBounded(t *testing.T) {
	h := service(t, transporttest.Hooks{}, transport.Options{MaxBodyBytes: 1000})
	large := post(document("{ hello }")+strings.Repeat(" ", 1000), typeGraphQL)
	body := &endless{}
	unannounced := httptest.NewRequest(http.MethodPost, "/graphql", body)
	unannounced.Header.Set("Content-Type", typeJSON)
	for _, r := range []*http.Request{large, unannounced} {
		w := do(h, r)
		assert.Equal(t, http.StatusRequestEntityTooLarge, w.Code)
		assert.Equal(t, "REQUEST_TOO_LARGE", parse(t, w.Body.String()).code(t))
		assert.Equal(t, "close", w.Header().Get("Connection"))
	}
	assert.Less(t, body.read, int64(10_000))
	assert.Equal(t, 200, do(h, post(document("{ hello }")+strings.Repeat(" ", 900), typeJSON)).Code)
}

func TestOtherMethods(t *testing.T) {
	h := plain(t)
	for _, method := range []string{"PUT", "DELETE", "PATCH", "TRACE", "QUERY"} {
		w := do(h, httptest.NewRequest(method, "/graphql", strings.NewReader(document("{ hello }"))))
		assert.Equal(t, http.StatusMethodNotAllowed, w.Code, method)
		assert.Equal(t, "GET, HEAD, POST, OPTIONS", w.Header().Get("Allow"), method)
		assert.Equal(t, "METHOD_NOT_ALLOWED", parse(t, w.Body.String()).code(t), method)
	}
	w := do(h, httptest.NewRequest(http.MethodOptions, "/graphql", nil))
	assert.Equal(t, http.StatusNoContent, w.Code)
	assert.Equal(t, "GET, HEAD, POST, OPTIONS", w.Header().Get("Allow"))
}

func TestNotAcceptable(t *testing.T) {
	for _, accept := range []string{"text/html", "application/xml, image/*", "application/json;q=0", "application/json; charset=latin1", "garbage"} {
		w := do(plain(t), post(document("mutation { touch }"), accept))
		assert.Equal(t, http.StatusNotAcceptable, w.Code, accept)
		assert.Equal(t, "NOT_ACCEPTABLE", parse(t, w.Body.String()).code(t), accept)
	}
}

// refusing is an extension that lets nothing run, as limits do.
type refusing struct{ err *gqlerror.Error }

func (refusing) ExtensionName() string                   { return "Refusing" }
func (refusing) Validate(graphql.ExecutableSchema) error { return nil }
func (r refusing) MutateOperationContext(context.Context, *graphql.OperationContext) *gqlerror.Error {
	return r.err
}

func TestCodesChooseTheStatus(t *testing.T) {
	for _, test := range []struct {
		code             string
		retryAfter       any
		graphQL, json    int
		header, headerIs string
	}{
		{"UNAUTHENTICATED", nil, 401, 401, "WWW-Authenticate", "Bearer"},
		{"FORBIDDEN", nil, 403, 403, "", ""},
		{"RATE_LIMITED", 2.2, 429, 429, "Retry-After", "3"},
		{"RATE_LIMITED", 7, 429, 429, "Retry-After", "7"},
		{"RATE_LIMITED", nil, 429, 429, "Retry-After", "1"},
		{"UNAVAILABLE", nil, 503, 503, "", ""},
		{"INTERNAL_SERVER_ERROR", nil, 500, 500, "", ""},
		{"COST_LIMIT_EXCEEDED", nil, 400, 200, "", ""},
	} {
		server := transporttest.NewServer(transporttest.Hooks{}, transport.New(transport.Options{}))
		err := &gqlerror.Error{Message: "no", Extensions: map[string]any{"code": test.code}}
		if test.retryAfter != nil {
			err.Extensions["retryAfter"] = test.retryAfter
		}
		server.Use(refusing{err})
		for accept, status := range map[string]int{typeGraphQL: test.graphQL, typeJSON: test.json} {
			w := do(server, post(document("{ hello }"), accept))
			assert.Equal(t, status, w.Code, test.code)
			assert.Equal(t, test.headerIs, w.Header().Get(test.header), test.code)
			assert.Equal(t, test.code, parse(t, w.Body.String()).code(t))
		}
	}
}

func TestPanicsAndDeadlinesAreAnswers(t *testing.T) {
	server := transporttest.NewServer(transporttest.Hooks{Custom: func(context.Context) (string, error) { panic("boom") }}, transport.New(transport.Options{}))
	server.SetErrorPresenter(func(ctx context.Context, err error) *gqlerror.Error {
		return &gqlerror.Error{Message: "masked", Extensions: map[string]any{"code": "INTERNAL_SERVER_ERROR"}}
	})
	w := do(server, post(document("{ custom }"), typeGraphQL))
	assert.Equal(t, http.StatusInternalServerError, w.Code)
	assert.Equal(t, "masked", parse(t, w.Body.String()).Errors[0].Message)

	ctx, cancel := context.WithDeadline(context.Background(), graphql.Now().Add(-1))
	defer cancel()
	w = do(plain(t), post(document("{ hello }"), typeGraphQL).WithContext(ctx))
	assert.Equal(t, http.StatusGatewayTimeout, w.Code)
	assert.Equal(t, "TIMEOUT", parse(t, w.Body.String()).code(t))
}

func TestExtensionsThatAreNoJSONDoNotBreakTheAnswer(t *testing.T) {
	server := transporttest.NewServer(transporttest.Hooks{}, transport.New(transport.Options{}))
	server.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		graphql.RegisterExtension(ctx, "bad", func() {})
		graphql.AddError(ctx, &gqlerror.Error{Err: errors.New("x"), Message: "x", Extensions: map[string]any{"bad": make(chan int)}})
		return next(ctx)
	})
	a := parse(t, do(server, post(document("{ hello }"), typeJSON)).Body.String())
	assert.JSONEq(t, `{"hello":"Hello"}`, string(a.Data))
	assert.Equal(t, "Internal error", a.Errors[0].Message)
}
