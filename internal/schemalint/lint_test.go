package schemalint

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/sdl"
)

// base is what the snippets build on. It stands in a source of its own, so that a snippet's lines
// count from one.
const base = `
directive @bounded(reason: String!) on FIELD_DEFINITION
directive @personal on FIELD_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE | ARGUMENT_DEFINITION
scalar DateTime
scalar Date
scalar Decimal
interface Node { id: ID! }
type Money { amount: Decimal!, currencyCode: String! }
type PageInfo { hasNextPage: Boolean! }
type UserError { message: String! }
enum OrderDirection { ASC, DESC }
type Order implements Node { id: ID!, placedAt: DateTime!, dueOn: Date, total: Money! }
type Query { node(id: ID!): Node, nodes(ids: [ID!]!): [Node]! }
`

func lint(t *testing.T, rule, snippet string) []Finding {
	t.Helper()
	schema, err := sdl.Parse(&ast.Source{Name: "base", Input: base}, &ast.Source{Name: "snippet", Input: snippet})
	require.NoError(t, err)
	for _, r := range Rules() {
		if r.Name == rule {
			return findingsIn("snippet", Lint(schema, []Rule{r}))
		}
	}
	require.Failf(t, "no such rule", "%s", rule)
	return nil
}

func findingsIn(file string, findings []Finding) []Finding {
	var in []Finding
	for _, f := range findings {
		if f.File == file {
			in = append(in, f)
		}
	}
	return in
}

func TestRules(t *testing.T) {
	covered := map[string]bool{}
	for _, test := range cases {
		covered[test.rule] = true
		t.Run(test.rule+"/"+test.name, func(t *testing.T) {
			require.Empty(t, lint(t, test.rule, test.good), "the good snippet")

			found := lint(t, test.rule, test.bad)
			require.NotEmpty(t, found, "the bad snippet")
			var all strings.Builder
			for _, f := range found {
				fmt.Fprintln(&all, f)
			}
			require.Contains(t, all.String(), test.want)
		})
	}
	covered["node-id"] = true // TestNodeID: it needs another Node
	for _, rule := range Rules() {
		require.True(t, covered[rule.Name], "rule %s has no test", rule.Name)
		require.NotEmpty(t, rule.Summary)
	}
}

// The validator already holds implementers to their interface, so only a Node that is itself wrong
// lets a type without an id through.
func TestNodeID(t *testing.T) {
	for text, want := range map[string]int{
		"interface Node { key: ID! } type A implements Node { key: ID! } type Query { a: A }": 2,
		"interface Node { id: ID } type A implements Node { id: ID! } type Query { a: A }":    1,
		"interface Node { id: ID! } type A implements Node { id: ID! } type Query { a: A }":   0,
	} {
		schema, err := sdl.Parse(&ast.Source{Name: "whole", Input: text})
		require.NoError(t, err)
		found := 0
		for _, f := range Lint(schema, Rules()) {
			if f.Rule == "node-id" {
				found++
			}
		}
		require.Equal(t, want, found, text)
	}
}

func TestFindingsAreOrderedAndOpenable(t *testing.T) {
	schema, err := sdl.Parse(
		&ast.Source{Name: "b.graphqls", Input: "type lower {\n  Upper: Int\n}"},
		&ast.Source{Name: "a.graphqls", Input: "\ntype Query { ok: Int }"},
	)
	require.NoError(t, err)

	var lines []string
	for _, f := range Lint(schema, Rules()) {
		lines = append(lines, f.String())
	}

	require.Equal(t, []string{
		"a.graphqls:2: described: type Query has no description",
		"a.graphqls:2: described: field Query.ok has no description",
		"b.graphqls:1: described: type lower has no description",
		"b.graphqls:1: named: type lower is not in PascalCase",
		"b.graphqls:2: described: field lower.Upper has no description",
		"b.graphqls:2: named: field lower.Upper is not in camelCase",
	}, lines)
}
