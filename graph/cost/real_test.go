package cost_test

import (
	_ "embed"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/graph/cost"
)

// introspection is the query that GraphiQL and code generators send.
//
//go:embed testdata/introspection.graphql
var introspection string

func number() map[string]any { return map[string]any{"number": "C-1"} }

// The whole customer and fifty of them at once, and what tools ask for, stay well inside the default limits.
func TestHonestQueriesPass(t *testing.T) {
	limits := cost.DefaultLimits()
	schema := realSchema(t)
	a := analyser(t, schema, limits)
	whole := customer360(t)
	fifty := strings.Replace(whole, "customer(number: $number) {", "customers(first: 50) { nodes {", 1) + "}"
	fifty = strings.Replace(fifty, "query Customer360($number: String!)", "query", 1)
	for _, test := range []struct {
		name, document string
		variables      map[string]any
		from, to       int
	}{
		{"the whole customer", whole, number(), 500, 2_000},
		{"fifty whole customers", fifty, nil, 25_000, 100_000},
		{"introspection", introspection, nil, 1, 100},
	} {
		t.Run(test.name, func(t *testing.T) {
			tokens, err := limits.Screen(test.document, test.variables)
			require.NoError(t, err)
			doc, variables := valid(t, schema, test.document, test.variables)
			estimate, err := a.Check(doc, "", variables)
			require.NoError(t, err)
			t.Logf("%d tokens, %d points, up to %d values, depth %d, %d validation steps",
				tokens, estimate.Cost, estimate.Fields, estimate.Depth, estimate.Validation)
			assert.GreaterOrEqual(t, estimate.Cost, test.from)
			assert.LessOrEqual(t, estimate.Cost, test.to)
		})
	}
}

func TestExplainTheWholeCustomer(t *testing.T) {
	a := analyser(t, realSchema(t), cost.DefaultLimits())
	report, err := a.Explain(customer360(t), number(), "Customer360")
	require.NoError(t, err)
	text, err := json.MarshalIndent(report, "", "  ")
	require.NoError(t, err)
	t.Logf("%s", text)
	assert.True(t, report.Allowed)
	assert.Equal(t, "customer", report.Roots[0].Path)
	assert.Equal(t, report.Points, report.Roots[0].Points)
	assert.Equal(t, "customer.orders", report.Dearest[1].Path)
}

func BenchmarkCheckCustomer360(b *testing.B) {
	schema := realSchema(b)
	a := analyser(b, schema, cost.DefaultLimits())
	doc, variables := valid(b, schema, customer360(b), number())
	b.ReportAllocs()
	for b.Loop() {
		_, err := a.Check(doc, "", variables)
		require.NoError(b, err)
	}
}

// What comes on top for a document that the executor has not seen.
func BenchmarkScreenCustomer360(b *testing.B) {
	document := customer360(b)
	limits := cost.DefaultLimits()
	b.ReportAllocs()
	for b.Loop() {
		_, err := limits.Screen(document, nil)
		require.NoError(b, err)
	}
}

func BenchmarkReportCustomer360(b *testing.B) {
	schema := realSchema(b)
	a := analyser(b, schema, cost.DefaultLimits())
	doc, variables := valid(b, schema, customer360(b), number())
	estimate, err := a.Check(doc, "", variables)
	require.NoError(b, err)
	b.ReportAllocs()
	for b.Loop() {
		estimate.Report()
	}
}

func BenchmarkNew(b *testing.B) {
	schema := realSchema(b)
	for b.Loop() {
		_, err := cost.New(schema, cost.DefaultLimits(), nil)
		require.NoError(b, err)
	}
}

// Each condition of a filter is paid for, however the filter is given.
func TestFiltersHaveAPrice(t *testing.T) {
	schema := realSchema(t)
	a := analyser(t, schema, cost.DefaultLimits())
	for _, test := range []struct {
		name, document string
		variables      map[string]any
		cost           int
	}{
		{"none", filtered, nil, 6},
		{"a variable", filtered, map[string]any{"f": conditions(3)}, 6 + 1 + 3*2},
		{"one for a list", filtered, map[string]any{"f": map[string]any{"or": conditions(1)}}, 6 + 1 + 1 + 2},
		{"a literal", `{ customers(first: 1, filter: {or: [{name: {contains: "a"}}]}) { totalCount } }`, nil, 6 + 1 + 2},
		{
			"a literal around a variable", `query($c: CustomerFilter!) { customers(first: 1, filter: {or: [$c, $c]}) { totalCount } }`,
			map[string]any{"c": conditions(3)}, 6 + 1 + 2*(1+3*2),
		},
		{
			"an order", `query($o: [CustomerOrder!]) { customers(first: 1, orderBy: $o) { totalCount } }`,
			map[string]any{"o": map[string]any{"field": "NAME"}}, 6 + 1,
		},
	} {
		doc, variables := valid(t, schema, test.document, test.variables)
		estimate, err := a.Check(doc, "", variables)
		require.NoError(t, err, test.name)
		assert.Equal(t, test.cost, estimate.Cost, test.name)
	}
}

// The example that docs/limits.md works out by hand.
func TestExampleOfTheManual(t *testing.T) {
	schema := realSchema(t)
	doc, variables := valid(t, schema,
		`{ customers(first: 5) { totalCount nodes { name accountManager { name } contacts(first: 3) { nodes { name } } } } }`, nil)
	estimate, err := analyser(t, schema, cost.DefaultLimits()).Check(doc, "", variables)
	require.NoError(t, err)
	assert.Equal(t, 36, estimate.Cost)
}
