-- Each distinct address of a person is a site; the address of the newest order is the primary one.

CREATE TEMP TABLE link_site ON COMMIT DROP AS
SELECT s.customer_id AS order_customer,
       c.customer_id,
       concat_ws('|', s.postal_code, lower(s.city), s.state) AS key,
       s.postal_code, s.city, s.state,
       o.placed_at::timestamptz AS placed_at,
       s.line
FROM stage_customers s
JOIN customers c ON c.source = current_setting('vigie.source') AND c.external_id = s.customer_unique_id
LEFT JOIN stage_orders o ON o.customer_id = s.customer_id
WHERE coalesce(s.postal_code, s.city, s.state) IS NOT NULL;
ANALYZE link_site (order_customer, customer_id, key);

WITH src AS (
    SELECT DISTINCT ON (customer_id, key) customer_id, key, postal_code, city, state,
           key = first_value(key) OVER (PARTITION BY customer_id ORDER BY placed_at DESC NULLS LAST, line DESC) AS is_primary
    FROM link_site
    ORDER BY customer_id, key, line
), written AS (
    INSERT INTO sites (customer_id, name, kind, postal_code, city, region, country_code, time_zone, is_primary, source, external_id)
    SELECT customer_id, concat_ws(', ', coalesce(city, postal_code), state), 'SHIP_TO', postal_code, city, state, 'BR',
           current_setting('vigie.zone'), is_primary, current_setting('vigie.source'), key
    FROM src
    ORDER BY customer_id, key
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET is_primary = EXCLUDED.is_primary, name = EXCLUDED.name, city = EXCLUDED.city
    WHERE (sites.is_primary, sites.name, sites.city) IS DISTINCT FROM (EXCLUDED.is_primary, EXCLUDED.name, EXCLUDED.city)
    RETURNING xmax = 0 AS inserted
)
SELECT 'sites' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE sites (customer_id, id, source, external_id);
