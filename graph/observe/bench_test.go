package observe_test

import (
	"context"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/vigie-dev/vigie/graph/observe"
)

// BenchmarkStatement is what one statement costs the observer: counted, and counted and traced.
func BenchmarkStatement(b *testing.B) {
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(discard{}))
	ctx, span := provider.Tracer("bench").Start(b.Context(), "operation")
	defer span.End()
	for name, observer := range map[string]*observe.Observer{
		"counted": observe.New(observe.Options{}), "traced": observe.New(observe.Options{Traces: provider}),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			began := time.Now()
			for b.Loop() {
				observer.Statement(ctx, "ordersOfCustomer", 10, began, time.Millisecond, nil)
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
