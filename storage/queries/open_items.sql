-- name: openItemsOfCustomer
-- What is open with customers ($1) on a day of each ($2), by kind and currency; invoices also by the ageing bucket whose lower ends are $3.
WITH k AS (
    -- The caller puts the viewer's scope in the place of true.
    SELECT customer_id, today FROM unnest($1::bigint[], $2::date[]) AS k (customer_id, today) WHERE true
)
SELECT i.customer_id, 'OPEN_INVOICES' AS kind, i.currency,
       width_bucket((k.today - i.due_on)::integer, $3::integer[]) AS bucket,
       sum(i.balance) AS amount, count(*) AS n, k.today
FROM k JOIN invoices i ON i.customer_id = k.customer_id
WHERE i.balance <> 0
GROUP BY 1, 3, 4, k.today
UNION ALL
-- Orders under way, less what was invoiced and what was paid for them directly.
SELECT o.customer_id, 'OPEN_ORDERS', o.currency, 0, sum(o.total - least(o.total, coalesce(i.total, 0) + coalesce(y.amount, 0))), count(*), k.today
FROM k JOIN orders o ON o.customer_id = k.customer_id
LEFT JOIN LATERAL (
    SELECT sum(i.total) AS total FROM invoices i
    WHERE i.customer_id = o.customer_id AND i.order_id = o.id AND i.status <> 'CANCELLED') i ON true
LEFT JOIN LATERAL (
    -- What an invoice has taken of a payment is counted there.
    SELECT sum(y.amount - coalesce(a.amount, 0)) AS amount FROM payments y
    LEFT JOIN LATERAL (
        SELECT sum(a.amount) AS amount FROM payment_allocations a WHERE a.customer_id = y.customer_id AND a.payment_id = y.id) a ON true
    WHERE y.customer_id = o.customer_id AND y.order_id = o.id) y ON true
WHERE o.status IN ('PLACED', 'CONFIRMED', 'PROCESSING', 'ON_HOLD', 'INVOICED', 'PARTLY_SHIPPED', 'SHIPPED')
  AND o.total > coalesce(i.total, 0) + coalesce(y.amount, 0)
GROUP BY 1, 3, k.today
UNION ALL
SELECT y.customer_id, 'UNALLOCATED_PAYMENTS', y.currency, 0, -sum(y.amount - coalesce(a.amount, 0)), count(*), k.today
FROM k JOIN payments y ON y.customer_id = k.customer_id
LEFT JOIN LATERAL (
    SELECT sum(a.amount) AS amount FROM payment_allocations a
    WHERE a.customer_id = y.customer_id AND a.payment_id = y.id) a ON true
WHERE y.order_id IS NULL AND y.amount <> coalesce(a.amount, 0)
GROUP BY 1, 3, k.today
UNION ALL
SELECT n.customer_id, 'OPEN_CREDIT_NOTES', n.currency, 0, -sum(n.amount), count(*), k.today
FROM k JOIN credit_notes n ON n.customer_id = k.customer_id
WHERE n.invoice_id IS NULL
GROUP BY 1, 3, k.today
UNION ALL
SELECT d.customer_id, 'DISPUTED_INVOICES', d.currency, 0, sum(d.amount), count(*), k.today
FROM k JOIN disputes d ON d.customer_id = k.customer_id
WHERE d.status = 'OPEN'
GROUP BY 1, 3, k.today
UNION ALL
SELECT q.customer_id, 'OPEN_QUOTES', q.currency, 0, sum(q.total), count(*), k.today
FROM k JOIN quotes q ON q.customer_id = k.customer_id
WHERE q.status = 'SENT' AND coalesce(q.valid_until >= k.today, true)
GROUP BY 1, 3, k.today
