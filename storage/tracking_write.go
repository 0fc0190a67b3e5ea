package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// trackingWriter writes what is tracked in one transaction, with as many statements for one shipment as for many.
type trackingWriter struct {
	pool *Pool
	tx   *sql.Tx
}

// each runs a statement of the transaction and calls scan for each row.
func (w *trackingWriter) each(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) error {
	told := w.pool.watch(ctx, text)
	count := 0
	err := func() error {
		rows, err := w.tx.QueryContext(ctx, text, args...)
		if err != nil {
			return Translate(err)
		}
		defer func() { _ = rows.Close() }() // Err below has the failure, if any.
		for rows.Next() {
			count++
			err = scan(rows)
			if err != nil {
				return err
			}
		}
		return Translate(rows.Err())
	}()
	told(count, err)
	return err
}

// exec runs a statement over rows as JSON. Without rows there is nothing to do.
func exec[R any](ctx context.Context, w *trackingWriter, what, text string, rows []R) error {
	if len(rows) == 0 {
		return nil
	}
	spelled, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	err = w.each(ctx, func(*sql.Rows) error { return nil }, text, string(spelled))
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

// write writes updates: events first, the shipments, and then how their following stands, which the shipments' triggers touch.
func (w *trackingWriter) write(ctx context.Context, updates []domain.TrackingUpdate) error {
	err := w.writeEvents(ctx, updates)
	if err != nil {
		return err
	}
	err = w.writeStatements(ctx, updates)
	if err != nil {
		return err
	}
	var standings []standingRow
	var followings []followingRow
	for i := range updates {
		u := &updates[i]
		if u.Standing != nil {
			standings = append(standings, standingRow{u.Shipment.Customer, u.Shipment.Row, *u.Standing})
		}
		if u.Outcome != "" || u.Moved {
			followings = append(followings, newFollowingRow(u))
		}
	}
	err = exec(ctx, w, "write where shipments stand", updateStandings, standings)
	if err != nil {
		return err
	}
	return exec(ctx, w, "write how shipments are followed", upsertFollowings, followings)
}

// standingRow is a shipment's row.
type standingRow struct {
	Customer int64 `json:"customer_id"`
	Row      int64 `json:"id"`
	domain.Standing
}

const updateStandings = `-- name: updateStandings
UPDATE shipments c SET tracking_unique_id = s.tracking_unique_id, milestone = s.milestone, delayed = s.delayed, delay_reason = s.delay_reason,
    shipped_at = s.shipped_at, delivered_at = s.delivered_at, eta_earliest = s.eta_earliest, eta_latest = s.eta_latest,
    eta_precision = s.eta_precision, eta_time_zone = s.eta_time_zone, eta_source = s.eta_source, eta_observed_at = s.eta_observed_at,
    pod_signed_by = s.pod_signed_by, pod_at = s.pod_at, pod_document_url = s.pod_document_url
FROM json_to_recordset($1::json) AS s (customer_id bigint, id bigint, tracking_unique_id text, milestone text, delayed boolean,
    delay_reason text, shipped_at timestamptz, delivered_at timestamptz, eta_earliest timestamptz, eta_latest timestamptz,
    eta_precision text, eta_time_zone text, eta_source text, eta_observed_at timestamptz, pod_signed_by text, pod_at timestamptz,
    pod_document_url text)
WHERE c.customer_id = s.customer_id AND c.id = s.id`

// followingRow is what is known after an update of how a shipment is followed.
type followingRow struct {
	Customer int64                   `json:"customer_id"`
	Shipment int64                   `json:"shipment_id"`
	Outcome  *domain.TrackingOutcome `json:"outcome"`
	Fetched  *time.Time              `json:"fetched_at"`
	Moved    *time.Time              `json:"moved_at"`
	Settled  bool                    `json:"settled"`
}

func newFollowingRow(u *domain.TrackingUpdate) followingRow {
	row := followingRow{Customer: u.Shipment.Customer, Shipment: u.Shipment.Row, Settled: u.Settled}
	if u.Outcome != "" {
		row.Outcome, row.Fetched = &u.Outcome, &u.At
	}
	if u.Moved {
		row.Moved = &u.At
	}
	return row
}

// upsertFollowings keeps the later of two answers, whichever is written first. When to ask next is not decided here, except that what is
// settled is not asked about any more, and that what was given up and moves again is.
const upsertFollowings = `-- name: upsertFollowings
INSERT INTO shipment_tracking AS t (customer_id, shipment_id, carrier_id, outcome, fetched_at, moved_at, due_at)
SELECT s.customer_id, s.shipment_id, c.carrier_id, s.outcome, s.fetched_at, s.moved_at,
    CASE WHEN s.settled THEN NULL ELSE coalesce(s.fetched_at, s.moved_at) END
FROM json_to_recordset($1::json) AS s (customer_id bigint, shipment_id bigint, outcome text, fetched_at timestamptz, moved_at timestamptz,
    settled boolean)
JOIN shipments c ON c.customer_id = s.customer_id AND c.id = s.shipment_id
WHERE c.carrier_id IS NOT NULL AND c.tracking_number IS NOT NULL
ORDER BY s.customer_id, s.shipment_id
ON CONFLICT (customer_id, shipment_id) DO UPDATE SET
    outcome = CASE WHEN EXCLUDED.fetched_at >= coalesce(t.fetched_at, '-infinity') THEN EXCLUDED.outcome ELSE t.outcome END,
    fetched_at = greatest(t.fetched_at, EXCLUDED.fetched_at), moved_at = greatest(t.moved_at, EXCLUDED.moved_at),
    failures = CASE WHEN EXCLUDED.fetched_at >= coalesce(t.fetched_at, '-infinity') THEN 0 ELSE t.failures END,
    due_at = CASE WHEN EXCLUDED.due_at IS NULL THEN NULL WHEN EXCLUDED.moved_at IS NOT NULL THEN coalesce(t.due_at, EXCLUDED.due_at) ELSE t.due_at END`

// statementRow is a row of eta_statements.
type statementRow struct {
	Customer  int64                 `json:"customer_id"`
	Shipment  int64                 `json:"shipment_id"`
	Source    *domain.EtaSource     `json:"source"`
	Earliest  *time.Time            `json:"earliest"`
	Latest    *time.Time            `json:"latest"`
	Precision *domain.TimePrecision `json:"precision"`
	TimeZone  *string               `json:"time_zone"`
	Observed  *time.Time            `json:"observed_at"`
	Statement json.RawMessage       `json:"statement"`
	Digest    string                `json:"digest"`
}

const insertStatements = `-- name: insertStatements
INSERT INTO eta_statements (customer_id, shipment_id, source, earliest, latest, precision, time_zone, observed_at, statement, digest)
SELECT s.customer_id, s.shipment_id, s.source, s.earliest, s.latest, s.precision, s.time_zone, s.observed_at, s.statement, s.digest
FROM json_to_recordset($1::json) AS s (customer_id bigint, shipment_id bigint, source text, earliest timestamptz, latest timestamptz,
    precision text, time_zone text, observed_at timestamptz, statement jsonb, digest text)
ON CONFLICT (customer_id, shipment_id, digest) DO NOTHING`

func (w *trackingWriter) writeStatements(ctx context.Context, updates []domain.TrackingUpdate) error {
	var added []statementRow
	var customers, dropped []int64
	for i := range updates {
		u := &updates[i]
		for _, row := range u.Dropped {
			customers, dropped = append(customers, u.Shipment.Customer), append(dropped, row)
		}
		for _, s := range u.Added {
			added = append(added, statementRow{
				Customer: u.Shipment.Customer, Shipment: u.Shipment.Row, Source: s.Source, Earliest: s.Earliest, Latest: s.Latest,
				Precision: s.Precision, TimeZone: s.TimeZone, Observed: s.ObservedAt, Statement: s.Statement, Digest: s.Digest,
			})
		}
	}
	if len(dropped) > 0 {
		const text = `-- name: deleteStatements
DELETE FROM eta_statements e USING unnest($1::bigint[], $2::bigint[]) AS gone (customer_id, id)
WHERE e.customer_id = gone.customer_id AND e.id = gone.id`
		err := w.each(ctx, func(*sql.Rows) error { return nil }, text, pq.Array(customers), pq.Array(dropped))
		if err != nil {
			return fmt.Errorf("drop statements of arrival: %w", err)
		}
	}
	return exec(ctx, w, "write statements of arrival", insertStatements, added)
}

// writeEvents inserts new events, and then writes the changed ones, and those that others supersede: only then have all of them rows.
func (w *trackingWriter) writeEvents(ctx context.Context, updates []domain.TrackingUpdate) error {
	var added, changed []eventRow
	for i := range updates {
		for j := range updates[i].Events {
			row := newEventRow(&updates[i].Events[j])
			if row.Row < 0 {
				added = append(added, row)
			}
			if row.Row >= 0 || row.SupersededBy != nil {
				changed = append(changed, row)
			}
		}
	}
	rows, err := w.insertEvents(ctx, added)
	if err != nil {
		return err
	}
	for i := range changed {
		changed[i].resolve(rows)
	}
	// One that could not be inserted has a row all the same, which another wrote: it is read the next time.
	changed = slices.DeleteFunc(changed, func(row eventRow) bool { return row.Row < 0 })
	return exec(ctx, w, "write changed events", updateEvents, changed)
}
