package storage_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// newStore is a Store over a database of its own, with a pool beside it for the test's own statements.
func newStore(t *testing.T) (*storage.Store, *sql.DB) {
	database := storagetest.New(t)
	return openPool(t, database.URL).For(admin()), database.SQL()
}

func exec(t *testing.T, db *sql.DB, text string, args ...any) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), text, args...)
	require.NoError(t, err, text)
}

// addCustomers adds an organisation, an employee and customers 1 to n.
func addCustomers(t *testing.T, db *sql.DB, n int) {
	exec(t, db, `INSERT INTO organisations (id, code, name, currency) VALUES (1, 'EU', 'Europe', 'EUR'), (2, 'AS', 'Asia', 'JPY')`)
	exec(t, db, `INSERT INTO users (id, organisation_id, name) VALUES (1, 1, 'Ana'), (2, 1, 'Bo')`)
	exec(t, db, `INSERT INTO customers (customer_id, organisation_id, number, name, currency)
		SELECT i, 1, 'C' || i, 'Customer ' || i, 'EUR' FROM generate_series(1, $1) i`, n)
}

// addOrders adds n orders with many ties and gaps, of customers 1 to 4, the same ones every time.
func addOrders(t *testing.T, db *sql.DB, n int) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(values ...any) any { return values[random.IntN(len(values))] }
	day := time.Date(2025, 3, 1, 12, 0, 0, 123_456_000, time.UTC)
	for i := range n {
		exec(t, db, `INSERT INTO orders (customer_id, id, number, po_number, status, country_code, placed_at, promised_on, delivered_on, currency, total, updated_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'EUR', $10, $11)`,
			1+random.IntN(4), i+1, fmt.Sprint(pick("or-", "OR-", "Or_%"), random.IntN(n/3)), pick(nil, "po-1", "PO-1", `p\o%`, "po-2"),
			pick("PLACED", "DELIVERED", "CANCELLED"), pick(nil, "DE", "FR"), day.Add(time.Duration(random.IntN(4))*time.Microsecond),
			pick(nil, "2025-03-04", "2025-03-05"), pick(nil, "2025-03-04", "2025-03-05", "2025-03-06"),
			pick("0", "10.5", "10.50", "99.9999", "1000000000000"), day.Add(time.Duration(random.IntN(3))*time.Hour))
	}
}

// everything is a request for a whole list of a test.
func everything(by ...domain.Sort) domain.PageRequest {
	return domain.PageRequest{Limit: 10_000, Sort: by, Total: true}
}

// idsOf are the ids of items, in their order.
func idsOf[T domain.Node](items []T) []domain.ID {
	ids := make([]domain.ID, len(items))
	for i, item := range items {
		ids[i] = item.ID()
	}
	return ids
}

func decimalOf(t *testing.T, text string) domain.Decimal {
	var value domain.Decimal
	require.NoError(t, value.Scan(text))
	return value
}

func pointerTo[T any](value T) *T { return &value }
