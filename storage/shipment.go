package storage

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

var shipmentEntity = newEntity(entity[domain.Shipment]{
	kind: domain.KindShipment, table: "shipments", id: (*domain.Shipment).ID,
	fields: map[string]field{
		"number":         {expr: "upper(c.number)", kind: fieldIdentifier},
		"trackingNumber": {expr: "upper(c.tracking_number)", kind: fieldIdentifier},
		"milestone":      {expr: "c.milestone"},
		"delayed":        {expr: "c.delayed", kind: fieldBoolean},
		"carrier":        {expr: "c.carrier_id", kind: fieldID, of: domain.KindCarrier},
		"customer":       {expr: "c.customer_id", kind: fieldID, of: domain.KindCustomer},
		"occurredAt":     {expr: "c.occurred_at", kind: fieldInstant},
		"deliveredAt":    {expr: "c.delivered_at", kind: fieldInstant},
		"promisedOn":     {expr: "c.promised_on", kind: fieldDate},
		"updatedAt":      {expr: "c.updated_at", kind: fieldInstant},
	},
	sorts: map[string]sortKey[domain.Shipment]{
		"OCCURRED_AT": byInstant("c.occurred_at", func(item *domain.Shipment) time.Time { return item.OccurredAt }),
		"NUMBER":      byNumber("c.number", func(item *domain.Shipment) string { return item.Number }),
		"UPDATED_AT":  byInstant("c.updated_at", func(item *domain.Shipment) time.Time { return item.UpdatedAt }),
	},
	order: descending("OCCURRED_AT"),
})

var packageEntity = newEntity(entity[domain.Package]{
	kind: domain.KindPackage, table: "packages", id: (*domain.Package).ID,
	sorts: map[string]sortKey[domain.Package]{
		"SEQUENCE": byInteger("c.sequence", func(item *domain.Package) int { return item.Sequence }),
	},
	order: ascending("SEQUENCE"),
})

var shipmentsOfCustomer = newRelation(relation[domain.Shipment]{
	name: "shipmentsOfCustomer", child: shipmentEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.Shipment) domain.ID { return item.CustomerID() },
})

var shipmentsOfOrder = newRelation(relation[domain.Shipment]{
	name: "shipmentsOfOrder", child: shipmentEntity, parents: "orders", kind: domain.KindOrder,
	on: "c.customer_id = p.customer_id AND c.order_id = p.id", of: func(item *domain.Shipment) domain.ID { return item.Ref(domain.KindOrder, item.OrderRow) },
	order: ascending("OCCURRED_AT"),
})

var packagesOfShipment = newRelation(relation[domain.Package]{
	name: "packagesOfShipment", child: packageEntity, parents: "shipments", kind: domain.KindShipment,
	on: "c.customer_id = p.customer_id AND c.shipment_id = p.id", of: func(item *domain.Package) domain.ID { return item.Ref(domain.KindShipment, &item.ShipmentRow) },
})

// Shipments lists all shipments.
func (s *Store) Shipments() List[domain.Shipment] {
	return List[domain.Shipment]{store: s, entity: shipmentEntity}
}

// ShipmentsOfCustomers lists the shipments to customers.
func (s *Store) ShipmentsOfCustomers() Relation[domain.Shipment] {
	return Relation[domain.Shipment]{s, shipmentsOfCustomer}
}

// ShipmentsOfOrders lists the shipments of orders, the earliest first.
func (s *Store) ShipmentsOfOrders() Relation[domain.Shipment] {
	return Relation[domain.Shipment]{s, shipmentsOfOrder}
}

// PackagesOfShipments lists the pieces of shipments.
func (s *Store) PackagesOfShipments() Relation[domain.Package] {
	return Relation[domain.Package]{s, packagesOfShipment}
}

// ShipmentsByID reads shipments; those that are not there are not in the map.
func (s *Store) ShipmentsByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Shipment, error) {
	return shipmentEntity.byIDs(ctx, s, ids)
}

// PackagesByID reads packages; those that are not there are not in the map.
func (s *Store) PackagesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Package, error) {
	return packageEntity.byIDs(ctx, s, ids)
}
