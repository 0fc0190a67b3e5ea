package cost_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/internal/sdl"
)

// directives are what a schema has to define to say what it costs.
const directives = `
directive @cost(weight: Int!) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | SCALAR | ARGUMENT_DEFINITION
directive @listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!]) on FIELD_DEFINITION
`

// shop is a small schema with every kind of weight.
const shop = directives + `
scalar Blob @cost(weight: 4)
enum Colour @cost(weight: 2) { RED GREEN }
interface Node { id: ID! }
union Entry = Note | Call
type PageInfo @cost(weight: 0) { hasNextPage: Boolean! }
type Query {
  shop(name: String): Shop
  shops(first: Int, last: Int): ShopConnection!
  defaulted(first: Int = 7): ShopConnection!
  node(id: ID!): Node
  nodes(ids: [ID!]!): [Node]! @listSize(slicingArguments: ["ids"])
  find(text: String!, first: Int! = 10, fuzzy: Boolean @cost(weight: 30)): [Hit!]! @cost(weight: 20) @listSize(assumedSize: 50, slicingArguments: ["first"])
  batch(first: Int): Batch! @listSize(assumedSize: 3, slicingArguments: ["first"], sizedFields: ["rows"])
  entries: [Entry!]!
  calls(first: Int, last: Int): CallConnection!
}
type Mutation { rename(name: String!): Shop, dear: Shop @cost(weight: 99) }
type Shop implements Node {
  id: ID!
  name: String!
  colour: Colour!
  picture: Blob
  tags: [String!]!
  parent: Shop
  children(first: Int, last: Int): ShopConnection!
  hours: [Hour!]!
  days: [Hour!]! @listSize(assumedSize: 7)
  owner: Owner
}
type Owner implements Node @cost(weight: 5) { id: ID!, name: String!, shops(first: Int): ShopConnection! }
type Hour { opens: String! }
type Hit { node: Node!, score: Float! }
type Batch { rows: [Hour!]! }
type Note { text: String!, shop: Shop }
type Call { owner: Owner, seconds: Int! }
type CallConnection { nodes: [Call!]!, totalCount: Int! }
type ShopConnection { edges: [ShopEdge!]!, nodes: [Shop!]!, pageInfo: PageInfo!, totalCount: Int! @cost(weight: 3) }
type ShopEdge { cursor: String!, node: Shop! }
`

func shopSchema(t testing.TB) *ast.Schema {
	t.Helper()
	schema, err := sdl.Parse(&ast.Source{Name: "shop", Input: shop})
	require.NoError(t, err)
	return schema
}

// realSchema is the project's own.
func realSchema(t testing.TB) *ast.Schema {
	t.Helper()
	schema, err := sdl.Load("../..")
	require.NoError(t, err)
	return schema
}

func customer360(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile("../../resolvers/testdata/customer360.graphql")
	require.NoError(t, err)
	return string(text)
}

func analyser(t testing.TB, schema *ast.Schema, limits cost.Limits) *cost.Analyser {
	t.Helper()
	a, err := cost.New(schema, limits, nil)
	require.NoError(t, err)
	return a
}

// parsed is a document that need not be valid.
func parsed(t testing.TB, document string) *ast.QueryDocument {
	t.Helper()
	doc, err := parser.ParseQuery(&ast.Source{Input: document})
	require.NoError(t, err)
	return doc
}

// valid is a document that the schema accepts, with its variables coerced.
func valid(t testing.TB, schema *ast.Schema, document string, variables map[string]any) (*ast.QueryDocument, map[string]any) {
	t.Helper()
	doc := parsed(t, document)
	faults := validator.ValidateWithRules(schema, doc, rules.NewDefaultRules())
	require.Empty(t, faults)
	coerced, err := validator.VariableValues(schema, doc.Operations[0], variables)
	require.NoError(t, err)
	return doc, coerced
}
