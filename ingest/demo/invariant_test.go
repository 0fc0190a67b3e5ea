package demo_test

import (
	"testing"
	"time"
)

// present is a Monday, so that a weekend lies before it; other tests take other days.
func present() time.Time { return time.Date(2026, time.March, 16, 15, 4, 5, 0, time.UTC) }

// Each query counts the rows that break a rule.
func invariants() []struct{ rule, query string } {
	return []struct{ rule, query string }{
		{"an order's total is goods, freight and tax", `
			SELECT count(*) FROM orders WHERE total <> goods_total + freight_total + tax_total`},
		{"an order's goods are the sum of its lines", `
			SELECT count(*) FROM orders o WHERE goods_total IS DISTINCT FROM
				(SELECT sum(amount) FROM order_lines l WHERE (l.customer_id, l.order_id) = (o.customer_id, o.id))`},
		{"a line's amount is quantity by price", `
			SELECT count(*) FROM order_lines WHERE amount <> quantity * unit_price`},
		{"an invoice line's amount is quantity by price", `
			SELECT count(*) FROM invoice_lines WHERE amount <> quantity * unit_price`},
		{"a quote's total is the sum of its lines", `
			SELECT count(*) FROM quotes q WHERE total IS DISTINCT FROM
				(SELECT sum(amount) FROM quote_lines l WHERE (l.customer_id, l.quote_id) = (q.customer_id, q.id))`},
		{"an invoice's net and tax are those of its lines", `
			SELECT count(*) FROM invoices i WHERE total <> net_total + tax_total OR (net_total, tax_total) IS DISTINCT FROM
				(SELECT (sum(amount), sum(tax)) FROM invoice_lines l WHERE (l.customer_id, l.invoice_id) = (i.customer_id, i.id))`},
		{"an order's invoices do not exceed it", `
			SELECT count(*) FROM orders o WHERE total <
				(SELECT sum(total) FROM invoices i WHERE (i.customer_id, i.order_id) = (o.customer_id, o.id))`},
		{"an invoice's paid is the sum of its allocations", `
			SELECT count(*) FROM invoices i WHERE paid <> coalesce(
				(SELECT sum(amount) FROM payment_allocations a WHERE (a.customer_id, a.invoice_id) = (i.customer_id, i.id)), 0)`},
		{"an invoice's credited is the sum of its credit notes", `
			SELECT count(*) FROM invoices i WHERE credited <> coalesce(
				(SELECT sum(amount) FROM credit_notes n WHERE (n.customer_id, n.invoice_id) = (i.customer_id, i.id)), 0)`},
		{"an invoice's status agrees with its balance", `
			SELECT count(*) FROM invoices WHERE NOT CASE status
				WHEN 'OPEN' THEN balance = total
				WHEN 'PARTLY_PAID' THEN balance > 0 AND balance < total
				WHEN 'PAID' THEN balance = 0 AND paid + credited = total
				WHEN 'CANCELLED' THEN credited = total AND paid = 0
				WHEN 'WRITTEN_OFF' THEN paid + credited < total END`},
		{"a payment's allocations do not exceed it", `
			SELECT count(*) FROM payments p WHERE abs(amount) < coalesce(
				(SELECT abs(sum(amount)) FROM payment_allocations a WHERE (a.customer_id, a.payment_id) = (p.customer_id, p.id)), 0)`},
		{"a refund is a credit note's", `
			SELECT count(*) FROM payments p WHERE amount < 0 AND NOT EXISTS
				(SELECT FROM credit_notes n WHERE n.customer_id = p.customer_id AND n.amount = -p.amount)`},
		{"nothing is paid before its order is placed or after the present", `
			SELECT count(*) FROM payments p LEFT JOIN orders o ON (o.customer_id, o.id) = (p.customer_id, p.order_id)
			WHERE p.received_at > $1 OR p.received_at < o.placed_at`},
		{"money is in the customer's currency", `
			SELECT count(*) FROM customers c WHERE EXISTS (SELECT FROM orders x WHERE x.customer_id = c.customer_id AND x.currency <> c.currency)
				OR EXISTS (SELECT FROM order_lines x WHERE x.customer_id = c.customer_id AND x.currency <> c.currency)
				OR EXISTS (SELECT FROM invoices x WHERE x.customer_id = c.customer_id AND x.currency <> c.currency)
				OR EXISTS (SELECT FROM payments x WHERE x.customer_id = c.customer_id AND x.currency <> c.currency)
				OR EXISTS (SELECT FROM quotes x WHERE x.customer_id = c.customer_id AND x.currency <> c.currency)
				OR EXISTS (SELECT FROM returns x WHERE x.customer_id = c.customer_id AND x.currency <> c.currency)
				OR EXISTS (SELECT FROM credit_notes x WHERE x.customer_id = c.customer_id AND x.currency <> c.currency)
				OR EXISTS (SELECT FROM disputes x WHERE x.customer_id = c.customer_id AND x.currency <> c.currency)
				OR EXISTS (SELECT FROM contract_prices x WHERE x.customer_id = c.customer_id AND x.currency <> c.currency)
				OR EXISTS (SELECT FROM shipments x WHERE x.customer_id = c.customer_id AND x.currency <> c.currency)`},
		{"a shipment is delivered with time, event and proof, or not at all", `
			SELECT count(*) FROM shipments s WHERE (milestone = 'DELIVERED') <> (delivered_at IS NOT NULL)
				OR (milestone = 'DELIVERED') <> (pod_at IS NOT NULL)
				OR (milestone = 'DELIVERED') <> EXISTS (SELECT FROM tracking_events e WHERE e.customer_id = s.customer_id
					AND e.shipment_id = s.id AND e.milestone = 'DELIVERED' AND e.classifier = 'ACTUAL' AND e.occurred_at = s.delivered_at)`},
		{"a shipment's milestone is that of its last actual event", `
			SELECT count(*) FROM shipments s WHERE milestone IS DISTINCT FROM
				(SELECT milestone FROM tracking_events e WHERE e.customer_id = s.customer_id AND e.shipment_id = s.id
				AND classifier = 'ACTUAL' ORDER BY sort_at DESC, id DESC LIMIT 1)`},
		{"events follow each other as they were written", `
			SELECT count(*) FROM (SELECT sort_at, lag(sort_at) OVER (PARTITION BY customer_id, shipment_id ORDER BY id) AS before
				FROM tracking_events) e WHERE sort_at <= before`},
		{"a shipment is announced, then fetched, before it is loaded, and nothing follows its delivery", `
			SELECT count(*) FROM (SELECT milestone,
					bool_or(milestone = 'PICKED_UP') OVER before AS fetched, bool_or(milestone = 'DELIVERED') OVER before AS ended
				FROM tracking_events WINDOW before AS (PARTITION BY customer_id, shipment_id ORDER BY id
					ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) e
			WHERE ended OR (fetched IS NOT TRUE) AND milestone NOT IN ('LABEL_CREATED', 'PICKED_UP')`},
		{"only estimates lie in the future", `
			SELECT count(*) FROM tracking_events WHERE (classifier = 'ACTUAL') <> (occurred_at <= $1) OR received_at > $1
				OR (classifier = 'ACTUAL' AND received_at < occurred_at AND received_at < $1)`},
		{"a wall clock is the instant in its offset", `
			SELECT count(*) FROM tracking_events
			WHERE local_time <> (occurred_at AT TIME ZONE 'UTC') + make_interval(mins => utc_offset)`},
		{"a delivery's wall clock is the site's", `
			SELECT count(*) FROM tracking_events e JOIN shipments s ON (s.customer_id, s.id) = (e.customer_id, e.shipment_id)
			JOIN sites t ON (t.customer_id, t.id) = (s.customer_id, s.site_id)
			WHERE e.milestone = 'DELIVERED' AND e.local_time <> e.occurred_at AT TIME ZONE t.time_zone`},
		{"nothing happens to a shipment before its order is placed", `
			SELECT count(*) FROM orders o JOIN shipments s ON (s.customer_id, s.order_id) = (o.customer_id, o.id)
			JOIN tracking_events e ON (e.customer_id, e.shipment_id) = (s.customer_id, s.id)
			WHERE e.occurred_at < o.placed_at OR s.created_at < o.placed_at OR s.created_at > $1`},
		{"a delivered order has a day, that of the last delivery at its site", `
			SELECT count(*) FROM orders o JOIN sites t ON (t.customer_id, t.id) = (o.customer_id, o.site_id)
			WHERE (o.status = 'DELIVERED') <> (o.delivered_on IS NOT NULL)
				OR o.delivered_on <> (o.delivered_at AT TIME ZONE t.time_zone)::date
				OR o.status = 'DELIVERED' AND o.delivered_at IS DISTINCT FROM
					(SELECT max(delivered_at) FROM shipments s WHERE (s.customer_id, s.order_id) = (o.customer_id, o.id))`},
		{"an order's status agrees with its shipments", `
			SELECT count(*) FROM orders o CROSS JOIN LATERAL (SELECT count(shipped_at) AS sent, count(delivered_at) AS arrived
				FROM shipments s WHERE (s.customer_id, s.order_id) = (o.customer_id, o.id)) s
			WHERE NOT CASE o.status WHEN 'DELIVERED' THEN arrived > 0 WHEN 'SHIPPED' THEN sent > 0 WHEN 'PARTLY_SHIPPED' THEN sent > 0
				WHEN 'CANCELLED' THEN arrived = 0 ELSE sent = 0 END`},
		{"an order's steps are in order and past", `
			SELECT count(*) FROM orders WHERE placed_at > $1 OR confirmed_at < placed_at OR shipped_at < confirmed_at
				OR delivered_at < shipped_at OR cancelled_at < placed_at
				OR greatest(confirmed_at, shipped_at, delivered_at, cancelled_at) > $1 OR created_at > updated_at OR updated_at > $1`},
		{"a line of what was sent is sent", `
			SELECT count(*) FROM order_lines l JOIN orders o ON (o.customer_id, o.id) = (l.customer_id, l.order_id)
			WHERE o.status IN ('SHIPPED', 'DELIVERED') AND shipped_quantity <> quantity`},
		{"an order lies within its customer's time", `
			SELECT count(*) FROM orders JOIN customers c USING (customer_id) WHERE placed_at < c.created_at`},
		{"an estimate is for what is on its way", `
			SELECT count(*) FROM shipments WHERE eta_earliest IS NOT NULL
				AND (milestone IN ('DELIVERED', 'RETURNED', 'CANCELLED') OR eta_latest < $1 OR eta_observed_at > $1)`},
		{"cases and what was said lie in the past", `
			SELECT (SELECT count(*) FROM cases WHERE opened_at > $1 OR resolved_at > $1 OR resolved_at < opened_at)
				+ (SELECT count(*) FROM interactions WHERE occurred_at > $1 OR answered_at > $1 OR answered_at < occurred_at)
				+ (SELECT count(*) FROM follow_ups WHERE completed_at > $1 OR created_at > $1)
				+ (SELECT count(*) FROM disputes WHERE opened_at > $1 OR resolved_at > $1 OR resolved_at < opened_at)
				+ (SELECT count(*) FROM returns WHERE requested_at > $1 OR received_at > $1 OR received_at < requested_at)`},
		{"a refund is what the returned goods cost", `
			SELECT count(*) FROM returns r JOIN credit_notes n ON (n.customer_id, n.return_id) = (r.customer_id, r.id)
			WHERE r.refund IS DISTINCT FROM n.amount OR r.status <> 'REFUNDED'`},
		{"a parent is a company that was there", `
			SELECT count(*) FROM customers c LEFT JOIN customers p ON p.customer_id = c.parent_id
			WHERE c.parent_id IS NOT NULL AND (p.customer_id IS NULL OR p.kind <> 'COMPANY' OR p.parent_id IS NOT NULL)`},
		{"a company has a VAT number", `
			SELECT count(*) FROM customers c WHERE (kind <> 'PERSON') <> EXISTS
				(SELECT FROM customer_references r WHERE r.customer_id = c.customer_id AND system = 'VAT')`},
		{"numbers are given once", `
			SELECT (SELECT count(*) - count(DISTINCT number) FROM orders) + (SELECT count(*) - count(DISTINCT number) FROM invoices)
				+ (SELECT count(*) - count(DISTINCT number) FROM shipments) + (SELECT count(*) - count(DISTINCT number) FROM cases)
				+ (SELECT count(*) - count(DISTINCT number) FROM quotes) + (SELECT count(*) - count(DISTINCT number) FROM credit_notes)
				+ (SELECT count(*) - count(DISTINCT tracking_number) FROM packages)`},
		{"mail goes to reserved domains", `
			SELECT count(*) FROM (SELECT email FROM contacts UNION ALL SELECT email FROM customers) m
			WHERE email !~ '^[a-z0-9.-]+@([a-z0-9-]+\.example|example\.(com|org|net))$'`},
		{"a person is reached as the contact is, and most companies by what is their own", `
			SELECT (SELECT count(*) FROM customers c JOIN contacts p USING (customer_id)
				WHERE c.kind = 'PERSON' AND (c.email, c.phone) IS DISTINCT FROM (p.email, p.phone))
			+ (SELECT (count(email) * 10 < count(*) * 8)::int + (count(phone) * 10 < count(*) * 8)::int FROM customers WHERE kind <> 'PERSON')`},
		{"ids are consecutive and the next one is free", `
			SELECT max(id) - count(*) + abs(nextval(pg_get_serial_sequence('tracking_events', 'id')) - max(id) - 1) FROM tracking_events`},
	}
}

func TestInvariants(t *testing.T) {
	db := loaded(t, 400, 7, present())
	midnight := present().Truncate(24 * time.Hour)
	for _, rule := range invariants() {
		t.Run(rule.rule, func(t *testing.T) {
			// The CTE lets every query take the present, whether it asks for it or not.
			var broken int64
			err := db.QueryRowContext(t.Context(), "SELECT q.count FROM (SELECT $1::timestamptz) AS present, LATERAL ("+
				rule.query+") AS q (count)", midnight).Scan(&broken)
			if err != nil {
				t.Fatal(err)
			}
			if broken != 0 {
				t.Errorf("%d rows break the rule", broken)
			}
		})
	}
}
