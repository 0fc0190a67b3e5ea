-- Where goods are, and which are on their way there.

WITH bad AS (
    DELETE FROM stage_warehouses s
    USING (SELECT warehouse_code, min(line) AS first FROM stage_warehouses GROUP BY warehouse_code HAVING count(*) > 1) d
    WHERE s.warehouse_code = d.warehouse_code AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'warehouses.csv', line, 'warehouse_code', format('the same warehouse_code is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_warehouses s
    WHERE s.organisation_code IS NOT NULL AND NOT EXISTS (SELECT FROM organisations o WHERE o.code = s.organisation_code)
    RETURNING line, organisation_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'warehouses.csv', line, 'organisation_code', format('no organisation %L, neither in the files nor imported before', value) FROM bad;

WITH src AS (
    SELECT o.id AS organisation_id, s.warehouse_code AS code, s.name, s.city, s.country_code, coalesce(s.time_zone,
           'UTC') AS time_zone
    FROM stage_warehouses s
    LEFT JOIN organisations o ON o.code = s.organisation_code
), written AS (
    INSERT INTO warehouses (organisation_id, code, name, city, country_code, time_zone)
    SELECT organisation_id, code, name, city, country_code, time_zone
    FROM src
    ORDER BY code
    ON CONFLICT (code) DO UPDATE
    SET organisation_id = EXCLUDED.organisation_id, name = EXCLUDED.name, city = EXCLUDED.city, country_code =
        EXCLUDED.country_code, time_zone = EXCLUDED.time_zone
    WHERE (warehouses.organisation_id, warehouses.name, warehouses.city, warehouses.country_code, warehouses.time_zone)
        IS DISTINCT FROM (EXCLUDED.organisation_id, EXCLUDED.name, EXCLUDED.city, EXCLUDED.country_code, EXCLUDED.time_zone)
    RETURNING xmax = 0 AS inserted
)
SELECT 'warehouses' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE warehouses (id, code);

WITH bad AS (
    DELETE FROM stage_stock s
    USING (SELECT sku, warehouse_code, min(line) AS first FROM stage_stock GROUP BY sku, warehouse_code HAVING count(*) > 1) d
    WHERE s.sku = d.sku AND s.warehouse_code = d.warehouse_code AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'stock.csv', line, 'sku', format('the same product and warehouse are on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_stock s
    WHERE NOT EXISTS (SELECT FROM key_product k WHERE k.sku = s.sku)
    RETURNING line, sku AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'stock.csv', line, 'sku', format('no product %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_stock s
    WHERE NOT EXISTS (SELECT FROM warehouses w WHERE w.code = s.warehouse_code)
    RETURNING line, warehouse_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'stock.csv', line, 'warehouse_code', format('no warehouse %L, neither in the files nor imported before', value) FROM bad;

-- Stock without a time of counting was counted now, which is not a change by itself.

WITH src AS (
    SELECT p.id AS product_id, w.id AS warehouse_id, s.on_hand::numeric AS on_hand, coalesce(s.allocated,
           '0')::numeric AS allocated, coalesce(s.counted_at::timestamptz, k.counted_at, now()) AS counted_at
    FROM stage_stock s
    JOIN key_product p ON p.sku = s.sku
    JOIN warehouses w ON w.code = s.warehouse_code
    LEFT JOIN stock k ON k.product_id = p.id AND k.warehouse_id = w.id AND k.on_hand = s.on_hand::numeric
), written AS (
    INSERT INTO stock (product_id, warehouse_id, on_hand, allocated, counted_at)
    SELECT product_id, warehouse_id, on_hand, allocated, counted_at
    FROM src
    ORDER BY product_id, warehouse_id
    ON CONFLICT (product_id, warehouse_id) DO UPDATE
    SET on_hand = EXCLUDED.on_hand, allocated = EXCLUDED.allocated, counted_at = EXCLUDED.counted_at
    WHERE (stock.on_hand, stock.allocated, stock.counted_at)
        IS DISTINCT FROM (EXCLUDED.on_hand, EXCLUDED.allocated, EXCLUDED.counted_at)
    RETURNING xmax = 0 AS inserted
)
SELECT 'stock' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE stock (id, product_id);

WITH bad AS (
    DELETE FROM stage_inbound s
    USING (SELECT inbound_number, min(line) AS first FROM stage_inbound GROUP BY inbound_number HAVING count(*) > 1) d
    WHERE s.inbound_number = d.inbound_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'inbound.csv', line, 'inbound_number', format('the same inbound_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_inbound s
    WHERE NOT EXISTS (SELECT FROM key_product k WHERE k.sku = s.sku)
    RETURNING line, sku AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'inbound.csv', line, 'sku', format('no product %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_inbound s
    WHERE NOT EXISTS (SELECT FROM warehouses w WHERE w.code = s.warehouse_code)
    RETURNING line, warehouse_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'inbound.csv', line, 'warehouse_code', format('no warehouse %L, neither in the files nor imported before', value) FROM bad;

WITH src AS (
    SELECT p.id AS product_id, w.id AS warehouse_id, s.quantity::numeric AS quantity, s.expected_on::date AS
           expected_on, s.reference, current_setting('vigie.source') AS source, s.inbound_number AS external_id
    FROM stage_inbound s
    JOIN key_product p ON p.sku = s.sku
    JOIN warehouses w ON w.code = s.warehouse_code
), written AS (
    INSERT INTO inbound (product_id, warehouse_id, quantity, expected_on, reference, source, external_id)
    SELECT product_id, warehouse_id, quantity, expected_on, reference, source, external_id
    FROM src
    ORDER BY external_id
    ON CONFLICT (source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET product_id = EXCLUDED.product_id, warehouse_id = EXCLUDED.warehouse_id, quantity = EXCLUDED.quantity,
        expected_on = EXCLUDED.expected_on, reference = EXCLUDED.reference
    WHERE (inbound.product_id, inbound.warehouse_id, inbound.quantity, inbound.expected_on, inbound.reference)
        IS DISTINCT FROM (EXCLUDED.product_id, EXCLUDED.warehouse_id, EXCLUDED.quantity, EXCLUDED.expected_on, EXCLUDED.reference)
    RETURNING xmax = 0 AS inserted
)
SELECT 'inbound' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE inbound (id, product_id, source, external_id);
