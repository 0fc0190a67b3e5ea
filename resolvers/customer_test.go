package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
)

const reach = `{ customers(first: 5) { nodes { number email phone } } }`

func TestReachOfCustomer(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	answer := a.must(reach, nil)
	assert.Equal(t, []any{
		map[string]any{"number": "C-1001", "email": nil, "phone": nil},
		map[string]any{"number": "C-1002", "email": "office@yamada.example", "phone": "+81 3 5555 0188"},
		map[string]any{"number": "X-2000", "email": nil, "phone": nil},
	}, answer.list("customers.nodes"))
	one := a.must(`{ customer(number: "C-1002") { email phone contacts(first: 1) { totalCount } } }`, nil)
	assert.Equal(t, "office@yamada.example", one.text("customer.email"))
	assert.Equal(t, "0", one.text("customer.contacts.totalCount"), "an account has them without a contact")
}

// TestReachIsMaskedWhereTheCustomerIsAPerson: as the name is, whether or not the query asks for what tells it.
func TestReachIsMaskedWhereTheCustomerIsAPerson(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	for _, kind := range []string{"COMPANY", "PUBLIC_BODY", "PERSON"} {
		_, err := a.db.ExecContext(t.Context(), `UPDATE customers SET kind = $1`, kind)
		require.NoError(t, err)
		for _, query := range []string{
			`{ customer(number: "C-1002") { email phone } }`,
			`{ customer(number: "C-1002") { kind email phone } }`,
			`{ customer: node(id: "` + opaque(domain.KindCustomer, 2) + `") { ... on Customer { email phone } } }`,
		} {
			masked, open := a.as(analyst()).must(query, nil), a.as(agent()).must(query, nil)
			assert.Equal(t, "office@yamada.example", open.text("customer.email"))
			assert.Equal(t, "+81 3 5555 0188", open.text("customer.phone"))
			if kind == "PERSON" {
				assert.Nil(t, masked.at("customer.email"), query)
				assert.Nil(t, masked.at("customer.phone"), query)
			} else {
				assert.Equal(t, "office@yamada.example", masked.text("customer.email"), query)
				assert.Equal(t, "+81 3 5555 0188", masked.text("customer.phone"), query)
			}
		}
	}
}

// TestLookupByReachKeepsToTheViewersCustomers: whom the viewer may not see is not found by an address, and analysts cannot ask.
func TestLookupByReachKeepsToTheViewersCustomers(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	for _, reference := range []string{"office@yamada.example", "office@", "+81 3 5555 0188"} {
		v := variables{"reference": reference}
		for name, viewer := range map[string]domain.Viewer{
			"an agent": agent(), "the customer itself": {Role: domain.RoleCustomer, CustomerRow: 2}, "its account manager": {Role: domain.RoleSales, UserRow: 2},
			"a system": {Role: domain.RoleIntegration, Grants: []string{"customers:read"}},
		} {
			answer := a.as(viewer).must(`query ($reference: String!) { lookup(reference: $reference) { matched text node { ... on Customer { number } } } }`, v)
			require.Len(t, answer.list("lookup"), 1, "%s: %s", name, answer.body)
			assert.Equal(t, "C-1002", answer.text("lookup.0.node.number"), name)
		}
		for name, viewer := range map[string]domain.Viewer{
			"another unit's agent": {Role: domain.RoleAgent, Organisations: []int64{99}}, "another customer": {Role: domain.RoleCustomer, CustomerRow: 1},
			"another account manager": {Role: domain.RoleSales, UserRow: 1},
		} {
			assert.Empty(t, a.as(viewer).must(`query ($reference: String!) { lookup(reference: $reference) { matched } }`, v).list("lookup"), name)
		}
		answer := a.as(analyst()).ask(`query ($reference: String!) { lookup(reference: $reference) { score } }`, v)
		require.Len(t, answer.Errors, 1, answer.body)
		assert.Equal(t, "FORBIDDEN", answer.Errors[0].Extensions.Code)
	}
}

// TestReadingACompanysReachIsNoEntry in the audit trail; a person's is one (TestEveryWayToPersonalDataIsRecorded).
func TestReadingACompanysReachIsNoEntry(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	done := a.audited()
	a.as(agent()).must(reach, nil)
	a.exec(`UPDATE customers SET kind = 'PERSON'`)
	a.as(analyst()).must(reach, nil)
	a.as(agent()).must(`query Who { customers(first: 5) { nodes { number email } } }`, nil)
	done()
	entries := a.trail(nil)
	require.Equal(t, "1", entries.text("auditEntries.totalCount"), "masked and empty ones are none either: %s", entries.body)
	assert.Equal(t, []any{"Customer.email"}, entries.at("auditEntries.nodes.0.fields"))
	assert.Equal(t, "C-1002", entries.text("auditEntries.nodes.0.customer.number"))
	assert.Equal(t, "Who", entries.text("auditEntries.nodes.0.operation"))
}

func TestErasedCustomerHasNoReach(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	id := variables{"id": opaque(domain.KindCustomer, 2)}
	const export = `query ($id: ID!) { customerDataExport(id: $id) { data } }`
	own := domain.Viewer{Subject: "own", Role: domain.RoleCustomer, CustomerRow: 2}
	for _, viewer := range []domain.Viewer{a.viewer, own} {
		data := a.as(viewer).must(export, id)
		assert.Equal(t, "office@yamada.example", data.text("customerDataExport.data.customers.0.email"))
		assert.Equal(t, "+81 3 5555 0188", data.text("customerDataExport.data.customers.0.phone"))
		assert.NotContains(t, data.at("customerDataExport.data.customers.0"), "phone_key", "it only repeats the number")
	}
	answer := a.must(`mutation ($id: ID!) { customerErase(input: { id: $id }) { customer { email phone } userErrors { code } } }`, id)
	assert.Empty(t, answer.list("customerErase.userErrors"))
	assert.Equal(t, map[string]any{"email": nil, "phone": nil}, answer.at("customerErase.customer"))
	assert.Empty(t, a.value(`SELECT coalesce(email, '') || coalesce(phone, '') || coalesce(phone_key, '') FROM customers WHERE customer_id = 2`))
	assert.Empty(t, a.must(lookupQuery, variables{"reference": "office@yamada.example"}).list("lookup"))
}
