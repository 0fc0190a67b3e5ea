package resolvers_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph"
)

func testFragmentsOnInterfaces(t *testing.T, a *api) {
	answer := a.must(`query ($ids: [ID!]!) {
		nodes(ids: $ids) { __typename id ...numbered ... on Customer { name } ... on TimelineEntry { occurredAt } ... on Case { title customer { ...who } } }
	}
	fragment numbered on Node { ... on Order { number customer { ...who } } ... on Product { number: sku } }
	fragment who on Customer { number contacts(first: 1) { nodes { ...person } } }
	fragment person on Contact { name }`,
		variables{"ids": []string{opaque(domain.KindOrder, 1, 1), opaque(domain.KindProduct, 1), opaque(domain.KindCustomer, 2), opaque(domain.KindCase, 1, 1)}})
	assert.Equal(t, []string{"Order", "Product", "Customer", "Case"}, answer.each("nodes", "__typename"))
	assert.Equal(t, "O-5001", answer.text("nodes.0.number"))
	assert.Equal(t, "2026-03-10T09:00:00.25Z", answer.text("nodes.0.occurredAt"))
	assert.Equal(t, "José Álvarez", answer.text("nodes.0.customer.contacts.nodes.0.name"))
	assert.Equal(t, "DR-100", answer.text("nodes.1.number"))
	assert.NotContains(t, answer.at("nodes.1"), "occurredAt")
	assert.Equal(t, "Yamada Shoten", answer.text("nodes.2.name"))
	assert.Equal(t, "C-1001", answer.text("nodes.3.customer.number"))
}

// Two selections of one list under two names are two lists, also for loaders.
func testAliasesWithDifferentArguments(t *testing.T, a *api) {
	answer := a.must(`{ customers(first: 2, orderBy: [{ field: NUMBER }]) { nodes { number
		newest: orders(first: 1) { nodes { number } pageInfo { hasNextPage } }
		oldest: orders(last: 1) { nodes { number } totalCount }
		late: orders(first: 5, filter: { deliveredLate: { eq: true } }) { nodes { number } totalCount }
		big: orders(first: 5, filter: { total: { gte: "1000" } }) { nodes { number } } } } }`, nil)
	assert.Equal(t, []string{"C-1001", "C-1002"}, answer.each("customers.nodes", "number"))
	assert.Equal(t, []string{"O-5001", "O-6001"}, answer.each("customers.nodes", "newest.nodes.0.number"))
	assert.Equal(t, []string{"true", "false"}, answer.each("customers.nodes", "newest.pageInfo.hasNextPage"))
	assert.Equal(t, []string{"O-5003", "O-6001"}, answer.each("customers.nodes", "oldest.nodes.0.number"))
	assert.Equal(t, []string{"3", "1"}, answer.each("customers.nodes", "oldest.totalCount"))
	assert.Equal(t, []string{"1", "0"}, answer.each("customers.nodes", "late.totalCount"))
	assert.Equal(t, []string{"<nil>", "O-6001"}, answer.each("customers.nodes", "big.nodes.0.number"))
}

func testSelectionsOfOneFieldAreMerged(t *testing.T, a *api) {
	answer := a.must(`{ orders(first: 2) { nodes { id } } ...more } fragment more on Query { orders(first: 2) { totalCount nodes { number } } }`, nil)
	assert.Equal(t, "5", answer.text("orders.totalCount"))
	assert.NotNil(t, answer.at("orders.nodes.0.id"))
	assert.NotNil(t, answer.at("orders.nodes.0.number"))
	a.invalid(`{ orders(first: 2) { totalCount } orders(first: 3) { totalCount } }`, nil)
}

func testIncludeAndSkip(t *testing.T, a *api) {
	const query = `query ($yes: Boolean!, $no: Boolean!) { customer(number: "C-1001") { name @include(if: $yes) number @skip(if: $no) segment @include(if: $no) status @skip(if: $yes)
		orders(first: 1) @include(if: $no) { nodes { id } } ... @include(if: $no) { credit { used { amount } } } } }`
	n, answer := a.cost(query, variables{"yes": true, "no": false})
	assert.Equal(t, map[string]any{"name": "Müller Maschinenbau", "number": "C-1001"}, answer.at("customer"))
	assert.Equal(t, 1, n, "what is not included costs nothing")
}

func TestIntrospection(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	answer := a.must(`{ __schema { queryType { name } types { name description } directives { name } }
		order: __type(name: "Order") { interfaces { name } fields(includeDeprecated: true) { name description } } __typename }`, nil)
	assert.Equal(t, "Query", answer.text("__schema.queryType.name"))
	assert.Greater(t, len(answer.list("__schema.types")), 100)
	assert.ElementsMatch(t, []string{"Node", "TimelineEntry"}, answer.each("order.interfaces", "name"))
	for _, description := range answer.each("order.fields", "description") {
		assert.NotEmpty(t, description)
		assert.NotEqual(t, "<nil>", description)
	}
	assert.Zero(t, a.counter.Count(), "the schema is not in the database")
}

func TestSDLCanBeReadAgain(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	text := graph.SDL(a.schema)
	again, err := gqlparser.LoadSchema(&ast.Source{Name: "again", Input: text})
	require.NoError(t, err)
	assert.Equal(t, text, graph.SDL(again))
	assert.Contains(t, text, "type Customer")
	for name := range a.schema.Types {
		assert.Contains(t, again.Types, name)
	}
}

func TestViewer(t *testing.T) {
	t.Parallel()
	a := newAPI(t)
	assert.Equal(t, map[string]any{"name": "Ada", "role": "ADMIN"}, a.must(`{ viewer { name role } }`, nil).at("viewer"))
}

func testWrongDocumentsAreRefused(t *testing.T, a *api) {
	for _, query := range []string{`{ nothing }`, `{ customer(numbr: "1") { id } }`, `query ($a: Int!) { carriers(first: $a) { totalCount } }`, `{ customer(number: "C-1001") }`, `{ viewer { name { x } } }`,
		`mutation { x }`, `fragment a on Query { ...b } fragment b on Query { ...a } { ...a }`} {
		answer := a.ask(query, nil)
		require.NotEmpty(t, answer.Errors, query)
		assert.NotEmpty(t, answer.Errors[0].Extensions.Code, query)
		assert.Nil(t, answer.Data, query)
		assert.Empty(t, leaks(strings.ReplaceAll(answer.body, "GRAPHQL_", "")), query)
	}
	answer := a.ask(`{ customer(`, nil)
	assert.Equal(t, "GRAPHQL_PARSE_FAILED", answer.Errors[0].Extensions.Code)
	huge := a.ask("{ "+strings.Repeat("a: __typename ", 20_000)+"}", nil)
	assert.NotEmpty(t, huge.Errors, "a document has a largest size")
}

// GET is for queries, so that answers may be kept by caches.
func testGet(t *testing.T, a *api) {
	get := func(query, v string) *httptest.ResponseRecorder {
		request := httptest.NewRequestWithContext(a.context(), http.MethodGet, "/graphql?query="+url.QueryEscape(query)+"&variables="+url.QueryEscape(v), nil)
		request.Header.Set("Accept", "application/graphql-response+json, application/json")
		request.Header.Set("GraphQL-Require-Preflight", "1")
		recorder := httptest.NewRecorder()
		a.handler.ServeHTTP(recorder, request)
		return recorder
	}
	recorder := get(`query ($n: String) { customer(number: $n) { name } }`, `{"n":"C-1002"}`)
	assert.Equal(t, http.StatusOK, recorder.Code)
	assert.Contains(t, recorder.Body.String(), `"data":{"customer":{"name":"Yamada Shoten"}}`)
	assert.NotEqual(t, http.StatusOK, get(`{ nothing }`, ``).Code)
}
