package resolvers_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
)

// budget360 is how many statements the whole-customer query may take.
const budget360 = 14

// busiest is the number of the customer with the most orders among those that owe us something.
func (a *api) busiest() string {
	a.t.Helper()
	return a.value(`SELECT c.number FROM customers c JOIN orders o USING (customer_id)
		WHERE EXISTS (SELECT FROM invoices i WHERE i.customer_id = c.customer_id AND i.balance > 0) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`)
}

// names are the names of the executed statements.
func (a *api) names() []string {
	named := regexp.MustCompile(`^-- name: (\w+)`)
	var names []string
	for _, text := range a.counter.Texts() {
		match := named.FindStringSubmatch(text)
		require.NotNil(a.t, match, "a statement without a name: %s", text)
		names = append(names, match[1])
	}
	slices.Sort(names)
	return names
}

func TestWholeCustomerInFewStatements(t *testing.T) {
	t.Parallel()
	// Fifty customers are thousands of fields, which take a while to gather on a busy machine.
	a := newDemo(t, 60, waiting(30*time.Millisecond))
	t.Run("one customer", func(t *testing.T) {
		a := a.in(t)
		n, answer := a.cost(customer360, variables{"number": a.busiest()})
		assert.LessOrEqual(t, n, budget360, "%v", a.names())
		for _, list := range []string{"contacts", "sites", "orders", "invoices", "timeline"} {
			assert.NotEmpty(t, answer.list("customer."+list+".nodes"), "nothing was read for %s", list)
		}
		assert.NotEmpty(t, answer.list("customer.orders.nodes.0.lines.nodes"))
		assert.NotNil(t, answer.at("customer.credit.used.amount"))
	})
	t.Run("fifty customers", func(t *testing.T) {
		a := a.in(t)
		n, answer := a.cost(fifty(t), nil)
		assert.LessOrEqual(t, n, budget360, "%v", a.names())
		assert.Len(t, answer.list("customers.nodes"), 50)
	})
}

// fifty is the whole-customer query over fifty customers in place of one.
func fifty(t testing.TB) string {
	t.Helper()
	query := strings.Replace(customer360, "query Customer360($number: String!)", "query", 1)
	query = strings.Replace(query, "customer(number: $number) {", "customers(first: 50) { nodes {", 1)
	require.NotContains(t, query, "$number")
	return query + "}"
}

// Whoever adds a relation without a loader is told here: each field of each type takes as many statements for many parents as for one.
func TestEveryRelationIsBatched(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 60)
	a.fillRareRelations()
	for _, name := range a.nodeTypes() {
		var scalars []string
		for _, field := range a.definition(name).Fields {
			if isObject(a.definition(field.Type.Name())) {
				a.comparesOneWithMany(t, name, field.Name, call(field, 2)+" "+a.selection(field.Type.Name()))
			} else {
				scalars = append(scalars, field.Name)
			}
		}
		a.comparesOneWithMany(t, name, "own", strings.Join(scalars, " "))
	}
}

// comparesOneWithMany asks a field of twenty objects, and then of that one of them whose answer says the most.
func (a *api) comparesOneWithMany(t *testing.T, typename, field, selection string) {
	t.Run(typename+"/"+field, func(t *testing.T) {
		a := a.in(t)
		query := fmt.Sprintf("query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on %s { %s } } }", typename, selection)
		ids := a.ids(typename, 20)
		require.NotEmpty(t, ids)
		_, answer := a.cost(query, variables{"ids": ids})
		richest, most := "", -1
		for i, node := range answer.list("nodes") {
			text, err := json.Marshal(node)
			require.NoError(t, err)
			if len(text) > most {
				richest, most = ids[i], len(text)
			}
		}
		one, _ := a.cost(query, variables{"ids": []string{richest}})
		alone := a.names()
		var many int
		// A busy machine may cut a level in two once; a relation without a loader is slow each time.
		for range 3 {
			many, _ = a.cost(query, variables{"ids": ids})
			if many <= one {
				return
			}
		}
		assert.Fail(t, "not batched", "one object takes %v, %d take %v", alone, len(ids), a.names())
	})
}

// The objects without ids that have relations of their own hang below root fields or below several parents.
func TestRelationsOfObjectsWithoutIDsAreBatched(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 60)
	t.Run("Stock", func(t *testing.T) {
		a := a.in(t)
		const query = `query ($first: Int!) { products(first: $first) { nodes { stock { onHand warehouse { name } inbound { quantity } } } } }`
		few, _ := a.cost(query, variables{"first": 2})
		many, _ := a.cost(query, variables{"first": 50})
		assert.Equal(t, few, many, "%v", a.names())
	})
	t.Run("LookupHit", func(t *testing.T) {
		a := a.in(t)
		const query = `query ($reference: String!, $first: Int!) { lookup(reference: $reference, first: $first) { score node { __typename id ... on Order { number } } customer { name } } }`
		reference := a.value(`SELECT left(number, 4) FROM orders LIMIT 1`)
		few, _ := a.cost(query, variables{"reference": reference, "first": 1})
		many, answer := a.cost(query, variables{"reference": reference, "first": 20})
		require.Len(t, answer.list("lookup"), 20)
		kinds := answer.each("lookup", "node.__typename")
		slices.Sort(kinds)
		assert.LessOrEqual(t, many, few+len(slices.Compact(kinds))-1, "one statement for each kind of hit: %v", a.names())
	})
	t.Run("Product, by id and in the list", func(t *testing.T) {
		a := a.in(t)
		id := a.must(`{ products(last: 1) { nodes { id } } }`, nil).at("products.nodes.0.id")
		const query = `query ($id: ID!) { product(id: $id) { prices { minQuantity } } products(first: 3) { nodes { prices { minQuantity } } } }`
		n, _ := a.cost(query, variables{"id": id})
		assert.Equal(t, 3, n, "the product, the list, and the prices of all: %v", a.names())
	})
	t.Run("CategoryFacet", func(t *testing.T) {
		a := a.in(t)
		n, answer := a.cost(`{ products(first: 1) { facets { categories { count category { name path { name } } } } } }`, nil)
		assert.Greater(t, len(answer.list("products.facets.categories")), 5)
		assert.LessOrEqual(t, n, 3+5, "page, two of facets, and one for each level of the tree: %v", a.names())
	})
}

func TestTotalCountIsPaidForOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 10)
	t.Run("root lists", func(t *testing.T) {
		a := a.in(t)
		for _, field := range a.definition("Query").Fields {
			if !isConnection(a.definition(field.Type.Name())) {
				continue
			}
			without, _ := a.cost("{ "+field.Name+"(first: 1) { nodes { id } } }", nil)
			assert.NotContains(t, strings.Join(a.counter.Texts(), "\n"), "count(*)", field.Name)
			with, _ := a.cost("{ "+field.Name+"(first: 1) { nodes { id } totalCount } }", nil)
			assert.Contains(t, strings.Join(a.counter.Texts(), "\n"), "count(*)", field.Name)
			assert.Equal(t, 1, without, field.Name)
			assert.Equal(t, 1, with, field.Name)
			skipped, _ := a.cost("query ($want: Boolean = false) { "+field.Name+"(first: 1) { nodes { id } totalCount @include(if: $want) } }", nil)
			assert.Equal(t, 1, skipped, field.Name)
		}
	})
	t.Run("children", func(t *testing.T) {
		a := a.in(t)
		const query = `query ($want: Boolean!) { customers(first: 5) { nodes { orders(first: 1) { nodes { id } totalCount @include(if: $want) } } } }`
		without, _ := a.cost(query, variables{"want": false})
		assert.NotContains(t, strings.Join(a.counter.Texts(), "\n"), "count(*)")
		with, answer := a.cost(query, variables{"want": true})
		assert.Contains(t, strings.Join(a.counter.Texts(), "\n"), "count(*)")
		assert.Equal(t, without, with, "the total rides along")
		assert.NotNil(t, answer.at("customers.nodes.0.orders.totalCount"))
	})
}

func TestTimelineLoadsObjectsOnlyWhenTheirFieldsAreAsked(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 10)
	number := a.busiest()
	ask := func(selection string) []string {
		a.cost(`query ($n: String!) { customer(number: $n) { timeline(first: 50) { `+selection+` } } }`, variables{"n": number})
		return a.names()
	}
	outline := []string{"CustomerByNumber", "timelineOfCustomer"}
	for _, selection := range []string{
		"nodes { __typename id occurredAt }",
		"edges { cursor node { id at: occurredAt } }",
		"nodes { ... on Node { id } ... on Order { occurredAt } }",
		"pageInfo { endCursor }",
		"nodes { id ... on Order @include(if: false) { number } }",
	} {
		assert.Equal(t, outline, ask(selection), selection)
	}
	assert.Contains(t, ask("nodes { id ... on Order { number } }"), "OrderByID")
	assert.Contains(t, ask("edges { node { ... on Shipment { milestone } } }"), "ShipmentByID")
}

// Loaders remember what they read: the next request must not be answered from that.
func TestNoLoaderOutlivesItsResponse(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 5, waiting(time.Millisecond))
	customer := opaque(domain.KindCustomer, 1)
	query := `query ($id: ID!) { node(id: $id) { ... on Customer { name contacts(first: 1) { totalCount } ageing { total { amount } } } } }`
	before := a.must(query, variables{"id": customer})
	a.exec(`UPDATE customers SET name = 'Renamed' WHERE customer_id = 1`)
	a.exec(`INSERT INTO contacts (customer_id, name) VALUES (1, 'Newcomer')`)
	after := a.must(query, variables{"id": customer})
	assert.NotEqual(t, "Renamed", before.at("node.name"))
	assert.Equal(t, "Renamed", after.at("node.name"))
	assert.NotEqual(t, before.text("node.contacts.totalCount"), after.text("node.contacts.totalCount"))
}

func (a *api) connections(visit func(parent string, field *ast.FieldDefinition)) {
	for _, parent := range append([]string{"Query"}, a.nodeTypes()...) {
		for _, field := range a.definition(parent).Fields {
			if isConnection(a.definition(field.Type.Name())) {
				visit(parent, field)
			}
		}
	}
}
