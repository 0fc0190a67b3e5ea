package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/vigie-dev/vigie/domain"
)

// followedFrom is where the parts of a domain.Followed are found: the shipment c, its carrier k, its site l and its following t.
const followedFrom = `shipments c JOIN carriers k ON k.id = c.carrier_id
LEFT JOIN sites l ON l.customer_id = c.customer_id AND l.id = c.site_id
LEFT JOIN shipment_tracking t ON t.customer_id = c.customer_id AND t.shipment_id = c.id`

var followedScanner = newScanner[domain.Followed]()

// followedColumns are the columns of a domain.Followed, from followedFrom.
func followedColumns() string {
	of := map[string]string{
		"carrier": "k.code AS carrier", "postal_code": "l.postal_code", "time_zone": "l.time_zone", "outcome": "t.outcome",
		"fetched_at": "t.fetched_at", "moved_at": "t.moved_at", "due_at": "t.due_at", "failures": "coalesce(t.failures, 0) AS failures",
	}
	return followedScanner.joined(of)
}

// Followed reads shipments that have a carrier and a tracking number; the others, and those that are not there, are not in the map.
func (s *Store) Followed(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Followed, error) {
	b := &builder{}
	text := "-- name: followed\nSELECT " + followedColumns() + " FROM " + followedFrom + `
JOIN unnest(` + b.array(customersOf(ids)) + ", " + b.array(rowsOf(ids)) + `) AS asked (customer_id, id)
  ON c.customer_id = asked.customer_id AND c.id = asked.id
WHERE c.tracking_number IS NOT NULL AND ` + s.scope(b, "c")
	found := make(map[domain.ID]*domain.Followed, len(ids))
	err := s.each(ctx, func(rows *sql.Rows) error {
		item, err := scanFollowed(rows)
		if err == nil {
			found[item.ID()] = item
		}
		return err
	}, text, b.args...)
	if err != nil {
		return nil, fmt.Errorf("read what is followed: %w", err)
	}
	return found, nil
}

// scanFollowed reads a row of followedColumns.
func scanFollowed(rows *sql.Rows) (*domain.Followed, error) {
	return followedScanner.scan(rows, allColumns(len(followedScanner.columns)))
}
