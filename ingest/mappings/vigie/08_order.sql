-- An order number is one order, whoever bought: lines, shipments and invoices name the order and not the customer.
-- What an order does not tell about its totals comes from its lines.

WITH bad AS (
    DELETE FROM stage_orders s
    USING (SELECT order_number, min(line) AS first FROM stage_orders GROUP BY order_number HAVING count(*) > 1) d
    WHERE s.order_number = d.order_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'orders.csv', line, 'order_number', format('the same order_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_orders s
    WHERE NOT EXISTS (SELECT FROM key_customer k WHERE k.number = s.customer_number)
    RETURNING line, customer_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'orders.csv', line, 'customer_number', format('no customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_orders s
    WHERE EXISTS (SELECT FROM key_order k
                  JOIN key_customer c ON c.customer_id = k.customer_id
                  WHERE k.number = s.order_number AND c.number <> s.customer_number)
    RETURNING line, order_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'orders.csv', line, 'order_number', format('the order %L is another customer''s already', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_orders s
    WHERE s.site_code IS NOT NULL AND NOT EXISTS (SELECT FROM key_site k
                                               JOIN key_customer c ON c.customer_id = k.customer_id
                                               WHERE k.code = s.site_code AND c.number = s.customer_number)
    RETURNING line, site_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'orders.csv', line, 'site_code', format('no site of this customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_orders s
    WHERE s.contact_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_contact k
                                               JOIN key_customer c ON c.customer_id = k.customer_id
                                               WHERE k.number = s.contact_number AND c.number = s.customer_number)
    RETURNING line, contact_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'orders.csv', line, 'contact_number', format('no contact of this customer %L, neither in the files nor imported before', value) FROM bad;

CREATE TEMP TABLE order_goods ON COMMIT DROP AS
SELECT order_number, sum(coalesce(amount::numeric, round(quantity::numeric * unit_price::numeric, 4))) AS goods
FROM stage_order_lines GROUP BY order_number;

WITH src AS (
    SELECT c.customer_id, a.id AS site_id, n.id AS contact_id, s.order_number AS number, s.po_number, s.status,
           coalesce(s.channel, 'OTHER') AS channel, coalesce(s.country_code, a.country_code) AS country_code,
           s.placed_at::timestamptz AS placed_at, s.confirmed_at::timestamptz AS confirmed_at,
           s.shipped_at::timestamptz AS shipped_at, s.delivered_at::timestamptz AS delivered_at,
           s.cancelled_at::timestamptz AS cancelled_at, s.requested_on::date AS requested_on, s.promised_on::date AS
           promised_on, s.delivered_on::date AS delivered_on, coalesce(s.currency, c.currency) AS currency, v.goods AS
           goods_total, v.freight AS freight_total, v.tax AS tax_total, coalesce(s.total::numeric, v.goods + v.freight
           + v.tax) AS total, current_setting('vigie.source') AS source, s.order_number AS external_id
    FROM stage_orders s
    JOIN key_customer c ON c.number = s.customer_number
    LEFT JOIN key_site a ON a.customer_id = c.customer_id AND a.code = s.site_code
    LEFT JOIN key_contact n ON n.customer_id = c.customer_id AND n.number = s.contact_number
    LEFT JOIN order_goods g ON g.order_number = s.order_number
    LEFT JOIN orders o ON o.customer_id = c.customer_id AND o.source = current_setting('vigie.source') AND o.external_id = s.order_number
    CROSS JOIN LATERAL (
        SELECT coalesce(s.goods_total::numeric, g.goods, o.goods_total, 0) AS goods,
               coalesce(s.freight_total::numeric, o.freight_total, 0) AS freight,
               coalesce(s.tax_total::numeric, o.tax_total, 0) AS tax
    ) v
), written AS (
    INSERT INTO orders (customer_id, site_id, contact_id, number, po_number, status, channel, country_code, placed_at, confirmed_at,
        shipped_at, delivered_at, cancelled_at, requested_on, promised_on, delivered_on, currency, goods_total,
        freight_total, tax_total, total, source, external_id)
    SELECT customer_id, site_id, contact_id, number, po_number, status, channel, country_code, placed_at,
           confirmed_at, shipped_at, delivered_at, cancelled_at, requested_on, promised_on, delivered_on, currency,
           goods_total, freight_total, tax_total, total, source, external_id
    FROM src
    ORDER BY customer_id, placed_at, external_id
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET site_id = EXCLUDED.site_id, contact_id = EXCLUDED.contact_id, po_number = EXCLUDED.po_number, status =
        EXCLUDED.status, channel = EXCLUDED.channel, country_code = EXCLUDED.country_code, placed_at =
        EXCLUDED.placed_at, confirmed_at = EXCLUDED.confirmed_at, shipped_at = EXCLUDED.shipped_at, delivered_at =
        EXCLUDED.delivered_at, cancelled_at = EXCLUDED.cancelled_at, requested_on = EXCLUDED.requested_on, promised_on
        = EXCLUDED.promised_on, delivered_on = EXCLUDED.delivered_on, currency = EXCLUDED.currency, goods_total =
        EXCLUDED.goods_total, freight_total = EXCLUDED.freight_total, tax_total = EXCLUDED.tax_total, total =
        EXCLUDED.total
    WHERE (orders.site_id, orders.contact_id, orders.po_number, orders.status, orders.channel, orders.country_code,
        orders.placed_at, orders.confirmed_at, orders.shipped_at, orders.delivered_at, orders.cancelled_at,
        orders.requested_on, orders.promised_on, orders.delivered_on, orders.currency, orders.goods_total,
        orders.freight_total, orders.tax_total, orders.total)
        IS DISTINCT FROM (EXCLUDED.site_id, EXCLUDED.contact_id, EXCLUDED.po_number, EXCLUDED.status, EXCLUDED.channel,
        EXCLUDED.country_code, EXCLUDED.placed_at, EXCLUDED.confirmed_at, EXCLUDED.shipped_at, EXCLUDED.delivered_at,
        EXCLUDED.cancelled_at, EXCLUDED.requested_on, EXCLUDED.promised_on, EXCLUDED.delivered_on, EXCLUDED.currency,
        EXCLUDED.goods_total, EXCLUDED.freight_total, EXCLUDED.tax_total, EXCLUDED.total)
    RETURNING xmax = 0 AS inserted
)
SELECT 'orders' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE orders (customer_id, id, source, external_id);
