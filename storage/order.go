package storage

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

var orderEntity = newEntity(entity[domain.Order]{
	kind: domain.KindOrder, table: "orders", id: (*domain.Order).ID,
	fields: map[string]field{
		"number":        {expr: "upper(c.number)", kind: fieldIdentifier},
		"poNumber":      {expr: "upper(c.po_number)", kind: fieldIdentifier},
		"status":        {expr: "c.status"},
		"customer":      {expr: "c.customer_id", kind: fieldID, of: domain.KindCustomer},
		"countryCode":   {expr: "c.country_code"},
		"placedAt":      {expr: "c.placed_at", kind: fieldInstant},
		"promisedOn":    {expr: "c.promised_on", kind: fieldDate},
		"deliveredLate": {expr: "(c.delivered_on > c.promised_on)", kind: fieldBoolean},
		"total":         {expr: "c.total", kind: fieldDecimal},
		"updatedAt":     {expr: "c.updated_at", kind: fieldInstant},
	},
	sorts: map[string]sortKey[domain.Order]{
		"PLACED_AT":  byInstant("c.placed_at", func(item *domain.Order) time.Time { return item.PlacedAt }),
		"NUMBER":     byNumber("c.number", func(item *domain.Order) string { return item.Number }),
		"TOTAL":      byDecimal("c.total", func(item *domain.Order) domain.Decimal { return item.TotalAmount }),
		"UPDATED_AT": byInstant("c.updated_at", func(item *domain.Order) time.Time { return item.UpdatedAt }),
	},
	order: descending("PLACED_AT"),
})

var orderLineEntity = newEntity(entity[domain.OrderLine]{
	kind: domain.KindOrderLine, table: "order_lines", id: (*domain.OrderLine).ID,
	sorts: map[string]sortKey[domain.OrderLine]{
		"LINE_NUMBER": byInteger("c.line_number", func(item *domain.OrderLine) int { return item.LineNumber }),
	},
	order: ascending("LINE_NUMBER"),
})

var ordersOfCustomer = newRelation(relation[domain.Order]{
	name: "ordersOfCustomer", child: orderEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.Order) domain.ID { return item.CustomerID() },
})

var linesOfOrder = newRelation(relation[domain.OrderLine]{
	name: "linesOfOrder", child: orderLineEntity, parents: "orders", kind: domain.KindOrder,
	on: "c.customer_id = p.customer_id AND c.order_id = p.id", of: func(item *domain.OrderLine) domain.ID { return item.Ref(domain.KindOrder, &item.OrderRow) },
	unique: true, // A parent has each line number once.
})

// Orders lists all orders.
func (s *Store) Orders() List[domain.Order] {
	return List[domain.Order]{store: s, entity: orderEntity}
}

// OrdersOfCustomers lists the orders of customers.
func (s *Store) OrdersOfCustomers() Relation[domain.Order] {
	return Relation[domain.Order]{s, ordersOfCustomer}
}

// LinesOfOrders lists the lines of orders.
func (s *Store) LinesOfOrders() Relation[domain.OrderLine] {
	return Relation[domain.OrderLine]{s, linesOfOrder}
}

// OrdersByID reads orders; those that are not there are not in the map.
func (s *Store) OrdersByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Order, error) {
	return orderEntity.byIDs(ctx, s, ids)
}

// OrderLinesByID reads order lines; those that are not there are not in the map.
func (s *Store) OrderLinesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.OrderLine, error) {
	return orderLineEntity.byIDs(ctx, s, ids)
}
