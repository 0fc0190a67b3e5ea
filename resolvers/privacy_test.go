package resolvers_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph"
	"github.com/vigie-dev/vigie/graph/access"
)

// audited records who reads what, until the returned function has written it all.
func (a *api) audited() func() {
	a.t.Helper()
	recorder := audit.NewRecorder(audit.Options{Write: a.pool.WriteAuditEntries, Now: present})
	options := a.options
	options.Trail = recorder
	handler, err := graph.NewHandler(options)
	require.NoError(a.t, err)
	a.handler = handler
	return func() { require.NoError(a.t, recorder.Close(a.t.Context())) }
}

// trail is what the audit trail says, newest first.
func (a *api) trail(filter any) result {
	a.t.Helper()
	return a.as(admin()).must(`query ($filter: AuditEntryFilter) { auditEntries(first: 100, filter: $filter) { totalCount nodes {
		id at action subject viewerName role kind operation fields requestId details customer { number } } } }`, variables{"filter": filter})
}

func agent() domain.Viewer {
	return domain.Viewer{Subject: "agent-7", Name: "Grace", Role: domain.RoleAgent, Organisations: []int64{1, 2, 3}}
}

func TestReadingPersonalDataIsRecorded(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.exec(`UPDATE customers SET kind = 'COMPANY'`)
	done := a.audited()
	reader := a.as(agent())
	reader.must(`query Who { customer(number: "C-1001") { number name legalName accountManager { name email phone }
		again: contacts(first: 5) { nodes { name } } contacts(first: 5) { edges { node { name email phone role } } } } }`, nil)
	reader.must(`query Nothing { customers(first: 5) { nodes { number name status contacts(first: 5) { totalCount nodes { role } } orders(first: 2) { nodes { number } } } } }`, nil)
	done()

	entries := a.trail(variables{"customer": variables{"eq": opaque(domain.KindCustomer, 1)}})
	require.Len(t, entries.list("auditEntries.nodes"), 1, "%s", entries.body)
	entry := entries.at("auditEntries.nodes.0").(map[string]any)
	assert.Equal(t, []any{"Contact.email", "Contact.name", "Contact.phone"}, entry["fields"], "names of fields, each once; a company's name is nobody's")
	assert.Equal(t, []any{"READ", "agent-7", "Grace", "AGENT", "Customer", "Who"},
		[]any{entry["action"], entry["subject"], entry["viewerName"], entry["role"], entry["kind"], entry["operation"]})
	assert.Equal(t, "C-1001", entries.text("auditEntries.nodes.0.customer.number"))
	assert.Equal(t, present().Format("2006-01-02T15:04:05Z"), entry["at"])
	assert.Equal(t, "1", a.trail(nil).text("auditEntries.totalCount"), "what is not personal is not recorded, and our own people are no customers")
	assert.NotContains(t, a.value(`SELECT string_agg(e::text, ' ') FROM audit_entries e`), "@", "no value is in the trail")
}

func TestEveryWayToPersonalDataIsRecorded(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, query string
		fields      []any
	}{
		{"node", `{ node(id: "%") { ... on Contact { email } } }`, []any{"Contact.email"}},
		{"nodes", `{ nodes(ids: ["%"]) { ... on Contact { email } } }`, []any{"Contact.email"}},
		{"lookup", `{ lookup(reference: "josé álvarez", first: 1) { text } }`, []any{"LookupHit.text"}},
		{"an address", `{ customer(number: "C-1001") { sites(first: 5) { nodes { address { coordinates { latitude } } } } } }`, []any{"Address.coordinates"}},
		{"a person's own name", `{ customer(number: "C-1001") { name } }`, []any{"Customer.name"}},
		{"a person's own address and number", `{ customer(number: "C-1001") { email phone } }`, []any{"Customer.email", "Customer.phone"}},
		{"another way round", `{ customer(number: "C-1001") { contacts(first: 1) { nodes { customer { name } } } } }`, []any{"Customer.name"}},
		{"a fragment and an alias", `{ customer(number: "C-1001") { contacts(first: 1) { ...c } } } fragment c on ContactConnection { nodes { mail: email } }`, []any{"Contact.email"}},
		{"an export", `{ customerDataExport(id: "*") { data } }`, []any{"CustomerDataExport.data"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			a := newShop(t)
			a.exec(`UPDATE customers SET kind = 'PERSON', email = 'maria@example.com', phone = '+49 30 55'`)
			a.exec(`UPDATE contacts SET email = 'jose@example.com' WHERE customer_id = 1`)
			done := a.audited()
			a.must(replaceIDs(test.query), nil)
			done()
			entries := a.trail(nil)
			require.Equal(t, "1", entries.text("auditEntries.totalCount"), entries.body)
			assert.Equal(t, test.fields, entries.at("auditEntries.nodes.0.fields"))
			assert.Equal(t, "C-1001", entries.text("auditEntries.nodes.0.customer.number"))
		})
	}
}

func TestMaskedAndForbiddenDataIsNotRecorded(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.exec(`UPDATE contacts SET email = 'jose@example.com'`)
	done := a.audited()
	const query = `{ customers(first: 5) { nodes { contacts(first: 5) { nodes { name email } } followUps(first: 5) { nodes { title } } } } }`
	a.as(domain.Viewer{Subject: "analyst", Role: domain.RoleAnalyst}).ask(query, nil)
	a.as(domain.Viewer{Subject: "key", Role: domain.RoleIntegration, Grants: []string{"sales:read"}}).ask(query, nil)
	a.as(domain.Viewer{Subject: "stranger", Role: domain.RoleCustomer, CustomerRow: 99}).ask(query, nil)
	done()
	assert.Equal(t, "0", a.trail(nil).text("auditEntries.totalCount"))
}

// TestCompaniesAreNotMaskedInLists: an object is the same whether it is asked for alone or in a list of nodes.
func TestCompaniesAreNotMaskedInLists(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.exec(`UPDATE customers SET kind = CASE customer_id WHEN 1 THEN 'COMPANY' ELSE 'PERSON' END`)
	ids := variables{"ids": []string{opaque(domain.KindCustomer, 1), opaque(domain.KindCustomer, 2)}}
	answer := a.as(domain.Viewer{Role: domain.RoleAnalyst}).must(`query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { name } } }`, ids)
	assert.Equal(t, []string{"Müller Maschinenbau", "(masked)"}, answer.each("nodes", "name"))
}

func TestTheTrailIsForAdministrators(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.exec(`INSERT INTO audit_entries (at, subject, viewer_name, role, action, kind) VALUES (now(), 's', 'n', 'AGENT', 'READ', 'Customer')`)
	id := a.trail(nil).text("auditEntries.nodes.0.id")
	for _, role := range []domain.Role{domain.RoleAgent, domain.RoleSales, domain.RoleAnalyst, domain.RoleCustomer, domain.RoleIntegration} {
		viewer := domain.Viewer{Role: role, Organisations: []int64{1}, UserRow: 1, CustomerRow: 1, Grants: []string{access.AnyGrant}}
		answer := a.as(viewer).ask(`query ($id: ID!) { auditEntries(first: 1) { totalCount } node(id: $id) { id } viewer { name } }`, variables{"id": id})
		assert.Nil(t, answer.at("auditEntries"), role)
		assert.Nil(t, answer.at("node"), role)
		assert.NotNil(t, answer.at("viewer"), "the rest of the answer stands")
		require.Len(t, answer.Errors, 2, answer.body)
		for _, failure := range answer.Errors {
			assert.Equal(t, "FORBIDDEN", failure.Extensions.Code)
		}
	}
}

const erasure = `mutation Forget($id: ID!) { customerErase(input: { id: $id }) { customer { number name legalName status tags contacts(first: 5) { nodes { name email } } credit { used { amount } } }
	userErrors { field message code } } }`

func TestCustomerErase(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	id := variables{"id": opaque(domain.KindCustomer, 1)}
	const books = `query ($id: ID!) { node(id: $id) { ... on Customer { credit { used { amount } } ageing { total { amount } } invoices(first: 100) { nodes { number total { amount } balance { amount } } } orders(first: 100) { nodes { number total { amount } } } } } }`
	before := a.must(books, id)
	answer := a.must(erasure, id)
	assert.Empty(t, answer.list("customerErase.userErrors"))
	assert.Equal(t, "C-1001", answer.text("customerErase.customer.number"), "the number keys the books")
	assert.Equal(t, "CLOSED", answer.text("customerErase.customer.status"))
	assert.Equal(t, "(erased)", answer.text("customerErase.customer.name"))
	assert.Equal(t, []string{"(erased)", "(erased)"}, answer.each("customerErase.customer.contacts.nodes", "name"))
	assert.Equal(t, before.body, a.must(books, id).body, "the books add up as before")

	again := a.must(erasure, id)
	assert.Equal(t, []string{"ALREADY_ERASED"}, again.each("customerErase.userErrors", "code"))
	assert.Equal(t, "C-1001", again.text("customerErase.customer.number"))
	for _, unknown := range []string{opaque(domain.KindCustomer, 99), opaque(domain.KindOrder, 1, 1)} {
		refused := a.must(erasure, variables{"id": unknown})
		assert.Equal(t, []string{"NOT_FOUND"}, refused.each("customerErase.userErrors", "code"))
		assert.Equal(t, []any{"input", "id"}, refused.at("customerErase.userErrors.0.field"))
		assert.Nil(t, refused.at("customerErase.customer"))
	}
	entries := a.trail(variables{"action": variables{"eq": "WRITE"}})
	require.Equal(t, "1", entries.text("auditEntries.totalCount"), "one erasure, one entry")
	assert.Equal(t, "Forget", entries.text("auditEntries.nodes.0.operation"))
	assert.Equal(t, "test", entries.text("auditEntries.nodes.0.subject"))
	assert.Equal(t, "2", entries.text("auditEntries.nodes.0.details.rows.contacts"))

	a.exec(`UPDATE customers SET name = 'Still here' WHERE customer_id = 2`)
	refused := a.as(agent()).ask(erasure, variables{"id": opaque(domain.KindCustomer, 2)})
	require.Len(t, refused.Errors, 1)
	assert.Equal(t, "FORBIDDEN", refused.Errors[0].Extensions.Code)
	assert.Equal(t, "Still here", a.value(`SELECT name FROM customers WHERE customer_id = 2`))
}

func TestCustomerDataExport(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	const query = `query ($id: ID!) { customerDataExport(id: $id) { exportedAt sizeBytes data customer { number } } }`
	id := variables{"id": opaque(domain.KindCustomer, 1)}
	own := domain.Viewer{Subject: "own", Role: domain.RoleCustomer, CustomerRow: 1}
	whole, part := a.must(query, id), a.as(own).must(query, id)
	assert.Equal(t, "C-1001", part.text("customerDataExport.customer.number"))
	assert.Contains(t, whole.at("customerDataExport.data"), "follow_ups")
	assert.NotContains(t, part.at("customerDataExport.data"), "follow_ups")
	assert.Len(t, part.list("customerDataExport.data.contacts"), 2)
	size, err := whole.at("customerDataExport.sizeBytes").(json.Number).Int64()
	require.NoError(t, err)
	assert.Greater(t, size, int64(1000))
	assert.Nil(t, a.as(own).must(query, variables{"id": opaque(domain.KindCustomer, 2)}).at("customerDataExport"), "another customer looks like none")
	assert.Contains(t, a.refused(query, variables{"id": opaque(domain.KindOrder, 1, 1)}), "takes the id of a Customer")
	answer := a.as(agent()).ask(query, id)
	require.NotEmpty(t, answer.Errors)
	assert.Equal(t, "FORBIDDEN", answer.Errors[0].Extensions.Code)
}
