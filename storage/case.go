package storage

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

var caseEntity = newEntity(entity[domain.Case]{
	kind: domain.KindCase, table: "cases", id: (*domain.Case).ID,
	fields: map[string]field{
		"number":    {expr: "upper(c.number)", kind: fieldIdentifier},
		"kind":      {expr: "c.kind"},
		"priority":  {expr: "c.priority"},
		"status":    {expr: "c.status"},
		"assignee":  {expr: "c.assignee_id", kind: fieldID, of: domain.KindUser},
		"customer":  {expr: "c.customer_id", kind: fieldID, of: domain.KindCustomer},
		"openedAt":  {expr: "c.opened_at", kind: fieldInstant},
		"dueAt":     {expr: "c.due_at", kind: fieldInstant},
		"updatedAt": {expr: "c.updated_at", kind: fieldInstant},
	},
	sorts: map[string]sortKey[domain.Case]{
		"OPENED_AT":  byInstant("c.opened_at", func(item *domain.Case) time.Time { return item.OpenedAt }),
		"NUMBER":     byNumber("c.number", func(item *domain.Case) string { return item.Number }),
		"UPDATED_AT": byInstant("c.updated_at", func(item *domain.Case) time.Time { return item.UpdatedAt }),
	},
	order: descending("OPENED_AT"),
})

var casesOfCustomer = newRelation(relation[domain.Case]{
	name: "casesOfCustomer", child: caseEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.Case) domain.ID { return item.CustomerID() },
})

// Cases lists all service cases.
func (s *Store) Cases() List[domain.Case] {
	return List[domain.Case]{store: s, entity: caseEntity}
}

// CasesOfCustomers lists the service cases of customers.
func (s *Store) CasesOfCustomers() Relation[domain.Case] {
	return Relation[domain.Case]{s, casesOfCustomer}
}

// CasesByID reads cases; those that are not there are not in the map.
func (s *Store) CasesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Case, error) {
	return caseEntity.byIDs(ctx, s, ids)
}
