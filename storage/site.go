package storage

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

var siteEntity = newEntity(entity[domain.Site]{
	kind: domain.KindSite, table: "sites", id: (*domain.Site).ID,
	sorts: map[string]sortKey[domain.Site]{
		"IS_PRIMARY": byBoolean("c.is_primary", func(item *domain.Site) bool { return item.IsPrimary }),
	},
	order: []domain.Sort{{Field: "IS_PRIMARY", Direction: domain.Descending}, {Field: sortByID, Direction: domain.Ascending}},
})

var sitesOfCustomer = newRelation(relation[domain.Site]{
	name: "sitesOfCustomer", child: siteEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.Site) domain.ID { return item.CustomerID() },
})

// SitesOfCustomers lists the places of customers.
func (s *Store) SitesOfCustomers() Relation[domain.Site] {
	return Relation[domain.Site]{s, sitesOfCustomer}
}

// SitesByID reads sites; those that are not there are not in the map.
func (s *Store) SitesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Site, error) {
	return siteEntity.byIDs(ctx, s, ids)
}
