package storage_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// creditOf is the credit of a customer at an instant.
func creditOf(t *testing.T, store *storage.Store, row int64, at time.Time) (*domain.Credit, []domain.Ageing) {
	id := domain.CustomerID(row)
	customers, err := store.CustomersByID(t.Context(), []domain.ID{id})
	require.NoError(t, err)
	day := customers[id].Day(at)
	items, err := store.OpenItemsOfCustomers(t.Context(), []domain.CustomerDay{day})
	require.NoError(t, err)
	credit, err := items[day].Credit(customers[id])
	require.NoError(t, err)
	ageing, err := items[day].Ageing()
	require.NoError(t, err)
	return credit, ageing
}

func addInvoice(t *testing.T, db *sql.DB, customer, id int64, due string, currency, total, paid, status string) {
	exec(t, db, `INSERT INTO invoices (customer_id, id, number, issued_on, due_on, currency, net_total, total, paid, status)
		VALUES ($1, $2::bigint, 'I' || $2, '2025-01-01', $3, $4, $5, $5, $6, $7)`, customer, id, due, currency, total, paid, status)
}

func addOrder(t *testing.T, db *sql.DB, customer, id int64, status, total string) {
	exec(t, db, `INSERT INTO orders (customer_id, id, number, status, placed_at, currency, total)
		VALUES ($1, $2::bigint, 'O' || $2, $3, '2025-01-01Z', 'EUR', $4)`, customer, id, status, total)
}

func addPayment(t *testing.T, db *sql.DB, customer, id int64, order any, currency, amount string) {
	exec(t, db, `INSERT INTO payments (customer_id, id, order_id, received_at, currency, amount) VALUES ($1, $2, $3, '2025-01-02Z', $4, $5)`,
		customer, id, order, currency, amount)
}

// component writes a component in one line.
func component(c domain.CreditComponent) string {
	return fmt.Sprintf("%s %s %s %d %v", c.Kind, c.Amount.Amount, c.Amount.CurrencyCode, c.Count, c.Counted)
}

func TestCreditComponents(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 3)
	exec(t, db, `UPDATE customers SET credit_limit = 1000 WHERE customer_id = 1`)
	now := time.Date(2025, 3, 31, 12, 0, 0, 0, time.UTC)

	// Invoices: 100 not yet due, 60 of 160 left and overdue, one paid too much; those that do not count at all; one in another currency.
	addInvoice(t, db, 1, 1, "2025-03-31", "EUR", "100", "0", "OPEN")
	addInvoice(t, db, 1, 2, "2025-03-30", "EUR", "160", "100", "PARTLY_PAID")
	addInvoice(t, db, 1, 3, "2025-03-30", "EUR", "10", "15", "PAID")
	addInvoice(t, db, 1, 4, "2025-03-01", "EUR", "999", "0", "CANCELLED")
	addInvoice(t, db, 1, 5, "2025-03-01", "EUR", "999", "0", "WRITTEN_OFF")
	addInvoice(t, db, 1, 6, "2025-03-01", "EUR", "50", "50", "PAID")
	addInvoice(t, db, 1, 7, "2025-03-01", "USD", "70", "0", "OPEN")
	exec(t, db, `INSERT INTO disputes (customer_id, id, invoice_id, opened_at, currency, amount, status)
		VALUES (1, 1, 2, '2025-03-20Z', 'EUR', 25, 'OPEN'), (1, 2, 1, '2025-03-20Z', 'EUR', 99, 'REJECTED')`)

	// Orders: 200 under way; 300 of which 120 are invoiced; 80 of which 30 are paid beforehand; one paid whole; a draft, delivered and cancelled ones.
	addOrder(t, db, 1, 1, "PLACED", "200")
	addOrder(t, db, 1, 2, "PARTLY_SHIPPED", "300")
	addInvoice(t, db, 1, 8, "2025-04-30", "EUR", "120", "120", "PAID")
	addInvoice(t, db, 1, 9, "2025-04-30", "EUR", "500", "0", "CANCELLED")
	exec(t, db, `UPDATE invoices SET order_id = 2 WHERE id IN (8, 9)`)
	addOrder(t, db, 1, 3, "ON_HOLD", "80")
	addPayment(t, db, 1, 1, 3, "EUR", "30")
	addOrder(t, db, 1, 4, "CONFIRMED", "40")
	addPayment(t, db, 1, 2, 4, "EUR", "55")
	for i, status := range []string{"DRAFT", "DELIVERED", "CANCELLED", "UNAVAILABLE"} {
		addOrder(t, db, 1, int64(5+i), status, "1000")
	}

	// Money that came in: 20 of 60 without an invoice, and a credit note of 7 on none.
	addPayment(t, db, 1, 3, nil, "EUR", "60")
	exec(t, db, `INSERT INTO payment_allocations (customer_id, payment_id, invoice_id, amount) VALUES (1, 3, 2, 40)`)
	exec(t, db, `INSERT INTO credit_notes (customer_id, id, invoice_id, number, issued_on, currency, amount)
		VALUES (1, 1, NULL, 'N1', '2025-03-01', 'EUR', 7), (1, 2, 1, 'N2', '2025-03-01', 'EUR', 9)`)
	exec(t, db, `INSERT INTO quotes (customer_id, id, number, status, quoted_at, valid_until, currency, total) VALUES
		(1, 1, 'Q1', 'SENT', '2025-03-01Z', '2025-03-31', 'EUR', 400), (1, 2, 'Q2', 'SENT', '2025-03-01Z', '2025-03-30', 'EUR', 1),
		(1, 3, 'Q3', 'SENT', '2025-03-01Z', NULL, 'EUR', 5), (1, 4, 'Q4', 'ACCEPTED', '2025-03-01Z', NULL, 'EUR', 1)`)

	credit, _ := creditOf(t, store, 1, now)
	var components []string
	for _, c := range credit.Components {
		components = append(components, component(c))
	}
	require.Equal(t, []string{
		"OPEN_CREDIT_NOTES -7.00 EUR 1 true",
		"OPEN_INVOICES 155.00 EUR 3 true",
		"OPEN_ORDERS 430.00 EUR 3 true",
		"UNALLOCATED_PAYMENTS -20.00 EUR 1 true",
		"DISPUTED_INVOICES 25.00 EUR 1 false",
		"OPEN_INVOICES 70.00 USD 1 false",
		"OPEN_QUOTES 405.00 EUR 2 false",
		"OVERDUE_INVOICES 55.00 EUR 2 false",
		"OVERDUE_INVOICES 70.00 USD 1 false",
	}, components)
	require.Equal(t, "558.00 442.00 1000.00", fmt.Sprint(credit.Used.Amount, " ", credit.Available.Amount, " ", credit.Limit.Amount))

	// Nothing at all, and a limit of nothing at all.
	none, ageing := creditOf(t, store, 2, now)
	require.Empty(t, none.Components)
	require.Empty(t, ageing)
	require.Nil(t, none.Limit)
	require.Nil(t, none.Available)
	require.Equal(t, "0.00", none.Used.Amount.String())
}

// TestPrepaidOrderPartlyInvoiced counts what was paid beforehand once: what an invoice has taken of it, there, and the rest for the order.
func TestPrepaidOrderPartlyInvoiced(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 1)
	addOrder(t, db, 1, 1, "PARTLY_SHIPPED", "150")
	addPayment(t, db, 1, 1, 1, "EUR", "100")
	addInvoice(t, db, 1, 1, "2025-04-30", "EUR", "60", "60", "PAID")
	exec(t, db, `UPDATE invoices SET order_id = 1`)
	exec(t, db, `INSERT INTO payment_allocations (customer_id, payment_id, invoice_id, amount) VALUES (1, 1, 1, 60)`)
	credit, _ := creditOf(t, store, 1, time.Date(2025, 3, 31, 12, 0, 0, 0, time.UTC))
	require.Equal(t, "50.00", credit.Used.Amount.String(), "150 less 60 on the invoice and 40 left of the payment")
}

func TestAgeingBorders(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 1)
	today := domain.Date{Year: 2025, Month: 6, Day: 30}
	for i, days := range []int{-30, 0, 1, 30, 31, 60, 61, 90, 91, 4000} {
		addInvoice(t, db, 1, int64(i+1), today.AddDays(-days).String(), "EUR", fmt.Sprint(1<<i), "0", "OPEN")
	}
	addInvoice(t, db, 1, 20, "2025-06-29", "JPY", "5", "0", "OPEN")
	_, ageing := creditOf(t, store, 1, time.Date(2025, 6, 30, 23, 59, 0, 0, time.UTC))
	require.Len(t, ageing, 2)
	require.Equal(t, "EUR", ageing[0].CurrencyCode)
	amount := func(bucket domain.AgeingBucket) string { return fmt.Sprint(bucket.Amount.Amount, " ", bucket.Count) }
	var got []string
	for _, bucket := range ageing[0].Buckets {
		got = append(got, amount(bucket))
	}
	require.Equal(t, []string{"3.00 2", "12.00 2", "48.00 2", "192.00 2", "768.00 2"}, got)
	require.Equal(t, "1023.00", ageing[0].Total.Amount.String())
	require.Equal(t, "5 1", amount(ageing[1].Buckets[1]))
	require.Len(t, ageing[1].Buckets, 5)
}

// TestAgeingAroundTheWorld asks about two customers at one instant, at which it is not the same day with them.
func TestAgeingAroundTheWorld(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 3)
	exec(t, db, `UPDATE customers SET time_zone = (ARRAY['Pacific/Auckland', 'Pacific/Honolulu', 'No/Where'])[customer_id]`)
	for customer := int64(1); customer <= 3; customer++ {
		addInvoice(t, db, customer, customer, "2025-06-30", "EUR", "10", "0", "OPEN")
	}
	at := time.Date(2025, 6, 30, 13, 0, 0, 0, time.UTC) // 1 July, 01:00, in Auckland and 30 June, 03:00, in Honolulu.
	for customer, overdue := range map[int64]int{1: 1, 2: 0, 3: 0} {
		_, ageing := creditOf(t, store, customer, at)
		require.Equal(t, overdue, ageing[0].Buckets[1].Count, "customer %d", customer)
	}

	// One request may ask around midnight: two days of one customer must not run together.
	before := domain.CustomerDay{Customer: domain.CustomerID(1), Today: domain.Date{Year: 2025, Month: 6, Day: 30}}
	after := domain.CustomerDay{Customer: domain.CustomerID(1), Today: domain.Date{Year: 2025, Month: 7, Day: 1}}
	items, err := store.OpenItemsOfCustomers(t.Context(), []domain.CustomerDay{before, after})
	require.NoError(t, err)
	require.Len(t, items[before], 1)
	require.Len(t, items[after], 1)
	require.Equal(t, []int{0, 1}, []int{items[before][0].Bucket, items[after][0].Bucket})
}
