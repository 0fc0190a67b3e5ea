// Package observe counts, times and traces what Vigie does: operations, loader batches and SQL statements, as Prometheus metrics and as
// OpenTelemetry spans. Neither ever holds a variable, a document, a statement's text or an id of the data: names, codes and sizes alone.
package observe

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/vigie-dev/vigie/domain"
)

// Options is what an Observer is made of. The zero value counts and does not trace.
type Options struct {
	// Traces takes spans; nil where nobody wants them.
	Traces trace.TracerProvider
}

// Observer hears what happens and keeps figures and spans of it. It is an Observer of packages storage and loaders, and hears of operations
// from package graph. It is safe for concurrent use.
type Observer struct {
	*metrics
	tracer  trace.Tracer
	tracing bool
}

// New makes an Observer.
func New(o Options) *Observer {
	observer := &Observer{metrics: newMetrics(), tracing: o.Traces != nil}
	if o.Traces == nil {
		o.Traces = noop.NewTracerProvider()
	}
	observer.tracer = o.Traces.Tracer("github.com/vigie-dev/vigie")
	return observer
}

// Expect has operations of these names counted by themselves: those of trusted documents. Of other names the first hundred are.
func (o *Observer) Expect(operations []string) { o.operations.expect(operations...) }

// Registry has the metrics, for those who collect them and for what else is to be collected.
func (o *Observer) Registry() *prometheus.Registry { return o.registry }

// Statement counts a statement, and traces it where it belongs to a traced operation.
func (o *Observer) Statement(ctx context.Context, name string, rows int, began time.Time, took time.Duration, err error) {
	figures := o.statements.of(name)
	figures.seconds.Observe(took.Seconds())
	figures.rows.Add(float64(rows))
	if err != nil {
		figures.failures.of(string(domain.ErrorCode(err))).Inc()
	}
	if o.traced(ctx) {
		o.traceStatement(ctx, figures.name, rows, began, took, err)
	}
}

// Batch counts a loader's batch, and traces it where it belongs to a traced operation.
func (o *Observer) Batch(ctx context.Context, loader string, keys int, waited time.Duration) (context.Context, func(error)) {
	figures := o.loaders.of(loader)
	figures.keys.Observe(float64(keys))
	figures.wait.Observe(waited.Seconds())
	if !o.traced(ctx) {
		return ctx, nil
	}
	return o.traceBatch(ctx, loader, keys, waited)
}

// Refused counts a request that was refused before anything was run.
func (o *Observer) Refused(_ context.Context, code domain.Code) { o.refusals.of(string(code)).Inc() }

// Answered counts an HTTP response of a path. Probes do not count: they come every few seconds and drown the rest.
func (o *Observer) Answered(path string, status int) {
	if path != "/livez" && path != "/readyz" {
		o.responses.of(strconv.Itoa(status)).Inc()
	}
}
