package storage

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

var customerEntity = newEntity(entity[domain.Customer]{
	kind: domain.KindCustomer, table: "customers", id: (*domain.Customer).ID,
	fields: map[string]field{
		"id":             {expr: "c.customer_id", kind: fieldID, of: domain.KindCustomer},
		"number":         {expr: "upper(c.number)", kind: fieldIdentifier},
		"name":           {expr: "fold(c.name)", kind: fieldName, search: "c.search_key"},
		"kind":           {expr: "c.kind"},
		"segment":        {expr: "c.segment"},
		"status":         {expr: "c.status"},
		"countryCode":    {expr: "c.country_code"},
		"tags":           {expr: "c.tags", kind: fieldTags},
		"accountManager": {expr: "c.account_manager_id", kind: fieldID, of: domain.KindUser},
		"organisation":   {expr: "c.organisation_id", kind: fieldID, of: domain.KindOrganisation},
		"parent":         {expr: "c.parent_id", kind: fieldID, of: domain.KindCustomer},
		"createdAt":      {expr: "c.created_at", kind: fieldInstant},
		"updatedAt":      {expr: "c.updated_at", kind: fieldInstant},
	},
	sorts: map[string]sortKey[domain.Customer]{
		"NUMBER":     byNumber("c.number", func(c *domain.Customer) string { return c.Number }),
		"NAME":       byName("c.name", func(c *domain.Customer) string { return c.Name }),
		"CREATED_AT": byInstant("c.created_at", func(c *domain.Customer) time.Time { return c.CreatedAt }),
		"UPDATED_AT": byInstant("c.updated_at", func(c *domain.Customer) time.Time { return c.UpdatedAt }),
	},
	order: ascending("NUMBER"),
})

var subsidiariesOfCustomer = newRelation(relation[domain.Customer]{
	name: "subsidiariesOfCustomer", child: customerEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.parent_id = p.customer_id", of: (*domain.Customer).ParentID,
})

// Customers lists all customers.
func (s *Store) Customers() List[domain.Customer] {
	return List[domain.Customer]{store: s, entity: customerEntity}
}

// SubsidiariesOfCustomers lists the customers that belong to customers.
func (s *Store) SubsidiariesOfCustomers() Relation[domain.Customer] {
	return Relation[domain.Customer]{s, subsidiariesOfCustomer}
}

// CustomersByID reads customers; those that are not there are not in the map.
func (s *Store) CustomersByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Customer, error) {
	return customerEntity.byIDs(ctx, s, ids)
}

// withoutNUL drops what Postgres cannot hold and therefore cannot find.
func withoutNUL(texts []string) []string {
	kept := make([]string, 0, len(texts))
	for _, text := range texts {
		if !strings.ContainsRune(text, 0) {
			kept = append(kept, text)
		}
	}
	return kept
}

// ReferencesOfCustomers reads what other systems call customers, by system.
func (s *Store) ReferencesOfCustomers(ctx context.Context, ids []domain.ID) (map[domain.ID][]*domain.CustomerReference, error) {
	var b builder
	b.add("-- name: referencesOfCustomer\nSELECT r.customer_id, r.system, r.value FROM customer_references r WHERE r.customer_id = ANY(",
		b.arg(pq.Array(rowsOf(ids))), ") AND ", s.scope(&b, "r"), " ORDER BY r.customer_id, r.system, r.value")
	found := make(map[domain.ID][]*domain.CustomerReference, len(ids))
	err := s.each(ctx, func(rows *sql.Rows) error {
		var reference domain.CustomerReference
		err := rows.Scan(&reference.CustomerRow, &reference.System, &reference.Value)
		id := domain.CustomerID(reference.CustomerRow)
		found[id] = append(found[id], &reference)
		return err
	}, b.text.String(), b.args...)
	return found, err
}
