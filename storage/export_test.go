package storage_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// exportLimit is more than any customer of a test has.
const exportLimit = 50 << 20

// exported is an export, by table.
func exported(t *testing.T, store *storage.Store, customer domain.ID) map[string][]map[string]any {
	raw, err := store.ExportCustomer(t.Context(), customer, exportLimit)
	require.NoError(t, err)
	var tables map[string][]map[string]any
	require.NoError(t, json.Unmarshal(raw, &tables), "the export is no JSON")
	return tables
}

func TestExportCustomerIsWhole(t *testing.T) {
	store, db, customer := newDemo(t)
	exec(t, db, `INSERT INTO audit_entries (at, subject, viewer_name, role, action, customer_id, kind) VALUES (now(), 's', 'n', 'AGENT', 'READ', $1, 'Customer')`, customer.Row)
	tables := exported(t, store, customer)
	treatments := storage.Treatments()
	compared := 0
	for _, c := range ownedColumns(t, db) {
		if treatments[c.table].Unexported {
			assert.NotContains(t, tables, c.table)
			continue
		}
		require.Contains(t, tables, c.table)
		rows := tables[c.table]
		require.Len(t, rows, int(numberOf(t, db, `SELECT count(*) FROM `+c.table+` WHERE customer_id = $1`, customer.Row)), c.table)
		if len(rows) > 0 && treatments[c.table].Columns[c.name] != storage.ColumnDerived {
			assert.Contains(t, rows[0], c.name, c.table)
			compared++
		}
	}
	assert.Greater(t, compared, 150)
	assert.Equal(t, textOf(t, db, `SELECT name FROM customers WHERE customer_id = $1`, customer.Row), tables["customers"][0]["name"])
	assert.Len(t, tables["customers"], 1)
}

// TestExportForTheCustomer holds which columns a customer's own user gets: a new one that should stay with us must not slip in.
// UPDATE_GOLDEN=1 writes the list anew.
func TestExportForTheCustomer(t *testing.T) {
	_, db, customer := newDemo(t)
	pool := storage.New(db)
	exec(t, db, `INSERT INTO interactions (customer_id, channel, direction, occurred_at, subject) VALUES ($1, 'CALL', 'INTERNAL', now(), 'among ourselves'), ($1, 'CALL', 'INBOUND', now(), 'with them')`, customer.Row)
	tables := exported(t, pool.For(domain.Viewer{Role: domain.RoleCustomer, CustomerRow: customer.Row}), customer)
	assert.NotContains(t, tables, "follow_ups")
	assert.NotContains(t, tables, "audit_entries")
	var subjects []any
	for _, row := range tables["interactions"] {
		assert.NotEqual(t, "INTERNAL", row["direction"])
		subjects = append(subjects, row["subject"])
	}
	assert.Contains(t, subjects, "with them")

	var columns []string
	treatments := storage.Treatments()
	for _, c := range ownedColumns(t, db) {
		_, shown := tables[c.table]
		if shown && !slices.Contains(treatments[c.table].Hidden, c.name) && treatments[c.table].Columns[c.name] != storage.ColumnDerived {
			columns = append(columns, c.table+"."+c.name)
		}
	}
	for table, rows := range tables {
		for _, row := range rows {
			for name := range maps.Keys(row) {
				require.Contains(t, columns, table+"."+name)
			}
		}
	}
	const golden = "testdata/export_customer.golden"
	text := strings.Join(columns, "\n") + "\n"
	if os.Getenv("UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(golden, []byte(text), 0o600))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), text, "hide what is ours in storage/treatment.go, or add what is the customer's to %s", golden)
}

func TestExportCustomerHasALimit(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 1)
	whole, err := store.ExportCustomer(t.Context(), domain.CustomerID(1), exportLimit)
	require.NoError(t, err)
	_, err = store.ExportCustomer(t.Context(), domain.CustomerID(1), len(whole)/4)
	require.Error(t, err)
	assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
}

func TestExportCustomerKeepsToItsScope(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 2)
	pool := storage.New(db)
	_, err := store.ExportCustomer(t.Context(), domain.CustomerID(99), exportLimit)
	assert.Equal(t, domain.CodeNotFound, domain.ErrorCode(err))
	_, err = pool.For(domain.Viewer{Role: domain.RoleCustomer, CustomerRow: 1}).ExportCustomer(t.Context(), domain.CustomerID(2), exportLimit)
	assert.Equal(t, domain.CodeNotFound, domain.ErrorCode(err), "another customer looks like none")
	for _, role := range []domain.Role{domain.RoleAgent, domain.RoleSales, domain.RoleAnalyst, domain.RoleIntegration, ""} {
		_, err = pool.For(domain.Viewer{Role: role, Organisations: []int64{1}, UserRow: 1, Grants: []string{"*"}}).ExportCustomer(t.Context(), domain.CustomerID(1), exportLimit)
		assert.Equal(t, domain.CodeForbidden, domain.ErrorCode(err), role)
	}
}
