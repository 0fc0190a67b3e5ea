package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"github.com/vigie-dev/vigie/domain"
)

var (
	trackedScanner = newScanner[domain.Tracked]()
	recordScanner  = newScanner[domain.TrackingRecord]()
)

// trackedColumns are the columns of a domain.Tracked: of the shipment c, its carrier k, its site l and its following t.
func trackedColumns() string {
	of := map[string]string{
		"carrier": "coalesce(k.code, '') AS carrier", "postal_code": "l.postal_code", "time_zone": "l.time_zone",
		"outcome": "t.outcome", "fetched_at": "t.fetched_at", "moved_at": "t.moved_at",
		"statements": `coalesce((SELECT json_agg(json_build_object('id', e.id, 'statement', e.statement) ORDER BY e.observed_at, e.id)
	FROM eta_statements e WHERE e.customer_id = c.customer_id AND e.shipment_id = c.id), '[]') AS statements`,
	}
	return trackedScanner.joined(of)
}

// Tracked reads shipments with all that is stored of their journeys, in two statements; those that are not there, or not for the viewer, are
// not in the map.
func (s *Store) Tracked(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Tracked, error) {
	return s.tracked(ctx, s.each, ids)
}

// reader runs a statement and calls scan for each row.
type reader func(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) error

// tracked reads the shipments first: an answer that is written between the two statements makes the events newer than the shipment says, and
// never older.
func (s *Store) tracked(ctx context.Context, each reader, ids []domain.ID) (map[domain.ID]*domain.Tracked, error) {
	found := make(map[domain.ID]*domain.Tracked, len(ids))
	if len(ids) == 0 {
		return found, nil
	}
	b := &builder{}
	text := "-- name: tracked\nSELECT " + trackedColumns() + ` FROM shipments c
LEFT JOIN carriers k ON k.id = c.carrier_id
LEFT JOIN sites l ON l.customer_id = c.customer_id AND l.id = c.site_id
LEFT JOIN shipment_tracking t ON t.customer_id = c.customer_id AND t.shipment_id = c.id
JOIN unnest(` + b.array(customersOf(ids)) + ", " + b.array(rowsOf(ids)) + `) AS asked (customer_id, id)
  ON c.customer_id = asked.customer_id AND c.id = asked.id
WHERE ` + s.scope(b, "c")
	err := each(ctx, func(rows *sql.Rows) error {
		item, err := trackedScanner.scan(rows, allColumns(len(trackedScanner.columns)))
		if err == nil {
			found[item.ID()] = item
		}
		return err
	}, text, b.args...)
	if err != nil {
		return nil, fmt.Errorf("read what is tracked: %w", err)
	}
	if len(found) == 0 {
		return found, nil
	}
	return found, s.trackedEvents(ctx, each, found)
}

// trackedEvents adds the events to their shipments.
func (s *Store) trackedEvents(ctx context.Context, each reader, of map[domain.ID]*domain.Tracked) error {
	ids := make([]domain.ID, 0, len(of))
	for id := range of {
		ids = append(ids, id)
	}
	b := &builder{}
	text := "-- name: trackedEvents\nSELECT c." + strings.Join(recordScanner.columns, ", c.") + ` FROM tracking_events c
JOIN unnest(` + b.array(customersOf(ids)) + ", " + b.array(rowsOf(ids)) + `) AS asked (customer_id, id)
  ON c.customer_id = asked.customer_id AND c.shipment_id = asked.id
WHERE ` + s.scope(b, "c") + `
ORDER BY c.customer_id, c.shipment_id, c.sort_at, c.id`
	err := each(ctx, func(rows *sql.Rows) error {
		record, err := recordScanner.scan(rows, allColumns(len(recordScanner.columns)))
		if err != nil {
			return err
		}
		record.Key = keyOfEvent(record.ShipmentRow, record.Key)
		shipment := of[domain.OwnedID(domain.KindShipment, record.CustomerRow, record.ShipmentRow)]
		if shipment != nil {
			shipment.Events = append(shipment.Events, *record)
		}
		return nil
	}, text, b.args...)
	if err != nil {
		return fmt.Errorf("read the events of what is tracked: %w", err)
	}
	return nil
}

// One number may stand on several shipments of a customer, so that the same event happens to each of them: its external id begins with the
// shipment's row.
func eventPrefix(shipment int64) string { return strconv.FormatInt(shipment, 10) + "/" }

// keyOfEvent is an event's key without its shipment.
func keyOfEvent(shipment int64, external *string) *string {
	if external == nil {
		return nil
	}
	key := strings.TrimPrefix(*external, eventPrefix(shipment))
	return &key
}
