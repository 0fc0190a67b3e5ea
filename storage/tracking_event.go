package storage

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

var trackingEventEntity = newEntity(entity[domain.TrackingEvent]{
	kind: domain.KindTrackingEvent, table: "tracking_events", id: (*domain.TrackingEvent).ID,
	hidden: "c.superseded_by IS NULL",
	sorts: map[string]sortKey[domain.TrackingEvent]{
		"SORT_AT": byInstant("c.sort_at", func(item *domain.TrackingEvent) time.Time { return item.SortAt }),
	},
	order: descending("SORT_AT"),
})

var eventsOfShipment = newRelation(relation[domain.TrackingEvent]{
	name: "eventsOfShipment", child: trackingEventEntity, parents: "shipments", kind: domain.KindShipment,
	on: "c.customer_id = p.customer_id AND c.shipment_id = p.id", of: func(item *domain.TrackingEvent) domain.ID { return item.Ref(domain.KindShipment, &item.ShipmentRow) },
})

// EventsOfShipments lists what carriers reported about shipments, without what was corrected since.
func (s *Store) EventsOfShipments() Relation[domain.TrackingEvent] {
	return Relation[domain.TrackingEvent]{s, eventsOfShipment}
}

// TrackingEventsByID reads tracking events; those that are not there are not in the map.
func (s *Store) TrackingEventsByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.TrackingEvent, error) {
	return trackingEventEntity.byIDs(ctx, s, ids)
}
