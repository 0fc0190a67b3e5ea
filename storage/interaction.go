package storage

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

var interactionEntity = newEntity(entity[domain.Interaction]{
	kind: domain.KindInteraction, table: "interactions", id: (*domain.Interaction).ID,
	internal: "c.direction = 'INTERNAL'",
	sorts: map[string]sortKey[domain.Interaction]{
		"OCCURRED_AT": byInstant("c.occurred_at", func(item *domain.Interaction) time.Time { return item.OccurredAt }),
	},
	order: descending("OCCURRED_AT"),
})

var interactionsOfCustomer = newRelation(relation[domain.Interaction]{
	name: "interactionsOfCustomer", child: interactionEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.Interaction) domain.ID { return item.CustomerID() },
})

var interactionsOfOrder = newRelation(relation[domain.Interaction]{
	name: "interactionsOfOrder", child: interactionEntity, parents: "orders", kind: domain.KindOrder,
	on: "c.customer_id = p.customer_id AND c.order_id = p.id", of: func(item *domain.Interaction) domain.ID { return item.Ref(domain.KindOrder, item.OrderRow) },
})

var interactionsOfCase = newRelation(relation[domain.Interaction]{
	name: "interactionsOfCase", child: interactionEntity, parents: "cases", kind: domain.KindCase,
	on: "c.customer_id = p.customer_id AND c.case_id = p.id", of: func(item *domain.Interaction) domain.ID { return item.Ref(domain.KindCase, item.CaseRow) },
})

// InteractionsOfCustomers lists the interactions with customers.
func (s *Store) InteractionsOfCustomers() Relation[domain.Interaction] {
	return Relation[domain.Interaction]{s, interactionsOfCustomer}
}

// InteractionsOfOrders lists the interactions about orders.
func (s *Store) InteractionsOfOrders() Relation[domain.Interaction] {
	return Relation[domain.Interaction]{s, interactionsOfOrder}
}

// InteractionsOfCases lists the interactions about cases.
func (s *Store) InteractionsOfCases() Relation[domain.Interaction] {
	return Relation[domain.Interaction]{s, interactionsOfCase}
}

// InteractionsByID reads interactions; those that are not there are not in the map.
func (s *Store) InteractionsByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Interaction, error) {
	return interactionEntity.byIDs(ctx, s, ids)
}
