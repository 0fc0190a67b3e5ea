package resolvers_test

// fillRareRelations gives some parent several children wherever demo data has hardly more than one, or none.
func (a *api) fillRareRelations() {
	a.t.Helper()
	const one = ` FROM (SELECT * FROM orders ORDER BY customer_id, id LIMIT 1) o, generate_series(1, 4) AS g`
	for _, statement := range []string{
		`UPDATE customers SET parent_id = 1 WHERE customer_id BETWEEN 2 AND 6`,
		`INSERT INTO shipments (customer_id, order_id, number, milestone, currency) SELECT o.customer_id, o.id, 'RARE-S' || g, 'IN_TRANSIT', 'EUR'` + one,
		`INSERT INTO invoices (customer_id, order_id, number, issued_on, due_on, currency, net_total, tax_total, total)
		 SELECT o.customer_id, o.id, 'RARE-I' || g, '2026-01-01', '2026-02-01', 'EUR', 10, 0, 10` + one,
		`INSERT INTO payments (customer_id, order_id, reference, received_at, currency, amount)
		 SELECT o.customer_id, o.id, 'RARE-P' || g, '2026-02-01T00:00:00Z', 'EUR', 1` + one,
		`INSERT INTO payment_allocations (customer_id, payment_id, invoice_id, amount)
		 SELECT p.customer_id, p.id, i.id, 1 FROM payments p JOIN invoices i USING (customer_id) WHERE p.reference LIKE 'RARE%' AND i.number LIKE 'RARE%'`,
		`INSERT INTO returns (customer_id, order_id, number, status, requested_at, currency)
		 SELECT o.customer_id, o.id, 'RARE-R' || g, 'REQUESTED', '2026-02-01T00:00:00Z', 'EUR'` + one,
		`INSERT INTO return_lines (customer_id, return_id, order_line_id, quantity)
		 SELECT r.customer_id, r.id, l.id, 1 FROM returns r JOIN order_lines l USING (customer_id, order_id), generate_series(1, 4) WHERE r.number LIKE 'RARE%'`,
		`INSERT INTO credit_notes (customer_id, invoice_id, number, issued_on, currency, amount)
		 SELECT i.customer_id, i.id, 'RARE-N' || g, '2026-02-01', 'EUR', 1 FROM invoices i, generate_series(1, 4) AS g WHERE i.number LIKE 'RARE%'`,
		`INSERT INTO disputes (customer_id, invoice_id, opened_at, currency, amount)
		 SELECT i.customer_id, i.id, '2026-02-01T00:00:00Z', 'EUR', 1 FROM invoices i, generate_series(1, 4) WHERE i.number LIKE 'RARE%'`,
		`INSERT INTO cases (customer_id, order_id, number, title, opened_at) SELECT o.customer_id, o.id, 'RARE-C' || g, 'Rare', '2026-02-01T00:00:00Z'` + one,
		`INSERT INTO interactions (customer_id, order_id, case_id, channel, direction, occurred_at)
		 SELECT c.customer_id, c.order_id, c.id, 'CALL', 'INBOUND', '2026-02-01T00:00:00Z' FROM cases c, generate_series(1, 4) WHERE c.number LIKE 'RARE%'`,
		`INSERT INTO audit_entries (at, subject, viewer_name, role, action, customer_id, kind) SELECT '2026-02-01T00:00:00Z', 'rare', 'Rare', 'AGENT', 'READ', 1, 'Customer' FROM generate_series(1, 12)`,
	} {
		a.exec(statement)
	}
}
