package cost_test

import (
	"context"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/assert"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/graph/cost"
)

// Root fields are answered at the same time: what one of them costs does not depend on whether another one has failed by then.
func TestAFailurePaysForItsOwnRootFieldOnly(t *testing.T) {
	for _, query := range []string{
		`{ bad: shop { children(first: 50) { nodes { id } } } empty: shop { children(first: 50) { nodes { id } } } }`,
		`{ empty: shop { children(first: 50) { nodes { id } } } bad: shop { children(first: 50) { nodes { id } } } }`,
	} {
		s := newServer(t, cost.Options{Limits: cost.DefaultLimits()})
		s.answer = func(ctx context.Context) graphql.Marshaler {
			if graphql.GetFieldContext(ctx).Field.Alias == "bad" {
				graphql.AddError(ctx, gqlerror.Errorf("it broke after much work"))
			}
			return graphql.Null
		}
		assert.Equal(t, 52, s.ask(t, query).Extensions.Cost.Actual, query)
	}
}
