-- What is paid and credited is settled last, when payments and credit notes are in.

WITH bad AS (
    DELETE FROM stage_invoices s
    USING (SELECT invoice_number, min(line) AS first FROM stage_invoices GROUP BY invoice_number HAVING count(*) > 1) d
    WHERE s.invoice_number = d.invoice_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'invoices.csv', line, 'invoice_number', format('the same invoice_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_invoices s
    WHERE NOT EXISTS (SELECT FROM key_customer k WHERE k.number = s.customer_number)
    RETURNING line, customer_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'invoices.csv', line, 'customer_number', format('no customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_invoices s
    WHERE EXISTS (SELECT FROM key_invoice k
                  JOIN key_customer c ON c.customer_id = k.customer_id
                  WHERE k.number = s.invoice_number AND c.number <> s.customer_number)
    RETURNING line, invoice_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'invoices.csv', line, 'invoice_number', format('the invoice %L is another customer''s already', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_invoices s
    WHERE s.order_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_order k
                                               JOIN key_customer c ON c.customer_id = k.customer_id
                                               WHERE k.number = s.order_number AND c.number = s.customer_number)
    RETURNING line, order_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'invoices.csv', line, 'order_number', format('no order of this customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_invoices s
    WHERE s.due_on::date < s.issued_on::date
    RETURNING line
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'invoices.csv', line, 'due_on', 'the invoice is due before it was issued' FROM bad;

WITH src AS (
    SELECT c.customer_id, o.id AS order_id, s.invoice_number AS number, s.issued_on::date AS issued_on, s.due_on::date
           AS due_on, coalesce(s.currency, c.currency) AS currency, s.net_total::numeric AS net_total,
           coalesce(s.tax_total, '0')::numeric AS tax_total, coalesce(s.total::numeric, s.net_total::numeric +
           coalesce(s.tax_total, '0')::numeric) AS total, current_setting('vigie.source') AS source, s.invoice_number
           AS external_id
    FROM stage_invoices s
    JOIN key_customer c ON c.number = s.customer_number
    LEFT JOIN key_order o ON o.customer_id = c.customer_id AND o.number = s.order_number
), written AS (
    INSERT INTO invoices (customer_id, order_id, number, issued_on, due_on, currency, net_total, tax_total, total, source, external_id)
    SELECT customer_id, order_id, number, issued_on, due_on, currency, net_total, tax_total, total, source,
           external_id
    FROM src
    ORDER BY customer_id, issued_on, external_id
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET order_id = EXCLUDED.order_id, issued_on = EXCLUDED.issued_on, due_on = EXCLUDED.due_on, currency =
        EXCLUDED.currency, net_total = EXCLUDED.net_total, tax_total = EXCLUDED.tax_total, total = EXCLUDED.total
    WHERE (invoices.order_id, invoices.issued_on, invoices.due_on, invoices.currency, invoices.net_total,
        invoices.tax_total, invoices.total)
        IS DISTINCT FROM (EXCLUDED.order_id, EXCLUDED.issued_on, EXCLUDED.due_on, EXCLUDED.currency, EXCLUDED.net_total,
        EXCLUDED.tax_total, EXCLUDED.total)
    RETURNING xmax = 0 AS inserted
)
SELECT 'invoices' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE invoices (customer_id, id, order_id, source, external_id);

WITH bad AS (
    DELETE FROM stage_invoice_lines s
    USING (SELECT invoice_number, line_number, min(line) AS first FROM stage_invoice_lines GROUP BY invoice_number, line_number HAVING count(*) > 1) d
    WHERE s.invoice_number = d.invoice_number AND s.line_number = d.line_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'invoice_lines.csv', line, 'line_number', format('the same line_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_invoice_lines s
    WHERE NOT EXISTS (SELECT FROM key_invoice k WHERE k.number = s.invoice_number)
    RETURNING line, invoice_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'invoice_lines.csv', line, 'invoice_number', format('no invoice %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_invoice_lines s
    WHERE s.sku IS NOT NULL AND NOT EXISTS (SELECT FROM key_product k WHERE k.sku = s.sku)
    RETURNING line, sku AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'invoice_lines.csv', line, 'sku', format('no product %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_invoice_lines s
    WHERE s.order_line_number IS NOT NULL
      AND NOT EXISTS (SELECT FROM key_invoice k
                      JOIN invoices i ON i.customer_id = k.customer_id AND i.id = k.id
                      JOIN key_order_line l ON l.customer_id = i.customer_id AND l.order_id = i.order_id
                      WHERE k.number = s.invoice_number AND l.line_number = s.order_line_number::integer)
    RETURNING line, order_line_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'invoice_lines.csv', line, 'order_line_number', format('the invoice''s order has no line %s', value) FROM bad;

WITH src AS (
    SELECT i.customer_id, i.id AS invoice_id, s.line_number::integer AS line_number, l.id AS order_line_id, p.id AS
           product_id, s.description, s.quantity::numeric AS quantity, s.unit_price::numeric AS unit_price,
           coalesce(s.tax, '0')::numeric AS tax, coalesce(s.amount::numeric, round(s.quantity::numeric *
           s.unit_price::numeric, 4)) AS amount, current_setting('vigie.source') AS source, s.invoice_number || ':' ||
           s.line_number AS external_id
    FROM stage_invoice_lines s
    JOIN key_invoice k ON k.number = s.invoice_number
    JOIN invoices i ON i.customer_id = k.customer_id AND i.id = k.id
    LEFT JOIN key_order_line l ON l.customer_id = i.customer_id AND l.order_id = i.order_id AND l.line_number = s.order_line_number::integer
    LEFT JOIN key_product p ON p.sku = s.sku
), written AS (
    INSERT INTO invoice_lines (customer_id, invoice_id, line_number, order_line_id, product_id, description, quantity, unit_price, tax,
        amount, source, external_id)
    SELECT customer_id, invoice_id, line_number, order_line_id, product_id, description, quantity, unit_price, tax,
           amount, source, external_id
    FROM src
    ORDER BY customer_id, invoice_id, line_number
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET order_line_id = EXCLUDED.order_line_id, product_id = EXCLUDED.product_id, description = EXCLUDED.description,
        quantity = EXCLUDED.quantity, unit_price = EXCLUDED.unit_price, tax = EXCLUDED.tax, amount = EXCLUDED.amount
    WHERE (invoice_lines.order_line_id, invoice_lines.product_id, invoice_lines.description, invoice_lines.quantity,
        invoice_lines.unit_price, invoice_lines.tax, invoice_lines.amount)
        IS DISTINCT FROM (EXCLUDED.order_line_id, EXCLUDED.product_id, EXCLUDED.description, EXCLUDED.quantity, EXCLUDED.unit_price,
        EXCLUDED.tax, EXCLUDED.amount)
    RETURNING xmax = 0 AS inserted
)
SELECT 'invoice lines' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE invoice_lines (customer_id, id, invoice_id, product_id, source, external_id);
