package storage

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

var followUpEntity = newEntity(entity[domain.FollowUp]{
	kind: domain.KindFollowUp, table: "follow_ups", id: (*domain.FollowUp).ID,
	internal: everything,
	sorts: map[string]sortKey[domain.FollowUp]{
		"IS_OPEN": byBoolean("(c.status = 'OPEN')", func(item *domain.FollowUp) bool { return item.Status == "OPEN" }),
		"DUE_AT":  byInstant("c.due_at", func(item *domain.FollowUp) time.Time { return item.DueAt }),
	},
	order: []domain.Sort{{Field: "IS_OPEN", Direction: domain.Descending}, {Field: "DUE_AT", Direction: domain.Ascending}},
})

var followUpsOfCustomer = newRelation(relation[domain.FollowUp]{
	name: "followUpsOfCustomer", child: followUpEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.FollowUp) domain.ID { return item.CustomerID() },
})

// FollowUpsOfCustomers lists the tasks about customers.
func (s *Store) FollowUpsOfCustomers() Relation[domain.FollowUp] {
	return Relation[domain.FollowUp]{s, followUpsOfCustomer}
}

// FollowUpsByID reads follow-ups; those that are not there are not in the map.
func (s *Store) FollowUpsByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.FollowUp, error) {
	return followUpEntity.byIDs(ctx, s, ids)
}
