package resolvers_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
)

func TestNodeGivesBackEveryType(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 30, waiting(time.Millisecond))
	a.fillRareRelations()
	var all []string
	for _, name := range a.nodeTypes() {
		ids := a.ids(name, 1)
		require.Len(t, ids, 1, name)
		all = append(all, ids[0])
		answer := a.must(`query ($id: ID!) { node(id: $id) { __typename id } }`, variables{"id": ids[0]})
		assert.Equal(t, name, answer.text("node.__typename"))
		assert.Equal(t, ids[0], answer.text("node.id"))
	}
	assert.Len(t, all, len(domain.Kinds()), "a kind without a type, or the other way round")

	// In the order asked for, twice the same where it is asked for twice.
	asked := append(slices.Clone(all), all[0], all[3])
	slices.Reverse(asked)
	n, answer := a.cost(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, variables{"ids": asked})
	assert.Equal(t, asked, answer.each("nodes", "id"))
	assert.Equal(t, len(all), n, "one statement for each kind")
}

func testUnknownIDsGiveNullsInPlace(t *testing.T, a *api) {
	known, gone := opaque(domain.KindOrder, 1, 1), opaque(domain.KindOrder, 1, 999)
	// The row is there, but with another customer.
	foreign := opaque(domain.KindOrder, 2, 1)
	huge := opaque(domain.KindProduct, 1<<62)
	answer := a.must(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, variables{"ids": []string{gone, known, foreign, huge}})
	assert.Equal(t, []any{nil, map[string]any{"id": known}, nil, nil}, answer.list("nodes"))
	for _, id := range []string{gone, foreign, huge} {
		assert.Nil(t, a.must(`query ($id: ID!) { node(id: $id) { id } }`, variables{"id": id}).at("node"))
	}
	assert.Empty(t, a.must(`{ nodes(ids: []) { id } }`, nil).list("nodes"))

	hundred := slices.Repeat([]string{known}, 100)
	assert.Len(t, a.must(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, variables{"ids": hundred}).list("nodes"), 100)
	assert.Contains(t, a.refused(`query ($ids: [ID!]!) { nodes(ids: $ids) { id } }`, variables{"ids": append(hundred, known)}), "at most 100")
}

func testDamagedIDsAreRefused(t *testing.T, a *api) {
	good := opaque(domain.KindOrder, 1, 1)
	for _, id := range []string{"", "1", "Order:1", "AQ", good + "A", good + "=", strings.ToLower(good), " " + good, "AAAA", "AP8B", strings.Repeat("A", 5000), "💥", "1' OR '1'='1", "\x00"} {
		message := a.refused(`query ($id: ID!) { node(id: $id) { id } }`, variables{"id": id})
		assert.Contains(t, message, "not an id of ours")
		assert.Less(t, len(message), 300)
		a.refused(`query ($id: ID!) { nodes(ids: [$id]) { id } }`, variables{"id": id})
		a.refused(`query ($id: ID!) { customer(id: $id) { id } }`, variables{"id": id})
	}
}

func testCustomerByIDOrNumber(t *testing.T, a *api) {
	const query = `query ($id: ID, $number: String) { customer(id: $id, number: $number) { id name } }`
	id := opaque(domain.KindCustomer, 1)
	assert.Equal(t, "Müller Maschinenbau", a.must(query, variables{"id": id}).text("customer.name"))
	assert.Equal(t, id, a.must(query, variables{"number": "C-1001"}).text("customer.id"))
	assert.Equal(t, id, a.must(query, variables{"number": "c-1001"}).text("customer.id"), "case does not matter")
	for _, unknown := range []variables{
		{"number": "C-100"}, {"number": ""}, {"number": "C-1001' --"}, {"number": "C-1001\x00"}, {"number": "%"},
		{"id": opaque(domain.KindCustomer, 99)}, {"id": opaque(domain.KindContact, 1, 1)}, {"id": opaque(domain.KindProduct, 1)},
	} {
		assert.Nil(t, a.must(query, unknown).at("customer"), "%v", unknown)
	}
	assert.Contains(t, a.refused(query, nil), "one of them")
	assert.Contains(t, a.refused(query, variables{"id": id, "number": "C-1001"}), "one of them")
	assert.Contains(t, a.refused(query, variables{"id": nil, "number": nil}), "one of them")

	both := a.must(`{ one: customer(number: "C-1001") { name } two: customer(number: "c-1002") { name parent { name } } none: customer(number: "C-9") { name } }`, nil)
	assert.Equal(t, "Müller Maschinenbau", both.text("one.name"))
	assert.Equal(t, "Müller Maschinenbau", both.text("two.parent.name"))
	assert.Nil(t, both.at("none"))
}

func testCustomerRelations(t *testing.T, a *api) {
	answer := a.must(`{ customer(number: "C-1001") {
		tags references { system value } accountManager { name organisation { name } } organisation { code parent { code } } serviceLevel { code }
		contacts(first: 5) { nodes { name isPrimary customer { number } } } subsidiaries(first: 5) { nodes { number } totalCount }
		sites(first: 1) { nodes { address { street city coordinates { latitude longitude } } deliveryWindows { weekday opens closes } } }
		orders(first: 5) { nodes { number deliveredLate lines(first: 5) { nodes { lineNumber product { sku } order { number } } } } } } }`, nil)
	assert.Equal(t, []any{"vip", "export"}, answer.at("customer.tags"))
	assert.Equal(t, "DE123456789", answer.text("customer.references.0.value"))
	assert.Equal(t, "Grace Hopper", answer.text("customer.accountManager.name"))
	assert.Equal(t, "North", answer.text("customer.accountManager.organisation.name"))
	assert.Nil(t, answer.at("customer.organisation.parent"))
	assert.Nil(t, answer.at("customer.serviceLevel"))
	assert.Equal(t, []string{"José Álvarez", "Ann Other"}, answer.each("customer.contacts.nodes", "name"), "the main contact comes first")
	assert.Equal(t, []string{"C-1002"}, answer.each("customer.subsidiaries.nodes", "number"))
	assert.Equal(t, "52.5", answer.text("customer.sites.nodes.0.address.coordinates.latitude"))
	assert.Nil(t, answer.at("customer.sites.nodes.0.address.street"))
	assert.Equal(t, "08:00", answer.text("customer.sites.nodes.0.deliveryWindows.0.opens"))
	assert.Equal(t, []string{"O-5001", "O-5002", "O-5003"}, answer.each("customer.orders.nodes", "number"), "newest first")
	assert.Equal(t, []string{"<nil>", "true", "<nil>"}, answer.each("customer.orders.nodes", "deliveredLate"))
	assert.Equal(t, []string{"1", "2"}, answer.each("customer.orders.nodes.0.lines.nodes", "lineNumber"))
	assert.Nil(t, answer.at("customer.orders.nodes.0.lines.nodes.0.product"))
	assert.Equal(t, "DR-100", answer.text("customer.orders.nodes.0.lines.nodes.1.product.sku"))
}
