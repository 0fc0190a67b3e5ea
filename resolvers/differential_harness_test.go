package resolvers_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/internal/gqlrandom"
	"github.com/vigie-dev/vigie/loaders"
	"github.com/vigie-dev/vigie/resolvers"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

const (
	// differentialWait is how long loaders collect: requests come one at a time to each executor, so hardly anybody is in the way.
	differentialWait = 500 * time.Microsecond
	// differentialConnections is how many connections each executor has.
	differentialConnections = 4
)

// executor is one way to answer queries, with all that can be seen of it from outside. It answers one request at a time.
type executor struct {
	t       testing.TB
	handler http.Handler
	counter *storagetest.Counter
	trail   *trailLog
}

// newExecutors are the executor that is taken to be right and the one that is held against it, over the same data.
func newExecutors(t testing.TB, database *storagetest.Database) (reference, fast *executor) {
	t.Helper()
	byLevel := func(o *graph.Options, config generated.Config) { o.Fields = generated.Fields(config) }
	return newExecutor(t, database, nil), newExecutor(t, database, byLevel)
}

// newExecutor wires an executor; change, where it is not nil, has the last word on how.
func newExecutor(t testing.TB, database *storagetest.Database, change func(*graph.Options, generated.Config)) *executor {
	t.Helper()
	counted, counter := database.Counted()
	counted.SetMaxOpenConns(differentialConnections)
	pool := storage.New(counted)
	// The same key always, so that cursors of one run and of one executor are good for all others.
	cursors, err := relay.NewCursors(bytes.Repeat([]byte("differential"), 3))
	require.NoError(t, err)
	e := &executor{t: t, counter: counter, trail: newTrailLog(t)}
	config := generated.Config{Resolvers: &resolvers.Resolver{Now: present}}
	options := graph.Options{
		Schema: generated.NewExecutableSchema(config),
		Loaders: func(ctx context.Context) *loaders.Set {
			viewer, _ := auth.For(ctx)
			set := loaders.New(pool.For(viewer), differentialWait)
			set.Tracker = &carriers{}
			return set
		},
		Introspection: true,
		Limits:        cost.DefaultLimits(),
		Cursors:       cursors,
		Trail:         e.trail.recorder,
		Log:           slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&options, config)
	}
	e.handler, err = graph.NewHandler(options)
	require.NoError(t, err)
	return e
}

// outcome is all that a request came to.
type outcome struct {
	status     int
	media      string
	data       ordered
	errors     []string
	once       []string // the errors, those that say the same of the same place only once
	extensions string
	audit      []string
	// statements are the names of what reached the database.
	statements []string
	body       string
}

// run sends a document for a viewer.
func (e *executor) run(viewer domain.Viewer, document gqlrandom.Document) outcome {
	e.t.Helper()
	sent := map[string]any{"query": document.Text, "variables": document.Variables}
	if document.OperationName != "" {
		sent["operationName"] = document.OperationName
	}
	body, err := json.Marshal(sent)
	require.NoError(e.t, err)
	ctx, cancel := context.WithTimeout(auth.With(e.t.Context(), viewer, time.Time{}), time.Minute)
	defer cancel()
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/graphql-response+json")
	e.counter.Reset()
	recorder := httptest.NewRecorder()
	e.handler.ServeHTTP(recorder, request)
	o := outcome{status: recorder.Code, media: recorder.Header().Get("Content-Type"), body: recorder.Body.String()}
	o.statements = statementNames(e.counter.Texts())
	o.audit = e.trail.drain(e.t)
	o.read(e.t)
	return o
}

// read takes the body apart.
func (o *outcome) read(t testing.TB) {
	t.Helper()
	whole, err := parseOrdered(o.body)
	require.NoError(t, err, "the answer is %s", o.body)
	o.errors = nil
	for i, name := range whole.names {
		switch value := whole.items[i]; name {
		case "data":
			o.data = value
		case "errors":
			o.addErrors(value.items)
		default:
			o.extensions += name + ":" + value.canonical()
		}
	}
	slices.Sort(o.errors)
	slices.Sort(o.once)
}

// addErrors notes errors: where a name is selected through an interface and of the object itself, gqlgen's executor answers it twice,
// and so also what goes wrong with it, at two places of the document.
func (o *outcome) addErrors(failures []ordered) {
	seen := map[string]bool{}
	for _, failure := range failures {
		text := failure.without("errorId").canonical()
		o.errors = append(o.errors, text)
		what := failure.without("errorId").without("locations").canonical()
		if !seen[what] {
			seen[what] = true
			o.once = append(o.once, text)
		}
	}
}

func statementNames(texts []string) []string {
	names := make([]string, 0, len(texts))
	for _, text := range texts {
		first, _, _ := strings.Cut(text, "\n")
		names = append(names, strings.TrimPrefix(first, "-- name: "))
	}
	slices.Sort(names)
	return names
}

// trailLog keeps what is recorded of readings.
type trailLog struct {
	recorder *audit.Recorder
	reached  chan struct{}
	mu       sync.Mutex
	entries  []string
}

// marker is the subject of the entry that ends those of a request.
const marker = "the end of a request"

func newTrailLog(t testing.TB) *trailLog {
	l := &trailLog{reached: make(chan struct{}, 1)}
	l.recorder = audit.NewRecorder(audit.Options{Now: present, Linger: time.Microsecond, Write: func(_ context.Context, entries []domain.AuditEntry) error {
		l.write(entries)
		return nil
	}})
	t.Cleanup(func() { require.NoError(t, l.recorder.Close(context.WithoutCancel(t.Context()))) })
	return l
}

func (l *trailLog) write(entries []domain.AuditEntry) {
	for _, entry := range entries {
		if entry.Subject == marker {
			l.reached <- struct{}{}
			continue
		}
		operation := ""
		if entry.Operation != nil {
			operation = *entry.Operation
		}
		l.mu.Lock()
		l.entries = append(l.entries, fmt.Sprint(entry.Action, " by ", entry.Subject, " as ", entry.Role, " in ", operation, " of ", entry.Kind, " ", *entry.CustomerRow, " ", entry.Fields))
		l.mu.Unlock()
	}
}

// drain is what has been recorded of the request that has just been answered. Entries are written in their order, so all are there when the
// marker is.
func (l *trailLog) drain(t testing.TB) []string {
	t.Helper()
	require.NoError(t, l.recorder.Record(t.Context(), domain.AuditEntry{Subject: marker}))
	<-l.reached
	l.mu.Lock()
	defer l.mu.Unlock()
	entries := l.entries
	l.entries = nil
	slices.Sort(entries)
	return entries
}
