-- Money received, the invoices that it paid, and what was credited.

WITH bad AS (
    DELETE FROM stage_payments s
    USING (SELECT payment_number, min(line) AS first FROM stage_payments GROUP BY payment_number HAVING count(*) > 1) d
    WHERE s.payment_number = d.payment_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'payments.csv', line, 'payment_number', format('the same payment_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_payments s
    WHERE NOT EXISTS (SELECT FROM key_customer k WHERE k.number = s.customer_number)
    RETURNING line, customer_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'payments.csv', line, 'customer_number', format('no customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_payments s
    WHERE EXISTS (SELECT FROM key_payment k
                  JOIN key_customer c ON c.customer_id = k.customer_id
                  WHERE k.number = s.payment_number AND c.number <> s.customer_number)
    RETURNING line, payment_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'payments.csv', line, 'payment_number', format('the payment %L is another customer''s already', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_payments s
    WHERE s.order_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_order k
                                               JOIN key_customer c ON c.customer_id = k.customer_id
                                               WHERE k.number = s.order_number AND c.number = s.customer_number)
    RETURNING line, order_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'payments.csv', line, 'order_number', format('no order of this customer %L, neither in the files nor imported before', value) FROM bad;

WITH src AS (
    SELECT c.customer_id, o.id AS order_id, s.reference, coalesce(s.method, 'OTHER') AS method,
           s.installments::integer AS installments, s.received_at::timestamptz AS received_at, coalesce(s.currency,
           c.currency) AS currency, s.amount::numeric AS amount, current_setting('vigie.source') AS source,
           s.payment_number AS external_id
    FROM stage_payments s
    JOIN key_customer c ON c.number = s.customer_number
    LEFT JOIN key_order o ON o.customer_id = c.customer_id AND o.number = s.order_number
), written AS (
    INSERT INTO payments (customer_id, order_id, reference, method, installments, received_at, currency, amount, source, external_id)
    SELECT customer_id, order_id, reference, method, installments, received_at, currency, amount, source, external_id
    FROM src
    ORDER BY customer_id, received_at, external_id
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET order_id = EXCLUDED.order_id, reference = EXCLUDED.reference, method = EXCLUDED.method, installments =
        EXCLUDED.installments, received_at = EXCLUDED.received_at, currency = EXCLUDED.currency, amount =
        EXCLUDED.amount
    WHERE (payments.order_id, payments.reference, payments.method, payments.installments, payments.received_at,
        payments.currency, payments.amount)
        IS DISTINCT FROM (EXCLUDED.order_id, EXCLUDED.reference, EXCLUDED.method, EXCLUDED.installments, EXCLUDED.received_at,
        EXCLUDED.currency, EXCLUDED.amount)
    RETURNING xmax = 0 AS inserted
)
SELECT 'payments' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE payments (customer_id, id, order_id, source, external_id);

WITH bad AS (
    DELETE FROM stage_payment_allocations s
    USING (SELECT payment_number, invoice_number, min(line) AS first FROM stage_payment_allocations GROUP BY payment_number, invoice_number HAVING count(*) > 1) d
    WHERE s.payment_number = d.payment_number AND s.invoice_number = d.invoice_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'payment_allocations.csv', line, 'invoice_number', format('the same payment and invoice are on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_payment_allocations s
    WHERE NOT EXISTS (SELECT FROM key_payment k WHERE k.number = s.payment_number)
    RETURNING line, payment_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'payment_allocations.csv', line, 'payment_number', format('no payment %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_payment_allocations s
    WHERE NOT EXISTS (SELECT FROM key_invoice k WHERE k.number = s.invoice_number)
    RETURNING line, invoice_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'payment_allocations.csv', line, 'invoice_number', format('no invoice %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_payment_allocations s
    WHERE NOT EXISTS (SELECT FROM key_payment p
                      JOIN key_invoice i ON i.customer_id = p.customer_id AND i.currency = p.currency
                      WHERE p.number = s.payment_number AND i.number = s.invoice_number)
    RETURNING line, invoice_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'payment_allocations.csv', line, 'invoice_number', format('the invoice %L is another customer''s than the payment, or in another currency', value) FROM bad;

WITH src AS (
    SELECT p.customer_id, p.id AS payment_id, i.id AS invoice_id, s.amount::numeric AS amount,
           current_setting('vigie.source') AS source, s.payment_number || ':' || s.invoice_number AS external_id
    FROM stage_payment_allocations s
    JOIN key_payment p ON p.number = s.payment_number
    JOIN key_invoice i ON i.customer_id = p.customer_id AND i.number = s.invoice_number
), written AS (
    INSERT INTO payment_allocations (customer_id, payment_id, invoice_id, amount, source, external_id)
    SELECT customer_id, payment_id, invoice_id, amount, source, external_id
    FROM src
    ORDER BY customer_id, payment_id, invoice_id
    ON CONFLICT (customer_id, payment_id, invoice_id) DO UPDATE
    SET amount = EXCLUDED.amount
    WHERE (payment_allocations.amount)
        IS DISTINCT FROM (EXCLUDED.amount)
    RETURNING xmax = 0 AS inserted
)
SELECT 'payment allocations' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE payment_allocations (customer_id, id, invoice_id, payment_id, source, external_id);

WITH bad AS (
    DELETE FROM stage_credit_notes s
    USING (SELECT credit_note_number, min(line) AS first FROM stage_credit_notes GROUP BY credit_note_number HAVING count(*) > 1) d
    WHERE s.credit_note_number = d.credit_note_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'credit_notes.csv', line, 'credit_note_number', format('the same credit_note_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_credit_notes s
    WHERE NOT EXISTS (SELECT FROM key_customer k WHERE k.number = s.customer_number)
    RETURNING line, customer_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'credit_notes.csv', line, 'customer_number', format('no customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_credit_notes s
    WHERE s.invoice_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_invoice k
                                               JOIN key_customer c ON c.customer_id = k.customer_id
                                               WHERE k.number = s.invoice_number AND c.number = s.customer_number)
    RETURNING line, invoice_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'credit_notes.csv', line, 'invoice_number', format('no invoice of this customer %L, neither in the files nor imported before', value) FROM bad;

WITH src AS (
    SELECT c.customer_id, i.id AS invoice_id, s.credit_note_number AS number, s.issued_on::date AS issued_on,
           s.reason, coalesce(s.currency, i.currency, c.currency) AS currency, s.amount::numeric AS amount,
           current_setting('vigie.source') AS source, s.credit_note_number AS external_id
    FROM stage_credit_notes s
    JOIN key_customer c ON c.number = s.customer_number
    LEFT JOIN key_invoice i ON i.customer_id = c.customer_id AND i.number = s.invoice_number
), written AS (
    INSERT INTO credit_notes (customer_id, invoice_id, number, issued_on, reason, currency, amount, source, external_id)
    SELECT customer_id, invoice_id, number, issued_on, reason, currency, amount, source, external_id
    FROM src
    ORDER BY customer_id, external_id
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET invoice_id = EXCLUDED.invoice_id, issued_on = EXCLUDED.issued_on, reason = EXCLUDED.reason, currency =
        EXCLUDED.currency, amount = EXCLUDED.amount
    WHERE (credit_notes.invoice_id, credit_notes.issued_on, credit_notes.reason, credit_notes.currency,
        credit_notes.amount)
        IS DISTINCT FROM (EXCLUDED.invoice_id, EXCLUDED.issued_on, EXCLUDED.reason, EXCLUDED.currency, EXCLUDED.amount)
    RETURNING xmax = 0 AS inserted
)
SELECT 'credit notes' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE credit_notes (customer_id, id, invoice_id, source, external_id);

-- Allocations tell what is paid. An invoice without any keeps what its file says, so that a company that exports no
-- payments has right balances too.
WITH touched AS (
    SELECT invoice_number AS number FROM stage_invoices
    UNION SELECT invoice_number FROM stage_payment_allocations
    UNION SELECT invoice_number FROM stage_credit_notes WHERE invoice_number IS NOT NULL
), settled AS (
    SELECT i.customer_id, i.id, i.total, i.status,
           coalesce(p.amount, s.paid::numeric, CASE WHEN s.status = 'PAID' THEN i.total - coalesce(n.amount, 0) END,
                    CASE WHEN s.invoice_number IS NULL THEN i.paid END, 0) AS paid,
           coalesce(n.amount, 0) AS credited,
           CASE WHEN s.invoice_number IS NULL THEN i.status ELSE s.status END AS told
    FROM touched t
    JOIN invoices i ON i.source = current_setting('vigie.source') AND i.external_id = t.number
    LEFT JOIN stage_invoices s ON s.invoice_number = t.number
    LEFT JOIN (SELECT customer_id, invoice_id, sum(amount) AS amount FROM payment_allocations GROUP BY customer_id, invoice_id) p
           ON p.customer_id = i.customer_id AND p.invoice_id = i.id
    LEFT JOIN (SELECT customer_id, invoice_id, sum(amount) AS amount FROM credit_notes GROUP BY customer_id, invoice_id) n
           ON n.customer_id = i.customer_id AND n.invoice_id = i.id
), judged AS (
    SELECT customer_id, id, paid, credited,
           CASE WHEN told IN ('CANCELLED', 'WRITTEN_OFF') THEN told
                WHEN paid + credited = 0 THEN 'OPEN'
                WHEN paid + credited < total THEN 'PARTLY_PAID'
                ELSE 'PAID'
           END AS status
    FROM settled
)
UPDATE invoices i
SET paid = j.paid, credited = j.credited, status = j.status
FROM judged j
WHERE i.customer_id = j.customer_id AND i.id = j.id
  AND (i.paid, i.credited, i.status) IS DISTINCT FROM (j.paid, j.credited, j.status);
