package storage

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// mostReschedules is how often those are tried again that somebody else was writing.
const mostReschedules = 4

// ofCarrier is the condition that a following t is one of a carrier's, by the carrier's code.
const ofCarrier = "t.carrier_id = (SELECT a.id FROM carriers a WHERE a.code = $1)"

// claimDue takes the rows that others have not locked, so that several who claim at once get different ones. Their number stands in the text:
// a plan for any number would read the whole table.
func claimDue(n int) string {
	return `-- name: claimDue
WITH due AS MATERIALIZED (
    SELECT t.customer_id, t.shipment_id, t.due_at FROM shipment_tracking t
    WHERE ` + ofCarrier + ` AND t.due_at <= $2
    ORDER BY t.due_at LIMIT ` + strconv.Itoa(n) + ` FOR UPDATE OF t SKIP LOCKED
), t AS (
    UPDATE shipment_tracking f SET due_at = $3 FROM due
    WHERE f.customer_id = due.customer_id AND f.shipment_id = due.shipment_id
    RETURNING f.customer_id, f.shipment_id, due.due_at, f.outcome, f.fetched_at, f.moved_at, f.failures
)
SELECT ` + followedColumns() + ` FROM t
JOIN shipments c ON c.customer_id = t.customer_id AND c.id = t.shipment_id
JOIN carriers k ON k.id = c.carrier_id
LEFT JOIN sites l ON l.customer_id = c.customer_id AND l.id = c.site_id
WHERE c.tracking_number IS NOT NULL ORDER BY t.due_at, c.customer_id, c.id`
}

// ClaimDue takes up to n shipments of a carrier that are to be asked about, those first that have waited longest, and puts them off until a
// later instant: until then nobody else gets them, and where whoever took them is gone by then, they are due again. DueAt of what it gives is
// when they were due. It is FORBIDDEN to all but administrators.
func (s *Store) ClaimDue(ctx context.Context, carrier string, now, until time.Time, n int) ([]*domain.Followed, error) {
	if s.viewer.Role != domain.RoleAdmin {
		return nil, &domain.Error{Code: domain.CodeForbidden, Message: "you may not take shipments to ask about"}
	}
	claimed, err := s.followed(ctx, claimDue(n), carrier, now, until)
	if err != nil {
		return nil, fmt.Errorf("take shipments to ask about: %w", err)
	}
	return claimed, nil
}

// Turn is when to ask about a shipment next.
type Turn struct {
	Shipment domain.ID
	DueAt    *time.Time // nil is never
	Failures int
}

// reschedule waits for nobody while it holds rows: imports write followings in an order of their own, and none shall fail because of it. It tells
// how many are left that somebody else was writing. What somebody has changed since it was claimed stays as it is.
const reschedule = `-- name: reschedule
WITH asked AS MATERIALIZED (
    SELECT t.customer_id, t.shipment_id, n.due_at, n.failures FROM shipment_tracking t
    JOIN unnest($2::bigint[], $3::bigint[], $4::timestamptz[], $5::integer[]) AS n (customer_id, shipment_id, due_at, failures)
      ON t.customer_id = n.customer_id AND t.shipment_id = n.shipment_id
    WHERE t.due_at = $1
), held AS (
    SELECT t.customer_id, t.shipment_id, a.due_at, a.failures FROM shipment_tracking t
    JOIN asked a ON t.customer_id = a.customer_id AND t.shipment_id = a.shipment_id
    WHERE t.due_at = $1 FOR UPDATE OF t SKIP LOCKED
), written AS (
    UPDATE shipment_tracking t SET due_at = held.due_at, failures = held.failures FROM held
    WHERE t.customer_id = held.customer_id AND t.shipment_id = held.shipment_id
    RETURNING 1
)
SELECT (SELECT count(*) FROM asked) - (SELECT count(*) FROM written)`

// Reschedule says when to ask next about shipments that were claimed until an instant. Those that somebody settled, or claimed again, meanwhile
// stay as they are. It is FORBIDDEN to all but administrators.
func (s *Store) Reschedule(ctx context.Context, until time.Time, turns []Turn) error {
	if s.viewer.Role != domain.RoleAdmin {
		return &domain.Error{Code: domain.CodeForbidden, Message: "you may not say when shipments are asked about"}
	}
	if len(turns) == 0 {
		return nil
	}
	ids := make([]domain.ID, len(turns))
	due := make([]*string, len(turns))
	failures := make([]int64, len(turns))
	for i, turn := range turns {
		ids[i], failures[i] = turn.Shipment, int64(turn.Failures)
		if turn.DueAt != nil {
			spelled := turn.DueAt.Format(time.RFC3339Nano)
			due[i] = &spelled
		}
	}
	for attempt := 1; ; attempt++ {
		var left int
		err := s.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&left) }, reschedule,
			until, pq.Array(customersOf(ids)), pq.Array(rowsOf(ids)), pq.Array(due), pq.Array(failures))
		if err != nil {
			return fmt.Errorf("say when to ask next: %w", err)
		}
		// Those who write followings are soon done, but for an import: what it has touched is due again when the lease ends.
		if left == 0 || attempt == mostReschedules {
			return nil
		}
		select {
		case <-time.After(time.Duration(rand.Int64N(int64(5*time.Millisecond) << attempt))):
		case <-ctx.Done():
			return fmt.Errorf("say when to ask next: %w", Translate(ctx.Err()))
		}
	}
}

// NextDue is when the first shipment of a carrier is due, nil where none will be.
func (s *Store) NextDue(ctx context.Context, carrier string) (*time.Time, error) {
	b := &builder{args: []any{carrier}}
	text := "-- name: nextDue\nSELECT t.due_at FROM shipment_tracking t\nWHERE " + ofCarrier + " AND t.due_at IS NOT NULL AND " +
		s.scope(b, "t") + "\nORDER BY t.due_at LIMIT 1"
	var next *time.Time
	err := s.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&next) }, text, b.args...)
	if err != nil {
		return nil, fmt.Errorf("look when somebody is due: %w", err)
	}
	return next, nil
}

// CountOpen is how many shipments of a carrier are asked about.
func (s *Store) CountOpen(ctx context.Context, carrier string) (int, error) {
	b := &builder{args: []any{carrier}}
	text := "-- name: countOpen\nSELECT count(*) FROM shipment_tracking t\nWHERE " + ofCarrier + " AND t.due_at IS NOT NULL AND " + s.scope(b, "t")
	var open int
	err := s.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&open) }, text, b.args...)
	if err != nil {
		return 0, fmt.Errorf("count what is asked about: %w", err)
	}
	return open, nil
}

// SampleOpen reads about one in so many, a power of two, of the shipments of a carrier that are asked about: always the same ones.
func (s *Store) SampleOpen(ctx context.Context, carrier string, oneIn int) ([]*domain.Followed, error) {
	b := &builder{args: []any{carrier}}
	text := "-- name: sampleOpen\nSELECT " + followedColumns() + ` FROM shipment_tracking t
JOIN shipments c ON c.customer_id = t.customer_id AND c.id = t.shipment_id
JOIN carriers k ON k.id = c.carrier_id
LEFT JOIN sites l ON l.customer_id = c.customer_id AND l.id = c.site_id
WHERE ` + ofCarrier + " AND t.due_at IS NOT NULL AND hashint8(t.shipment_id) & (" + b.arg(oneIn-1) + `::integer) = 0
  AND c.tracking_number IS NOT NULL AND ` + s.scope(b, "c")
	sample, err := s.followed(ctx, text, b.args...)
	if err != nil {
		return nil, fmt.Errorf("look at what is asked about: %w", err)
	}
	return sample, nil
}

// followed reads rows of followedColumns.
func (s *Store) followed(ctx context.Context, text string, args ...any) ([]*domain.Followed, error) {
	var found []*domain.Followed
	err := s.each(ctx, func(rows *sql.Rows) error {
		item, err := scanFollowed(rows)
		found = append(found, item)
		return err
	}, text, args...)
	return found, err
}
