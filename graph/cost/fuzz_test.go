package cost_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/vigie-dev/vigie/graph/cost"
)

// FuzzCheck measures whatever parses. The work stays in proportion to the document, and what is not refused is safe to validate.
func FuzzCheck(f *testing.F) {
	schema := shopSchema(f)
	a := analyser(f, schema, cost.Limits{})
	limits := cost.DefaultLimits()
	for _, h := range hostiles() {
		if len(h.document) < 10_000 {
			f.Add(h.document)
		}
	}
	for _, document := range []string{
		`{ shops(first: 5) { nodes { id } edges { node { id } } totalCount } }`,
		`query($n: Int = 3) { nodes(ids: ["a"]) { ... on Shop { children(last: $n) { ...C } } } } fragment C on ShopConnection { nodes { id } }`,
		`{ entries { ... on Note { shop { id } } ...E } } fragment E on Entry { ... on Call { seconds } ...E }`,
		`mutation { rename(name: "x") { id @skip(if: true) } }`,
		`{ find(text: "x", first: 99999999999, fuzzy: null) { score } }`,
	} {
		f.Add(document)
	}
	f.Fuzz(func(t *testing.T, document string) {
		_, err := limits.Screen(document, nil)
		doc, fault := parser.ParseQueryWithTokenLimit(&ast.Source{Input: document}, limits.MaxTokens)
		if fault != nil {
			return
		}
		for _, operation := range doc.Operations {
			estimate, checked := a.Check(doc, operation.Name, nil)
			require.NoError(t, checked)
			require.GreaterOrEqual(t, estimate.Cost, 0)
			require.LessOrEqual(t, estimate.Cost, cost.Most)
			require.LessOrEqual(t, estimate.Fields, cost.Most)
			steps, size := cost.Work(estimate)
			require.LessOrEqual(t, steps, (3+2*shopTypes)*size)
			report := estimate.Report()
			require.LessOrEqual(t, len(report.Dearest), 10)
			break
		}
		if err == nil {
			_, _ = a.Explain(document, nil, "")
		}
	})
}
