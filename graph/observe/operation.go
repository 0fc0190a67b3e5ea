package observe

import (
	"context"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/otel/trace"

	"github.com/vigie-dev/vigie/domain"
)

const (
	codeOK        = "OK"
	codeCancelled = "CANCELLED"
	// costExtension is the key of the answer's extensions under which the cost is told.
	costExtension = "cost"
)

var _ interface {
	graphql.HandlerExtension
	graphql.OperationInterceptor
	graphql.ResponseInterceptor
} = (*Observer)(nil)

// ExtensionName is what gqlgen knows it by.
func (o *Observer) ExtensionName() string { return "Observe" }

// Validate has nothing to check.
func (o *Observer) Validate(graphql.ExecutableSchema) error { return nil }

// run is one operation on its way. Its handler is called by one goroutine.
type run struct {
	observer *Observer
	figures  operationFigures
	began    time.Time
	span     trace.Span // nil where the operation is not traced
	// lasting tells that it is a subscription, whose duration is its client's choice.
	lasting bool
	// code is that of the first error so far.
	code  string
	ended bool
}

type runKey struct{}

// InterceptOperation counts, times and traces an operation.
func (o *Observer) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	r := &run{
		observer: o, figures: o.operations.of(operation.Operation.Name), began: operation.Stats.Read.End,
		lasting: operation.Operation.Operation == ast.Subscription, code: codeOK,
	}
	if r.began.IsZero() {
		r.began = time.Now()
	}
	ctx = context.WithValue(ctx, runKey{}, r)
	if o.tracing {
		ctx, r.span = o.traceOperation(ctx, operation, r)
	}
	handler := next(ctx)
	return func(ctx context.Context) *graphql.Response { return r.answer(ctx, handler) }
}

// answer is the operation's next response. With the last one, or a panic, the operation has ended.
func (r *run) answer(ctx context.Context, handler graphql.ResponseHandler) *graphql.Response {
	panicked := true
	defer func() {
		if panicked {
			r.end(string(domain.CodeInternal))
		}
	}()
	response := handler(ctx)
	panicked = false
	if response == nil {
		r.end(r.silence(ctx))
		return nil
	}
	if r.code == codeOK {
		r.code = codeOf(response)
	}
	if !r.lasting && (response.HasNext == nil || !*response.HasNext) {
		r.end(r.code)
	}
	return response
}

// silence says why there is no response: a subscription has ended, or time was up, or the client has gone.
func (r *run) silence(ctx context.Context) string {
	switch {
	case r.lasting:
		return r.code
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return string(domain.CodeTimeout)
	default:
		return codeCancelled
	}
}

// end counts the operation, once.
func (r *run) end(code string) {
	if r.ended {
		return
	}
	r.ended = true
	r.figures.codes.of(code).Inc()
	if !r.lasting {
		r.figures.seconds.Observe(time.Since(r.began).Seconds())
	}
	if r.span != nil {
		endSpan(r.span, code)
	}
}

// InterceptResponse counts the points that a response tells, and what was refused before it became an operation.
func (o *Observer) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response == nil {
		return nil
	}
	if ctx.Value(runKey{}) == nil {
		o.Refused(ctx, domain.Code(codeOf(response)))
		return response
	}
	told, _ := response.Extensions[costExtension].(map[string]any)
	count(o.requested, told["requested"])
	count(o.spent, told["actual"])
	return response
}

// count adds a number of points.
func count(counter interface{ Add(float64) }, points any) {
	number, ok := points.(int64)
	if ok && number > 0 {
		counter.Add(float64(number))
	}
}

// codeOf is the code of a response's first error, or OK.
func codeOf(response *graphql.Response) string {
	if len(response.Errors) == 0 {
		return codeOK
	}
	switch code := response.Errors[0].Extensions["code"].(type) {
	case string:
		return code
	case domain.Code:
		return string(code)
	default:
		return string(domain.CodeInternal)
	}
}
