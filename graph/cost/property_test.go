package cost_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/graph/cost"
)

// shopTypes is how many object types an interface or a union of the shop's schema has at most.
const shopTypes = 2

// generator writes documents for the shop's schema, fragments that spread fragments included.
type generator struct {
	*rapid.T
	// fragments are on Shop; each spreads only later ones.
	fragments int
}

func (g generator) pick(options ...string) string {
	return rapid.SampledFrom(options).Draw(g.T, "pick")
}

func (g generator) some(n int) int { return rapid.IntRange(0, n).Draw(g.T, "some") }

// shop is a selection set on Shop.
func (g generator) shop(depth, from int) string {
	var text strings.Builder
	text.WriteString(" id")
	for i := range g.some(3) {
		switch g.pick("parent", "owner", "children", "fragment", "inline", "leaf", "hours") {
		case "parent":
			if depth > 0 {
				fmt.Fprintf(&text, " p%d: parent {%s }", i, g.shop(depth-1, from))
			}
		case "owner":
			fmt.Fprintf(&text, " o%d: owner { name }", i)
		case "children":
			if depth > 0 {
				below := g.shop(depth-1, from)
				page := g.pick("nodes {"+below+" }", "edges { cursor node {"+below+" } }")
				fmt.Fprintf(&text, " c%d: children(first: %d) { totalCount %s }", i, g.some(4), page)
			}
		case "fragment":
			if from < g.fragments {
				fmt.Fprintf(&text, " ...F%d", from+g.some(g.fragments-1-from))
			}
		case "inline":
			if depth > 0 {
				fmt.Fprintf(&text, " ... %s {%s }", g.pick("", "on Shop", "on Shop @include(if: true)", "on Shop @skip(if: true)"), g.shop(depth-1, from))
			}
		case "leaf":
			text.WriteString(g.pick(" name", " colour", " picture", " tags", " n: name @skip(if: true)"))
		case "hours":
			text.WriteString(" hours { opens }")
		}
	}
	return text.String()
}

func (g generator) node(depth int) string {
	var text strings.Builder
	text.WriteString(" id")
	for range g.some(3) {
		fmt.Fprintf(&text, " ... on %s", g.pick("Shop {"+g.shop(depth, 0)+" }", "Owner { name shops(first: 3) { nodes {"+g.shop(depth-1, 0)+" } } }"))
	}
	return text.String()
}

func (g generator) document() string {
	var text strings.Builder
	fmt.Fprintf(&text, "{ shop {%s } node(id: 1) {%s } entries { __typename ... on Note { shop {%s } } ... on Call { owner { id } } } }",
		g.shop(3, 0), g.node(2), g.shop(1, 0))
	for i := range g.fragments {
		fmt.Fprintf(&text, " fragment F%d on Shop {%s }", i, g.shop(2, i+1))
	}
	return text.String()
}

// The pass agrees with a plain one that writes every fragment out and takes every type in turn, and its work grows with the
// document and not with what the document stands for.
func TestCostIsWhatWritingOutGives(t *testing.T) {
	schema := shopSchema(t)
	a := analyser(t, schema, cost.Limits{})
	rapid.Check(t, func(r *rapid.T) {
		g := generator{T: r, fragments: rapid.IntRange(0, 5).Draw(r, "fragments")}
		text := g.document()
		doc := parsed(t, text)
		estimate, err := a.Check(doc, "", nil)
		require.NoError(r, err, text)
		want := plain{schema: schema, document: doc}.set(doc.Operations[0].SelectionSet, "Query", 0)
		require.Equal(r, min(want, cost.Most), estimate.Cost, text)
		steps, size := cost.Work(estimate)
		require.LessOrEqual(r, steps, (2+shopTypes)*size, text)
	})
}

// Doubling documents double the work and no more.
func TestWorkIsLinear(t *testing.T) {
	a := analyser(t, realSchema(t), cost.Limits{})
	for name, family := range map[string]func(int) string{"deep": exponential, "wide": wide, "merging": merging, "chain": chained} {
		for _, n := range []int{10, 50, 500} {
			estimate, err := a.Check(parsed(t, family(n)), "", nil)
			require.NoError(t, err)
			steps, size := cost.Work(estimate)
			require.LessOrEqual(t, steps, 4*size, "%s %d", name, n)
		}
	}
}

func chained(n int) string { return `{ customer { ...F0 } }` + chain(n) }

// plain computes costs the slow way: it is what the pass is held against.
type plain struct {
	schema   *ast.Schema
	document *ast.QueryDocument
}

func (p plain) set(set ast.SelectionSet, on string, page int) int {
	def := p.schema.Types[on]
	if !def.IsAbstractType() {
		return p.concrete(set, def, page)
	}
	most := 0
	for _, possible := range p.schema.GetPossibleTypes(def) {
		most = max(most, p.concrete(set, possible, page))
	}
	return most
}

// concrete is what a set costs for an object of one type.
func (p plain) concrete(set ast.SelectionSet, def *ast.Definition, page int) int {
	sum := 0
	spread := map[string]bool{}
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			if !skipped(selection.Directives) && selection.Name != "__typename" {
				sum += p.field(selection, def.Fields.ForName(selection.Name), page)
			}
		case *ast.InlineFragment:
			if !skipped(selection.Directives) && (selection.TypeCondition == "" || selection.TypeCondition == def.Name) {
				sum += p.concrete(selection.SelectionSet, def, page)
			}
		case *ast.FragmentSpread:
			if !spread[selection.Name] {
				spread[selection.Name] = true
				sum += p.concrete(p.document.Fragments.ForName(selection.Name).SelectionSet, def, page)
			}
		}
	}
	return sum
}

func (p plain) field(f *ast.Field, def *ast.FieldDefinition, page int) int {
	unit := map[string]int{
		"Owner": 5, "Shop": 1, "ShopConnection": 1, "Hour": 1, "Node": 5, "Entry": 1, "Blob": 4, "Colour": 2,
	}[def.Type.Name()]
	call, below := 0, 0
	if f.Name == "totalCount" {
		call = 3
	}
	if first := f.Arguments.ForName("first"); first != nil {
		_, err := fmt.Sscan(first.Value.Raw, &page)
		if err != nil {
			panic(err)
		}
		return call + unit + p.set(f.SelectionSet, def.Type.Name(), page)
	}
	if len(f.SelectionSet) > 0 {
		below = p.set(f.SelectionSet, def.Type.Name(), 0)
	}
	switch {
	case f.Name == "nodes" || f.Name == "edges":
		return call + page*(unit+below)
	case def.Type.Elem != nil:
		return call + 10*(unit+below)
	default:
		return call + unit + below
	}
}

func skipped(directives ast.DirectiveList) bool {
	skip := directives.ForName("skip")
	return skip != nil && skip.Arguments.ForName("if").Value.Raw == "true"
}
