-- The units of the company, its people, what it promises and who carries its goods.

WITH bad AS (
    DELETE FROM stage_organisations s
    USING (SELECT code, min(line) AS first FROM stage_organisations GROUP BY code HAVING count(*) > 1) d
    WHERE s.code = d.code AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'organisations.csv', line, 'code', format('the same code is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_organisations s
    WHERE s.parent_code IS NOT NULL AND NOT EXISTS (SELECT FROM stage_organisations o WHERE o.code = s.parent_code)
      AND NOT EXISTS (SELECT FROM organisations o WHERE o.code = s.parent_code)
    RETURNING line, parent_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'organisations.csv', line, 'parent_code', format('no organisation %L, neither in the file nor imported before', value) FROM bad;

WITH src AS (
    SELECT s.code, s.name, s.country_code, s.currency, coalesce(s.time_zone, 'UTC') AS time_zone
    FROM stage_organisations s
), written AS (
    INSERT INTO organisations (code, name, country_code, currency, time_zone)
    SELECT code, name, country_code, currency, time_zone
    FROM src
    ORDER BY code
    ON CONFLICT (code) DO UPDATE
    SET name = EXCLUDED.name, country_code = EXCLUDED.country_code, currency = EXCLUDED.currency, time_zone =
        EXCLUDED.time_zone
    WHERE (organisations.name, organisations.country_code, organisations.currency, organisations.time_zone)
        IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.country_code, EXCLUDED.currency, EXCLUDED.time_zone)
    RETURNING xmax = 0 AS inserted
)
SELECT 'organisations' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

UPDATE organisations o SET parent_id = p.id
FROM stage_organisations s
LEFT JOIN organisations p ON p.code = s.parent_code
WHERE o.code = s.code AND o.parent_id IS DISTINCT FROM p.id;

-- Customers that name no organisation belong to this one.
INSERT INTO organisations (code, name, currency, time_zone)
SELECT 'MAIN', 'Main organisation', c.currency, current_setting('vigie.zone')
FROM stage_customers c
WHERE c.organisation_code IS NULL
ORDER BY c.line LIMIT 1
ON CONFLICT (code) DO NOTHING;

WITH bad AS (
    DELETE FROM stage_users s
    USING (SELECT user_number, min(line) AS first FROM stage_users GROUP BY user_number HAVING count(*) > 1) d
    WHERE s.user_number = d.user_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'users.csv', line, 'user_number', format('the same user_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_users s
    WHERE NOT EXISTS (SELECT FROM organisations o WHERE o.code = s.organisation_code)
    RETURNING line, organisation_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'users.csv', line, 'organisation_code', format('no organisation %L, neither in the files nor imported before', value) FROM bad;

WITH src AS (
    SELECT o.id AS organisation_id, s.name, s.email, s.phone, s.team, coalesce(s.active::boolean, true) AS active,
           current_setting('vigie.source') AS source, s.user_number AS external_id
    FROM stage_users s
    JOIN organisations o ON o.code = s.organisation_code
), written AS (
    INSERT INTO users (organisation_id, name, email, phone, team, active, source, external_id)
    SELECT organisation_id, name, email, phone, team, active, source, external_id
    FROM src
    ORDER BY external_id
    ON CONFLICT (source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET organisation_id = EXCLUDED.organisation_id, name = EXCLUDED.name, email = EXCLUDED.email, phone =
        EXCLUDED.phone, team = EXCLUDED.team, active = EXCLUDED.active
    WHERE (users.organisation_id, users.name, users.email, users.phone, users.team, users.active)
        IS DISTINCT FROM (EXCLUDED.organisation_id, EXCLUDED.name, EXCLUDED.email, EXCLUDED.phone, EXCLUDED.team, EXCLUDED.active)
    RETURNING xmax = 0 AS inserted
)
SELECT 'users' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

WITH bad AS (
    DELETE FROM stage_service_levels s
    USING (SELECT code, min(line) AS first FROM stage_service_levels GROUP BY code HAVING count(*) > 1) d
    WHERE s.code = d.code AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'service_levels.csv', line, 'code', format('the same code is on line %s', first) FROM bad;

WITH src AS (
    SELECT s.code, s.name, s.description, s.otif_target::numeric AS otif_target, s.lead_time_days::integer AS
           lead_time_days, s.follow_up_days::integer AS follow_up_days
    FROM stage_service_levels s
), written AS (
    INSERT INTO service_levels (code, name, description, otif_target, lead_time_days, follow_up_days)
    SELECT code, name, description, otif_target, lead_time_days, follow_up_days
    FROM src
    ORDER BY code
    ON CONFLICT (code) DO UPDATE
    SET name = EXCLUDED.name, description = EXCLUDED.description, otif_target = EXCLUDED.otif_target, lead_time_days =
        EXCLUDED.lead_time_days, follow_up_days = EXCLUDED.follow_up_days
    WHERE (service_levels.name, service_levels.description, service_levels.otif_target, service_levels.lead_time_days,
        service_levels.follow_up_days)
        IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.description, EXCLUDED.otif_target, EXCLUDED.lead_time_days, EXCLUDED.follow_up_days)
    RETURNING xmax = 0 AS inserted
)
SELECT 'service levels' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

WITH bad AS (
    DELETE FROM stage_carriers s
    USING (SELECT carrier_code, min(line) AS first FROM stage_carriers GROUP BY carrier_code HAVING count(*) > 1) d
    WHERE s.carrier_code = d.carrier_code AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'carriers.csv', line, 'carrier_code', format('the same carrier_code is on line %s', first) FROM bad;

WITH src AS (
    SELECT s.carrier_code AS code, s.name, s.tracking_url
    FROM stage_carriers s
), written AS (
    INSERT INTO carriers (code, name, tracking_url)
    SELECT code, name, tracking_url
    FROM src
    ORDER BY code
    ON CONFLICT (code) DO UPDATE
    SET name = EXCLUDED.name, tracking_url = EXCLUDED.tracking_url
    WHERE (carriers.name, carriers.tracking_url)
        IS DISTINCT FROM (EXCLUDED.name, EXCLUDED.tracking_url)
    RETURNING xmax = 0 AS inserted
)
SELECT 'carriers' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;
