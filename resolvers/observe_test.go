package resolvers_test

import (
	"context"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/graph"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/graph/observe"
	"github.com/vigie-dev/vigie/ingest/demo"
	"github.com/vigie-dev/vigie/loaders"
	"github.com/vigie-dev/vigie/resolvers"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// observed serves a database to an observer, which may be nil, wired as main does.
func observed(t testing.TB, url string, observer *observe.Observer) *api {
	t.Helper()
	config := storage.Config{URL: url}
	var batches loaders.Observer
	if observer != nil {
		config.Observer, batches = observer, observer
	}
	pool, err := storage.Open(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	schema := generated.NewExecutableSchema(generated.Config{Resolvers: &resolvers.Resolver{Now: present}})
	handler, err := graph.NewHandler(graph.Options{
		Schema: schema,
		Loaders: func(ctx context.Context) *loaders.Set {
			viewer, _ := auth.For(ctx)
			set := loaders.New(pool.For(viewer), benchWait)
			set.Observer = batches
			return set
		},
		Limits: cost.DefaultLimits(), Observer: observer, Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	return &api{t: t, handler: handler, schema: schema.Schema(), pool: pool, log: &journal{}, viewer: admin()}
}

// BenchmarkObservation is what observing costs a customer's page: compare allocations, as the time is mostly the database's. Spans are made and
// thrown away; sending them is the exporter's.
func BenchmarkObservation(b *testing.B) {
	database := storagetest.New(b)
	_, err := demo.Load(b.Context(), database.SQL(), demo.Options{Customers: 100, Seed: 1, Now: present()})
	require.NoError(b, err)
	discarding := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(discard{}))
	for _, way := range []struct {
		name     string
		observer *observe.Observer
	}{
		{"off", nil},
		{"metrics", observe.New(observe.Options{})},
		{"metrics and traces", observe.New(observe.Options{Traces: discarding})},
	} {
		b.Run(way.name, func(b *testing.B) {
			a := observed(b, database.URL, way.observer)
			a.must(customer360, variables{"number": "C-100052"})
			b.ReportAllocs()
			for b.Loop() {
				a.must(customer360, variables{"number": "C-100052"})
			}
		})
	}
}

// discard throws spans away.
type discard struct{}

func (discard) OnStart(context.Context, sdktrace.ReadWriteSpan) {}
func (discard) OnEnd(sdktrace.ReadOnlySpan)                     {}
func (discard) Shutdown(context.Context) error                  { return nil }
func (discard) ForceFlush(context.Context) error                { return nil }
