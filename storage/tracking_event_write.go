package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// eventRow is a row of tracking_events.
type eventRow struct {
	Customer       int64                   `json:"customer_id"`
	Row            int64                   `json:"id"`
	Shipment       int64                   `json:"shipment_id"`
	Milestone      domain.Milestone        `json:"milestone"`
	Classifier     domain.MilestoneState   `json:"classifier"`
	RawCode        *string                 `json:"raw_code"`
	RawText        *string                 `json:"raw_text"`
	OccurredAt     *time.Time              `json:"occurred_at"`
	LocalTime      *string                 `json:"local_time"`
	UTCOffset      *int                    `json:"utc_offset"`
	Precision      domain.TimePrecision    `json:"time_precision"`
	Location       *string                 `json:"location"`
	Country        *string                 `json:"country_code"`
	Reason         *domain.ExceptionReason `json:"reason"`
	CarrierEventID *string                 `json:"carrier_event_id"`
	Delay          bool                    `json:"delay"`
	ReceivedAt     time.Time               `json:"received_at"`
	SupersededBy   *int64                  `json:"superseded_by"`
	Source         string                  `json:"source"`
	External       *string                 `json:"external_id"`
}

// eventColumns declares the columns of an eventRow.
const eventColumns = `(customer_id bigint, id bigint, shipment_id bigint, milestone text, classifier text, raw_code text, raw_text text,
    occurred_at timestamptz, local_time timestamp, utc_offset integer, time_precision text, location text, country_code text, reason text,
    carrier_event_id text, delay boolean, received_at timestamptz, superseded_by bigint, source text, external_id text)`

func newEventRow(r *domain.TrackingRecord) eventRow {
	row := eventRow{
		Customer: r.CustomerRow, Row: r.Row, Shipment: r.ShipmentRow, Milestone: r.Milestone, Classifier: r.Classifier, RawCode: r.RawCode,
		RawText: r.RawText, OccurredAt: r.OccurredAt, UTCOffset: r.UtcOffset, Precision: r.Precision, Location: r.Location,
		Country: r.CountryCode, Reason: r.Reason, CarrierEventID: r.CarrierEventID, Delay: r.Delay, ReceivedAt: r.ReceivedAt,
		SupersededBy: r.SupersededBy, Source: r.Source,
	}
	if r.WallClock != nil {
		local := r.WallClock.Format("2006-01-02T15:04:05.999999")
		row.LocalTime = &local
	}
	if r.Key != nil {
		external := eventPrefix(r.ShipmentRow) + *r.Key
		row.External = &external
	}
	return row
}

// provisional is a new event before it has a row.
type provisional struct{ customer, row int64 }

// resolve puts the rows of new events where their provisional ones stand.
func (r *eventRow) resolve(rows map[provisional]int64) {
	if row, known := rows[provisional{r.Customer, r.Row}]; known {
		r.Row = row
	}
	if r.SupersededBy == nil || *r.SupersededBy >= 0 {
		return
	}
	by, known := rows[provisional{r.Customer, *r.SupersededBy}]
	if !known {
		by = r.Row
	}
	r.SupersededBy = &by
}

const insertEvents = `-- name: insertEvents
INSERT INTO tracking_events (customer_id, shipment_id, milestone, classifier, raw_code, raw_text, occurred_at, local_time, utc_offset,
    time_precision, location, country_code, reason, carrier_event_id, delay, received_at, source, external_id)
SELECT s.customer_id, s.shipment_id, s.milestone, s.classifier, s.raw_code, s.raw_text, s.occurred_at, s.local_time, s.utc_offset,
    s.time_precision, s.location, s.country_code, s.reason, s.carrier_event_id, s.delay, s.received_at, s.source, s.external_id
FROM json_to_recordset($1::json) AS s ` + eventColumns + `
ON CONFLICT (customer_id, source, external_id) WHERE external_id IS NOT NULL DO NOTHING
RETURNING customer_id, source, external_id, id`

// insertEvents inserts new events and tells their rows.
func (w *trackingWriter) insertEvents(ctx context.Context, added []eventRow) (map[provisional]int64, error) {
	rows := make(map[provisional]int64, len(added))
	if len(added) == 0 {
		return rows, nil
	}
	type external struct {
		customer     int64
		source, text string
	}
	before := make(map[external]provisional, len(added))
	for i := range added {
		if added[i].External != nil {
			before[external{added[i].Customer, added[i].Source, *added[i].External}] = provisional{added[i].Customer, added[i].Row}
		}
	}
	spelled, err := json.Marshal(added)
	if err != nil {
		return nil, fmt.Errorf("write new events: %w", err)
	}
	err = w.each(ctx, func(read *sql.Rows) error {
		var key external
		var row int64
		err := read.Scan(&key.customer, &key.source, &key.text, &row)
		rows[before[key]] = row
		return err
	}, insertEvents, string(spelled))
	if err != nil {
		return nil, fmt.Errorf("write new events: %w", err)
	}
	return rows, nil
}

// updateEvents writes what a carrier may word anew. Who reported an event stays as it is.
const updateEvents = `-- name: updateEvents
UPDATE tracking_events c SET milestone = s.milestone, classifier = s.classifier, raw_code = s.raw_code, raw_text = s.raw_text,
    occurred_at = s.occurred_at, local_time = s.local_time, utc_offset = s.utc_offset, time_precision = s.time_precision,
    location = s.location, country_code = s.country_code, reason = s.reason, carrier_event_id = s.carrier_event_id, delay = s.delay,
    received_at = s.received_at, superseded_by = s.superseded_by
FROM json_to_recordset($1::json) AS s ` + eventColumns + `
WHERE c.customer_id = s.customer_id AND c.id = s.id`
