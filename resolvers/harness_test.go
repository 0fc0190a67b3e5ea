package resolvers_test

import (
	"bytes"
	"context"
	"database/sql"
	_ "embed"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/ingest/demo"
	"github.com/vigie-dev/vigie/loaders"
	"github.com/vigie-dev/vigie/resolvers"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

//go:embed testdata/customer360.graphql
var customer360 string

// wait is how long loaders collect in tests: long enough for a level of fields to arrive on a busy machine.
const wait = 5 * time.Millisecond

// present is when the tests happen.
func present() time.Time { return time.Date(2026, time.March, 16, 15, 4, 5, 0, time.UTC) }

// api is the whole of Vigie behind its HTTP handler, over a database of the test's own.
type api struct {
	t       testing.TB
	handler http.Handler
	// options are what the handler was made of.
	options graph.Options
	schema  *ast.Schema
	pool    *storage.Pool
	db      *sql.DB
	// counter counts what reaches Postgres through the api, and not what the test does to its database itself.
	counter *storagetest.Counter
	log     *journal
	// carriers is who is asked about tracking numbers.
	carriers *carriers
	viewer   domain.Viewer
	// anonymous leaves out who asks.
	anonymous bool
}

// context is the context of a request of the viewer.
func (a *api) context() context.Context {
	if a.anonymous {
		return a.t.Context()
	}
	return auth.With(a.t.Context(), a.viewer, time.Time{})
}

// as is the same api for another viewer.
func (a *api) as(viewer domain.Viewer) *api {
	inner := *a
	inner.viewer = viewer
	return &inner
}

// option changes how the api of a test is wired.
type option func(*resolvers.Resolver, *time.Duration)

func waiting(d time.Duration) option {
	return func(_ *resolvers.Resolver, wait *time.Duration) { *wait = d }
}

func clock(now func() time.Time) option {
	return func(r *resolvers.Resolver, _ *time.Duration) { r.Now = now }
}

// newAPI serves an empty database.
func newAPI(t testing.TB, options ...option) *api {
	t.Helper()
	return newAPIOver(t, storagetest.New(t), options...)
}

// newAPIOver serves a database.
func newAPIOver(t testing.TB, database *storagetest.Database, options ...option) *api {
	t.Helper()
	plain := database.SQL()
	join := "?"
	if strings.Contains(database.URL, "?") {
		join = "&"
	}
	// What storage.Open sets for each of its connections.
	database.URL += join + "timezone=UTC&pg_trgm.word_similarity_threshold=0.45"
	counted, counter := database.Counted()
	a := serve(t, storage.New(counted), options...)
	a.db, a.counter = plain, counter
	return a
}

// serve wires the api as main does.
func serve(t testing.TB, pool *storage.Pool, options ...option) *api {
	t.Helper()
	resolver := &resolvers.Resolver{Now: present}
	collect := wait
	for _, change := range options {
		change(resolver, &collect)
	}
	log, asked := &journal{}, &carriers{}
	bound := generated.Config{Resolvers: resolver}
	schema := generated.NewExecutableSchema(bound)
	made := graph.Options{
		Schema: schema,
		Fields: generated.Fields(bound),
		Loaders: func(ctx context.Context) *loaders.Set {
			viewer, _ := auth.For(ctx)
			set := loaders.New(pool.For(viewer), collect)
			set.Tracker = asked
			return set
		},
		Introspection: true,
		Limits:        cost.DefaultLimits(),
		Log:           slog.New(slog.NewJSONHandler(log, nil)),
	}
	handler, err := graph.NewHandler(made)
	require.NoError(t, err)
	return &api{t: t, handler: handler, options: made, schema: schema.Schema(), pool: pool, log: log, carriers: asked, viewer: admin()}
}

// newDemo serves demo data.
func newDemo(t testing.TB, customers int, options ...option) *api {
	t.Helper()
	a := newAPI(t, options...)
	_, err := demo.Load(t.Context(), a.db, demo.Options{Customers: customers, Seed: 7, Now: present()})
	require.NoError(t, err)
	return a
}

// in is the same api for a subtest.
func (a *api) in(t testing.TB) *api {
	inner := *a
	inner.t = t
	return &inner
}

// variables of a request.
type variables map[string]any

// result is an answer as a client sees it.
type result struct {
	t      testing.TB
	Data   any
	Errors []failure
	body   string
}

type failure struct {
	Message    string
	Path       []any
	Extensions struct{ Code, ErrorID string }
}

// ask sends a request and returns its answer, errors included.
func (a *api) ask(query string, v variables) result {
	a.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": v})
	require.NoError(a.t, err)
	request := httptest.NewRequestWithContext(a.context(), http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	a.handler.ServeHTTP(recorder, request)
	answer := result{t: a.t, body: recorder.Body.String()}
	decoder := json.NewDecoder(recorder.Body)
	decoder.UseNumber()
	err = decoder.Decode(&answer)
	require.NoError(a.t, err, "the answer is %s", answer.body)
	return answer
}

// must sends a request that has to succeed.
func (a *api) must(query string, v variables) result {
	a.t.Helper()
	answer := a.ask(query, v)
	require.Empty(a.t, answer.Errors, "query %s\nthe log: %s", query, a.log)
	return answer
}

// refused sends a request that has to fail with BAD_USER_INPUT, and returns the message.
func (a *api) refused(query string, v variables) string {
	a.t.Helper()
	return a.fails(string(domain.CodeBadInput), query, v)
}

// invalid sends a request that the schema has to refuse, and returns the message.
func (a *api) invalid(query string, v variables) string {
	a.t.Helper()
	return a.fails("GRAPHQL_VALIDATION_FAILED", query, v)
}

func (a *api) fails(code, query string, v variables) string {
	a.t.Helper()
	answer := a.ask(query, v)
	require.NotEmpty(a.t, answer.Errors, "query %s with %v gave %s", query, v, answer.body)
	for _, failure := range answer.Errors {
		require.Equal(a.t, code, failure.Extensions.Code, "query %s with %v gave %s\nthe log: %s", query, v, answer.body, a.log)
	}
	assert.Empty(a.t, leaks(answer.body), "the answer %s", answer.body)
	return answer.Errors[0].Message
}

// cost is how many statements a request takes, which has to succeed.
func (a *api) cost(query string, v variables) (int, result) {
	a.t.Helper()
	a.counter.Reset()
	answer := a.must(query, v)
	return a.counter.Count(), answer
}

// at is what stands under a path of names and indexes, such as "customer.orders.nodes.0.id"; nil where nothing does.
func (r result) at(path string) any {
	r.t.Helper()
	value := r.Data
	for name := range strings.SplitSeq(path, ".") {
		switch inner := value.(type) {
		case map[string]any:
			value = inner[name]
		case []any:
			index, err := strconv.Atoi(name)
			require.NoError(r.t, err, "path %s", path)
			if index >= len(inner) {
				return nil
			}
			value = inner[index]
		default:
			return nil
		}
	}
	return value
}

// text is at for strings and numbers.
func (r result) text(path string) string {
	r.t.Helper()
	value := r.at(path)
	require.NotNil(r.t, value, "nothing at %s of %s", path, r.body)
	return fmt.Sprint(value)
}

// list is at for lists.
func (r result) list(path string) []any {
	r.t.Helper()
	list, ok := r.at(path).([]any)
	require.True(r.t, ok, "no list at %s of %s", path, r.body)
	return list
}

// each is one field of each object of a list.
func (r result) each(path, field string) []string {
	r.t.Helper()
	texts := []string{}
	for i := range r.list(path) {
		texts = append(texts, fmt.Sprint(r.at(path+"."+strconv.Itoa(i)+"."+field)))
	}
	return texts
}

// journal keeps what is logged.
type journal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// leaks lists what no client may read of an answer: SQL, the driver, source files, Go's own words.
func leaks(body string) []string {
	var found []string
	for _, word := range []string{"SELECT", "pq:", "sql:", "SQLSTATE", "syntax", ".go:", "goroutine", "vigie-dev", "storage/", "postgres://", "dataloadgen", "127.0.0.1", "nil pointer"} {
		if strings.Contains(body, word) {
			found = append(found, word)
		}
	}
	return found
}

// admin is a viewer who may see everything.
func admin() domain.Viewer {
	return domain.Viewer{Subject: "test", Name: "Ada", Role: domain.RoleAdmin}
}
