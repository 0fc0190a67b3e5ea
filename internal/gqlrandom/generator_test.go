package gqlrandom_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/internal/gqlrandom"
	"github.com/vigie-dev/vigie/internal/sdl"
)

func load(t testing.TB, path string) *ast.Schema {
	t.Helper()
	schema, err := sdl.Load(path)
	require.NoError(t, err)
	return schema
}

// library is a schema with what Vigie's has not: unions.
func library(t testing.TB) (*ast.Schema, *gqlrandom.Generator) {
	t.Helper()
	schema := load(t, "testdata/library.graphqls")
	return schema, gqlrandom.New(schema, gqlrandom.Vocabulary{
		IDs:    map[string][]any{"Book": {"b1", "b2"}, "Author": {"a1"}},
		Values: map[string][]any{"BookConnection.after": {"c1"}, "BookFilter.name": {"Emma"}},
		Wrong:  map[string][]any{"ID": {"nothing"}},
		OneOf:  map[string]bool{"Query.book": true},
	}, gqlrandom.DefaultLimits())
}

func vigie(t testing.TB) (*ast.Schema, *gqlrandom.Generator) {
	t.Helper()
	schema := load(t, "../..")
	return schema, gqlrandom.New(schema, gqlrandom.Vocabulary{
		IDs: map[string][]any{"Customer": {"AQQ0"}, "Order": {"ARI01AM"}},
		// All conditions on a field have the same place, whatever they are: only what suits them is taken.
		Values: map[string][]any{"OrderFilter.number": {"SO-1", 1}, "CustomerFilter.parent": {"AQQ0", 2.5, true}, "Decimal": {"1.5", 1, 2.5}},
		OneOf:  map[string]bool{"Query.customer": true, "Query.product": true},
	}, gqlrandom.DefaultLimits())
}

func source(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }

// check holds that a document is valid, and that its variables are what the operation wants.
func check(t require.TestingT, schema *ast.Schema, document gqlrandom.Document) {
	parsed, errs := gqlparser.LoadQueryWithRules(schema, document.Text, rules.NewDefaultRules())
	require.Empty(t, errs, "%s\n%v", document.Text, document.Variables)
	operation := parsed.Operations.ForName(document.OperationName)
	require.NotNil(t, operation, "operation %q of\n%s", document.OperationName, document.Text)
	sent, err := json.Marshal(document.Variables)
	require.NoError(t, err)
	received := map[string]any{}
	require.NoError(t, json.Unmarshal(sent, &received))
	_, err = validator.VariableValues(schema, operation, received)
	require.NoError(t, err, "%s\n%v", document.Text, document.Variables)
}

func TestDocumentsAreValid(t *testing.T) {
	t.Parallel()
	for name, make := range map[string]func(testing.TB) (*ast.Schema, *gqlrandom.Generator){"vigie": vigie, "library": library} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			schema, generator := make(t)
			for seed := range uint64(1_500) {
				check(t, schema, generator.Document(source(seed), 1+int(seed)))
			}
			rapid.Check(t, func(r *rapid.T) {
				seed, budget := rapid.Uint64().Draw(r, "seed"), rapid.IntRange(0, 5_000).Draw(r, "budget")
				check(r, schema, generator.Document(source(seed), budget))
			})
		})
	}
}

func TestTheSameSeedGivesTheSameDocument(t *testing.T) {
	t.Parallel()
	_, generator := vigie(t)
	_, other := vigie(t)
	for seed := range uint64(100) {
		assert.Empty(t, cmp.Diff(generator.Document(source(seed), 500), other.Document(source(seed), 500)))
	}
	assert.NotEqual(t, generator.Document(source(1), 500), generator.Document(source(2), 500))
}

func TestSmallBudgetsGiveSmallDocuments(t *testing.T) {
	t.Parallel()
	_, generator := vigie(t)
	size := func(budget int) int {
		sum := 0
		for seed := range uint64(300) {
			sum += len(generator.Document(source(seed), budget).Text)
		}
		return sum / 300
	}
	sizes := []int{size(1), size(10), size(100), size(1_000)}
	assert.True(t, slices.IsSorted(sizes), "%v", sizes)
	assert.Less(t, sizes[0], 150)
	assert.Greater(t, sizes[3], 600)
}

// seldom are the constructs that fewer than 50 in 1,000 documents need to have.
func seldom() map[string]int {
	return map[string]int{
		"filter with and": 5, "filter with or": 5, "filter with not": 5, "fragment on a union": 5, "inline fragment on a union": 20, "introspection": 10,
		"null literal": 20, "null variable": 20, "key shared by types": 20, "first and last": 15, "page size refused": 20, "single value for a list": 20,
		"variable of an input object": 20, "variable of a list": 10, "variable in a literal": 20, "cursor": 20, "fragment on an interface": 20,
	}
}

func TestEveryConstructOccurs(t *testing.T) {
	t.Parallel()
	const documents = 2_000
	found := map[string]int{}
	for _, make := range []func(testing.TB) (*ast.Schema, *gqlrandom.Generator){vigie, library} {
		schema, generator := make(t)
		for seed := range uint64(documents / 2) {
			has, err := gqlrandom.Survey(schema, generator.Document(source(seed), 20+int(seed)))
			require.NoError(t, err)
			for name := range has {
				assert.Contains(t, gqlrandom.Constructs(), name)
				found[name]++
			}
		}
	}
	table := ""
	for _, name := range gqlrandom.Constructs() {
		perMille := found[name] * 1_000 / documents
		table += fmt.Sprintf("%4d  %s\n", perMille, name)
		least, rare := seldom()[name]
		if !rare {
			least = 50
		}
		assert.GreaterOrEqual(t, perMille, least, "%s, in 1,000 documents", name)
	}
	t.Logf("of 1,000 documents have\n%s", table)
}
