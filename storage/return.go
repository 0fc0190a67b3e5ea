package storage

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

var returnEntity = newEntity(entity[domain.Return]{
	kind: domain.KindReturn, table: "returns", id: (*domain.Return).ID,
	sorts: map[string]sortKey[domain.Return]{
		"REQUESTED_AT": byInstant("c.requested_at", func(item *domain.Return) time.Time { return item.RequestedAt }),
	},
	order: descending("REQUESTED_AT"),
})

var returnLineEntity = newEntity(entity[domain.ReturnLine]{
	kind: domain.KindReturnLine, table: "return_lines", id: (*domain.ReturnLine).ID,
	order: ascending(sortByID),
})

var returnsOfCustomer = newRelation(relation[domain.Return]{
	name: "returnsOfCustomer", child: returnEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.Return) domain.ID { return item.CustomerID() },
})

var returnsOfOrder = newRelation(relation[domain.Return]{
	name: "returnsOfOrder", child: returnEntity, parents: "orders", kind: domain.KindOrder,
	on: "c.customer_id = p.customer_id AND c.order_id = p.id", of: func(item *domain.Return) domain.ID { return item.Ref(domain.KindOrder, &item.OrderRow) },
})

var linesOfReturn = newRelation(relation[domain.ReturnLine]{
	name: "linesOfReturn", child: returnLineEntity, parents: "returns", kind: domain.KindReturn,
	on: "c.customer_id = p.customer_id AND c.return_id = p.id", of: func(item *domain.ReturnLine) domain.ID { return item.Ref(domain.KindReturn, &item.ReturnRow) },
})

// ReturnsOfCustomers lists the returns of customers.
func (s *Store) ReturnsOfCustomers() Relation[domain.Return] {
	return Relation[domain.Return]{s, returnsOfCustomer}
}

// ReturnsOfOrders lists the returns of orders.
func (s *Store) ReturnsOfOrders() Relation[domain.Return] {
	return Relation[domain.Return]{s, returnsOfOrder}
}

// LinesOfReturns lists the lines of returns.
func (s *Store) LinesOfReturns() Relation[domain.ReturnLine] {
	return Relation[domain.ReturnLine]{s, linesOfReturn}
}

// ReturnsByID reads returns; those that are not there are not in the map.
func (s *Store) ReturnsByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Return, error) {
	return returnEntity.byIDs(ctx, s, ids)
}

// ReturnLinesByID reads return lines; those that are not there are not in the map.
func (s *Store) ReturnLinesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.ReturnLine, error) {
	return returnLineEntity.byIDs(ctx, s, ids)
}
