-- A shipment is there where the carrier took the goods or handed them over. The files have no tracking numbers and no
-- scans, hence no events.

WITH src AS (
    SELECT *, CASE WHEN delivered_at IS NOT NULL OR status = 'DELIVERED' THEN 'DELIVERED' ELSE 'PICKED_UP' END AS milestone,
           coalesce(delivered_on > promised_on, false) AS delayed
    FROM link_order
    WHERE shipped_at IS NOT NULL OR delivered_at IS NOT NULL
), written AS (
    INSERT INTO shipments (customer_id, order_id, site_id, number, milestone, delayed, created_at, shipped_at, delivered_at, promised_on,
                           source, external_id)
    SELECT customer_id, id, site_id, key, milestone, delayed, coalesce(shipped_at, delivered_at), shipped_at, delivered_at, promised_on,
           current_setting('vigie.source'), key
    FROM src
    ORDER BY customer_id, id
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET site_id = EXCLUDED.site_id, milestone = EXCLUDED.milestone, delayed = EXCLUDED.delayed, created_at = EXCLUDED.created_at,
        shipped_at = EXCLUDED.shipped_at, delivered_at = EXCLUDED.delivered_at, promised_on = EXCLUDED.promised_on
    WHERE (shipments.site_id, shipments.milestone, shipments.delayed, shipments.shipped_at, shipments.delivered_at, shipments.promised_on)
        IS DISTINCT FROM (EXCLUDED.site_id, EXCLUDED.milestone, EXCLUDED.delayed, EXCLUDED.shipped_at, EXCLUDED.delivered_at, EXCLUDED.promised_on)
    RETURNING xmax = 0 AS inserted
)
SELECT 'shipments' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE shipments (customer_id, order_id);
