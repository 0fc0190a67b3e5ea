package storage_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/ingest/demo"
	"github.com/vigie-dev/vigie/storage"
)

// column is a column of a table that holds rows of customers.
type column struct{ table, name, kind string }

// ownedColumns are all columns of all tables with a customer_id, as the database has them.
func ownedColumns(t *testing.T, db *sql.DB) []column {
	rows, err := db.QueryContext(t.Context(), `SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
		WHERE c.table_schema = 'public' AND c.table_name IN (
			SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'customer_id') ORDER BY 1, c.ordinal_position`)
	require.NoError(t, err)
	defer rows.Close()
	var columns []column
	for rows.Next() {
		var c column
		require.NoError(t, rows.Scan(&c.table, &c.name, &c.kind))
		columns = append(columns, c)
	}
	require.NoError(t, rows.Err())
	require.Greater(t, len(columns), 200)
	return columns
}

// TestEveryColumnIsTreated keeps a new column from being forgotten: whatever could tell of a person is erased, or is kept because somebody said so.
func TestEveryColumnIsTreated(t *testing.T) {
	_, db := newStore(t)
	treatments := storage.Treatments()
	// What these hold counts, dates or refers; it does not tell.
	silent := []string{"bigint", "integer", "numeric", "boolean", "date", "timestamp with time zone", "timestamp without time zone"}
	there := map[string]bool{}
	for _, c := range ownedColumns(t, db) {
		there[c.table] = true
		there[c.table+"."+c.name] = true
		treatment, known := treatments[c.table]
		require.True(t, known, "the table %s has rows of customers and no treatment (storage/treatment.go)", c.table)
		if !slices.Contains(silent, c.kind) {
			assert.NotEmpty(t, treatment.Columns[c.name], "%s.%s (%s): is it erased or kept? Say so in storage/treatment.go", c.table, c.name, c.kind)
		}
	}
	for table, treatment := range treatments {
		assert.True(t, there[table], "there is no table %s", table)
		assert.Empty(t, treatment.Twice, "%s: erased and kept", table)
		for name := range treatment.Columns {
			assert.True(t, there[table+"."+name], "there is no column %s.%s", table, name)
		}
		for _, name := range treatment.Hidden {
			assert.True(t, there[table+"."+name], "there is no column %s.%s", table, name)
		}
	}
}

// newDemo is a Store over demo data, and the customer of it that has the most.
func newDemo(t *testing.T) (*storage.Store, *sql.DB, domain.ID) {
	store, db := newStore(t)
	_, err := demo.Load(t.Context(), db, demo.Options{Customers: 40, Seed: 7, Now: time.Date(2025, 6, 4, 10, 0, 0, 0, time.UTC)})
	require.NoError(t, err)
	var tables []string
	for table := range storage.Treatments() {
		tables = append(tables, fmt.Sprintf("SELECT customer_id, '%s' AS name FROM %s", table, table))
	}
	row := numberOf(t, db, `SELECT customer_id FROM (`+strings.Join(tables, " UNION ALL ")+`) r GROUP BY 1 ORDER BY count(DISTINCT name) DESC, count(*) DESC LIMIT 1`)
	return store, db, domain.CustomerID(row)
}

func numberOf(t *testing.T, db *sql.DB, query string, args ...any) int64 {
	t.Helper()
	var n int64
	require.NoError(t, db.QueryRowContext(t.Context(), query, args...).Scan(&n), query)
	return n
}

// textOf is a statement's one text.
func textOf(t *testing.T, db *sql.DB, query string, args ...any) string {
	t.Helper()
	var text sql.NullString
	require.NoError(t, db.QueryRowContext(t.Context(), query, args...).Scan(&text), query)
	return text.String
}

// fillEverything puts something into every column of a customer's rows that an erasure has to empty, so that none of them is empty by chance.
func fillEverything(t *testing.T, db *sql.DB, customer domain.ID) {
	exec(t, db, `INSERT INTO audit_entries (at, subject, viewer_name, role, action, customer_id, kind)
		VALUES (now(), 'secret', 'secret', 'CUSTOMER', 'READ', $1, 'Customer'), (now(), 'agent', 'Ada', 'AGENT', 'READ', $1, 'Customer')`, customer.Row)
	exec(t, db, `INSERT INTO customer_references (customer_id, system, value) VALUES ($1, 'secret', 'secret')`, customer.Row)
	for _, c := range ownedColumns(t, db) {
		treatment := storage.Treatments()[c.table]
		if treatment.Columns[c.name] != storage.ColumnErased || c.table == "audit_entries" || c.name == "status" {
			continue
		}
		value, unique := map[string]string{
			"text": `'secret'`, "ARRAY": `'{secret}'`, "double precision": `12.25`, "jsonb": `'[{"weekday": 1, "opens": "08:00", "closes": "se:ret"}]'`,
		}[c.kind], c.name == "external_id"
		require.NotEmpty(t, value, "%s.%s is %s", c.table, c.name, c.kind)
		if unique {
			key := "id"
			if c.table == "customers" {
				key = "customer_id"
			}
			value = "'secret-' || " + key
		}
		text := fmt.Sprintf(`UPDATE %s SET %s = %s WHERE customer_id = $1`, c.table, c.name, value)
		if c.name == "latitude" || c.name == "longitude" {
			text = `UPDATE sites SET latitude = 12.25, longitude = 12.25 WHERE customer_id = $1`
		}
		exec(t, db, text, customer.Row)
	}
}

// everythingOf is all rows of a customer, as one text a table; of all other customers where it is not.
func everythingOf(t *testing.T, db *sql.DB, customer domain.ID, own bool) map[string]string {
	texts := map[string]string{}
	for table := range storage.Treatments() {
		texts[table] = textOf(t, db, `SELECT string_agg(to_jsonb(c)::text, E'\n' ORDER BY to_jsonb(c)::text) FROM `+table+` c WHERE (customer_id = $1) = $2`, customer.Row, own)
	}
	return texts
}

// booksOf are the sums that must not move.
func booksOf(t *testing.T, db *sql.DB, customer domain.ID) []string {
	return []string{
		textOf(t, db, `SELECT row(count(*), sum(net_total), sum(tax_total), sum(total), sum(paid), sum(credited), sum(balance), min(number), max(number))::text FROM invoices WHERE customer_id = $1`, customer.Row),
		textOf(t, db, `SELECT row(count(*), sum(quantity), sum(amount), sum(tax))::text FROM invoice_lines WHERE customer_id = $1`, customer.Row),
		textOf(t, db, `SELECT row(count(*), sum(goods_total), sum(freight_total), sum(tax_total), sum(total), min(number), max(number))::text FROM orders WHERE customer_id = $1`, customer.Row),
		textOf(t, db, `SELECT row(count(*), sum(quantity), sum(amount))::text FROM order_lines WHERE customer_id = $1`, customer.Row),
		textOf(t, db, `SELECT row(count(*), sum(amount), max(received_at))::text FROM payments WHERE customer_id = $1`, customer.Row),
		textOf(t, db, `SELECT row(count(*), sum(amount))::text FROM payment_allocations WHERE customer_id = $1`, customer.Row),
		textOf(t, db, `SELECT row(count(*), sum(amount), min(number))::text FROM credit_notes WHERE customer_id = $1`, customer.Row),
		textOf(t, db, `SELECT row(count(*), sum(amount))::text FROM disputes WHERE customer_id = $1`, customer.Row),
		textOf(t, db, `SELECT row(count(*), sum(freight_cost), sum(weight_kg), max(delivered_at))::text FROM shipments WHERE customer_id = $1`, customer.Row),
		textOf(t, db, `SELECT row(number, credit_limit, currency, country_code)::text FROM customers WHERE customer_id = $1`, customer.Row),
	}
}

func eraser() domain.AuditEntry {
	return domain.AuditEntry{At: time.Date(2025, 6, 4, 10, 0, 0, 0, time.UTC), Subject: "test", ViewerName: "Ada", Role: domain.RoleAdmin}
}

func TestEraseCustomer(t *testing.T) {
	store, db, customer := newDemo(t)
	fillEverything(t, db, customer)
	others, books := everythingOf(t, db, customer, false), booksOf(t, db, customer)
	day := []domain.CustomerDay{{Customer: customer, Today: domain.Date{Year: 2025, Month: 6, Day: 4}}}
	owed, err := store.OpenItemsOfCustomers(t.Context(), day)
	require.NoError(t, err)
	counts := map[string]int64{}
	for table := range storage.Treatments() {
		counts[table] = numberOf(t, db, `SELECT count(*) FROM `+table+` WHERE customer_id = $1`, customer.Row)
	}
	exec(t, db, `DELETE FROM changes WHERE customer_id = $1`, customer.Row)

	changed, err := store.EraseCustomer(t.Context(), customer, eraser())
	require.NoError(t, err)
	require.True(t, changed)

	for table, text := range everythingOf(t, db, customer, true) {
		assert.NotContains(t, text, "secret", "%s", table)
		assert.NotContains(t, text, "12.25", "%s", table)
		assert.NotContains(t, text, "se:ret", "%s", table)
	}
	for table, treatment := range storage.Treatments() {
		for name, value := range treatment.Erased {
			left := numberOf(t, db, fmt.Sprintf(`SELECT count(*) FROM %s c WHERE customer_id = $1 AND %s AND %s IS DISTINCT FROM %s`, table, treatment.Only, name, value), customer.Row)
			assert.Zero(t, left, "%s.%s", table, name)
		}
		switch {
		case treatment.Deleted:
			assert.Zero(t, numberOf(t, db, `SELECT count(*) FROM `+table+` WHERE customer_id = $1`, customer.Row), table)
		case table != "changes" && table != "audit_entries":
			assert.Equal(t, counts[table], numberOf(t, db, `SELECT count(*) FROM `+table+` WHERE customer_id = $1`, customer.Row), table)
		}
	}
	assert.Equal(t, "CLOSED", textOf(t, db, `SELECT status FROM customers WHERE customer_id = $1`, customer.Row))
	assert.Equal(t, books, booksOf(t, db, customer), "the books add up as before")
	after, err := store.OpenItemsOfCustomers(t.Context(), day)
	require.NoError(t, err)
	assert.Equal(t, owed, after)
	assert.Equal(t, others, everythingOf(t, db, customer, false), "nothing of another customer has moved")
	assert.Equal(t, int64(1), numberOf(t, db, `SELECT count(*) FROM changes WHERE customer_id = $1 AND kind = 'Customer' AND operation = 'UPDATE'`, customer.Row))
	assert.Equal(t, counts["contacts"], numberOf(t, db, `SELECT count(*) FROM changes WHERE customer_id = $1 AND kind = 'Contact' AND operation = 'UPDATE'`, customer.Row))
	assert.Equal(t, counts["customer_references"], numberOf(t, db, `SELECT count(*) FROM changes WHERE customer_id = $1 AND kind = 'CustomerReference' AND operation = 'DELETE'`, customer.Row))
	assert.Equal(t, "Ada", textOf(t, db, `SELECT viewer_name FROM audit_entries WHERE customer_id = $1 AND role = 'AGENT'`, customer.Row), "who has read it stays on record")

	var details struct{ Rows map[string]int64 }
	raw := textOf(t, db, `SELECT details FROM audit_entries WHERE customer_id = $1 AND action = 'WRITE' AND kind = 'Customer' AND subject = 'test'`, customer.Row)
	require.NoError(t, json.Unmarshal([]byte(raw), &details))
	assert.Equal(t, counts["contacts"], details.Rows["contacts"])
	assert.NotContains(t, details.Rows, "invoices")
}

func TestEraseCustomerAgain(t *testing.T) {
	store, db, customer := newDemo(t)
	_, err := store.EraseCustomer(t.Context(), customer, eraser())
	require.NoError(t, err)
	before := everythingOf(t, db, customer, true)
	changed, err := store.EraseCustomer(t.Context(), customer, eraser())
	require.NoError(t, err)
	assert.False(t, changed)
	assert.Equal(t, before, everythingOf(t, db, customer, true), "no row, no change and no entry is written")

	// What comes in afterwards can be erased, too.
	exec(t, db, `INSERT INTO contacts (customer_id, name) VALUES ($1, 'Newcomer')`, customer.Row)
	changed, err = store.EraseCustomer(t.Context(), customer, eraser())
	require.NoError(t, err)
	assert.True(t, changed)
	assert.NotContains(t, everythingOf(t, db, customer, true)["contacts"], "Newcomer")
}

// TestEraseCustomerIsOneTransaction lets the last statement fail, and so the whole.
func TestEraseCustomerIsOneTransaction(t *testing.T) {
	store, db, customer := newDemo(t)
	exec(t, db, `ALTER TABLE audit_entries ADD CHECK (action <> 'WRITE')`)
	before := everythingOf(t, db, customer, true)
	_, err := store.EraseCustomer(t.Context(), customer, eraser())
	require.Error(t, err)
	assert.Equal(t, before, everythingOf(t, db, customer, true), "without an entry in the audit trail nothing is erased")
}

func TestEraseCustomerIsForAdministrators(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 1)
	_, err := store.EraseCustomer(t.Context(), domain.CustomerID(99), eraser())
	assert.Equal(t, domain.CodeNotFound, domain.ErrorCode(err))
	pool := storage.New(db)
	for _, role := range domain.Roles() {
		if role == domain.RoleAdmin {
			continue
		}
		viewer := domain.Viewer{Role: role, CustomerRow: 1, Organisations: []int64{1}, UserRow: 1, Grants: []string{"*"}}
		_, err = pool.For(viewer).EraseCustomer(t.Context(), domain.CustomerID(1), eraser())
		assert.Equal(t, domain.CodeForbidden, domain.ErrorCode(err), role)
		page, err := pool.For(viewer).AuditEntries().Page(t.Context(), everything())
		require.NoError(t, err)
		assert.Empty(t, page.Items, role)
		_, err = pool.For(viewer).AuditEntriesByID(t.Context(), nil)
		assert.Equal(t, domain.CodeForbidden, domain.ErrorCode(err), role)
	}
	assert.Equal(t, "Customer 1", textOf(t, db, `SELECT name FROM customers`))
}
