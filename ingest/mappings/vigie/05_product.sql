-- The catalogue. A replacement and a parent may stand further down in their files, so they are set last.

WITH bad AS (
    DELETE FROM stage_categories s
    USING (SELECT line, min(line) OVER (PARTITION BY upper(category_code)) AS first FROM stage_categories) d
    WHERE d.line = s.line AND d.first < s.line
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'categories.csv', line, 'category_code', format('the same category_code is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_categories s
    WHERE EXISTS (SELECT FROM categories o
                  WHERE upper(o.code) COLLATE "C" = upper(s.category_code) COLLATE "C"
                    AND (o.source, o.external_id) IS DISTINCT FROM (current_setting('vigie.source'), s.category_code))
    RETURNING line, category_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'categories.csv', line, 'category_code', format('the code %L is another category already, of another source or written in another case', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_categories s
    WHERE s.parent_code = s.category_code
      OR s.parent_code IS NOT NULL
         AND NOT EXISTS (SELECT FROM stage_categories p WHERE p.category_code = s.parent_code)
         AND NOT EXISTS (SELECT FROM key_category k WHERE k.code = s.parent_code)
    RETURNING line, parent_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'categories.csv', line, 'parent_code', format('no other category %L, neither in the file nor imported before', value) FROM bad;

WITH src AS (
    SELECT s.category_code AS code, s.name, coalesce(s.position::integer, 0) AS position,
           current_setting('vigie.source') AS source, s.category_code AS external_id
    FROM stage_categories s
), written AS (
    INSERT INTO categories (code, name, position, source, external_id)
    SELECT code, name, position, source, external_id
    FROM src
    ORDER BY code
    ON CONFLICT (source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET name = EXCLUDED.name, position = EXCLUDED.position
    WHERE (categories.name, categories.position)
        IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.position)
    RETURNING xmax = 0 AS inserted
)
SELECT 'categories' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE categories (id, code, source, external_id);

UPDATE categories c SET parent_id = p.id
FROM stage_categories s
LEFT JOIN key_category p ON p.code = s.parent_code
WHERE c.source = current_setting('vigie.source') AND c.external_id = s.category_code AND c.parent_id IS DISTINCT FROM p.id;

WITH bad AS (
    DELETE FROM stage_products s
    USING (SELECT line, min(line) OVER (PARTITION BY upper(sku)) AS first FROM stage_products) d
    WHERE d.line = s.line AND d.first < s.line
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'products.csv', line, 'sku', format('the same sku is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_products s
    WHERE EXISTS (SELECT FROM products o
                  WHERE upper(o.sku) COLLATE "C" = upper(s.sku) COLLATE "C"
                    AND (o.source, o.external_id) IS DISTINCT FROM (current_setting('vigie.source'), s.sku))
    RETURNING line, sku AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'products.csv', line, 'sku', format('the SKU %L is another product already, of another source or written in another case', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_products s
    WHERE s.category_code IS NOT NULL AND NOT EXISTS (SELECT FROM key_category k WHERE k.code = s.category_code)
    RETURNING line, category_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'products.csv', line, 'category_code', format('no category %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_products s
    WHERE s.replacement_sku = s.sku
      OR s.replacement_sku IS NOT NULL
         AND NOT EXISTS (SELECT FROM stage_products p WHERE p.sku = s.replacement_sku)
         AND NOT EXISTS (SELECT FROM key_product k WHERE k.sku = s.replacement_sku)
    RETURNING line, replacement_sku AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'products.csv', line, 'replacement_sku', format('no other product %L, neither in the file nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_products s
    WHERE s.specs IS NOT NULL AND EXISTS (SELECT FROM string_to_table(s.specs, '|') AS pair WHERE pair !~ '^[^=]+=')
    RETURNING line, specs AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'products.csv', line, 'specs', format('%L is not a list like colour=red|width=10 cm', value) FROM bad;

WITH src AS (
    SELECT k.id AS category_id, s.sku, s.name, s.description, coalesce(s.unit, 'EA') AS unit, s.weight_kg::numeric AS
           weight_kg, s.length_cm::numeric AS length_cm, s.width_cm::numeric AS width_cm, s.height_cm::numeric AS
           height_cm, coalesce(p.specs, '{}') AS specs, CASE WHEN s.image_url IS NULL THEN '[]' ELSE
           jsonb_build_array(jsonb_build_object('kind', 'IMAGE', 'url', s.image_url)) END AS media, coalesce(s.status,
           'ACTIVE') AS status, current_setting('vigie.source') AS source, s.sku AS external_id
    FROM stage_products s
    LEFT JOIN key_category k ON k.code = s.category_code
    LEFT JOIN LATERAL (
        SELECT jsonb_object_agg(trim(split_part(pair, '=', 1)), trim(substr(pair, strpos(pair, '=') + 1))) AS specs
        FROM string_to_table(s.specs, '|') AS pair
    ) p ON true
), written AS (
    INSERT INTO products (category_id, sku, name, description, unit, weight_kg, length_cm, width_cm, height_cm, specs, media, status,
        source, external_id)
    SELECT category_id, sku, name, description, unit, weight_kg, length_cm, width_cm, height_cm, specs, media, status,
           source, external_id
    FROM src
    ORDER BY sku
    ON CONFLICT (source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET category_id = EXCLUDED.category_id, name = EXCLUDED.name, description = EXCLUDED.description, unit =
        EXCLUDED.unit, weight_kg = EXCLUDED.weight_kg, length_cm = EXCLUDED.length_cm, width_cm = EXCLUDED.width_cm,
        height_cm = EXCLUDED.height_cm, specs = EXCLUDED.specs, media = EXCLUDED.media, status = EXCLUDED.status
    WHERE (products.category_id, products.name, products.description, products.unit, products.weight_kg,
        products.length_cm, products.width_cm, products.height_cm, products.specs, products.media, products.status)
        IS DISTINCT FROM (EXCLUDED.category_id, EXCLUDED.name, EXCLUDED.description, EXCLUDED.unit, EXCLUDED.weight_kg,
        EXCLUDED.length_cm, EXCLUDED.width_cm, EXCLUDED.height_cm, EXCLUDED.specs, EXCLUDED.media, EXCLUDED.status)
    RETURNING xmax = 0 AS inserted
)
SELECT 'products' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE products (id, source, external_id);

UPDATE products p SET replacement_id = r.id
FROM stage_products s
LEFT JOIN key_product r ON r.sku = s.replacement_sku
WHERE p.source = current_setting('vigie.source') AND p.external_id = s.sku AND p.replacement_id IS DISTINCT FROM r.id;
