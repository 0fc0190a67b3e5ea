-- Numbers of customers are unique whatever their case and source, because people ask for a customer by number.

WITH bad AS (
    DELETE FROM stage_customers s
    USING (SELECT line, min(line) OVER (PARTITION BY upper(customer_number)) AS first FROM stage_customers) d
    WHERE d.line = s.line AND d.first < s.line
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'customers.csv', line, 'customer_number', format('the same customer_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_customers s
    WHERE EXISTS (SELECT FROM customers c
                  WHERE upper(c.number) COLLATE "C" = upper(s.customer_number) COLLATE "C"
                    AND (c.source, c.external_id) IS DISTINCT FROM (current_setting('vigie.source'), s.customer_number))
    RETURNING line, customer_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'customers.csv', line, 'customer_number', format('the number %L is another customer already, of another source or written in another case', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_customers s
    WHERE s.organisation_code IS NOT NULL AND NOT EXISTS (SELECT FROM organisations o WHERE o.code = s.organisation_code)
    RETURNING line, organisation_code AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'customers.csv', line, 'organisation_code', format('no organisation %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_customers s
    WHERE s.account_manager IS NOT NULL AND NOT EXISTS (SELECT FROM key_user k WHERE k.number = s.account_manager)
    RETURNING line, account_manager AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'customers.csv', line, 'account_manager', format('no user %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_customers s
    WHERE s.service_level IS NOT NULL AND NOT EXISTS (SELECT FROM service_levels l WHERE l.code = s.service_level)
    RETURNING line, service_level AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'customers.csv', line, 'service_level', format('no service level %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_customers s
    WHERE s.parent_number = s.customer_number
    RETURNING line
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'customers.csv', line, 'parent_number', 'a customer cannot be its own parent' FROM bad;

WITH bad AS (
    DELETE FROM stage_customers s
    WHERE s.parent_number IS NOT NULL
      AND NOT EXISTS (SELECT FROM stage_customers p WHERE p.customer_number = s.parent_number)
      AND NOT EXISTS (SELECT FROM key_customer k WHERE k.number = s.parent_number)
    RETURNING line, parent_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'customers.csv', line, 'parent_number', format('no customer %L, neither in the file nor imported before', value) FROM bad;

WITH src AS (
    SELECT o.id AS organisation_id, u.id AS account_manager_id, l.id AS service_level_id, s.customer_number AS number,
           s.name, s.legal_name, s.email, s.phone, coalesce(s.kind, 'COMPANY') AS kind, s.segment, coalesce(s.status,
           'ACTIVE') AS status, s.language, s.time_zone, s.country_code, s.currency, s.credit_limit::numeric AS
           credit_limit, coalesce(array_remove(string_to_array(s.tags, '|'), ''), '{}') AS tags,
           current_setting('vigie.source') AS source, s.customer_number AS external_id
    FROM stage_customers s
    JOIN organisations o ON o.code = coalesce(s.organisation_code, 'MAIN')
    LEFT JOIN key_user u ON u.number = s.account_manager
    LEFT JOIN service_levels l ON l.code = s.service_level
), written AS (
    INSERT INTO customers (organisation_id, account_manager_id, service_level_id, number, name, legal_name, email, phone, kind,
        segment, status, language, time_zone, country_code, currency, credit_limit, tags, source, external_id)
    SELECT organisation_id, account_manager_id, service_level_id, number, name, legal_name, email, phone, kind, segment, status,
           language, time_zone, country_code, currency, credit_limit, tags, source, external_id
    FROM src
    ORDER BY number
    ON CONFLICT (source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET organisation_id = EXCLUDED.organisation_id, account_manager_id = EXCLUDED.account_manager_id, service_level_id
        = EXCLUDED.service_level_id, name = EXCLUDED.name, legal_name = EXCLUDED.legal_name, email = EXCLUDED.email,
        phone = EXCLUDED.phone, kind = EXCLUDED.kind, segment = EXCLUDED.segment, status = EXCLUDED.status, language =
        EXCLUDED.language, time_zone = EXCLUDED.time_zone, country_code = EXCLUDED.country_code, currency =
        EXCLUDED.currency, credit_limit = EXCLUDED.credit_limit, tags = EXCLUDED.tags
    WHERE (customers.organisation_id, customers.account_manager_id, customers.service_level_id, customers.name,
        customers.legal_name, customers.email, customers.phone, customers.kind, customers.segment, customers.status,
        customers.language, customers.time_zone, customers.country_code, customers.currency, customers.credit_limit,
        customers.tags)
        IS DISTINCT FROM (EXCLUDED.organisation_id, EXCLUDED.account_manager_id, EXCLUDED.service_level_id, EXCLUDED.name,
        EXCLUDED.legal_name, EXCLUDED.email, EXCLUDED.phone, EXCLUDED.kind, EXCLUDED.segment, EXCLUDED.status,
        EXCLUDED.language, EXCLUDED.time_zone, EXCLUDED.country_code, EXCLUDED.currency, EXCLUDED.credit_limit, EXCLUDED.tags)
    RETURNING xmax = 0 AS inserted
)
SELECT 'customers' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE customers (customer_id, source, external_id);

-- A parent may stand further down in the file, so parents come last.
UPDATE customers c SET parent_id = p.customer_id
FROM stage_customers s
LEFT JOIN key_customer p ON p.number = s.parent_number
WHERE c.source = current_setting('vigie.source') AND c.external_id = s.customer_number
  AND c.parent_id IS DISTINCT FROM p.customer_id;
