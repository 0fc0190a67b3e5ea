package cost

import (
	"context"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

type tallyKey struct{}

// tally counts what one root field turned out not to need. Fields are answered concurrently.
type tally struct {
	charges map[*ast.Field]charge
	saved   atomic.Int64
}

func (t *tally) count(f *ast.Field, n int) {
	c, ok := t.charges[f]
	if !ok {
		return
	}
	t.saved.Add((c.size - int64(n)) * c.unit)
}

// Count tells that the field that is being answered returned n things: n items on a page, or in a list, or none where an object is
// null. The viewer gets back what was charged for more, and pays for what was not expected. Where nothing is counted the charge
// stays what it was. It does nothing outside a request that an Extension has measured.
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

// InterceptRootField counts below one root field. What it gives back never exceeds what the field was charged, so that one field
// cannot pay for another, and an empty answer is free only where nothing went wrong: a query that fails has done its work.
func (e *Extension) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	s := stateOf(ctx)
	root := graphql.GetRootFieldContext(ctx)
	if s == nil || root == nil || root.Field.Field == nil {
		return next(ctx)
	}
	t := &tally{charges: s.estimate.pass.charges}
	answer := next(context.WithValue(ctx, tallyKey{}, t))
	charged := t.charges[root.Field.Field]
	most := charged.of(listSize).cost
	saved := min(t.saved.Load(), most)
	if answer == graphql.Null && len(graphql.GetErrors(ctx)) == 0 {
		saved = charged.size * charged.unit
	}
	s.saved.Add(saved)
	return answer
}
