-- List and segment prices are everybody's; a contract's price belongs to its customer. A price is known again by what
-- it is for: product, kind, segment or customer, currency, quantity and first day.

WITH bad AS (
    DELETE FROM stage_prices s
    WHERE (coalesce(s.kind, 'LIST') = 'SEGMENT') <> (s.segment IS NOT NULL)
    RETURNING line
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'prices.csv', line, 'segment', 'a segment belongs to the kind SEGMENT, and only there' FROM bad;

WITH bad AS (
    DELETE FROM stage_prices s
    WHERE (coalesce(s.kind, 'LIST') = 'CONTRACT') <> (s.customer_number IS NOT NULL)
    RETURNING line
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'prices.csv', line, 'customer_number', 'a customer belongs to the kind CONTRACT, and only there' FROM bad;

WITH bad AS (
    DELETE FROM stage_prices s
    WHERE s.valid_to::date < s.valid_from::date
    RETURNING line
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'prices.csv', line, 'valid_to', 'the last day is before the first' FROM bad;

WITH bad AS (
    DELETE FROM stage_prices s
    USING (SELECT line, min(line) OVER (PARTITION BY sku, coalesce(kind, 'LIST'), segment, customer_number, currency, coalesce(min_quantity, '1')::numeric, valid_from) AS first FROM stage_prices) d
    WHERE d.line = s.line AND d.first < s.line
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'prices.csv', line, 'sku', format('the same price is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_prices s
    WHERE NOT EXISTS (SELECT FROM key_product k WHERE k.sku = s.sku)
    RETURNING line, sku AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'prices.csv', line, 'sku', format('no product %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_prices s
    WHERE s.customer_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_customer k WHERE k.number = s.customer_number)
    RETURNING line, customer_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'prices.csv', line, 'customer_number', format('no customer %L, neither in the files nor imported before', value) FROM bad;

WITH src AS (
    SELECT p.id AS product_id, coalesce(s.kind, 'LIST') AS kind, s.segment, s.currency, coalesce(s.min_quantity,
           '1')::numeric AS min_quantity, s.amount::numeric AS amount, s.valid_from::date AS valid_from,
           s.valid_to::date AS valid_to, current_setting('vigie.source') AS source,
           concat_ws('|', s.sku, coalesce(s.kind, 'LIST'), coalesce(s.segment, s.customer_number), s.currency,
           trim_scale(coalesce(s.min_quantity, '1')::numeric), s.valid_from) AS external_id
    FROM stage_prices s
    JOIN key_product p ON p.sku = s.sku
    WHERE s.customer_number IS NULL
), written AS (
    INSERT INTO prices (product_id, kind, segment, currency, min_quantity, amount, valid_from, valid_to, source, external_id)
    SELECT product_id, kind, segment, currency, min_quantity, amount, valid_from, valid_to, source, external_id
    FROM src
    ORDER BY external_id
    ON CONFLICT (source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET product_id = EXCLUDED.product_id, kind = EXCLUDED.kind, segment = EXCLUDED.segment, currency =
        EXCLUDED.currency, min_quantity = EXCLUDED.min_quantity, amount = EXCLUDED.amount, valid_from =
        EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to
    WHERE (prices.product_id, prices.kind, prices.segment, prices.currency, prices.min_quantity, prices.amount,
        prices.valid_from, prices.valid_to)
        IS DISTINCT FROM (EXCLUDED.product_id, EXCLUDED.kind, EXCLUDED.segment, EXCLUDED.currency, EXCLUDED.min_quantity,
        EXCLUDED.amount, EXCLUDED.valid_from, EXCLUDED.valid_to)
    RETURNING xmax = 0 AS inserted
)
SELECT 'prices' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE prices (id, product_id, source, external_id);

WITH src AS (
    SELECT c.customer_id, p.id AS product_id, s.currency, coalesce(s.min_quantity, '1')::numeric AS min_quantity,
           s.amount::numeric AS amount, s.valid_from::date AS valid_from, s.valid_to::date AS valid_to, current_setting('vigie.source') AS source, concat_ws('|', s.sku,
           coalesce(s.kind, 'LIST'), coalesce(s.segment, s.customer_number), s.currency,
           trim_scale(coalesce(s.min_quantity, '1')::numeric), s.valid_from) AS external_id
    FROM stage_prices s
    JOIN key_product p ON p.sku = s.sku
    JOIN key_customer c ON c.number = s.customer_number
), written AS (
    INSERT INTO contract_prices (customer_id, product_id, currency, min_quantity, amount, valid_from, valid_to, source, external_id)
    SELECT customer_id, product_id, currency, min_quantity, amount, valid_from, valid_to, source, external_id
    FROM src
    ORDER BY customer_id, external_id
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET product_id = EXCLUDED.product_id, currency = EXCLUDED.currency, min_quantity = EXCLUDED.min_quantity, amount =
        EXCLUDED.amount, valid_from = EXCLUDED.valid_from, valid_to = EXCLUDED.valid_to
    WHERE (contract_prices.product_id, contract_prices.currency, contract_prices.min_quantity, contract_prices.amount,
        contract_prices.valid_from, contract_prices.valid_to)
        IS DISTINCT FROM (EXCLUDED.product_id, EXCLUDED.currency, EXCLUDED.min_quantity, EXCLUDED.amount, EXCLUDED.valid_from,
        EXCLUDED.valid_to)
    RETURNING xmax = 0 AS inserted
)
SELECT 'contract prices' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE contract_prices (customer_id, id, product_id, source, external_id);
