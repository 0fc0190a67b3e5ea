-- A shipment belongs to an order, or to a customer alone.

WITH bad AS (
    DELETE FROM stage_shipments s
    USING (SELECT shipment_number, min(line) AS first FROM stage_shipments GROUP BY shipment_number HAVING count(*) > 1) d
    WHERE s.shipment_number = d.shipment_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'shipments.csv', line, 'shipment_number', format('the same shipment_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_shipments s
    WHERE s.order_number IS NULL AND s.customer_number IS NULL
    RETURNING line
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'shipments.csv', line, 'order_number', 'a shipment needs an order or a customer' FROM bad;

WITH bad AS (
    DELETE FROM stage_shipments s
    WHERE s.order_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_order k WHERE k.number = s.order_number)
    RETURNING line, order_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'shipments.csv', line, 'order_number', format('no order %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_shipments s
    WHERE s.customer_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_customer k WHERE k.number = s.customer_number)
    RETURNING line, customer_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'shipments.csv', line, 'customer_number', format('no customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_shipments s
    WHERE EXISTS (SELECT FROM key_order k
                  JOIN key_customer c ON c.customer_id = k.customer_id
                  WHERE k.number = s.order_number AND c.number <> s.customer_number)
    RETURNING line, order_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'shipments.csv', line, 'order_number', format('the order %L is another customer''s', value) FROM bad;

UPDATE stage_shipments s SET customer_number = c.number
FROM key_order o
JOIN key_customer c ON c.customer_id = o.customer_id
WHERE o.number = s.order_number AND s.customer_number IS NULL;

WITH bad AS (
    DELETE FROM stage_shipments s
    WHERE EXISTS (SELECT FROM key_shipment k
                  JOIN key_customer c ON c.customer_id = k.customer_id
                  WHERE k.number = s.shipment_number AND c.number <> s.customer_number)
    RETURNING line, shipment_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'shipments.csv', line, 'shipment_number', format('the shipment %L is another customer''s already', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_shipments s
    WHERE s.site_code IS NOT NULL AND NOT EXISTS (SELECT FROM key_site k
                                               JOIN key_customer c ON c.customer_id = k.customer_id
                                               WHERE k.code = s.site_code AND c.number = s.customer_number)
    RETURNING line, site_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'shipments.csv', line, 'site_code', format('no site of this customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_shipments s
    WHERE s.warehouse_code IS NOT NULL AND NOT EXISTS (SELECT FROM warehouses w WHERE w.code = s.warehouse_code)
    RETURNING line, warehouse_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'shipments.csv', line, 'warehouse_code', format('no warehouse %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_shipments s
    WHERE s.carrier_code IS NOT NULL AND NOT EXISTS (SELECT FROM carriers k WHERE k.code = s.carrier_code)
    RETURNING line, carrier_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'shipments.csv', line, 'carrier_code', format('no carrier %L, neither in the files nor imported before', value) FROM bad;

-- What the events tell is not taken back by a file that leaves it out. What the carrier itself has told, the trigger keep_journey keeps from older
-- files.

WITH src AS (
    SELECT c.customer_id, o.id AS order_id, a.id AS site_id, w.id AS warehouse_id, k.id AS carrier_id,
           s.shipment_number AS number, s.tracking_number, s.service, coalesce(s.milestone, h.milestone, 'UNKNOWN') AS
           milestone, coalesce(s.delayed::boolean, false) AS delayed, s.delay_reason, s.shipped_at::timestamptz AS
           shipped_at, coalesce(s.delivered_at::timestamptz, h.delivered_at) AS delivered_at, s.promised_on::date AS
           promised_on, s.signed_by AS pod_signed_by, coalesce(s.currency, c.currency) AS currency,
           s.freight_cost::numeric AS freight_cost, s.weight_kg::numeric AS weight_kg, current_setting('vigie.source')
           AS source, s.shipment_number AS external_id
    FROM stage_shipments s
    JOIN key_customer c ON c.number = s.customer_number
    LEFT JOIN key_order o ON o.number = s.order_number
    LEFT JOIN key_site a ON a.customer_id = c.customer_id AND a.code = s.site_code
    LEFT JOIN warehouses w ON w.code = s.warehouse_code
    LEFT JOIN carriers k ON k.code = s.carrier_code
    LEFT JOIN shipments h ON h.customer_id = c.customer_id AND h.source = current_setting('vigie.source') AND h.external_id = s.shipment_number
), written AS (
    INSERT INTO shipments (customer_id, order_id, site_id, warehouse_id, carrier_id, number, tracking_number, service, milestone,
        delayed, delay_reason, shipped_at, delivered_at, promised_on, pod_signed_by, currency, freight_cost,
        weight_kg, source, external_id)
    SELECT customer_id, order_id, site_id, warehouse_id, carrier_id, number, tracking_number, service, milestone,
           delayed, delay_reason, shipped_at, delivered_at, promised_on, pod_signed_by, currency, freight_cost,
           weight_kg, source, external_id
    FROM src
    ORDER BY customer_id, external_id
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET order_id = EXCLUDED.order_id, site_id = EXCLUDED.site_id, warehouse_id = EXCLUDED.warehouse_id, carrier_id =
        EXCLUDED.carrier_id, tracking_number = EXCLUDED.tracking_number, service = EXCLUDED.service, milestone =
        EXCLUDED.milestone, delayed = EXCLUDED.delayed, delay_reason = EXCLUDED.delay_reason, shipped_at =
        EXCLUDED.shipped_at, delivered_at = EXCLUDED.delivered_at, promised_on = EXCLUDED.promised_on, pod_signed_by =
        EXCLUDED.pod_signed_by, currency = EXCLUDED.currency, freight_cost = EXCLUDED.freight_cost, weight_kg =
        EXCLUDED.weight_kg
    WHERE (shipments.order_id, shipments.site_id, shipments.warehouse_id, shipments.carrier_id,
        shipments.tracking_number, shipments.service, shipments.milestone, shipments.delayed, shipments.delay_reason,
        shipments.shipped_at, shipments.delivered_at, shipments.promised_on, shipments.pod_signed_by,
        shipments.currency, shipments.freight_cost, shipments.weight_kg)
        IS DISTINCT FROM (EXCLUDED.order_id, EXCLUDED.site_id, EXCLUDED.warehouse_id, EXCLUDED.carrier_id, EXCLUDED.tracking_number,
        EXCLUDED.service, EXCLUDED.milestone, EXCLUDED.delayed, EXCLUDED.delay_reason, EXCLUDED.shipped_at,
        EXCLUDED.delivered_at, EXCLUDED.promised_on, EXCLUDED.pod_signed_by, EXCLUDED.currency, EXCLUDED.freight_cost,
        EXCLUDED.weight_kg)
    RETURNING xmax = 0 AS inserted
)
SELECT 'shipments' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE shipments (customer_id, id, order_id, source, external_id);

WITH bad AS (
    DELETE FROM stage_packages s
    USING (SELECT shipment_number, sequence, min(line) AS first FROM stage_packages GROUP BY shipment_number, sequence HAVING count(*) > 1) d
    WHERE s.shipment_number = d.shipment_number AND s.sequence = d.sequence AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'packages.csv', line, 'sequence', format('the same sequence is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_packages s
    WHERE NOT EXISTS (SELECT FROM key_shipment k WHERE k.number = s.shipment_number)
    RETURNING line, shipment_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'packages.csv', line, 'shipment_number', format('no shipment %L, neither in the files nor imported before', value) FROM bad;

WITH src AS (
    SELECT h.customer_id, h.id AS shipment_id, s.sequence::integer AS sequence, s.tracking_number, s.sscc,
           s.weight_kg::numeric AS weight_kg, s.length_cm::numeric AS length_cm, s.width_cm::numeric AS width_cm,
           s.height_cm::numeric AS height_cm, current_setting('vigie.source') AS source, s.shipment_number || ':' ||
           s.sequence AS external_id
    FROM stage_packages s
    JOIN key_shipment h ON h.number = s.shipment_number
), written AS (
    INSERT INTO packages (customer_id, shipment_id, sequence, tracking_number, sscc, weight_kg, length_cm, width_cm, height_cm, source,
        external_id)
    SELECT customer_id, shipment_id, sequence, tracking_number, sscc, weight_kg, length_cm, width_cm, height_cm,
           source, external_id
    FROM src
    ORDER BY customer_id, shipment_id, sequence
    ON CONFLICT (customer_id, shipment_id, sequence) DO UPDATE
    SET tracking_number = EXCLUDED.tracking_number, sscc = EXCLUDED.sscc, weight_kg = EXCLUDED.weight_kg, length_cm =
        EXCLUDED.length_cm, width_cm = EXCLUDED.width_cm, height_cm = EXCLUDED.height_cm
    WHERE (packages.tracking_number, packages.sscc, packages.weight_kg, packages.length_cm, packages.width_cm,
        packages.height_cm)
        IS DISTINCT FROM (EXCLUDED.tracking_number, EXCLUDED.sscc, EXCLUDED.weight_kg, EXCLUDED.length_cm, EXCLUDED.width_cm,
        EXCLUDED.height_cm)
    RETURNING xmax = 0 AS inserted
)
SELECT 'packages' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE packages (customer_id, id, shipment_id, source, external_id);
