package observe

import (
	"context"
	"errors"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"go.opentelemetry.io/otel/trace"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/cost"
)

const (
	codeOK        = "OK"
	codeCancelled = "CANCELLED"
)

// Operation is one operation on its way. Its responses are asked for by one goroutine.
type Operation struct {
	figures operationFigures
	began   time.Time
	span    trace.Span // nil where the operation is not traced
	// lasting tells that it is a subscription, whose duration is its client's choice.
	lasting bool
	// code is that of the first error so far.
	code  string
	ended bool
}

// Begin counts, times and traces an operation. The context that it returns is that of all that the operation does.
func (o *Observer) Begin(ctx context.Context, operation *graphql.OperationContext) (context.Context, *Operation) {
	begun := &Operation{
		figures: o.operations.of(operation.Operation.Name), began: operation.Stats.Read.End,
		lasting: operation.Operation.Operation == ast.Subscription, code: codeOK,
	}
	if begun.began.IsZero() {
		begun.began = time.Now()
	}
	if o.tracing {
		ctx, begun.span = o.traceOperation(ctx, operation, begun)
	}
	return ctx, begun
}

// Respond asks for the operation's next response. With the last one, or a panic, the operation has ended.
func (o *Operation) Respond(ctx context.Context, handler graphql.ResponseHandler) *graphql.Response {
	panicked := true
	defer func() {
		if panicked {
			o.end(string(domain.CodeInternal))
		}
	}()
	response := handler(ctx)
	panicked = false
	if response == nil {
		o.end(o.silence(ctx))
		return nil
	}
	if o.code == codeOK {
		o.code = codeOf(response)
	}
	if !o.lasting && (response.HasNext == nil || !*response.HasNext) {
		o.end(o.code)
	}
	return response
}

// silence says why there is no response: a subscription has ended, or time was up, or the client has gone.
func (o *Operation) silence(ctx context.Context) string {
	switch {
	case o.lasting:
		return o.code
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return string(domain.CodeTimeout)
	default:
		return codeCancelled
	}
}

// end counts the operation, once.
func (o *Operation) end(code string) {
	if o.ended {
		return
	}
	o.ended = true
	o.figures.codes.of(code).Inc()
	if !o.lasting {
		o.figures.seconds.Observe(time.Since(o.began).Seconds())
	}
	if o.span != nil {
		endSpan(o.span, code)
	}
}

// Points counts the points that a response tells.
func (o *Observer) Points(response *graphql.Response) {
	told := cost.ToldBy(response)
	if told == nil {
		return
	}
	o.requested.Add(float64(told.Requested))
	o.spent.Add(float64(told.Actual))
}

// Refusal counts a response to what never became an operation.
func (o *Observer) Refusal(ctx context.Context, response *graphql.Response) {
	o.Refused(ctx, domain.Code(codeOf(response)))
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
