package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// mostBearers bounds the shipments that bear one number: what stands on more is no number but a word such as PICKUP.
const mostBearers = 200

var bearerScanner = newScanner[domain.Bearer]()

// Bearers finds the shipments that bear numbers, which are given in capitals: by their tracking number, or by that or the SSCC of a package.
// Those of customers that were erased bear nothing. A number that more than a few hundred bear counts as borne by nobody.
func (s *Store) Bearers(ctx context.Context, numbers []string) ([]domain.Bearer, error) {
	return s.bearers(ctx, "bearers", `SELECT a.number, 1, x.customer_id, x.id FROM asked a
	JOIN shipments x ON upper(x.tracking_number) COLLATE "C" = a.number
	UNION ALL SELECT a.number, 2, x.customer_id, x.shipment_id FROM asked a JOIN packages x ON upper(x.tracking_number) COLLATE "C" = a.number
	UNION ALL SELECT a.number, 2, x.customer_id, x.shipment_id FROM asked a JOIN packages x ON upper(x.sscc) COLLATE "C" = a.number`, numbers)
}

// BearersOfDocuments finds shipments by our own numbers of them, as Bearers does by those of carriers.
func (s *Store) BearersOfDocuments(ctx context.Context, numbers []string) ([]domain.Bearer, error) {
	return s.bearers(ctx, "bearersOfDocuments", `SELECT a.number, 3, x.customer_id, x.id FROM asked a
	JOIN shipments x ON upper(x.number) COLLATE "C" = a.number`, numbers)
}

func (s *Store) bearers(ctx context.Context, name, from string, numbers []string) ([]domain.Bearer, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	most := mostBearers * min(len(numbers), 10)
	found, err := s.someBearers(ctx, name, from, numbers, most+1)
	if err != nil || len(found) <= most {
		return found, err
	}
	if len(numbers) == 1 {
		return nil, nil
	}
	// Some number stands on more shipments than it can mean: the others are not to suffer from it.
	half := len(numbers) / 2
	first, err := s.bearers(ctx, name, from, numbers[:half])
	if err != nil {
		return nil, err
	}
	second, err := s.bearers(ctx, name, from, numbers[half:])
	return append(first, second...), err
}

func (s *Store) someBearers(ctx context.Context, name, from string, numbers []string, limit int) ([]domain.Bearer, error) {
	b := &builder{}
	of := map[string]string{
		"asked": "m.asked", "borne_by": "m.borne_by", "carrier": "coalesce(k.code, '') AS carrier", "postal_code": "l.postal_code",
		"time_zone": "l.time_zone", "last_event_at": `(SELECT max(e.sort_at) FROM tracking_events e
	WHERE e.customer_id = c.customer_id AND e.shipment_id = c.id AND e.classifier = 'ACTUAL' AND e.superseded_by IS NULL) AS last_event_at`,
	}
	text := "-- name: " + name + "\nWITH asked (number) AS (SELECT unnest(" + b.arg(pq.Array(numbers)) + "::text[])),\n" +
		"m (asked, borne_by, customer_id, id) AS (" + from + ")\nSELECT " + bearerScanner.joined(of) + ` FROM m
JOIN shipments c ON c.customer_id = m.customer_id AND c.id = m.id
JOIN customers v ON v.customer_id = c.customer_id
LEFT JOIN carriers k ON k.id = c.carrier_id
LEFT JOIN sites l ON l.customer_id = c.customer_id AND l.id = c.site_id
WHERE v.name <> ` + erasedText + " AND " + s.customerScope(b, "v") + "\nLIMIT " + b.arg(limit)
	var found []domain.Bearer
	err := s.each(ctx, func(rows *sql.Rows) error {
		bearer, err := bearerScanner.scan(rows, allColumns(len(bearerScanner.columns)))
		if err == nil {
			found = append(found, *bearer)
		}
		return err
	}, text, b.args...)
	if err != nil {
		return nil, fmt.Errorf("find what bears a number: %w", err)
	}
	return found, nil
}
