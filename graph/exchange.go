package graph

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/graph/observe"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
)

// exchange is an operation that is being answered, and the context of all its responses.
type exchange struct {
	context.Context
	engine *engine
	// responses are those of the schema's executor.
	responses graphql.ResponseHandler
	// observed is nil where nobody observes.
	observed *observe.Operation
	// read is what of personal data has been read and not been recorded. A deferred part belongs to the operation and not to the response that it
	// comes with.
	read audit.Collector
}

type exchangeKey struct{}

// Value implements context.Context.
func (x *exchange) Value(key any) any {
	switch key.(type) {
	case exchangeKey:
		return x
	case relay.CursorsKey:
		return x.engine.cursors
	case audit.CollectorKey:
		if x.engine.trail != nil {
			return &x.read
		}
	}
	return x.Context.Value(key)
}

// exchangeOf is the exchange that ctx belongs to; nil before one has begun.
func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// DispatchOperation begins to answer an operation. It returns what makes its responses, and their context.
func (e *engine) DispatchOperation(ctx context.Context, operation *graphql.OperationContext) (graphql.ResponseHandler, context.Context) {
	if !graphql.HasOperationContext(ctx) {
		ctx = graphql.WithOperationContext(ctx, operation)
	}
	x := &exchange{Context: ctx, engine: e}
	if e.observer != nil {
		x.Context, x.observed = e.observer.Begin(ctx, operation)
	}
	if operation.Operation.Operation != ast.Subscription {
		x.responses = e.schema.Exec(x)
		return x.respond, x
	}
	// A subscription, and nothing else, may fail before its first response.
	ctx = graphql.WithResponseContext(x, e.present, e.recover)
	x.responses = e.schema.Exec(ctx)
	errs := graphql.GetErrors(ctx)
	if errs == nil {
		return x.respond, x
	}
	refusal := graphql.OneShot(&graphql.Response{Errors: errs})
	return func(ctx context.Context) *graphql.Response { return x.observe(ctx, refusal) }, x
}

// respond makes the next response; nil after the last.
func (x *exchange) respond(ctx context.Context) *graphql.Response { return x.observe(ctx, x.next) }

// observe lets a response be observed.
func (x *exchange) observe(ctx context.Context, handler graphql.ResponseHandler) *graphql.Response {
	if x.observed == nil {
		return handler(ctx)
	}
	return x.observed.Respond(ctx, handler)
}

// next makes the next response. Its loaders are its own: each event of a subscription must not see an earlier one's values.
func (x *exchange) next(ctx context.Context) *graphql.Response {
	if ctx.Err() != nil {
		return nil // Nobody waits for it any more.
	}
	e := x.engine
	a := e.answer(ctx)
	inner := loaders.With(a, e.loaders(a))
	response := x.responses(inner)
	if e.trail != nil {
		e.trail.Record(inner)
	}
	if response == nil {
		return nil
	}
	response.Errors = append(response.Errors, graphql.GetErrors(inner)...)
	response.Extensions = graphql.GetExtensions(inner)
	e.finish(a, response)
	if e.observer != nil {
		e.observer.Points(response)
	}
	return response
}
