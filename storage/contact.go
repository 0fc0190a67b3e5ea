package storage

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

var contactEntity = newEntity(entity[domain.Contact]{
	kind: domain.KindContact, table: "contacts", id: (*domain.Contact).ID,
	sorts: map[string]sortKey[domain.Contact]{
		"IS_PRIMARY": byBoolean("c.is_primary", func(item *domain.Contact) bool { return item.IsPrimary }),
	},
	order: []domain.Sort{{Field: "IS_PRIMARY", Direction: domain.Descending}, {Field: sortByID, Direction: domain.Ascending}},
})

var contactsOfCustomer = newRelation(relation[domain.Contact]{
	name: "contactsOfCustomer", child: contactEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.Contact) domain.ID { return item.CustomerID() },
})

// ContactsOfCustomers lists the people at customers.
func (s *Store) ContactsOfCustomers() Relation[domain.Contact] {
	return Relation[domain.Contact]{s, contactsOfCustomer}
}

// ContactsByID reads contacts; those that are not there are not in the map.
func (s *Store) ContactsByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Contact, error) {
	return contactEntity.byIDs(ctx, s, ids)
}
