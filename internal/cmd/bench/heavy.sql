-- name: heavyCustomer
-- A customer $1 with $2 orders over three years, each of two lines, a shipment with two events and an invoice, of which one in a hundred is open.
-- Those of the last five days are on their way, all others have arrived.
-- $3 marks the source.
WITH products AS (
    SELECT array_agg(id ORDER BY id) AS ids FROM (SELECT id FROM products ORDER BY id LIMIT 500) p
), customer AS (
    INSERT INTO customers (organisation_id, account_manager_id, number, name, segment, country_code, currency, credit_limit, source, external_id)
    SELECT (SELECT min(id) FROM organisations), (SELECT min(id) FROM users), $1::text, 'Measured with ' || $2::int || ' orders', 'RESELLER', 'DE', 'EUR',
        100000, $3::text, $1::text
    RETURNING customer_id
), numbered AS (
    SELECT customer_id, n, placed_at, CASE WHEN placed_at < now() - interval '5 days' THEN placed_at + interval '2 days' END AS arrived
    FROM (SELECT c.customer_id, n, now() - n * (interval '3 years' / $2::int) - interval '1 hour' AS placed_at
        FROM customer c CROSS JOIN generate_series(1, $2::int) n) x
), placed AS (
    INSERT INTO orders (customer_id, number, status, country_code, placed_at, shipped_at, promised_on, delivered_at, delivered_on, currency,
        goods_total, tax_total, total, source, external_id)
    SELECT customer_id, $1::text || '-' || n, CASE WHEN arrived IS NULL THEN 'SHIPPED' ELSE 'DELIVERED' END, 'DE', placed_at, placed_at + interval '1 day',
        (placed_at + interval '3 days')::date, arrived, arrived::date, 'EUR', 100, 19, 119, $3::text, 'order-' || n
    FROM numbered
    RETURNING customer_id, id, placed_at, delivered_at, number, external_id
), lines AS (
    INSERT INTO order_lines (customer_id, order_id, line_number, product_id, description, quantity, currency, unit_price, amount, source)
    SELECT o.customer_id, o.id, l, p.ids[1 + (o.id + l) % cardinality(p.ids)], 'Measured', l, 'EUR', 10, 10 * l, $3::text
    FROM placed o CROSS JOIN generate_series(1, 2) l CROSS JOIN products p
), sent AS (
    INSERT INTO shipments (customer_id, order_id, carrier_id, number, tracking_number, milestone, created_at, shipped_at, delivered_at, promised_on,
        source)
    SELECT customer_id, id, (SELECT min(id) FROM carriers), number || '-S', number || '-T',
        CASE WHEN delivered_at IS NULL THEN 'IN_TRANSIT' ELSE 'DELIVERED' END, placed_at, placed_at + interval '1 day', delivered_at,
        (placed_at + interval '3 days')::date, $3::text
    FROM placed
    RETURNING customer_id, id, shipped_at
), events AS (
    INSERT INTO tracking_events (customer_id, shipment_id, milestone, raw_code, occurred_at, utc_offset, location, source)
    SELECT customer_id, id, (ARRAY['PICKED_UP', 'IN_TRANSIT'])[e], 'M' || e, shipped_at + e * interval '5 hours', 0, 'Leipzig, DE', $3::text
    FROM sent CROSS JOIN generate_series(1, 2) e
)
INSERT INTO invoices (customer_id, order_id, number, status, issued_on, due_on, currency, net_total, tax_total, total, paid, source)
SELECT customer_id, id, number || '-I', CASE WHEN open THEN 'OPEN' ELSE 'PAID' END, placed_at::date, (placed_at + interval '30 days')::date, 'EUR',
    100, 19, 119, CASE WHEN open THEN 0 ELSE 119 END, $3::text
FROM (SELECT *, id % 100 = 0 AS open FROM placed) o
