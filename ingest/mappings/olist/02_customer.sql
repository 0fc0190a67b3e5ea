-- The file has one customer_id for each order; the person is customer_unique_id. It has no names: a customer is
-- called by the number that the file has.
--
-- Each file ends by analysing the keys of what it wrote: the next one joins by them, and so do the first queries after
-- the import. The other columns are left to autovacuum, which would pass over tables that were analysed whole.

INSERT INTO organisations (code, name, country_code, currency, time_zone)
VALUES ('OLIST', 'Olist', 'BR', current_setting('vigie.currency'), current_setting('vigie.zone'))
ON CONFLICT (code) DO NOTHING;

WITH src AS (
    SELECT DISTINCT customer_unique_id AS key FROM stage_customers
), written AS (
    INSERT INTO customers (organisation_id, number, name, kind, country_code, time_zone, currency, source, external_id)
    SELECT o.id, src.key, src.key, 'PERSON', o.country_code, o.time_zone, o.currency, current_setting('vigie.source'), src.key
    FROM src CROSS JOIN organisations o
    WHERE o.code = 'OLIST'
    ORDER BY src.key
    ON CONFLICT (source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET kind = EXCLUDED.kind, country_code = EXCLUDED.country_code, time_zone = EXCLUDED.time_zone, currency = EXCLUDED.currency
    WHERE (customers.kind, customers.country_code, customers.time_zone, customers.currency)
        IS DISTINCT FROM (EXCLUDED.kind, EXCLUDED.country_code, EXCLUDED.time_zone, EXCLUDED.currency)
    RETURNING xmax = 0 AS inserted
)
SELECT 'customers' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE customers (customer_id, source, external_id);
