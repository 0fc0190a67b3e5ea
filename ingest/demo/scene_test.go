package demo_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func count(t *testing.T, db *sql.DB, query string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, db.QueryRowContext(t.Context(), query, args...).Scan(&n), query)
	return n
}

// A demo that is opened on any day of the week has something to show of everything.
func TestDemoShowsEverything(t *testing.T) {
	for offset := range 7 {
		now := present().AddDate(0, 0, offset)
		t.Run(now.Weekday().String(), func(t *testing.T) {
			t.Parallel()
			db := loaded(t, 200, uint64(offset), now)
			today := now.Format(time.DateOnly)
			for _, milestone := range []string{"LABEL_CREATED", "PICKED_UP", "IN_TRANSIT", "OUT_FOR_DELIVERY",
				"AVAILABLE_FOR_PICKUP", "DELIVERY_ATTEMPTED", "DELIVERED", "EXCEPTION", "RETURNING", "RETURNED"} {
				assert.Positive(t, count(t, db, "SELECT count(*) FROM shipments WHERE milestone = $1", milestone), milestone)
			}
			assert.Positive(t, count(t, db, `SELECT count(*) FROM shipments WHERE milestone = 'OUT_FOR_DELIVERY'
				AND eta_earliest::date = $1`, today), "out for delivery today")
			assert.Positive(t, count(t, db, "SELECT count(*) FROM shipments WHERE milestone = 'IN_TRANSIT' AND eta_latest > $1", today))
			for _, status := range []string{"PLACED", "CONFIRMED", "PROCESSING", "ON_HOLD", "PARTLY_SHIPPED", "SHIPPED", "DELIVERED", "CANCELLED"} {
				assert.Positive(t, count(t, db, "SELECT count(*) FROM orders WHERE status = $1", status), status)
			}
			for _, bucket := range [][2]int{{-1000, 0}, {1, 30}, {31, 60}, {61, 90}, {91, 10_000}} {
				assert.Positive(t, count(t, db, `SELECT count(*) FROM invoices WHERE balance > 0 AND $1::date - due_on BETWEEN $2 AND $3`,
					today, bucket[0], bucket[1]), "overdue by %d to %d days", bucket[0], bucket[1])
			}
			assert.Positive(t, count(t, db, "SELECT count(*) FROM invoices WHERE status = 'PARTLY_PAID'"))
			assert.Positive(t, count(t, db, "SELECT count(*) FROM disputes WHERE status = 'OPEN'"))
			assert.Positive(t, count(t, db, "SELECT count(*) FROM cases WHERE status IN ('OPEN', 'PENDING')"))
			for name, condition := range map[string]string{"overdue": "due_at < $1", "upcoming": "due_at >= $1::date + 1",
				"due today": "due_at >= $1 AND due_at < $1::date + 1"} {
				assert.Positive(t, count(t, db, "SELECT count(*) FROM follow_ups WHERE status = 'OPEN' AND "+
					condition, today), name)
			}
			assert.Positive(t, count(t, db, "SELECT count(*) FROM customers WHERE parent_id IS NOT NULL"))
			assert.Positive(t, count(t, db, "SELECT count(*) FROM customers WHERE cardinality(tags) > 0"))
		})
	}
}

// The shape is that of a company, not of a dice.
func TestShape(t *testing.T) {
	db := loaded(t, 1500, 11, present())
	share := func(query string) float64 {
		var v float64
		require.NoError(t, db.QueryRowContext(t.Context(), query).Scan(&v), query)
		return v
	}
	within := func(name string, lo, hi float64, query string) {
		v := share(query)
		t.Logf("%s: %.4f", name, v)
		assert.True(t, v >= lo && v <= hi, fmt.Sprintf("%s is %.4f, wanted %.4f to %.4f", name, v, lo, hi))
	}
	within("orders per customer", 9.5, 10.6, "SELECT (SELECT count(*) FROM orders)::float / count(*) FROM customers")
	within("lines per order", 2.8, 3.3, "SELECT (SELECT count(*) FROM order_lines)::float / count(*) FROM orders")
	within("shipments per order", 0.9, 1.05, "SELECT (SELECT count(*) FROM shipments)::float / count(*) FROM orders")
	within("events per shipment", 3.7, 4.4, "SELECT (SELECT count(*) FROM tracking_events)::float / count(*) FROM shipments")
	within("orders of the largest customer", 200, 600, "SELECT max(n) FROM (SELECT count(*) AS n FROM orders GROUP BY customer_id) o")
	within("orders promised and delivered late", 0.05, 0.09,
		"SELECT avg((delivered_on > promised_on)::int) FROM orders WHERE delivered_on IS NOT NULL")
	within("share of November over August", 1.4, 2.6, `SELECT count(*) FILTER (WHERE extract(month FROM placed_at) = 11)::float /
		count(*) FILTER (WHERE extract(month FROM placed_at) = 8) FROM orders`)
	within("growth over a year", 1.1, 1.6, `SELECT count(*) FILTER (WHERE placed_at >= '2025-03-16')::float /
		count(*) FILTER (WHERE placed_at BETWEEN '2024-03-16' AND '2025-03-16') FROM orders`)
	within("share of invoices open", 0.03, 0.12, "SELECT avg((balance <> 0)::int) FROM invoices")
	within("countries", 12, 12, "SELECT count(DISTINCT country_code) FROM customers")
}
