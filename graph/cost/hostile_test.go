package cost_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/vigie-dev/vigie/graph/cost"
)

// hostile is a document that would cost the server much more than its sender.
type hostile struct {
	name, document string
	variables      map[string]any
	// limit is what refuses it.
	limit string
	// valid tells that validation would let it pass.
	valid bool
}

// hostiles are documents for the project's own schema.
func hostiles() []hostile {
	deep := func(n int, level, end string) string {
		return strings.Repeat(level+"{", n) + end + strings.Repeat("}", n)
	}
	numbered := func(n int, format string) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, format, i)
		}
		return text.String()
	}
	page := func(n int, below string) string {
		return fmt.Sprintf(`subsidiaries(first: %d) { nodes { %s } }`, n, below)
	}
	const nested = `__schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } }`
	return []hostile{
		{name: "exponential fragments 15", document: exponential(15), limit: "selections", valid: true},
		{name: "exponential fragments 20", document: exponential(20), limit: "depth", valid: true},
		{name: "exponential fragments 50", document: exponential(50), limit: "depth", valid: true},
		{name: "exponential fragments 20 wide", document: wide(20), limit: "selections", valid: true},
		{name: "fragments that merge", document: merging(18), limit: "selections", valid: true},
		{name: "cyclic fragments, priced", document: `{ customer { ...A } } fragment A on Customer { ` + page(100, "...B") + ` } fragment B on Customer { ` + page(100, page(100, "...A")) + ` }`, limit: "cost"},
		{name: "fragment chain", document: `{ customer { ...F0 } }` + chain(150), limit: "fragments"},
		{name: "spread bomb", document: `{ customer { ` + strings.Repeat("...F ", 2000) + ` } } fragment F on Customer { id }`, limit: "fragment spreads", valid: true},
		{name: "unused fragments", document: `{ viewer { name } }` + numbered(1000, "fragment F%d on Customer { id }"), limit: "fragments"},
		{name: "alias bomb 10,000", document: `{` + numbered(10_000, " a%d: viewer { name }") + ` }`, limit: "bytes", valid: true},
		{name: "alias bomb 1,000", document: `{ customer {` + numbered(1000, " a%d: name") + ` } }`, limit: "aliases", valid: true},
		{name: "root field bomb", document: `{` + strings.Repeat(" lookup(reference: \"a\") { text }", 30) + ` }`, limit: "root fields", valid: true},
		{name: "directive bomb", document: `{ viewer { name` + strings.Repeat(" @a", 3000) + ` } }`, limit: "directives"},
		{name: "deep nesting 500", document: `{ customer {` + deep(500, "parent", "id") + ` } }`, limit: "depth", valid: true},
		{name: "deep values", document: `{ customers(first: 1, filter: ` + strings.Repeat("{not:", 200) + "{}" + strings.Repeat("}", 200) + `) { nodes { id } } }`, limit: "input depth", valid: true},
		{name: "huge list argument", document: `{ nodes(ids: [` + strings.Repeat(`"a" `, 5000) + `]) { id } }`, limit: "list items", valid: true},
		{name: "huge list variable", document: `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, variables: map[string]any{"ids": make([]any, 5000)}, limit: "list items", valid: true},
		{name: "a filter of many conditions", document: `{ customers(first: 1, filter: {or: [` + strings.Repeat(`{name: {contains: "a"}} `, 200) + `]}) { totalCount } }`, limit: "input fields", valid: true},
		{name: "a filter of many conditions as a variable", document: filtered, variables: map[string]any{"f": conditions(200)}, limit: "input fields", valid: true},
		{name: "a filter under many parents", document: `query($f: OrderFilter) { customers(first: 100) { nodes { ` + numbered(9, "a%d: orders(first: 1, filter: $f) { totalCount }") + ` } } }`, variables: map[string]any{"f": conditions(140)}, limit: "cost"},
		{name: "a text of a megabyte", document: `query($t: String!) { lookup(reference: $t) { text } }`, variables: map[string]any{"t": strings.Repeat("a", 1<<20)}, limit: "text bytes", valid: true},
		{name: "one name over and over", document: `{ customer {` + strings.Repeat(" name", 1000) + ` } }`, limit: "validation steps", valid: true},
		{name: "unknown fields", document: `{ customer {` + numbered(4900, " x%d") + ` } ` + strings.Repeat(" q", 100) + `}`, limit: "root fields"},
		{name: "introspection nested", document: `{ ` + nested + ` }`, limit: "fields"},
		{name: "introspection nested with aliases", document: `{ __schema { types { fields { type { ` + numbered(60, "a%d: fields { type { fields { name } } }") + ` } } } } }`, limit: "fields"},
		{name: "first by first by first", document: `{ customers(first: 100) { nodes { ` + page(100, page(100, "id")) + ` } } }`, limit: "cost", valid: true},
		{name: "variables as page sizes", document: `query($n: Int!) { customers(first: $n) { nodes { subsidiaries(first: $n) { nodes { subsidiaries(first: $n) { nodes { id } } } } } } }`, variables: map[string]any{"n": 100}, limit: "cost", valid: true},
		{name: "no page sizes", document: `{ customers { nodes { subsidiaries { nodes { subsidiaries { nodes { id } } } } } } }`, limit: "cost", valid: true},
		{name: "1 MB of space", document: `{ viewer { name } }` + strings.Repeat(" \n", 1<<19), limit: "bytes", valid: true},
		{name: "1 MB of comments", document: `{ viewer { name } }` + strings.Repeat("#\n", 1<<19), limit: "bytes", valid: true},
		{name: "comments within the bytes", document: `{ viewer { name } }` + strings.Repeat("#\n", 49_000), limit: "tokens", valid: true},
	}
}

const filtered = `query($f: CustomerFilter) { customers(first: 1, filter: $f) { totalCount } }`

// conditions are a filter of so many conditions.
func conditions(n int) map[string]any {
	items := make([]any, n)
	for i := range items {
		items[i] = map[string]any{"name": map[string]any{"contains": "a"}}
	}
	return map[string]any{"or": items}
}

// exponential doubles with each fragment, one field deeper each time: a kilobyte for a million objects.
func exponential(n int) string {
	var text strings.Builder
	text.WriteString(`{ customer(id: "a") { ...F0 } }`)
	for i := range n {
		fmt.Fprintf(&text, "fragment F%d on Customer{a:parent{...F%d}b:parent{...F%d}}", i, i+1, i+1)
	}
	fmt.Fprintf(&text, "fragment F%d on Customer{name}", n)
	return text.String()
}

// wide doubles without getting deeper.
func wide(n int) string {
	var text strings.Builder
	text.WriteString(`{ customer(id: "a") { ...F0 } }`)
	for i := range n {
		fmt.Fprintf(&text, "fragment F%d on Customer{...F%d ... on Customer{...F%d}}", i, i+1, i+1)
	}
	fmt.Fprintf(&text, "fragment F%d on Customer{name}", n)
	return text.String()
}

// merging doubles under one name.
func merging(n int) string {
	var text strings.Builder
	text.WriteString(`{ customer(id: "a") { ...F0 } }`)
	for i := range n {
		fmt.Fprintf(&text, "fragment F%d on Customer{parent{...F%d}parent{...F%d}}", i, i+1, i+1)
	}
	fmt.Fprintf(&text, "fragment F%d on Customer{name}", n)
	return text.String()
}

func chain(n int) string {
	var text strings.Builder
	for i := range n {
		fmt.Fprintf(&text, "fragment F%d on Customer{...F%d}", i, i+1)
	}
	fmt.Fprintf(&text, "fragment F%d on Customer{name}", n)
	return text.String()
}

// refuse does what a request does before it runs: the text, then the operation.
func refuse(a *cost.Analyser, limits cost.Limits, h hostile, t testing.TB) error {
	_, err := limits.Screen(h.document, h.variables)
	if err != nil {
		return err
	}
	_, err = a.Check(parsed(t, h.document), "", h.variables)
	return err
}

func TestHostileDocumentsAreRefused(t *testing.T) {
	limits := cost.DefaultLimits()
	a := analyser(t, realSchema(t), limits)
	for _, h := range hostiles() {
		t.Run(h.name, func(t *testing.T) {
			err := refuse(a, limits, h, t)
			var refusal *cost.Refusal
			require.ErrorAs(t, err, &refusal)
			assert.Equal(t, cost.CodeTooComplex, refusal.Code)
			assert.Equal(t, h.limit, refusal.Limit, refusal.Error())
			assert.Greater(t, refusal.Requested, refusal.Allowed)
			assert.NotContains(t, refusal.Error(), "customer", "a refusal holds nothing of the query")
		})
	}
}

// Without the limits these would run: nothing else stands in their way.
func TestHostileDocumentsAreValid(t *testing.T) {
	schema := realSchema(t)
	for _, h := range hostiles() {
		if !h.valid {
			continue
		}
		faults := validator.ValidateWithRules(schema, parsed(t, h.document), rules.NewDefaultRules())
		assert.Empty(t, faults, h.name)
	}
}

func TestZeroIsNoLimit(t *testing.T) {
	for _, h := range hostiles() {
		_, err := cost.Limits{}.Screen(h.document, h.variables)
		assert.NoError(t, err, h.name)
	}
}

func TestWhatDoesNotParseIsLeftToTheExecutor(t *testing.T) {
	for _, document := range []string{"", "{", "}", "\x00", "{ a(b: \"", "query query query", "{ a(b: \xff) }", strings.Repeat("{a", 2000)} {
		_, err := cost.DefaultLimits().Screen(document, nil)
		assert.NoError(t, err, "%q", document)
	}
}

func BenchmarkRefuse(b *testing.B) {
	limits := cost.DefaultLimits()
	a := analyser(b, realSchema(b), limits)
	for _, h := range hostiles() {
		b.Run(h.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if refuse(a, limits, h, b) == nil {
					b.Fatal("it was not refused")
				}
			}
		})
	}
}
