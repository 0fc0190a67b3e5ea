-- An event has an instant with its offset, or a wall clock whose offset nobody told: a local time is never made an
-- instant here. An event without a number of its own is known again by what it says.

WITH bad AS (
    DELETE FROM stage_tracking_events s
    WHERE s.occurred_at IS NULL AND s.local_time IS NULL
    RETURNING line
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'tracking_events.csv', line, 'occurred_at', 'an event needs occurred_at or local_time' FROM bad;

UPDATE stage_tracking_events SET event_number = md5(concat_ws('|', occurred_at, local_time, milestone, raw_code, raw_text, location))
WHERE event_number IS NULL;

WITH bad AS (
    DELETE FROM stage_tracking_events s
    USING (SELECT shipment_number, event_number, min(line) AS first FROM stage_tracking_events GROUP BY shipment_number, event_number HAVING count(*) > 1) d
    WHERE s.shipment_number = d.shipment_number AND s.event_number = d.event_number AND s.line > d.first
    RETURNING s.line, d.first
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'tracking_events.csv', line, 'event_number', format('the same event of the shipment is on line %s', first) FROM bad;

WITH bad AS (
    DELETE FROM stage_tracking_events s
    WHERE NOT EXISTS (SELECT FROM key_shipment k WHERE k.number = s.shipment_number)
    RETURNING line, shipment_number AS value
)
INSERT INTO import_reject (file, line, "column", reason)
SELECT 'tracking_events.csv', line, 'shipment_number', format('no shipment %L, neither in the files nor imported before', value) FROM bad;

WITH src AS (
    SELECT h.customer_id, h.id AS shipment_id, s.milestone, coalesce(s.classifier, 'ACTUAL') AS classifier,
           s.raw_code, s.raw_text, s.occurred_at::timestamptz AS occurred_at, v.wall AS local_time, (extract(epoch
           FROM v.wall - s.occurred_at::timestamptz AT TIME ZONE 'UTC') / 60)::integer AS utc_offset,
           coalesce(s.time_precision, CASE WHEN s.occurred_at IS NULL THEN 'NO_OFFSET' ELSE 'EXACT' END) AS
           time_precision, s.location, s.country_code, s.reason, coalesce(s.occurred_at::timestamptz, now()) AS
           received_at, current_setting('vigie.source') AS source, s.shipment_number || ':' || s.event_number AS
           external_id
    FROM stage_tracking_events s
    JOIN key_shipment h ON h.number = s.shipment_number
    CROSS JOIN LATERAL (
        -- The clock at the place: the text before the offset.
        SELECT left(coalesce(s.occurred_at, s.local_time), 19)::timestamp AS wall
    ) v
), written AS (
    INSERT INTO tracking_events (customer_id, shipment_id, milestone, classifier, raw_code, raw_text, occurred_at, local_time, utc_offset,
        time_precision, location, country_code, reason, received_at, source, external_id)
    SELECT customer_id, shipment_id, milestone, classifier, raw_code, raw_text, occurred_at, local_time, utc_offset,
           time_precision, location, country_code, reason, received_at, source, external_id
    FROM src
    ORDER BY customer_id, shipment_id, occurred_at, external_id
    ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO UPDATE
    SET milestone = EXCLUDED.milestone, classifier = EXCLUDED.classifier, raw_code = EXCLUDED.raw_code, raw_text =
        EXCLUDED.raw_text, occurred_at = EXCLUDED.occurred_at, local_time = EXCLUDED.local_time, utc_offset =
        EXCLUDED.utc_offset, time_precision = EXCLUDED.time_precision, location = EXCLUDED.location, country_code =
        EXCLUDED.country_code, reason = EXCLUDED.reason
    WHERE (tracking_events.milestone, tracking_events.classifier, tracking_events.raw_code, tracking_events.raw_text,
        tracking_events.occurred_at, tracking_events.local_time, tracking_events.utc_offset,
        tracking_events.time_precision, tracking_events.location, tracking_events.country_code, tracking_events.reason)
        IS DISTINCT FROM (EXCLUDED.milestone, EXCLUDED.classifier, EXCLUDED.raw_code, EXCLUDED.raw_text, EXCLUDED.occurred_at,
        EXCLUDED.local_time, EXCLUDED.utc_offset, EXCLUDED.time_precision, EXCLUDED.location, EXCLUDED.country_code,
        EXCLUDED.reason)
    RETURNING xmax = 0 AS inserted
)
SELECT 'tracking events' AS entity,
       count(*) FILTER (WHERE inserted) AS inserted,
       count(*) FILTER (WHERE NOT inserted) AS updated,
       (SELECT count(*) FROM src) - count(*) AS unchanged
FROM written;

ANALYZE tracking_events (customer_id, id, shipment_id, source, external_id);

-- Where the shipments file does not say how far a shipment is, its last actual event does.
WITH newest AS (
    SELECT DISTINCT ON (e.customer_id, e.shipment_id) e.customer_id, e.shipment_id, e.milestone, e.occurred_at
    FROM tracking_events e
    JOIN key_shipment h ON h.customer_id = e.customer_id AND h.id = e.shipment_id
    WHERE h.number IN (SELECT shipment_number FROM stage_tracking_events)
      AND e.classifier = 'ACTUAL' AND e.milestone <> 'UNKNOWN' AND e.superseded_by IS NULL
    ORDER BY e.customer_id, e.shipment_id, e.sort_at DESC, e.id DESC
)
UPDATE shipments h
SET milestone = n.milestone,
    delivered_at = CASE WHEN n.milestone = 'DELIVERED' THEN coalesce(h.delivered_at, n.occurred_at) ELSE h.delivered_at END
FROM newest n
WHERE h.customer_id = n.customer_id AND h.id = n.shipment_id
  AND NOT EXISTS (SELECT FROM stage_shipments s WHERE s.shipment_number = h.external_id AND s.milestone IS NOT NULL)
  AND (h.milestone <> n.milestone OR n.milestone = 'DELIVERED' AND h.delivered_at IS NULL AND n.occurred_at IS NOT NULL);
