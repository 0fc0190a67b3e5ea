package httpd_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/graph/httpd"
)

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func silent() *slog.Logger {
	return slog.New(slog.DiscardHandler)
}

func do(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// code reads extensions.code of the first error of an answer.
func code(t *testing.T, body []byte) string {
	t.Helper()
	var parsed struct {
		Errors []struct {
			Message    string
			Extensions struct{ Code, ID string }
		}
	}
	require.NoError(t, json.Unmarshal(body, &parsed), "body %s", body)
	require.Len(t, parsed.Errors, 1)
	return parsed.Errors[0].Extensions.Code
}

func TestRoutes(t *testing.T) {
	h := httpd.New(httpd.Options{
		GraphQL:  answer(http.StatusOK, `{"data":{}}`),
		GraphiQL: answer(http.StatusOK, "page"),
		SDL:      "type Query { customer: String }\n",
		Log:      silent(),
	})
	for _, test := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"POST", "/graphql", 200, `{"data":{}}`},
		{"GET", "/graphql?query={a}", 200, `{"data":{}}`},
		{"GET", "/graphiql", 200, "page"},
		{"GET", "/graphiql/third_party/react.js", 200, "page"},
		{"GET", "/schema.graphql", 200, "type Query { customer: String }\n"},
		{"GET", "/livez", 200, `{"status":"alive"}` + "\n"},
		{"GET", "/readyz", 200, `{"status":"ready"}` + "\n"},
		{"GET", "/nowhere", 404, "404 page not found\n"},
		{"POST", "/schema.graphql", 405, "Method Not Allowed\n"},
	} {
		w := do(h, httptest.NewRequest(test.method, test.path, nil))
		assert.Equal(t, test.status, w.Code, "%s %s", test.method, test.path)
		assert.Equal(t, test.body, w.Body.String(), "%s %s", test.method, test.path)
	}
	w := do(h, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, http.StatusFound, w.Code)
	assert.Equal(t, "/graphiql", w.Header().Get("Location"))
}

func TestSchemaIsTextWithValidator(t *testing.T) {
	h := httpd.New(httpd.Options{GraphQL: answer(200, ""), SDL: "scalar Money", Log: silent()})
	w := do(h, httptest.NewRequest("GET", "/schema.graphql", nil))
	assert.Equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"))
	require.NotEmpty(t, w.Header().Get("ETag"))

	again := httptest.NewRequest("GET", "/schema.graphql", nil)
	again.Header.Set("If-None-Match", w.Header().Get("ETag"))
	w = do(h, again)
	assert.Equal(t, http.StatusNotModified, w.Code)
	assert.Empty(t, w.Body.String())
}

func TestRequestID(t *testing.T) {
	var seen string
	h := httpd.New(httpd.Options{Log: silent(), GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = httpd.RequestID(r.Context())
	})})
	for given, kept := range map[string]bool{
		"":                                     false,
		"abc-123_x.y:z":                        true,
		"0b9c4f0e-9f7f-4d1c-a3a5-3ecb6e3f6c11": true,
		strings.Repeat("a", 64):                true,
		strings.Repeat("a", 65):                false,
		"a b":                                  false,
		"a\tb":                                 false,
		`a"b`:                                  false,
		"<script>":                             false,
		"naïve":                                false,
	} {
		r := httptest.NewRequest("POST", "/graphql", nil)
		r.Header.Set(httpd.RequestIDHeader, given)
		w := do(h, r)
		echoed := w.Header().Get(httpd.RequestIDHeader)
		assert.Equal(t, seen, echoed, "id %q", given)
		assert.NotEmpty(t, echoed, "id %q", given)
		assert.Equal(t, kept, echoed == given, "id %q, echoed %q", given, echoed)
	}
	assert.Empty(t, httpd.RequestID(context.Background()))
}

func TestReadiness(t *testing.T) {
	var err error
	h := httpd.New(httpd.Options{
		GraphQL: answer(200, ""), Log: silent(),
		Ready: func(context.Context) error { return err },
	})
	probe := func() (int, string) {
		w := do(h, httptest.NewRequest("GET", "/readyz", nil))
		return w.Code, strings.TrimSpace(w.Body.String())
	}
	for _, test := range []struct {
		err    error
		status int
		body   string
	}{
		{nil, 200, `{"status":"ready"}`},
		{errors.New("dial 10.0.0.7:5432: secret"), 503, `{"status":"unavailable","reason":"UNAVAILABLE"}`},
		{&httpd.NotReadyError{Reason: "DATABASE_UNAVAILABLE", Err: errors.New("secret")}, 503, `{"status":"unavailable","reason":"DATABASE_UNAVAILABLE"}`},
		{nil, 200, `{"status":"ready"}`},
	} {
		err = test.err
		status, body := probe()
		assert.Equal(t, test.status, status)
		assert.Equal(t, test.body, body)
	}
	h.Drain()
	status, body := probe()
	assert.Equal(t, 503, status)
	assert.Equal(t, `{"status":"unavailable","reason":"STOPPING"}`, body)
	assert.Equal(t, 200, do(h, httptest.NewRequest("GET", "/livez", nil)).Code, "alive while draining")
}

func TestReadinessIsBounded(t *testing.T) {
	h := httpd.New(httpd.Options{
		GraphQL: answer(200, ""), Log: silent(), ReadyTimeout: 1,
		Ready: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
	})
	w := do(h, httptest.NewRequest("GET", "/readyz", nil))
	assert.Equal(t, 503, w.Code)
	assert.Contains(t, w.Body.String(), `"TIMEOUT"`)
}

func TestBodyLimit(t *testing.T) {
	var read []byte
	h := httpd.New(httpd.Options{
		Log: silent(), MaxBodyBytes: 10,
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { read, _ = io.ReadAll(r.Body) }),
	})
	for _, announced := range []bool{true, false} {
		post := func(body string) *httptest.ResponseRecorder {
			read = nil
			var reader io.Reader = strings.NewReader(body)
			if !announced {
				reader = struct{ io.Reader }{reader}
			}
			return do(h, httptest.NewRequest("POST", "/graphql", reader))
		}
		w := post("0123456789")
		assert.Equal(t, 200, w.Code, "announced %v", announced)
		assert.Equal(t, "0123456789", string(read), "announced %v", announced)
		w = post("0123456789X")
		assert.Equal(t, http.StatusRequestEntityTooLarge, w.Code, "announced %v", announced)
		assert.Equal(t, "REQUEST_TOO_LARGE", code(t, w.Body.Bytes()))
		assert.Nil(t, read, "the handler must not run")
	}
}

// Upgrade headers on a POST must not bypass the limit: only a GET can become a websocket.
func TestUpgradeHeadersOnPostKeepTheLimit(t *testing.T) {
	h := httpd.New(httpd.Options{GraphQL: answer(200, ""), Log: silent(), MaxBodyBytes: 10})
	r := httptest.NewRequest("POST", "/graphql", strings.NewReader(strings.Repeat("x", 11)))
	r.Header.Set("Connection", "Upgrade")
	r.Header.Set("Upgrade", "websocket")
	assert.Equal(t, http.StatusRequestEntityTooLarge, do(h, r).Code)
}

func TestRequestHasDeadline(t *testing.T) {
	for _, test := range []struct {
		accept  []string
		bounded bool
	}{
		{nil, true},
		{[]string{"application/json"}, true},
		{[]string{"text/event-stream"}, false},
		{[]string{"application/json", "Text/Event-Stream;q=0.5"}, false},
	} {
		h := httpd.New(httpd.Options{Log: silent(), GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, bounded := r.Context().Deadline()
			assert.Equal(t, test.bounded, bounded, "what may be a subscription is bounded by the transport: %v", test.accept)
		})})
		r := httptest.NewRequest("POST", "/graphql", nil)
		r.Header["Accept"] = test.accept
		do(h, r)
	}
}

func TestPanicIsMasked(t *testing.T) {
	var log bytes.Buffer
	h := httpd.New(httpd.Options{
		Log:     slog.New(slog.NewJSONHandler(&log, nil)),
		GraphQL: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("pq: relation invoice") }),
	})
	r := httptest.NewRequest("POST", "/graphql", nil)
	r.Header.Set(httpd.RequestIDHeader, "req-7")
	w := do(h, r)
	assert.Equal(t, 500, w.Code)
	assert.Equal(t, "INTERNAL_SERVER_ERROR", code(t, w.Body.Bytes()))
	assert.NotContains(t, w.Body.String(), "relation")
	assert.Contains(t, w.Body.String(), "req-7")
	assert.Contains(t, log.String(), "relation invoice", "the operator sees the fault")
	assert.Contains(t, log.String(), `"request_id":"req-7"`)
	assert.Contains(t, log.String(), `"status":500`)
}

func TestPanicAfterTheAnswerBeganCutsTheConnection(t *testing.T) {
	h := httpd.New(httpd.Options{Log: silent(), GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, `{"data":`)
		panic("half an answer")
	})})
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
		do(h, httptest.NewRequest("POST", "/graphql", nil))
	})
}

func TestAccessLogHoldsNoQuery(t *testing.T) {
	var log bytes.Buffer
	h := httpd.New(httpd.Options{
		GraphQL: answer(200, `{"data":null}`),
		Log:     slog.New(httpd.LogHandler(slog.NewJSONHandler(&log, nil))),
	})
	do(h, httptest.NewRequest("GET", `/graphql?query={customer(number:"C-1"){name}}&variables={"secret":"s3cr3t"}`, nil))
	do(h, httptest.NewRequest("POST", "/graphql", strings.NewReader(`{"query":"{s3cr3t}"}`)))
	do(h, httptest.NewRequest("GET", "/livez", nil))

	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	require.Len(t, lines, 2, "probes are not logged at info")
	for _, line := range lines {
		assert.NotContains(t, line, "s3cr3t")
		assert.NotContains(t, line, "customer")
		var entry map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &entry))
		assert.Equal(t, "/graphql", entry["path"])
		assert.EqualValues(t, 200, entry["status"])
		assert.EqualValues(t, len(`{"data":null}`), entry["bytes"])
		assert.NotEmpty(t, entry["request_id"])
		assert.Contains(t, entry, "duration_ms")
		assert.Equal(t, 1, strings.Count(line, "request_id"), "named once: %s", line)
	}
}

func TestContextOfARequest(t *testing.T) {
	var ctx context.Context
	h := httpd.New(httpd.Options{Log: silent(), GraphQL: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		ctx = r.Context()
		assert.NoError(t, ctx.Err())
	})})
	r := httptest.NewRequest("POST", "/graphql", nil)
	r.Header.Set(httpd.RequestIDHeader, "outer")
	type key struct{}
	do(h, r.WithContext(context.WithValue(r.Context(), key{}, "kept")))
	assert.Equal(t, "kept", ctx.Value(key{}))
	assert.ErrorIs(t, ctx.Err(), context.Canceled, "it ends with the answer")
	require.NotNil(t, httpd.Stopping(ctx))

	inner := httpd.WithRequestID(ctx, "inner")
	assert.Equal(t, "inner", httpd.RequestID(inner))
	assert.Equal(t, "outer", httpd.RequestID(ctx))
	assert.Equal(t, httpd.Stopping(ctx), httpd.Stopping(inner), "still the same server's")
	assert.Nil(t, httpd.Stopping(httpd.WithRequestID(context.Background(), "elsewhere")))
}
