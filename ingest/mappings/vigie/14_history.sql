-- What was said between us and the customer, and what is still to be solved.

WITH bad AS (
    DELETE FROM stage_cases s
    USING (SELECT case_number, min(line) AS first FROM stage_cases GROUP BY case_number HAVING count(*) > 1) d
    WHERE s.case_number = d.case_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'cases.csv', line, 'case_number', format('the same case_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_cases s
    WHERE NOT EXISTS (SELECT FROM key_customer k WHERE k.number = s.customer_number)
    RETURNING line, customer_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'cases.csv', line, 'customer_number', format('no customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_cases s
    WHERE EXISTS (SELECT FROM key_case k
                  JOIN key_customer c ON c.customer_id = k.customer_id
                  WHERE k.number = s.case_number AND c.number <> s.customer_number)
    RETURNING line, case_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'cases.csv', line, 'case_number', format('the case %L is another customer''s already', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_cases s
    WHERE s.contact_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_contact k
                                               JOIN key_customer c ON c.customer_id = k.customer_id
                                               WHERE k.number = s.contact_number AND c.number = s.customer_number)
    RETURNING line, contact_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'cases.csv', line, 'contact_number', format('no contact of this customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_cases s
    WHERE s.order_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_order k
                                               JOIN key_customer c ON c.customer_id = k.customer_id
                                               WHERE k.number = s.order_number AND c.number = s.customer_number)
    RETURNING line, order_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'cases.csv', line, 'order_number', format('no order of this customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_cases s
    WHERE s.shipment_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_shipment k
                                               JOIN key_customer c ON c.customer_id = k.customer_id
                                               WHERE k.number = s.shipment_number AND c.number = s.customer_number)
    RETURNING line, shipment_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'cases.csv', line, 'shipment_number', format('no shipment of this customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_cases s
    WHERE s.assignee IS NOT NULL AND NOT EXISTS (SELECT FROM key_user k WHERE k.number = s.assignee)
    RETURNING line, assignee AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'cases.csv', line, 'assignee', format('no user %L, neither in the files nor imported before', value) FROM bad;

WITH src AS (
    SELECT c.customer_id, n.id AS contact_id, o.id AS order_id, h.id AS shipment_id, u.id AS assignee_id,
           s.case_number AS number, s.title, s.description, coalesce(s.kind, 'OTHER') AS kind, coalesce(s.priority,
           'NORMAL') AS priority, coalesce(s.status, 'OPEN') AS status, s.opened_at::timestamptz AS opened_at,
           s.due_at::timestamptz AS due_at, s.resolved_at::timestamptz AS resolved_at, current_setting('vigie.source')
           AS source, s.case_number AS external_id
    FROM stage_cases s
    JOIN key_customer c ON c.number = s.customer_number
    LEFT JOIN key_contact n ON n.customer_id = c.customer_id AND n.number = s.contact_number
    LEFT JOIN key_order o ON o.customer_id = c.customer_id AND o.number = s.order_number
    LEFT JOIN key_shipment h ON h.customer_id = c.customer_id AND h.number = s.shipment_number
    LEFT JOIN key_user u ON u.number = s.assignee
), written AS (
    INSERT INTO cases (customer_id, contact_id, order_id, shipment_id, assignee_id, number, title, description, kind, priority,
        status, opened_at, due_at, resolved_at, source, external_id)
    SELECT customer_id, contact_id, order_id, shipment_id, assignee_id, number, title, description, kind, priority,
           status, opened_at, due_at, resolved_at, source, external_id
    FROM src
    ORDER BY customer_id, opened_at, external_id
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET contact_id = EXCLUDED.contact_id, order_id = EXCLUDED.order_id, shipment_id = EXCLUDED.shipment_id,
        assignee_id = EXCLUDED.assignee_id, title = EXCLUDED.title, description = EXCLUDED.description, kind =
        EXCLUDED.kind, priority = EXCLUDED.priority, status = EXCLUDED.status, opened_at = EXCLUDED.opened_at, due_at
        = EXCLUDED.due_at, resolved_at = EXCLUDED.resolved_at
    WHERE (cases.contact_id, cases.order_id, cases.shipment_id, cases.assignee_id, cases.title, cases.description,
        cases.kind, cases.priority, cases.status, cases.opened_at, cases.due_at, cases.resolved_at)
        IS DISTINCT FROM (EXCLUDED.contact_id, EXCLUDED.order_id, EXCLUDED.shipment_id, EXCLUDED.assignee_id, EXCLUDED.title,
        EXCLUDED.description, EXCLUDED.kind, EXCLUDED.priority, EXCLUDED.status, EXCLUDED.opened_at, EXCLUDED.due_at,
        EXCLUDED.resolved_at)
    RETURNING xmax = 0 AS inserted
)
SELECT 'cases' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE cases (customer_id, id, order_id, shipment_id, source, external_id);

WITH bad AS (
    DELETE FROM stage_interactions s
    USING (SELECT customer_number, interaction_number, min(line) AS first FROM stage_interactions GROUP BY customer_number, interaction_number HAVING count(*) > 1) d
    WHERE s.customer_number = d.customer_number AND s.interaction_number = d.interaction_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'interactions.csv', line, 'interaction_number', format('the same interaction_number is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_interactions s
    WHERE NOT EXISTS (SELECT FROM key_customer k WHERE k.number = s.customer_number)
    RETURNING line, customer_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'interactions.csv', line, 'customer_number', format('no customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_interactions s
    WHERE s.contact_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_contact k
                                               JOIN key_customer c ON c.customer_id = k.customer_id
                                               WHERE k.number = s.contact_number AND c.number = s.customer_number)
    RETURNING line, contact_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'interactions.csv', line, 'contact_number', format('no contact of this customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_interactions s
    WHERE s.order_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_order k
                                               JOIN key_customer c ON c.customer_id = k.customer_id
                                               WHERE k.number = s.order_number AND c.number = s.customer_number)
    RETURNING line, order_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'interactions.csv', line, 'order_number', format('no order of this customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_interactions s
    WHERE s.case_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_case k
                                               JOIN key_customer c ON c.customer_id = k.customer_id
                                               WHERE k.number = s.case_number AND c.number = s.customer_number)
    RETURNING line, case_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'interactions.csv', line, 'case_number', format('no case of this customer %L, neither in the files nor imported before', value) FROM bad;

WITH bad AS (
    DELETE FROM stage_interactions s
    WHERE s.user_number IS NOT NULL AND NOT EXISTS (SELECT FROM key_user k WHERE k.number = s.user_number)
    RETURNING line, user_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'interactions.csv', line, 'user_number', format('no user %L, neither in the files nor imported before', value) FROM bad;

WITH src AS (
    SELECT c.customer_id, n.id AS contact_id, u.id AS user_id, o.id AS order_id, k.id AS case_id, s.channel,
           s.direction, s.subject, s.body, s.rating::integer AS rating, s.occurred_at::timestamptz AS occurred_at,
           s.answered_at::timestamptz AS answered_at, current_setting('vigie.source') AS source, s.interaction_number
           AS external_id
    FROM stage_interactions s
    JOIN key_customer c ON c.number = s.customer_number
    LEFT JOIN key_contact n ON n.customer_id = c.customer_id AND n.number = s.contact_number
    LEFT JOIN key_order o ON o.customer_id = c.customer_id AND o.number = s.order_number
    LEFT JOIN key_case k ON k.customer_id = c.customer_id AND k.number = s.case_number
    LEFT JOIN key_user u ON u.number = s.user_number
), written AS (
    INSERT INTO interactions (customer_id, contact_id, user_id, order_id, case_id, channel, direction, subject, body, rating, occurred_at,
        answered_at, source, external_id)
    SELECT customer_id, contact_id, user_id, order_id, case_id, channel, direction, subject, body, rating,
           occurred_at, answered_at, source, external_id
    FROM src
    ORDER BY customer_id, occurred_at, external_id
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET contact_id = EXCLUDED.contact_id, user_id = EXCLUDED.user_id, order_id = EXCLUDED.order_id, case_id =
        EXCLUDED.case_id, channel = EXCLUDED.channel, direction = EXCLUDED.direction, subject = EXCLUDED.subject, body
        = EXCLUDED.body, rating = EXCLUDED.rating, occurred_at = EXCLUDED.occurred_at, answered_at =
        EXCLUDED.answered_at
    WHERE (interactions.contact_id, interactions.user_id, interactions.order_id, interactions.case_id,
        interactions.channel, interactions.direction, interactions.subject, interactions.body, interactions.rating,
        interactions.occurred_at, interactions.answered_at)
        IS DISTINCT FROM (EXCLUDED.contact_id, EXCLUDED.user_id, EXCLUDED.order_id, EXCLUDED.case_id, EXCLUDED.channel,
        EXCLUDED.direction, EXCLUDED.subject, EXCLUDED.body, EXCLUDED.rating, EXCLUDED.occurred_at,
        EXCLUDED.answered_at)
    RETURNING xmax = 0 AS inserted
)
SELECT 'interactions' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE interactions (customer_id, id, order_id, source, external_id);

DROP VIEW key_user, key_customer, key_contact, key_site, key_category, key_product, key_order, key_order_line, key_shipment,
    key_invoice, key_payment, key_case;
