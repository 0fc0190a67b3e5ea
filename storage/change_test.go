package storage_test

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"
)

// changesOf reads what the change log says, in one line each, oldest first.
func changesOf(t *testing.T, db interface {
	Query(string, ...any) (*sql.Rows, error)
}, table string) []string {
	owner := map[string]string{"changes": "customer_id || ' '", "catalogue_changes": "''"}[table]
	rows, err := db.Query("SELECT " + owner + " || kind || ' ' || row_id || ' ' || operation FROM " + table + " ORDER BY id")
	require.NoError(t, err)
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		lines = append(lines, line)
	}
	require.NoError(t, rows.Err())
	return lines
}

func TestChangeLog(t *testing.T) {
	_, db := newStore(t)
	addCustomers(t, db, 1)
	exec(t, db, `DELETE FROM changes`)
	exec(t, db, `INSERT INTO orders (customer_id, id, number, status, placed_at, currency, total) VALUES (1, 7, 'O7', 'PLACED', now(), 'EUR', 1)`)
	exec(t, db, `UPDATE orders SET status = 'CONFIRMED'`)
	exec(t, db, `UPDATE customers SET name = 'Other'`)
	exec(t, db, `INSERT INTO order_lines (customer_id, id, order_id, line_number, quantity, currency, unit_price, amount) VALUES (1, 3, 7, 1, 1, 'EUR', 1, 1)`)
	exec(t, db, `DELETE FROM orders`)
	changes := changesOf(t, db, "changes")
	require.ElementsMatch(t, []string{
		"1 Order 7 INSERT", "1 Order 7 UPDATE", "1 Customer 1 UPDATE", "1 OrderLine 3 INSERT", "1 Order 7 DELETE", "1 OrderLine 3 DELETE",
	}, changes)
	require.Equal(t, "1 Order 7 INSERT", changes[0])

	exec(t, db, `INSERT INTO products (id, sku, name) VALUES (5, 'S5', 'Pump')`)
	exec(t, db, `UPDATE products SET specs = '{"a": "b"}'`)
	exec(t, db, `DELETE FROM products`)
	require.Equal(t, []string{"Product 5 INSERT", "Product 5 UPDATE", "Product 5 DELETE"}, changesOf(t, db, "catalogue_changes"))
}

// TestChangeLogOfNothing updates rows to what they are already: neither the log nor updated_at may move, or every import would be a change.
func TestChangeLogOfNothing(t *testing.T) {
	_, db := newStore(t)
	addCustomers(t, db, 1)
	for _, statement := range []string{
		`INSERT INTO orders (customer_id, id, number, status, placed_at, currency, total) VALUES (1, 1, 'O', 'PLACED', now(), 'EUR', 1)`,
		`INSERT INTO shipments (customer_id, id, number) VALUES (1, 1, 'S')`,
		`INSERT INTO invoices (customer_id, id, number, issued_on, due_on, currency, net_total, total) VALUES (1, 1, 'I', '2025-01-01', '2025-02-01', 'EUR', 1, 1)`,
		`INSERT INTO cases (customer_id, id, number, title, opened_at) VALUES (1, 1, 'C', 'Late', now())`,
		`INSERT INTO contacts (customer_id, id, name) VALUES (1, 1, 'Ana')`,
		`INSERT INTO products (id, sku, name) VALUES (1, 'S', 'Pump')`,
	} {
		exec(t, db, statement)
	}
	before, catalogue := changesOf(t, db, "changes"), changesOf(t, db, "catalogue_changes")
	for table, column := range map[string]string{
		"customers": "name", "orders": "total", "shipments": "number", "invoices": "paid", "cases": "title", "products": "specs",
	} {
		var was, is string
		require.NoError(t, db.QueryRow("SELECT updated_at::text FROM "+table).Scan(&was))
		exec(t, db, "UPDATE "+table+" SET "+column+" = "+column)
		require.NoError(t, db.QueryRow("SELECT updated_at::text FROM "+table).Scan(&is))
		require.Equal(t, was, is, "%s.updated_at", table)
	}
	exec(t, db, `UPDATE contacts SET name = 'Ana'`)
	require.Equal(t, before, changesOf(t, db, "changes"))
	require.Equal(t, catalogue, changesOf(t, db, "catalogue_changes"))

	var moved bool
	exec(t, db, `UPDATE orders SET total = 2`)
	require.NoError(t, db.QueryRow("SELECT updated_at > created_at FROM orders").Scan(&moved))
	require.True(t, moved)
}

// TestChangeLogBelongsToTheTransaction rolls a write back, and the log with it.
func TestChangeLogBelongsToTheTransaction(t *testing.T) {
	_, db := newStore(t)
	addCustomers(t, db, 1)
	before := changesOf(t, db, "changes")
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(t.Context(), `UPDATE customers SET name = 'Other'`)
	require.NoError(t, err)
	require.Len(t, changesOf(t, tx, "changes"), len(before)+1)
	require.Equal(t, before, changesOf(t, db, "changes"), "nobody else sees it yet")
	require.NoError(t, tx.Rollback())
	require.Equal(t, before, changesOf(t, db, "changes"))
}

// TestChangeLogCoversEveryTable keeps a new table from being forgotten.
func TestChangeLogCoversEveryTable(t *testing.T) {
	_, db := newStore(t)
	// What the company itself is made of changes with a release of its settings, not with business.
	unlogged := map[string]bool{
		"organisations": true, "users": true, "service_levels": true, "carriers": true, "api_keys": true,
		"changes": true, "catalogue_changes": true, "audit_entries": true, "goose_db_version": true,
		// How shipments are followed: what it tells of them changes the shipment and its events.
		"shipment_tracking": true, "eta_statements": true, "tracking_inbox": true,
	}
	rows, err := db.Query(`SELECT c.relname, count(t.oid) FROM pg_class c
		LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgname IN ('log_write', 'log_update')
		WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY 1`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var table string
		var triggers int
		require.NoError(t, rows.Scan(&table, &triggers))
		require.Equal(t, !unlogged[table], triggers == 2, "%s has %d triggers for the change log", table, triggers)
	}
	require.NoError(t, rows.Err())
}
