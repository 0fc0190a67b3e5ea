package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/access"
	"github.com/vigie-dev/vigie/graph/relay"
)

// person is a viewer of the matrix, with the customers that it may see, told by a statement of the test's own.
type person struct {
	name   string
	viewer domain.Viewer
	sees   string
}

// people are one viewer of each role, and some that could slip through: without a unit, of an unknown role.
func (a *api) people() []person {
	unit, manager, team := a.number(`SELECT organisation_id FROM customers WHERE customer_id = 1`), a.number(`SELECT account_manager_id FROM customers WHERE customer_id = 1`), ""
	require.NoError(a.t, a.db.QueryRow(`SELECT team FROM users WHERE id = $1`, manager).Scan(&team))
	return []person{
		{"admin", admin(), "true"},
		{"agent", domain.Viewer{Role: domain.RoleAgent, Organisations: []int64{unit}}, fmt.Sprintf(`organisation_id = %d`, unit)},
		{"agent without a unit", domain.Viewer{Role: domain.RoleAgent}, "false"},
		{"sales", domain.Viewer{Role: domain.RoleSales, UserRow: manager}, fmt.Sprintf(`account_manager_id IN (SELECT id FROM users WHERE team = '%s')`, team)},
		{"sales who is nobody", domain.Viewer{Role: domain.RoleSales}, "false"},
		{"analyst", domain.Viewer{Role: domain.RoleAnalyst}, "true"},
		{"customer", domain.Viewer{Role: domain.RoleCustomer, CustomerRow: 1}, "customer_id = 1"},
		{"customer who is nobody", domain.Viewer{Role: domain.RoleCustomer}, "false"},
		{"integration of one unit", domain.Viewer{Role: domain.RoleIntegration, Grants: []string{access.AnyGrant}, Organisations: []int64{unit}}, fmt.Sprintf(`organisation_id = %d`, unit)},
		{"integration for sales", domain.Viewer{Role: domain.RoleIntegration, Grants: []string{"customers:read", "sales:read"}}, "true"},
		{"integration without grants", domain.Viewer{Role: domain.RoleIntegration}, "true"},
		{"nobody", domain.Viewer{}, "false"},
	}
}

// number is a statement's one number.
func (a *api) number(query string, args ...any) int64 {
	a.t.Helper()
	var n int64
	require.NoError(a.t, a.db.QueryRow(query, args...).Scan(&n), query)
	return n
}

// tableOf is where the rows of an owned kind are.
func tableOf(kind domain.Kind) string {
	return map[domain.Kind]string{
		domain.KindCustomer: "customers", domain.KindContact: "contacts", domain.KindSite: "sites", domain.KindInteraction: "interactions",
		domain.KindCase: "cases", domain.KindFollowUp: "follow_ups", domain.KindInvoice: "invoices", domain.KindInvoiceLine: "invoice_lines",
		domain.KindPayment: "payments", domain.KindPaymentAllocation: "payment_allocations", domain.KindCreditNote: "credit_notes",
		domain.KindDispute: "disputes", domain.KindQuote: "quotes", domain.KindQuoteLine: "quote_lines", domain.KindOrder: "orders",
		domain.KindOrderLine: "order_lines", domain.KindReturn: "returns", domain.KindReturnLine: "return_lines", domain.KindShipment: "shipments",
		domain.KindPackage: "packages", domain.KindTrackingEvent: "tracking_events", domain.KindOrganisation: "organisations", domain.KindUser: "users",
		domain.KindServiceLevel: "service_levels", domain.KindCategory: "categories", domain.KindProduct: "products", domain.KindWarehouse: "warehouses",
		domain.KindCarrier: "carriers", domain.KindAuditEntry: "audit_entries",
	}[kind]
}

// TestEveryFieldForEveryRole walks every field of every type that has an id, and of the types below them, for every viewer, on rows in its scope and
// out of it, and compares what comes back with the rules that the schema declares and with what an administrator sees.
func TestEveryFieldForEveryRole(t *testing.T) {
	a := newDemo(t, 40)
	a.fillRareRelations()
	rules, err := access.NewTable(a.schema)
	require.NoError(t, err)
	fields, rows := 0, 0
	for _, kind := range domain.Kinds() {
		query := fmt.Sprintf("query($id: ID!) { node(id: $id) { __typename ... on %s { %s } } }", kind, selection(a.schema, a.schema.Types[kind.String()], map[string]bool{}))
		whole := map[string]result{}
		for _, person := range a.people() {
			seen := "true"
			if kind.Owned() {
				seen = "customer_id IN (SELECT customer_id FROM customers WHERE " + person.sees + ")"
			}
			for _, inScope := range []bool{true, false} {
				id, ok := a.someRow(kind, seen, inScope)
				if !ok {
					continue
				}
				if _, known := whole[id]; !known {
					whole[id] = a.as(admin()).must(query, variables{"id": id})
				}
				answer := a.as(person.viewer).ask(query, variables{"id": id})
				rows++
				name := fmt.Sprintf("%s for %s, in scope: %v", kind, person.name, inScope)
				if !inScope {
					assert.Nil(t, answer.at("node"), name)
					continue
				}
				m := matrix{t: t, rules: rules, schema: a.schema, viewer: person.viewer, name: name, answer: answer}
				m.object(kind.String(), whole[id].at("node"), answer.at("node"), []any{"node"})
				fields += m.fields
			}
		}
	}
	t.Logf("%d viewers, %d rows, %d fields compared", len(a.people()), rows, fields)
	assert.Greater(t, fields, 4_000)
}

// someRow is the id of a row of a kind that a condition holds for, or does not.
func (a *api) someRow(kind domain.Kind, condition string, holds bool) (string, bool) {
	a.t.Helper()
	row, customer := "id", "0"
	if kind.Owned() {
		customer = "customer_id"
	}
	if kind == domain.KindCustomer {
		row = "customer_id"
	}
	var id domain.ID
	query := fmt.Sprintf("SELECT %s, %s FROM %s WHERE (%s) = %v ORDER BY 1, 2 LIMIT 1", customer, row, tableOf(kind), condition, holds)
	id.Kind = kind
	found, err := a.db.Query(query)
	require.NoError(a.t, err, query)
	defer func() { require.NoError(a.t, found.Close()) }()
	if !found.Next() {
		require.NoError(a.t, found.Err())
		return "", false
	}
	require.NoError(a.t, found.Scan(&id.Customer, &id.Row))
	return relay.EncodeID(id), true
}

// selection selects all fields of a type: leaves, the types and ids of objects that have one, and all of the objects that have none.
func selection(schema *ast.Schema, on *ast.Definition, above map[string]bool) string {
	var parts []string
	for _, field := range on.Fields {
		to := schema.Types[field.Type.Name()]
		switch {
		case strings.HasPrefix(field.Name, "__"):
		case to.IsLeafType():
			parts = append(parts, field.Name)
		case strings.HasSuffix(to.Name, "Connection"):
			parts = append(parts, field.Name+"(first: 100) { totalCount nodes { __typename ... on Node { id } } }")
		case to.Fields.ForName("id") != nil:
			parts = append(parts, field.Name+" { __typename id }")
		case !above[to.Name]:
			above[to.Name] = true
			parts = append(parts, field.Name+" { "+selection(schema, to, above)+" }")
			delete(above, to.Name)
		}
	}
	return strings.Join(parts, " ")
}

// matrix compares one answer with the whole one.
type matrix struct {
	t      *testing.T
	rules  access.Table
	schema *ast.Schema
	viewer domain.Viewer
	name   string
	answer result
	fields int
}

func (m *matrix) object(typeName string, whole, seen any, path []any) {
	want, ok := whole.(map[string]any)
	if !ok || seen == nil {
		m.null(typeName, whole, seen, path)
		return
	}
	got, ok := seen.(map[string]any)
	require.True(m.t, ok, "%s: %v is %v", m.name, path, seen)
	for name, value := range want {
		if strings.HasPrefix(name, "__") {
			continue
		}
		m.fields++
		at := append(slices.Clone(path), name)
		rule := m.rules[typeName][name]
		switch {
		case !rule.Allows(m.viewer):
			assert.Nil(m.t, got[name], "%s: %v is forbidden", m.name, at)
			assert.True(m.t, m.forbidden(at), "%s: %v is forbidden and no error says so", m.name, at)
		case rule.Personal && m.viewer.Role == domain.RoleAnalyst:
			if got[name] != nil && got[name] != "(masked)" {
				assert.Equal(m.t, "Customer", typeName, "%s: %v is not masked", m.name, at)
				assert.NotEqual(m.t, "PERSON", want["kind"], "%s: %v is not masked", m.name, at)
			}
		default:
			m.value(m.schema.Types[typeName].Fields.ForName(name).Type, value, got[name], at)
		}
	}
}

// null is a whole object that is not there: nobody has it, or it is forbidden, or out of scope, which only another customer can be.
func (m *matrix) null(typeName string, whole, seen any, path []any) {
	if whole == nil || m.forbidden(path) {
		assert.Nil(m.t, seen, "%s: %v", m.name, path)
		return
	}
	ours := []string{"FollowUp", "Interaction", "Quote", "QuoteLine"} // Some of their rows, or all, are not for customers' own users.
	if typeName != "Customer" && (m.viewer.Role != domain.RoleCustomer || !slices.Contains(ours, typeName)) {
		assert.True(m.t, m.below(path), "%s: %v is null for no reason: %s", m.name, path, m.answer.body)
	}
}

func (m *matrix) value(of *ast.Type, whole, seen any, path []any) {
	to := m.schema.Types[of.Name()]
	switch {
	case strings.HasSuffix(to.Name, "Connection") && seen != nil && whole != nil:
		m.page(whole, seen, path)
	case of.Elem != nil && to.IsCompositeType() && seen != nil && whole != nil:
		want, got := whole.([]any), seen.([]any)
		require.Len(m.t, got, len(want), "%s: %v", m.name, path)
		for i := range want {
			m.object(to.Name, want[i], got[i], append(slices.Clone(path), i))
		}
	case to.IsCompositeType():
		m.object(to.Name, whole, seen, path)
	default:
		assert.Equal(m.t, whole, seen, "%s: %v", m.name, path)
	}
}

// page compares a list with the whole one: it may be shorter, by rows that are not for this viewer, but holds nothing else, and its count agrees.
func (m *matrix) page(whole, seen any, path []any) {
	want, got := whole.(map[string]any), seen.(map[string]any)
	all, some := want["nodes"].([]any), got["nodes"].([]any)
	if len(all) < 100 {
		assert.Subset(m.t, all, some, "%s: %v", m.name, path)
	}
	if len(some) < 100 {
		assert.Equal(m.t, fmt.Sprint(len(some)), fmt.Sprint(got["totalCount"]), "%s: the count of %v", m.name, path)
	}
	if m.viewer.Role != domain.RoleCustomer && path[len(path)-1] != "subsidiaries" {
		assert.Len(m.t, some, len(all), "%s: %v", m.name, path)
	}
}

// forbidden tells whether an error FORBIDDEN names a path.
func (m *matrix) forbidden(path []any) bool {
	return slices.ContainsFunc(m.answer.Errors, func(f failure) bool {
		return f.Extensions.Code == "FORBIDDEN" && fmt.Sprint(f.Path) == fmt.Sprint(path)
	})
}

// below tells whether an error FORBIDDEN lies below a path.
func (m *matrix) below(path []any) bool {
	return slices.ContainsFunc(m.answer.Errors, func(f failure) bool {
		return f.Extensions.Code == "FORBIDDEN" && len(f.Path) > len(path) && fmt.Sprint(f.Path[:len(path)]) == fmt.Sprint(path)
	})
}

// TestWhatNeedsAPermissionMayBeNull holds that a field which somebody may not read, who may read what it stands on, can be null: the rest of the answer stands.
func TestWhatNeedsAPermissionMayBeNull(t *testing.T) {
	a := newAPI(t)
	rules, err := access.NewTable(a.schema)
	require.NoError(t, err)
	for typeName, fields := range rules {
		for name, rule := range fields {
			for _, viewer := range []domain.Viewer{{Role: domain.RoleAgent}, {Role: domain.RoleSales}, {Role: domain.RoleAnalyst}, {Role: domain.RoleCustomer}} {
				mayReadRest := slices.ContainsFunc(a.schema.Types[typeName].Fields, func(f *ast.FieldDefinition) bool { return fields[f.Name].Allows(viewer) })
				if mayReadRest && !rule.Allows(viewer) {
					assert.False(t, rule.NonNull, "%s may not read %s.%s, which promises a value", viewer.Role, typeName, name)
				}
			}
		}
	}
}

func TestWhoSaysNothingGetsNothing(t *testing.T) {
	a := newAPI(t)
	a.anonymous = true
	answer := a.ask(`{ customers(first: 1) { nodes { id } } }`, nil)
	require.Len(t, answer.Errors, 1)
	assert.Equal(t, "UNAUTHENTICATED", answer.Errors[0].Extensions.Code)
	assert.Nil(t, answer.Data)
}
