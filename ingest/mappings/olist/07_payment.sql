-- A payment belongs to an order: there are no invoices. Its time is the approval, which is when the marketplace took
-- the payment of an order.

WITH src AS (
    SELECT o.customer_id, o.id AS order_id,
           CASE s.method
               WHEN 'credit_card' THEN 'CREDIT_CARD'
               WHEN 'debit_card' THEN 'DEBIT_CARD'
               WHEN 'boleto' THEN 'BANK_SLIP'
               WHEN 'voucher' THEN 'VOUCHER'
               ELSE 'OTHER'
           END AS method,
           s.installments::integer AS installments, o.confirmed_at AS received_at, s.amount::numeric AS amount,
           s.order_id || ':' || s.sequence AS key
    FROM stage_payments s
    JOIN link_order o ON o.key = s.order_id
), written AS (
    INSERT INTO payments (customer_id, order_id, method, installments, received_at, currency, amount, source, external_id)
    SELECT customer_id, order_id, method, installments, received_at, current_setting('vigie.currency'), amount,
           current_setting('vigie.source'), key
    FROM src
    ORDER BY customer_id, order_id, key
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET method = EXCLUDED.method, installments = EXCLUDED.installments, received_at = EXCLUDED.received_at, amount = EXCLUDED.amount
    WHERE (payments.method, payments.installments, payments.received_at, payments.amount)
        IS DISTINCT FROM (EXCLUDED.method, EXCLUDED.installments, EXCLUDED.received_at, EXCLUDED.amount)
    RETURNING xmax = 0 AS inserted
)
SELECT 'payments' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE payments (customer_id, order_id);
