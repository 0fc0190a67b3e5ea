-- A review is what the customer said about one order.

WITH src AS (
    SELECT o.customer_id, o.id AS order_id, s.title, s.message, s.rating::integer AS rating,
           coalesce(s.created_at, s.answered_at)::timestamptz AS occurred_at, s.answered_at::timestamptz AS answered_at,
           s.review_id || ':' || s.order_id AS key
    FROM stage_reviews s
    JOIN link_order o ON o.key = s.order_id
), written AS (
    INSERT INTO interactions (customer_id, order_id, channel, direction, subject, body, rating, occurred_at, answered_at, source, external_id)
    SELECT customer_id, order_id, 'REVIEW', 'INBOUND', title, message, rating, occurred_at, answered_at, current_setting('vigie.source'), key
    FROM src
    ORDER BY customer_id, order_id, key
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET subject = EXCLUDED.subject, body = EXCLUDED.body, rating = EXCLUDED.rating, occurred_at = EXCLUDED.occurred_at,
        answered_at = EXCLUDED.answered_at
    WHERE (interactions.subject, interactions.body, interactions.rating, interactions.occurred_at, interactions.answered_at)
        IS DISTINCT FROM (EXCLUDED.subject, EXCLUDED.body, EXCLUDED.rating, EXCLUDED.occurred_at, EXCLUDED.answered_at)
    RETURNING xmax = 0 AS inserted
)
SELECT 'interactions' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE interactions (customer_id, order_id);
