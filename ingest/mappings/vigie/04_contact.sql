-- The people of a customer, and the places where it takes goods.

WITH bad AS (
    DELETE FROM stage_contacts s
    USING (SELECT customer_number, contact_number, min(line) AS first FROM stage_contacts GROUP BY customer_number, contact_number HAVING count(*) > 1) d
    WHERE s.customer_number = d.customer_number AND s.contact_number = d.contact_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'contacts.csv', line, 'contact_number', format('the same contact_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_contacts s
    WHERE NOT EXISTS (SELECT FROM key_customer k WHERE k.number = s.customer_number)
    RETURNING line, customer_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'contacts.csv', line, 'customer_number', format('no customer %L, neither in the files nor imported before', value) FROM bad;

WITH src AS (
    SELECT c.customer_id, s.name, s.email, s.phone, s.role, s.language, coalesce(s.is_primary::boolean, false) AS
           is_primary, current_setting('vigie.source') AS source, s.contact_number AS external_id
    FROM stage_contacts s
    JOIN key_customer c ON c.number = s.customer_number
), written AS (
    INSERT INTO contacts (customer_id, name, email, phone, role, language, is_primary, source, external_id)
    SELECT customer_id, name, email, phone, role, language, is_primary, source, external_id
    FROM src
    ORDER BY customer_id, external_id
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET name = EXCLUDED.name, email = EXCLUDED.email, phone = EXCLUDED.phone, role = EXCLUDED.role, language =
        EXCLUDED.language, is_primary = EXCLUDED.is_primary
    WHERE (contacts.name, contacts.email, contacts.phone, contacts.role, contacts.language, contacts.is_primary)
        IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.email, EXCLUDED.phone, EXCLUDED.role, EXCLUDED.language, EXCLUDED.is_primary)
    RETURNING xmax = 0 AS inserted
)
SELECT 'contacts' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE contacts (customer_id, id, source, external_id);

WITH bad AS (
    DELETE FROM stage_sites s
    USING (SELECT customer_number, site_code, min(line) AS first FROM stage_sites GROUP BY customer_number, site_code HAVING count(*) > 1) d
    WHERE s.customer_number = d.customer_number AND s.site_code = d.site_code AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'sites.csv', line, 'site_code', format('the same site_code is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_sites s
    WHERE NOT EXISTS (SELECT FROM key_customer k WHERE k.number = s.customer_number)
    RETURNING line, customer_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'sites.csv', line, 'customer_number', format('no customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_sites s
    WHERE (s.latitude IS NULL) <> (s.longitude IS NULL)
    RETURNING line
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'sites.csv', line, 'latitude', 'latitude and longitude come together' FROM bad;

WITH src AS (
    SELECT c.customer_id, s.site_code AS code, s.name, coalesce(s.kind, 'SHIP_TO') AS kind, s.street, s.street2,
           s.postal_code, s.city, s.region, s.country_code, s.latitude::double precision AS latitude,
           s.longitude::double precision AS longitude, s.time_zone, s.instructions, coalesce(s.is_primary::boolean,
           false) AS is_primary, current_setting('vigie.source') AS source, s.site_code AS external_id
    FROM stage_sites s
    JOIN key_customer c ON c.number = s.customer_number
), written AS (
    INSERT INTO sites (customer_id, code, name, kind, street, street2, postal_code, city, region, country_code, latitude, longitude,
        time_zone, instructions, is_primary, source, external_id)
    SELECT customer_id, code, name, kind, street, street2, postal_code, city, region, country_code, latitude,
           longitude, time_zone, instructions, is_primary, source, external_id
    FROM src
    ORDER BY customer_id, external_id
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET name = EXCLUDED.name, kind = EXCLUDED.kind, street = EXCLUDED.street, street2 = EXCLUDED.street2, postal_code
        = EXCLUDED.postal_code, city = EXCLUDED.city, region = EXCLUDED.region, country_code = EXCLUDED.country_code,
        latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude, time_zone = EXCLUDED.time_zone, instructions =
        EXCLUDED.instructions, is_primary = EXCLUDED.is_primary
    WHERE (sites.name, sites.kind, sites.street, sites.street2, sites.postal_code, sites.city, sites.region,
        sites.country_code, sites.latitude, sites.longitude, sites.time_zone, sites.instructions, sites.is_primary)
        IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.kind, EXCLUDED.street, EXCLUDED.street2, EXCLUDED.postal_code, EXCLUDED.city,
        EXCLUDED.region, EXCLUDED.country_code, EXCLUDED.latitude, EXCLUDED.longitude, EXCLUDED.time_zone,
        EXCLUDED.instructions, EXCLUDED.is_primary)
    RETURNING xmax = 0 AS inserted
)
SELECT 'sites' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE sites (customer_id, id, code, source, external_id);
