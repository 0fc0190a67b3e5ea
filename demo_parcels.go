package main

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking/democarrier"
)

// fetchedAfter is how long after its label a parcel of the demo is fetched, where that has not happened yet.
const fetchedAfter = 5 * time.Hour

// openParcels are the demo's shipments that are on their way, as parcels of the carriers that the demo plays. Each has behind it what is stored of its
// journey, so that its carrier does not contradict it.
func openParcels(ctx context.Context, w workspace) ([]democarrier.Parcel, error) {
	rows, err := w.store.DB().QueryContext(ctx, `-- name: openParcels
SELECT k.code, s.tracking_number, coalesce(s.tracking_unique_id, ''), s.created_at, s.shipped_at, s.promised_on::text,
    coalesce(h.city, ''), '', coalesce(h.country_code, ''), coalesce(h.time_zone, ''),
    coalesce(l.city, ''), coalesce(l.postal_code, ''), coalesce(l.country_code, ''), coalesce(l.time_zone, ''),
    e.milestone, coalesce(e.reason, ''), e.occurred_at
FROM shipments s JOIN carriers k ON k.id = s.carrier_id JOIN customers c ON c.customer_id = s.customer_id
LEFT JOIN sites l ON l.customer_id = s.customer_id AND l.id = s.site_id LEFT JOIN warehouses h ON h.id = s.warehouse_id
LEFT JOIN tracking_events e ON e.customer_id = s.customer_id AND e.shipment_id = s.id AND e.classifier = 'ACTUAL'
    AND e.superseded_by IS NULL AND e.occurred_at IS NOT NULL
WHERE c.source = 'demo' AND s.promised_on IS NOT NULL AND s.tracking_number IS NOT NULL
    AND s.milestone NOT IN ('DELIVERED', 'RETURNED', 'CANCELLED', 'EXPIRED')
ORDER BY s.occurred_at DESC, s.customer_id, s.id, e.sort_at, e.id`)
	if err != nil {
		return nil, fmt.Errorf("look for the demo's parcels: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var parcels []democarrier.Parcel
	for rows.Next() {
		parcel, past, err := scanParcel(rows)
		if err != nil {
			return nil, fmt.Errorf("read the demo's parcels: %w", err)
		}
		n := len(parcels)
		if n == 0 || parcels[n-1].Number != parcel.Number {
			parcels = append(parcels, parcel)
			n++
		}
		if past != nil {
			parcels[n-1].Past = append(parcels[n-1].Past, *past)
		}
	}
	return parcels, rows.Err()
}

// scanParcel reads a row of openParcels: a parcel, and of its past one scan, which is nil where it has none.
func scanParcel(rows *sql.Rows) (democarrier.Parcel, *democarrier.Past, error) {
	var p democarrier.Parcel
	var promised string
	var milestone, reason sql.NullString
	var created time.Time
	var shipped, at sql.NullTime
	err := rows.Scan(&p.Carrier, &p.Number, &p.UniqueID, &created, &shipped, &promised,
		&p.From.City, &p.From.PostalCode, &p.From.Country, &p.From.Zone,
		&p.To.City, &p.To.PostalCode, &p.To.Country, &p.To.Zone, &milestone, &reason, &at)
	if err != nil {
		return p, nil, err
	}
	p.PromisedOn, err = domain.ParseDate(strings.TrimSpace(promised))
	if err != nil {
		return p, nil, err
	}
	p.ShippedAt = created.Add(fetchedAfter)
	if shipped.Valid {
		p.ShippedAt = shipped.Time
	}
	p.Fate = democarrier.DrawFate(demoSeed, p.Number, p.From.Country != p.To.Country)
	if !milestone.Valid {
		return p, nil, nil
	}
	return p, &democarrier.Past{Milestone: domain.Milestone(milestone.String), Reason: domain.ExceptionReason(reason.String), At: at.Time}, nil
}

// takeOverScans removes what is stored of the journeys of the demo's parcels once their carrier has told them itself: a scan would be there twice.
func takeOverScans(ctx context.Context, w workspace) error {
	_, err := w.store.DB().ExecContext(ctx, `-- name: takeOverScans
DELETE FROM tracking_events e USING customers c, carriers k, shipments s
WHERE c.source = 'demo' AND e.customer_id = c.customer_id AND s.customer_id = e.customer_id AND s.id = e.shipment_id AND k.id = s.carrier_id
    AND e.source = 'vigie' AND e.external_id IS NULL
    AND EXISTS (SELECT FROM tracking_events t WHERE t.customer_id = e.customer_id AND t.shipment_id = e.shipment_id AND t.source = k.code)`)
	if err != nil {
		return fmt.Errorf("hand the demo's parcels to their carriers: %w", err)
	}
	return nil
}

// untoldShipments are the demo's shipments on their way of which no carrier has told yet.
func untoldShipments(ctx context.Context, w workspace) ([]domain.ID, error) {
	rows, err := w.store.DB().QueryContext(ctx, `-- name: untoldShipments
SELECT t.customer_id, t.shipment_id FROM shipment_tracking t JOIN customers c ON c.customer_id = t.customer_id
WHERE c.source = 'demo' AND t.due_at IS NOT NULL AND t.fetched_at IS NULL
ORDER BY t.customer_id, t.shipment_id LIMIT $1`, mostDemoParcels)
	if err != nil {
		return nil, fmt.Errorf("look for the demo's open shipments: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var ids []domain.ID
	for rows.Next() {
		var customer, row int64
		err = rows.Scan(&customer, &row)
		if err != nil {
			return nil, fmt.Errorf("read the demo's open shipments: %w", err)
		}
		ids = append(ids, domain.OwnedID(domain.KindShipment, customer, row))
	}
	return ids, rows.Err()
}
