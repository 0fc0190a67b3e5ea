package execute

import (
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/assert"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/graph/binding"
	"github.com/vigie-dev/vigie/loaders"
)

// A run is used again by whoever comes next, who may be allowed to see more.
func TestAResolversContextStaysWithItsRequest(t *testing.T) {
	first, second := &loaders.Set{}, &loaders.Set{}
	f := &field{Field: &binding.Field{Name: "orders"}, object: &binding.Object{Name: "Query"}, constant: true, kept: &kept{}}
	f.collected = graphql.CollectedField{Field: &ast.Field{Name: "orders"}}
	r := &run{plan: &plan{}, loaders: first, operation: &graphql.OperationContext{}, roots: []rootContext{{ctx: loaders.With(t.Context(), first)}}}
	ctx := r.newAsking(f)
	assert.Same(t, first, loaders.For(ctx))
	assert.Same(t, &ctx.place, graphql.GetFieldContext(ctx))
	r.end()
	r.loaders = second
	assert.Same(t, first, loaders.For(ctx))
}
