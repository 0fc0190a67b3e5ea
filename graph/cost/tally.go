package cost

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

type tallyKey struct{}

// tally counts what one root field turned out not to need, and is the context of all that is below the field. Fields are answered concurrently.
type tally struct {
	context.Context
	state *state
	root  *ast.Field
	saved atomic.Int64
}

// Value implements context.Context.
func (t *tally) Value(key any) any {
	_, own := key.(tallyKey)
	if own {
		return t
	}
	return t.Context.Value(key)
}

func (t *tally) count(f *ast.Field, n int) {
	c, ok := t.state.estimate.pass.charges[f]
	if !ok {
		return
	}
	t.saved.Add((c.size - int64(n)) * c.unit)
}

// end gives the request back what the root field did not need. null tells that the field has no value.
func (t *tally) end(null bool) {
	charged := t.state.estimate.pass.charges[t.root]
	saved := min(t.saved.Load(), charged.of(listSize).cost)
	if null && !failed(t.Context, t.root.Alias) {
		saved = charged.size * charged.unit
	}
	t.state.saved.Add(saved)
}

// Count tells that the field that is being answered returned n things: n items on a page, or in a list, or none where an object is
// null. The viewer gets back what was charged for more, and pays for what was not expected. Where nothing is counted the charge
// stays what it was. It does nothing outside a request that a Meter has charged.
func Count(ctx context.Context, n int) {
	t, ok := ctx.Value(tallyKey{}).(*tally)
	if !ok {
		return
	}
	field := graphql.GetFieldContext(ctx)
	if field == nil || field.Field.Field == nil {
		return
	}
	t.count(field.Field.Field, n)
}

// Root begins to count below one root field, and what it returns at last ends that: null tells that the field has no value. What is given
// back never exceeds what the field was charged, so that one field cannot pay for another, and an empty answer is free only where nothing went
// wrong: a query that fails has done its work.
func Root(ctx context.Context, field *ast.Field) (context.Context, func(null bool)) {
	s := stateOf(ctx)
	if s == nil || field == nil {
		return ctx, func(bool) {}
	}
	t := &tally{Context: ctx, state: s, root: field}
	return t, t.end
}

// AroundRootField counts below a root field that gqlgen's executor answers.
func AroundRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	root := graphql.GetRootFieldContext(ctx)
	if root == nil {
		return next(ctx)
	}
	ctx, done := Root(ctx, root.Field.Field)
	answer := next(ctx)
	done(answer == graphql.Null)
	return answer
}

// failed tells whether something went wrong at a root field or below. Other root fields are answered at the same time: what becomes of them must
// not count, or the cost would depend on who is first.
func failed(ctx context.Context, key string) bool {
	for _, err := range graphql.GetErrors(ctx) {
		if len(err.Path) > 0 && err.Path[0] == ast.PathName(key) {
			return true
		}
	}
	return false
}
