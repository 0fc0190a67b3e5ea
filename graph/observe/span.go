package observe

import (
	"context"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/httpd"
)

// Attributes of spans. Those of GraphQL and databases have the names of OpenTelemetry's semantic conventions.
const (
	attributeOperationType = attribute.Key("graphql.operation.type")
	attributeOperationName = attribute.Key("graphql.operation.name")
	attributeSystem        = attribute.Key("db.system.name")
	attributeRows          = attribute.Key("db.response.returned_rows")
	attributeErrorType     = attribute.Key("error.type")
	attributeRequestID     = attribute.Key("vigie.request_id")
	attributeKeys          = attribute.Key("vigie.loader.keys")
	attributeWait          = attribute.Key("vigie.loader.wait_ms")
)

// traced tells whether ctx belongs to an operation of which spans are kept.
func (o *Observer) traced(ctx context.Context) bool {
	return o.tracing && trace.SpanFromContext(ctx).IsRecording()
}

// traceOperation begins the span of an operation, as a part of the trace that the client's traceparent names. The operation's name is the one
// that counts have, so that names are bounded here too.
func (o *Observer) traceOperation(ctx context.Context, operation *graphql.OperationContext, begun *Operation) (context.Context, trace.Span) {
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(operation.Headers))
	kind := string(operation.Operation.Operation)
	name := kind
	if begun.figures.name != "" {
		name += " " + begun.figures.name
	}
	return o.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindServer), trace.WithTimestamp(begun.began), trace.WithAttributes(
		attributeOperationType.String(kind), attributeOperationName.String(begun.figures.name), attributeRequestID.String(httpd.RequestID(ctx)),
	))
}

// traceBatch begins the span of a loader's fetch.
func (o *Observer) traceBatch(ctx context.Context, loader string, keys int, waited time.Duration) (context.Context, func(error)) {
	ctx, span := o.tracer.Start(ctx, "load "+loader, trace.WithAttributes(
		attributeKeys.Int(keys), attributeWait.Float64(float64(waited.Microseconds())/1000),
	))
	return ctx, func(err error) { endSpan(span, codeOfError(err)) }
}

// traceStatement adds the span of a statement that has ended.
func (o *Observer) traceStatement(ctx context.Context, name string, rows int, began time.Time, took time.Duration, err error) {
	if name == "" {
		name = "statement"
	}
	_, span := o.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithTimestamp(began), trace.WithAttributes(
		attributeSystem.String("postgresql"), attributeRows.Int(rows),
	))
	endSpan(span, codeOfError(err), trace.WithTimestamp(began.Add(took)))
}

func codeOfError(err error) string {
	if err == nil {
		return codeOK
	}
	return string(domain.ErrorCode(err))
}

// endSpan ends a span with its outcome. Of errors it has the code alone: their texts may repeat what they are about.
func endSpan(span trace.Span, code string, options ...trace.SpanEndOption) {
	if code != codeOK {
		span.SetStatus(codes.Error, code)
		span.SetAttributes(attributeErrorType.String(code))
	}
	span.End(options...)
}
