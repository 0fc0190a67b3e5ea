package storage

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

var disputeEntity = newEntity(entity[domain.Dispute]{
	kind: domain.KindDispute, table: "disputes", id: (*domain.Dispute).ID,
	sorts: map[string]sortKey[domain.Dispute]{
		"OPENED_AT": byInstant("c.opened_at", func(item *domain.Dispute) time.Time { return item.OpenedAt }),
	},
	order: descending("OPENED_AT"),
})

var disputesOfCustomer = newRelation(relation[domain.Dispute]{
	name: "disputesOfCustomer", child: disputeEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.Dispute) domain.ID { return item.CustomerID() },
})

var disputesOfInvoice = newRelation(relation[domain.Dispute]{
	name: "disputesOfInvoice", child: disputeEntity, parents: "invoices", kind: domain.KindInvoice,
	on: "c.customer_id = p.customer_id AND c.invoice_id = p.id", of: func(item *domain.Dispute) domain.ID { return item.Ref(domain.KindInvoice, &item.InvoiceRow) },
})

// DisputesOfCustomers lists the disputes of customers.
func (s *Store) DisputesOfCustomers() Relation[domain.Dispute] {
	return Relation[domain.Dispute]{s, disputesOfCustomer}
}

// DisputesOfInvoices lists the disputes about invoices.
func (s *Store) DisputesOfInvoices() Relation[domain.Dispute] {
	return Relation[domain.Dispute]{s, disputesOfInvoice}
}

// DisputesByID reads disputes; those that are not there are not in the map.
func (s *Store) DisputesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Dispute, error) {
	return disputeEntity.byIDs(ctx, s, ids)
}
