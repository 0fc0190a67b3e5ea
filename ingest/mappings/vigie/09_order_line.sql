-- A line without an amount is worth its quantity at its price.

WITH bad AS (
    DELETE FROM stage_order_lines s
    USING (SELECT order_number, line_number, min(line) AS first FROM stage_order_lines GROUP BY order_number, line_number HAVING count(*) > 1) d
    WHERE s.order_number = d.order_number AND s.line_number = d.line_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'order_lines.csv', line, 'line_number', format('the same line_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_order_lines s
    WHERE NOT EXISTS (SELECT FROM key_order k WHERE k.number = s.order_number)
    RETURNING line, order_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'order_lines.csv', line, 'order_number', format('no order %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_order_lines s
    WHERE s.sku IS NOT NULL AND NOT EXISTS (SELECT FROM key_product k WHERE k.sku = s.sku)
    RETURNING line, sku AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'order_lines.csv', line, 'sku', format('no product %L, neither in the files nor imported before', value) FROM bad;

WITH src AS (
    SELECT o.customer_id, o.id AS order_id, s.line_number::integer AS line_number, p.id AS product_id, s.description,
           s.quantity::numeric AS quantity, s.shipped_quantity::numeric AS shipped_quantity, s.unit, o.currency,
           s.unit_price::numeric AS unit_price, s.freight::numeric AS freight, coalesce(s.amount::numeric,
           round(s.quantity::numeric * s.unit_price::numeric, 4)) AS amount, current_setting('vigie.source') AS
           source, s.order_number || ':' || s.line_number AS external_id
    FROM stage_order_lines s
    JOIN key_order o ON o.number = s.order_number
    LEFT JOIN key_product p ON p.sku = s.sku
), written AS (
    INSERT INTO order_lines (customer_id, order_id, line_number, product_id, description, quantity, shipped_quantity, unit, currency,
        unit_price, freight, amount, source, external_id)
    SELECT customer_id, order_id, line_number, product_id, description, quantity, shipped_quantity, unit, currency,
           unit_price, freight, amount, source, external_id
    FROM src
    ORDER BY customer_id, order_id, line_number
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET product_id = EXCLUDED.product_id, description = EXCLUDED.description, quantity = EXCLUDED.quantity,
        shipped_quantity = EXCLUDED.shipped_quantity, unit = EXCLUDED.unit, currency = EXCLUDED.currency, unit_price =
        EXCLUDED.unit_price, freight = EXCLUDED.freight, amount = EXCLUDED.amount
    WHERE (order_lines.product_id, order_lines.description, order_lines.quantity, order_lines.shipped_quantity,
        order_lines.unit, order_lines.currency, order_lines.unit_price, order_lines.freight, order_lines.amount)
        IS DISTINCT FROM (EXCLUDED.product_id, EXCLUDED.description, EXCLUDED.quantity, EXCLUDED.shipped_quantity, EXCLUDED.unit,
        EXCLUDED.currency, EXCLUDED.unit_price, EXCLUDED.freight, EXCLUDED.amount)
    RETURNING xmax = 0 AS inserted
)
SELECT 'order lines' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE order_lines (customer_id, id, order_id, product_id, source, external_id);
