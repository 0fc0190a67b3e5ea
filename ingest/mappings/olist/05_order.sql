-- The four dates of an order are its milestones; goods and freight come from the items. Without a status the dates
-- tell how far the order came.

CREATE TEMP TABLE new_order ON COMMIT DROP AS
WITH totals AS (
    SELECT order_id, sum(price::numeric) AS goods, coalesce(sum(freight::numeric), 0) AS freight
    FROM stage_items GROUP BY order_id
), addresses AS (
    SELECT l.order_customer, s.id
    FROM link_site l
    JOIN sites s ON s.customer_id = l.customer_id AND s.source = current_setting('vigie.source') AND s.external_id = l.key
)
SELECT s.order_id AS key,
       c.customer_id,
       a.id AS site_id,
       CASE s.status
           WHEN 'created' THEN 'PLACED'
           WHEN 'approved' THEN 'CONFIRMED'
           WHEN 'processing' THEN 'PROCESSING'
           WHEN 'invoiced' THEN 'INVOICED'
           WHEN 'shipped' THEN 'SHIPPED'
           WHEN 'delivered' THEN 'DELIVERED'
           WHEN 'unavailable' THEN 'UNAVAILABLE'
           WHEN 'canceled' THEN 'CANCELLED'
           ELSE CASE WHEN s.delivered_at IS NOT NULL THEN 'DELIVERED'
                     WHEN s.shipped_at IS NOT NULL THEN 'SHIPPED'
                     WHEN s.approved_at IS NOT NULL THEN 'CONFIRMED'
                     ELSE 'PLACED' END
       END AS status,
       s.placed_at::timestamptz AS placed_at,
       s.approved_at::timestamptz AS confirmed_at,
       s.shipped_at::timestamptz AS shipped_at,
       s.delivered_at::timestamptz AS delivered_at,
       s.promised_on::date AS promised_on,
       (s.delivered_at::timestamptz AT TIME ZONE current_setting('vigie.zone'))::date AS delivered_on,
       coalesce(t.goods, 0) AS goods,
       coalesce(t.freight, 0) AS freight
FROM stage_orders s
JOIN stage_customers p ON p.customer_id = s.customer_id
JOIN customers c ON c.source = current_setting('vigie.source') AND c.external_id = p.customer_unique_id
LEFT JOIN addresses a ON a.order_customer = s.customer_id
LEFT JOIN totals t ON t.order_id = s.order_id;
ANALYZE new_order (key, customer_id);

WITH written AS (
    INSERT INTO orders (customer_id, site_id, number, status, channel, country_code, placed_at, confirmed_at, shipped_at, delivered_at,
                        promised_on, delivered_on, currency, goods_total, freight_total, total, source, external_id)
    SELECT customer_id, site_id, key, status, 'MARKETPLACE', 'BR', placed_at, confirmed_at, shipped_at, delivered_at,
           promised_on, delivered_on, current_setting('vigie.currency'), goods, freight, goods + freight,
           current_setting('vigie.source'), key
    FROM new_order
    ORDER BY customer_id, placed_at, key
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET site_id = EXCLUDED.site_id, status = EXCLUDED.status, placed_at = EXCLUDED.placed_at, confirmed_at = EXCLUDED.confirmed_at,
        shipped_at = EXCLUDED.shipped_at, delivered_at = EXCLUDED.delivered_at, promised_on = EXCLUDED.promised_on,
        delivered_on = EXCLUDED.delivered_on, goods_total = EXCLUDED.goods_total, freight_total = EXCLUDED.freight_total,
        total = EXCLUDED.total
    WHERE (orders.site_id, orders.status, orders.placed_at, orders.confirmed_at, orders.shipped_at, orders.delivered_at,
           orders.promised_on, orders.delivered_on, orders.goods_total, orders.freight_total)
        IS DISTINCT FROM (EXCLUDED.site_id, EXCLUDED.status, EXCLUDED.placed_at, EXCLUDED.confirmed_at, EXCLUDED.shipped_at,
           EXCLUDED.delivered_at, EXCLUDED.promised_on, EXCLUDED.delivered_on, EXCLUDED.goods_total, EXCLUDED.freight_total)
    RETURNING xmax = 0 AS inserted
)
SELECT 'orders' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM new_order) - count(*) AS unchanged
FROM written;

ANALYZE orders (customer_id, id, source, external_id);

CREATE TEMP TABLE link_order ON COMMIT DROP AS
SELECT n.*, o.id
FROM new_order n
JOIN orders o ON o.customer_id = n.customer_id AND o.source = current_setting('vigie.source') AND o.external_id = n.key;
ANALYZE link_order (key);

-- An item is one piece.
WITH src AS (
    SELECT o.customer_id, o.id AS order_id, s.item::integer AS line_number, p.id AS product_id,
           s.price::numeric AS price, s.freight::numeric AS freight, s.ship_by::timestamptz AS ship_by,
           s.order_id || ':' || s.item AS key
    FROM stage_items s
    JOIN link_order o ON o.key = s.order_id
    JOIN products p ON p.source = current_setting('vigie.source') AND p.external_id = s.product_id
), written AS (
    INSERT INTO order_lines (customer_id, order_id, line_number, product_id, quantity, currency, unit_price, freight, amount, ship_by,
                             source, external_id)
    SELECT customer_id, order_id, line_number, product_id, 1, current_setting('vigie.currency'), price, freight, price, ship_by,
           current_setting('vigie.source'), key
    FROM src
    ORDER BY customer_id, order_id, line_number
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET product_id = EXCLUDED.product_id, unit_price = EXCLUDED.unit_price, freight = EXCLUDED.freight, amount = EXCLUDED.amount,
        ship_by = EXCLUDED.ship_by
    WHERE (order_lines.product_id, order_lines.unit_price, order_lines.freight, order_lines.amount, order_lines.ship_by)
        IS DISTINCT FROM (EXCLUDED.product_id, EXCLUDED.unit_price, EXCLUDED.freight, EXCLUDED.amount, EXCLUDED.ship_by)
    RETURNING xmax = 0 AS inserted
)
SELECT 'order lines' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE order_lines (customer_id, order_id);
