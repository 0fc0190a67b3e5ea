package resolvers_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/loaders"
	"github.com/vigie-dev/vigie/resolvers"
	"github.com/vigie-dev/vigie/storage"
)

// within is the same api with bounds on each answer.
func (a *api) within(bounds storage.Bounds, maxBytes int64) *api {
	a.t.Helper()
	inner := *a
	handler, err := graph.NewHandler(graph.Options{
		Schema: generated.NewExecutableSchema(generated.Config{Resolvers: &resolvers.Resolver{Now: present}}),
		Loaders: func(ctx context.Context) *loaders.Set {
			return loaders.New(a.pool.For(viewerOf(ctx)).Within(bounds), wait)
		},
		Limits:           cost.DefaultLimits(),
		MaxResponseBytes: maxBytes,
		Log:              slog.New(slog.NewJSONHandler(a.log, nil)),
	})
	require.NoError(a.t, err)
	inner.handler = handler
	return &inner
}

// TestAnAnswerNeedsNoMoreThanItsRows: the bound holds for all statements of an answer together, and for each answer anew.
func TestAnAnswerNeedsNoMoreThanItsRows(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 20)
	const query = `{ viewer { name } customers(first: 10) { nodes { number orders(first: 10) { nodes { number lines(first: 10) { nodes { quantity } } } } } } }`
	bounded := a.within(storage.Bounds{Rows: 60}, 0)
	for range 2 {
		answer := bounded.ask(query, nil)
		require.NotEmpty(t, answer.Errors, answer.body)
		for _, failure := range answer.Errors {
			assert.Contains(t, []string{"TOO_LARGE", "TOO_MANY_ERRORS"}, failure.Extensions.Code)
		}
		assert.Equal(t, "the answer needs more than 60 rows of the database: ask for less at once", answer.Errors[0].Message)
		bounded.must(`{ customers(first: 10) { nodes { number } } }`, nil)
	}
	a.within(storage.Bounds{Rows: 5_000}, 0).must(query, nil)
	assert.NotContains(t, a.log.String(), `"level":"ERROR"`, "what the client has to put right is no fault of ours")
}

func TestAnAnswerNeedsNoMoreThanItsBytes(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.exec(`UPDATE interactions SET body = repeat('x', 100000)`)
	const query = `{ customers(first: 5) { nodes { interactions(first: 5) { nodes { body } } } } }`
	assert.Equal(t, "the answer needs more than 90000 bytes of the database: ask for less at once", a.within(storage.Bounds{Bytes: 90_000}, 0).fails("TOO_LARGE", query, nil))
	a.within(storage.Bounds{Bytes: 1_000_000}, 1_000_000).must(query, nil)
}

// TestAnAnswerIsNoLongerThanItsBound: one row may stand in an answer often.
func TestAnAnswerIsNoLongerThanItsBound(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.exec(`UPDATE interactions SET body = repeat('x', 20000)`)
	id := a.ids("Interaction", 1)[0]
	var many strings.Builder
	for i := range 80 {
		fmt.Fprintf(&many, "a%d: body ", i)
	}
	query := `query ($id: ID!) { viewer { name } node(id: $id) { ... on Interaction { ` + many.String() + ` } } }`
	bounded := a.within(storage.Bounds{Bytes: 1_000_000}, 100_000)
	answer := bounded.ask(query, variables{"id": id})
	require.Len(t, answer.Errors, 1, "%.500s", answer.body)
	assert.Equal(t, "TOO_LARGE", answer.Errors[0].Extensions.Code)
	assert.Equal(t, "the answer is longer than 100000 bytes: ask for less at once", answer.Errors[0].Message)
	assert.Nil(t, answer.Data)
	assert.Less(t, len(answer.body), 1_000)
	bounded.must(`query ($id: ID!) { node(id: $id) { ... on Interaction { a: body b: body } } }`, variables{"id": id})

	// The bound is on the data as it is written: names and punctuation that are no field's count as well.
	var numbers strings.Builder
	for i := range 40 {
		fmt.Fprintf(&numbers, "a%d: quantity ", i)
	}
	query = `{ orders(first: 5) { nodes { lines(first: 5) { nodes { ` + numbers.String() + ` } } } } }`
	whole := a.must(query, nil)
	size := int64(strings.LastIndex(whole.body, `,"extensions"`) - len(`{"data":`))
	a.within(storage.Bounds{}, size).must(query, nil)
	assert.Equal(t, fmt.Sprintf("the answer is longer than %d bytes: ask for less at once", size-1), a.within(storage.Bounds{}, size-1).fails("TOO_LARGE", query, nil))
}

// TestAnAnswerShowsFewErrors, whether the document is wrong in many places or a field fails in many objects.
func TestAnAnswerShowsFewErrors(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 30)
	var wrong strings.Builder
	for i := range 4_900 {
		fmt.Fprintf(&wrong, " n%d", i)
	}
	refused := a.ask("{ viewer {"+wrong.String()+" } }", nil)
	require.Len(t, refused.Errors, 21)
	assert.Equal(t, "TOO_MANY_ERRORS", refused.Errors[20].Extensions.Code)
	assert.Equal(t, "4880 more errors are left out", refused.Errors[20].Message)
	assert.Less(t, len(refused.body), 6_000)

	key := domain.Viewer{Role: domain.RoleIntegration, Grants: []string{"customers:read"}}
	var before []string
	for range 3 {
		answer := a.as(key).ask(`{ customers(first: 30) { nodes { number credit { limit { amount } } } } }`, nil)
		require.Len(t, answer.Errors, 21)
		assert.Len(t, answer.list("customers.nodes"), 30)
		assert.Equal(t, "10 more errors are left out", answer.Errors[20].Message)
		var paths []string
		for i, failure := range answer.Errors[:20] {
			assert.Equal(t, fmt.Sprintf("[customers nodes %d credit]", i), fmt.Sprint(failure.Path))
			paths = append(paths, fmt.Sprint(failure.Path))
		}
		if before != nil {
			assert.True(t, slices.Equal(before, paths), "the same errors each time")
		}
		before = paths
	}
}
