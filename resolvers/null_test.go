package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A null for a variable with a default, where no null may be, is the client's mistake and told as such.
func TestNullsInThePlaceOfDefaults(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 3)
	null := variables{"v": nil}
	for name, document := range map[string]string{
		"in an order":             `query ($v: OrderDirection = ASC) { customers(first: 1, orderBy: [{ field: NAME, direction: $v }]) { nodes { id } } }`,
		"in a directive":          `query ($v: Boolean = true) { viewer { name @include(if: $v) } }`,
		"in one of a fragment":    `query ($v: Boolean = true) { ...F } fragment F on Query { viewer @skip(if: $v) { name } }`,
		"on a spread":             `query ($v: Boolean = true) { ...F @include(if: $v) } fragment F on Query { viewer { name } }`,
		"on a fragment in line":   `query ($v: Boolean = true) { ... @include(if: $v) { viewer { name } } }`,
		"in a list of conditions": `query ($v: Milestone = DELIVERED) { shipments(first: 1, filter: { milestone: { in: [$v] } }) { nodes { id } } }`,
	} {
		assert.Contains(t, a.fails("BAD_USER_INPUT", document, null), "$v", name)
		a.must(document, nil)
	}
	a.must(`query ($v: String = "x") { customers(first: 1, filter: { name: { eq: $v } }) { nodes { id } } }`, variables{"v": "y"})
}
