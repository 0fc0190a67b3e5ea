-- Categories are named in English where the file translates them, in Portuguese otherwise. A category of another
-- source that has the same code is used as it is: codes are unique.

CREATE TEMP TABLE link_category ON COMMIT DROP AS
SELECT n.category AS code, coalesce(t.english, n.category) AS name, n.category AS key
FROM (SELECT category FROM stage_categories UNION SELECT category FROM stage_products WHERE category IS NOT NULL) n
LEFT JOIN stage_categories t ON t.category = n.category;

WITH src AS (
    SELECT * FROM link_category l
    WHERE NOT EXISTS (SELECT FROM categories c
                      WHERE upper(c.code) COLLATE "C" = upper(l.code) COLLATE "C" AND c.source <> current_setting('vigie.source'))
), written AS (
    INSERT INTO categories (code, name, source, external_id)
    SELECT code, name, current_setting('vigie.source'), key FROM src ORDER BY key
    ON CONFLICT (source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET name = EXCLUDED.name
    WHERE categories.name IS DISTINCT FROM EXCLUDED.name
      -- A folder without the translation takes no English name away.
      AND EXISTS (SELECT FROM stage_categories)
    RETURNING xmax = 0 AS inserted
)
SELECT 'categories' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM link_category) - count(*) AS unchanged
FROM written;

ANALYZE categories (id, code, source, external_id);

-- Products have no names in the files either. Those known from items alone are written once and then left alone.
WITH src AS (
    SELECT p.product_id AS key, c.id AS category_id,
           p.weight_g::numeric / 1000 AS weight_kg, p.length_cm::numeric AS length_cm,
           p.width_cm::numeric AS width_cm, p.height_cm::numeric AS height_cm,
           jsonb_strip_nulls(jsonb_build_object('photos', p.photos)) AS specs
    FROM stage_products p
    LEFT JOIN categories c ON upper(c.code) COLLATE "C" = upper(p.category) COLLATE "C"
), written AS (
    INSERT INTO products (category_id, sku, name, weight_kg, length_cm, width_cm, height_cm, specs, source, external_id)
    SELECT category_id, key, key, weight_kg, length_cm, width_cm, height_cm, specs, current_setting('vigie.source'), key
    FROM src ORDER BY key
    ON CONFLICT (source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET category_id = EXCLUDED.category_id, weight_kg = EXCLUDED.weight_kg, length_cm = EXCLUDED.length_cm,
        width_cm = EXCLUDED.width_cm, height_cm = EXCLUDED.height_cm, specs = EXCLUDED.specs
    WHERE (products.category_id, products.weight_kg, products.length_cm, products.width_cm, products.height_cm, products.specs)
        IS DISTINCT FROM (EXCLUDED.category_id, EXCLUDED.weight_kg, EXCLUDED.length_cm, EXCLUDED.width_cm, EXCLUDED.height_cm, EXCLUDED.specs)
    RETURNING xmax = 0 AS inserted
)
SELECT 'products' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

WITH src AS (
    SELECT DISTINCT product_id AS key FROM stage_items WHERE NOT EXISTS (SELECT FROM stage_products)
), written AS (
    INSERT INTO products (sku, name, source, external_id)
    SELECT key, key, current_setting('vigie.source'), key FROM src ORDER BY key
    ON CONFLICT (source, external_id) WHERE external_id IS NOT NULL DO NOTHING
    RETURNING id
)
SELECT 'products' AS entity, count(*) AS inserted, 0 AS updated, (SELECT count(*) FROM src) - count(*) AS unchanged FROM written;

ANALYZE products (id, source, external_id);
