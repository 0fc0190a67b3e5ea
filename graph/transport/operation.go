package transport

import (
	"context"
	"errors"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/domain"
)

// operation is a valid request on its way through the executor.
type operation struct {
	exec graphql.GraphExecutor
	gql  *graphql.OperationContext
	ctx  context.Context
	// answers is set by the first call of next, or beforehand for a response that needs no executor.
	answers graphql.ResponseHandler
	// defers says that a @defer is in force.
	defers bool
	// more says that the executor has deferred parts still to hand out.
	more  bool
	ended bool
}

// prepare parses and validates a request. The response is set instead of the operation when it cannot be run.
func (c *core) prepare(ctx context.Context, exec graphql.GraphExecutor, req *request, headers http.Header) (*operation, *graphql.Response) {
	start := graphql.GetStartTime(ctx)
	doc, failure := c.Documents.find(ctx, req)
	if failure != nil {
		c.Refused(ctx, failure.code)
		return nil, errorResponse(failure.code, failure.message)
	}
	if doc.trusted {
		ctx = context.WithValue(ctx, trustedKey{}, true)
	}
	gql, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{
		Query:         doc.text,
		OperationName: req.operationName,
		Variables:     req.variables,
		Extensions:    req.extensions,
		Headers:       headers,
		ReadTime:      graphql.TraceTiming{Start: start, End: graphql.Now()},
	})
	ctx = graphql.WithOperationContext(ctx, gql)
	if len(errs) > 0 {
		discreet(errs)
		return nil, exec.DispatchError(ctx, errs)
	}
	c.Documents.keepValid(doc)
	return &operation{exec: exec, gql: gql, ctx: ctx, defers: defers(gql)}, nil
}

// kind is a query's where the operation is but an answer that was made beforehand.
func (o *operation) kind() ast.Operation {
	if o.gql == nil {
		return ast.Query
	}
	return o.gql.Operation.Operation
}

// within bounds the operation to a context made from its own.
func (o *operation) within(ctx context.Context) { o.ctx = ctx }

// next returns the operation's next response, nil after the last. A panic, and a deadline that passes before the first
// response, come as responses.
func (o *operation) next() (resp *graphql.Response) {
	if o.ended {
		return nil
	}
	last := true
	defer func() {
		fault := recover()
		if fault != nil {
			resp = o.present(o.gql.Recover(o.ctx, fault))
		}
		o.ended = last || resp == nil
	}()
	if o.answers == nil {
		if o.defers {
			o.ctx = held(o.ctx)
		}
		o.answers, o.ctx = o.exec.DispatchOperation(o.ctx, o.gql)
		resp = o.answers(o.ctx)
		if resp == nil {
			return o.interrupted()
		}
	} else {
		ctx := o.ctx
		if o.more {
			// What was deferred runs already and waits to be taken, also when the client has gone.
			ctx = context.WithoutCancel(ctx)
		}
		resp = o.answers(ctx)
	}
	if resp != nil {
		o.more = resp.HasNext != nil && *resp.HasNext
	}
	// Not asked again, for an interceptor that answers by itself would answer for ever.
	last = o.kind() != ast.Subscription && !o.more
	return resp
}

// drain takes the deferred parts that nobody will read, so that the goroutines which made them end.
func (o *operation) drain() {
	for o.more && !o.ended {
		o.next()
	}
}

// interrupted is the response of an operation that gave none because its time is up; nil where it has simply ended.
func (o *operation) interrupted() *graphql.Response {
	switch {
	case errors.Is(endOf(o.ctx), context.DeadlineExceeded):
		return errorResponse(domain.CodeTimeout, "the answer took too long")
	case endOf(o.ctx) != nil && o.kind() != ast.Subscription:
		return errorResponse(codeCancelled, "the request was given up")
	default:
		return nil
	}
}

// present makes a response of an error in the way that errors of resolvers are shown.
func (o *operation) present(err error) *graphql.Response {
	return o.exec.DispatchError(o.ctx, gqlerror.List{gqlerror.WrapIfUnwrapped(err)})
}
