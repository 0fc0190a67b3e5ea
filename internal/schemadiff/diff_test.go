package schemadiff

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/sdl"
)

var today = time.Date(2027, time.May, 17, 9, 30, 0, 0, time.UTC)

func parse(t interface {
	require.TestingT
	Helper()
}, text string) *ast.Schema {
	t.Helper()
	schema, err := sdl.Parse(&ast.Source{Name: "test.graphqls", Input: text})
	require.NoError(t, err, text)
	return schema
}

func TestDiff(t *testing.T) {
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			const rest = "\ntype Query { q: Int }"
			var got []string
			for _, change := range Diff(parse(t, test.old+rest), parse(t, test.next+rest), today) {
				got = append(got, change.String())
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestRootOperations(t *testing.T) {
	lines := func(old, next string) (got []string) {
		for _, change := range Diff(parse(t, old), parse(t, next), today) {
			got = append(got, change.String())
		}
		return got
	}
	with, without := "type Query { q: Int } type Mutation { m: Int }", "type Query { q: Int }"

	require.Equal(t, []string{"BREAKING Mutation: type removed", "BREAKING schema.mutation: operation removed"}, lines(with, without))
	require.Equal(t, []string{"SAFE Mutation: type added", "SAFE schema.mutation: operation added"}, lines(without, with))
	require.Equal(t, []string{"BREAKING schema.query: type changed from Query to Root"},
		lines("type Query { q: Int } type Root { q: Int }", "schema { query: Root } type Query { q: Int } type Root { q: Int }"))
}

// A type goes with the last field that led to it, and only then.
func TestTypeBehindDeprecatedFieldMayGo(t *testing.T) {
	const expired = ` @deprecated(reason: "Use b. Removal on 2027-05-17.")`
	next := parse(t, "type Query { b: Int }")

	old := parse(t, "type Query { a(by: By): Old"+expired+" b: Int } input By { x: Int } type Old { deep: Deep } type Deep { x: Int }")
	for _, change := range Diff(old, next, today) {
		require.Equal(t, Safe, change.Severity, change.String())
	}

	old = parse(t, "type Query { a: Old"+expired+" b: Int } type Old { x: Int } type Loose { x: Old }")
	require.Contains(t, Diff(old, next, today), Change{Breaking, "Loose", "type removed"})

	old = parse(t, "type Query { a: Old"+expired+" b: Int c: Old } type Old { x: Int }")
	require.Contains(t, Diff(old, next, today), Change{Breaking, "Old", "type removed"})
}

func TestBreakingComesFirst(t *testing.T) {
	changes := Diff(
		parse(t, "type Query { z: Int } enum E { A } type A { x: Int }"),
		parse(t, "type Query { y: Int } enum E { A, B } type A { x: Int, w: Int }"), today)

	var order []Severity
	for _, change := range changes {
		order = append(order, change.Severity)
	}
	require.Equal(t, []Severity{Breaking, Dangerous, Safe, Safe}, order)
}
