package transport_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

const (
	typeJSON    = "application/json"
	typeGraphQL = "application/graphql-response+json"
	// patience bounds the waits for something that must happen; a test that works never spends it.
	patience = 10 * time.Second
)

// service makes the handler under test.
func service(t testing.TB, hooks transporttest.Hooks, o transport.Options) http.Handler {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return transporttest.NewServer(hooks, transport.New(o))
}

func plain(t testing.TB) http.Handler {
	return service(t, transporttest.Hooks{}, transport.Options{})
}

// post makes a POST of JSON.
func post(body, accept string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", typeJSON)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	return r
}

// get makes a GET that passes the preflight check, from pairs of parameter names and values.
func get(accept string, pairs ...string) *http.Request {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest(http.MethodGet, "/graphql?"+values.Encode(), nil)
	r.Header.Set("GraphQL-Require-Preflight", "1")
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	return r
}

func do(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// document is a request body of a query alone.
func document(query string) string {
	text, err := json.Marshal(map[string]string{"query": query})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// answer is a parsed GraphQL response.
type answer struct {
	Data       json.RawMessage
	Errors     []shownError
	Extensions map[string]any
}

type shownError struct {
	Message    string
	Path       []any
	Extensions map[string]any
}

func parse(t testing.TB, body string) answer {
	t.Helper()
	var a answer
	require.NoError(t, json.Unmarshal([]byte(body), &a), "body %q", body)
	return a
}

// code is that of the answer's only error.
func (a answer) code(t testing.TB) string {
	t.Helper()
	require.Len(t, a.Errors, 1)
	code, _ := a.Errors[0].Extensions["code"].(string)
	return code
}

func await[T any](t testing.TB, from <-chan T, what string) T {
	t.Helper()
	select {
	case value := <-from:
		return value
	case <-time.After(patience):
		require.FailNow(t, "timed out", "waiting for %s", what)
		panic("unreachable")
	}
}

// endless is a body that never ends and has no length.
type endless struct{ read int64 }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read += int64(len(p))
	return len(p), nil
}

func readAll(t testing.TB, from io.Reader) string {
	t.Helper()
	text, err := io.ReadAll(from)
	require.NoError(t, err)
	return string(text)
}
