package gqlrandom_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/internal/gqlrandom"
)

func TestShrinkKeepsWhatMatters(t *testing.T) {
	t.Parallel()
	schema, generator := library(t)
	found := 0
	for seed := range uint64(60) {
		document := generator.Document(source(seed), 400)
		// It takes both, wherever they stand.
		holds := func(d gqlrandom.Document) bool {
			return strings.Contains(d.Text, "totalCount") && strings.Contains(d.Text, "born")
		}
		if !holds(document) {
			continue
		}
		found++
		small := gqlrandom.Shrink(schema, document, 2_000, holds)
		require.True(t, holds(small), small.Text)
		check(t, schema, small)
		words := regexp.MustCompile(`\w+`).FindAllString(small.Text, -1)
		assert.LessOrEqual(t, len(words), 25, "%s\nfrom\n%s", small.Text, document.Text)
	}
	assert.Greater(t, found, 3)
}

func TestShrinkStopsInTime(t *testing.T) {
	t.Parallel()
	schema, generator := vigie(t)
	document := generator.Document(source(1), 1_000)
	calls := 0
	small := gqlrandom.Shrink(schema, document, 10, func(gqlrandom.Document) bool { calls++; return false })
	assert.Equal(t, 10, calls)
	assert.Equal(t, document, small)
}

// A variable that nobody gives any more is one thing that can be left out.
func TestShrinkLeavesOutVariables(t *testing.T) {
	t.Parallel()
	schema, _ := library(t)
	document := gqlrandom.Document{
		Text:      `query Q($a: ID, $b: String = "x") { book(id: $a, name: $b) { name ...f } } query R { named { name } } fragment f on Book { pages }`,
		Variables: map[string]any{"a": "b1", "b": "y"}, OperationName: "Q",
	}
	small := gqlrandom.Shrink(schema, document, 1_000, func(d gqlrandom.Document) bool { return strings.Contains(d.Text, "$a") })
	assert.Empty(t, small.Variables)
	assert.NotContains(t, small.Text, "query R")
	assert.NotContains(t, small.Text, "fragment")
	check(t, schema, small)
}
