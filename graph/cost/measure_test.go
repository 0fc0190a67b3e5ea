package cost_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/internal/sdl"
)

// Each cost is worked out by hand beside the query.
func TestCost(t *testing.T) {
	schema := shopSchema(t)
	a := analyser(t, schema, cost.Limits{})
	for _, test := range []struct {
		name, query string
		variables   map[string]any
		cost        int
	}{
		{"scalars are free", `{ __typename }`, nil, 0},
		{"an object is one", `{ shop { id name tags } }`, nil, 1},
		{"a scalar and an enum with weights", `{ shop { picture colour } }`, nil, 1 + 4 + 2},
		{"objects in a row", `{ shop { parent { parent { id } } } }`, nil, 3},
		{"a type with a weight", `{ shop { owner { id } } }`, nil, 1 + 5},
		{"twice under two names", `{ shop { a: parent { id } b: parent { id } } }`, nil, 1 + 2},
		{"a connection with nodes", `{ shops(first: 5) { nodes { id } } }`, nil, 1 + 5},
		{"a connection with edges", `{ shops(first: 5) { edges { cursor node { id } } } }`, nil, 1 + 5},
		{"both count", `{ shops(first: 5) { nodes { id } edges { node { id } } } }`, nil, 1 + 5 + 5},
		{"neither", `{ shops(first: 5) { pageInfo { hasNextPage } } }`, nil, 1},
		{"a count", `{ calls(first: 5) { totalCount } }`, nil, 1 + 5},
		{"a count with a weight", `{ shops(first: 5) { totalCount } }`, nil, 1 + 3},
		{"from the back", `{ shops(last: 4) { nodes { id } } }`, nil, 1 + 4},
		{"the larger of both", `{ shops(first: 2, last: 4) { nodes { id } } }`, nil, 1 + 4},
		{"no size is the largest page", `{ shops { nodes { id } } }`, nil, 1 + 100},
		{"null is no size", `{ shops(first: null) { nodes { id } } }`, nil, 1 + 100},
		{"a size in the schema", `{ defaulted { nodes { id } } }`, nil, 1 + 7},
		{"none", `{ shops(first: 0) { nodes { id } } }`, nil, 1},
		{"more than a page, which is not answered", `{ shops(first: 99999999999) { nodes { id } } }`, nil, 1 + 100},
		{"less than none", `{ shops(first: -5) { nodes { id } } }`, nil, 1},
		{"nested", `{ shops(first: 5) { nodes { children(first: 3) { nodes { id } } } } }`, nil, 1 + 5*(1+1+3)},
		{"a variable", `query($n: Int!) { shops(first: $n) { nodes { id } } }`, map[string]any{"n": 9}, 1 + 9},
		{"a variable as JSON", `query($n: Int!) { shops(first: $n) { nodes { id } } }`, map[string]any{"n": json.Number("9")}, 1 + 9},
		{"a variable's default", `query($n: Int = 8) { shops(first: $n) { nodes { id } } }`, nil, 1 + 8},
		{"a variable without value", `query($n: Int) { shops(first: $n) { nodes { id } } }`, nil, 1 + 100},
		{"a variable without value, and a default in the schema", `query($n: Int) { defaulted(first: $n) { nodes { id } } }`, nil, 1 + 7},
		{"a list without size", `{ shop { hours { opens } } }`, nil, 1 + 10},
		{"a list with an assumed size", `{ shop { days { opens } } }`, nil, 1 + 7},
		{"a list as long as its argument", `{ nodes(ids: ["a", "b", "c"]) { id } }`, nil, 3 * 5},
		{"a list as long as a variable", `query($i: [ID!]!) { nodes(ids: $i) { id } }`, map[string]any{"i": []any{"a", "b"}}, 2 * 5},
		{"one value for a list", `{ nodes(ids: "a") { id } }`, nil, 5},
		{"a call with a weight", `{ find(text: "x") { score } }`, nil, 20 + 10},
		{"a call with a size", `{ find(text: "x", first: 2) { score } }`, nil, 20 + 2},
		{"an argument with a weight", `{ find(text: "x", first: 2, fuzzy: true) { score } }`, nil, 20 + 30 + 2},
		{"an argument that is null", `{ find(text: "x", first: 2, fuzzy: null) { score } }`, nil, 20 + 2},
		{"an argument that is a variable without value", `query($f: Boolean) { find(text: "x", first: 2, fuzzy: $f) { score } }`, nil, 20 + 2},
		{"sized fields", `{ batch(first: 6) { rows { opens } } }`, nil, 1 + 6},
		{"sized fields, assumed", `{ batch { rows { opens } } }`, nil, 1 + 3},
		{"skipped", `query($no: Boolean!) { shop { parent @skip(if: true) { id } owner @include(if: $no) { id } } }`, map[string]any{"no": false}, 1},
		{"included", `query($yes: Boolean!) { shop { owner @include(if: $yes) { id } } }`, map[string]any{"yes": true}, 1 + 5},
		{"a fragment", `{ shop { ...F } } fragment F on Shop { parent { id } }`, nil, 1 + 1},
		{"a fragment twice in a set", `{ shop { ...F ...F } } fragment F on Shop { parent { id } }`, nil, 1 + 1},
		{"a skipped fragment, then the same", `{ shop { ...F @skip(if: true) ...F } } fragment F on Shop { parent { id } }`, nil, 1 + 1},
		{"a fragment in two places", `{ a: shop { ...F } b: shop { ...F } } fragment F on Shop { parent { id } }`, nil, 2 * (1 + 1)},
		{
			"a fragment on a connection, under two sizes", `{ a: shops(first: 2) { ...C } b: shops(first: 7) { ...C } } fragment C on ShopConnection { nodes { ...F } } fragment F on Shop { parent { id } }`,
			nil, 1 + 2*2 + 1 + 7*2,
		},
		{"an interface costs its dearest type", `{ node(id: 1) { id } }`, nil, 5},
		{
			"the dearest of alternatives", `{ node(id: 1) { id ... on Shop { parent { id } } ... on Owner { shops(first: 9) { nodes { id } } } } }`,
			nil, 5 + (1 + 9),
		},
		{
			"what all have and what one has", `{ entries { ... on Note { shop { parent { id } } } ... on Call { owner { id } } } }`,
			nil, 10 * (1 + 5),
		},
		{"a fragment on an interface, on a type of it", `{ shop { ...N } } fragment N on Node { id ... on Shop { parent { id } } ... on Owner { shops(first: 99) { nodes { id } } } }`, nil, 1 + 1},
		{"a mutation", `mutation { rename(name: "x") { id } }`, nil, 10 + 1},
		{"a mutation with a weight", `mutation { dear { id } }`, nil, 99 + 1},
		{"the schema", `{ __schema { types { name fields { name } } } }`, nil, 10},
		{"one type of it", `{ __type(name: "Shop") { name } }`, nil, 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc, variables := valid(t, schema, test.query, test.variables)
			estimate, err := a.Check(doc, "", variables)
			require.NoError(t, err)
			assert.Equal(t, test.cost, estimate.Cost)
		})
	}
}

func TestFieldsOfTheAnswer(t *testing.T) {
	schema := shopSchema(t)
	a := analyser(t, schema, cost.Limits{})
	for query, fields := range map[string]int{
		`{ shop { id name } }`:                                                      3,
		`{ shops(first: 5) { totalCount nodes { id name } } }`:                      1 + 1 + 1 + 5*2,
		`{ shops(first: 5) { nodes { children(first: 2) { nodes { id } } } } }`:     2 + 5*(2+2),
		`{ entries { ... on Note { text shop { id } } ... on Call { seconds } } }`:  1 + 10*3,
		`{ shop { ...F a: parent { ...F } } } fragment F on Shop { id name }`:       1 + 2 + 1 + 2,
		`query { shop { id @skip(if: true) name @include(if: false) __typename } }`: 2,
	} {
		doc, variables := valid(t, schema, query, nil)
		estimate, err := a.Check(doc, "", variables)
		require.NoError(t, err)
		assert.Equal(t, fields, estimate.Fields, query)
	}
}

func TestCostOfTheNamedOperationOnly(t *testing.T) {
	a := analyser(t, shopSchema(t), cost.Limits{})
	doc := parsed(t, `query One { shop { id } } query Two { shop { parent { id } } }`)
	for name, want := range map[string]int{"One": 1, "Two": 2, "Three": 0} {
		estimate, err := a.Check(doc, name, nil)
		require.NoError(t, err)
		assert.Equal(t, want, estimate.Cost, name)
	}
}

// Sizes that no number holds end at the top, not below zero.
func TestCostSaturates(t *testing.T) {
	a := analyser(t, shopSchema(t), cost.DefaultLimits())
	query := `{ batch(first: 99999999999999999999999) { rows { opens } } entries { ... on Note { shop { id } } } find(text: "x", first: 2147483647) { node { id } } }`
	estimate, err := a.Check(parsed(t, query), "", nil)
	assert.Equal(t, cost.Most, estimate.Cost)
	assert.Equal(t, cost.Most, estimate.Fields)
	var refusal *cost.Refusal
	require.ErrorAs(t, err, &refusal)
	assert.Equal(t, "cost", refusal.Limit)
}

// The estimate reads documents that validation would refuse, since it must never depend on what came before it.
func TestCostOfWhatIsNotValid(t *testing.T) {
	a := analyser(t, shopSchema(t), cost.Limits{})
	for _, query := range []string{
		`{ nothing { of { this } } }`,
		`{ shop { ...Missing } }`,
		`{ shop { ...A } } fragment A on Shop { ...B } fragment B on Shop { ...A parent { ...B } }`,
		`{ shop { ...A } } fragment A on Nothing { id parent { id } }`,
		`{ shop { ... on Owner { name } ... on Colour { name } } }`,
		`{ shops(first: "x") { nodes { id } } }`,
		`{ shops(first: [1, 2]) { nodes { id } } }`,
		`{ shop @skip { id } }`,
		`{ shop @skip(if: 1) { id } }`,
		`mutation { nothing } `,
		`subscription { nothing { more } }`,
		`fragment F on Shop { id }`,
		`{ shop { ...F } } fragment F on Shop { id } fragment F on Shop { parent { id } }`,
	} {
		estimate, err := a.Check(parsed(t, query), "", nil)
		require.NoError(t, err, query)
		assert.GreaterOrEqual(t, estimate.Cost, 0, query)
		assert.NotNil(t, estimate.Report(), query)
	}
}

func TestWeightsThatMakeNoSense(t *testing.T) {
	for said, complaint := range map[string]string{
		`type Query { a: Int @cost(weight: -1) }`:                                "the weight -1 is not a number from 0",
		`type Query { a(b: Int @cost(weight: -1)): Int }`:                        "argument b",
		`type Query { a: T } type T @cost(weight: -2) { b: Int }`:                "type T",
		`type Query { a: S } scalar S @cost(weight: -2)`:                         "Query.a",
		`type Query { a: [Int] @listSize(assumedSize: 0) }`:                      "the assumed size 0",
		`type Query { a: [Int] @listSize(slicingArguments: ["first"]) }`:         "there is no argument first",
		`type Query { a: T @listSize(sizedFields: ["c"]) } type T { b: [Int!] }`: "there is no field c to be sized",
	} {
		schema, err := sdl.Parse(&ast.Source{Input: directives + said})
		require.NoError(t, err)
		_, err = cost.New(schema, cost.Limits{}, nil)
		require.Error(t, err, said)
		assert.Contains(t, err.Error(), complaint)
	}
}
