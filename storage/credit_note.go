package storage

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

var creditNoteEntity = newEntity(entity[domain.CreditNote]{
	kind: domain.KindCreditNote, table: "credit_notes", id: (*domain.CreditNote).ID,
	sorts: map[string]sortKey[domain.CreditNote]{
		"ISSUED_ON": byDate("c.issued_on", func(item *domain.CreditNote) domain.Date { return item.IssuedOn }),
	},
	order: descending("ISSUED_ON"),
})

var creditNotesOfCustomer = newRelation(relation[domain.CreditNote]{
	name: "creditNotesOfCustomer", child: creditNoteEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.CreditNote) domain.ID { return item.CustomerID() },
})

var creditNotesOfInvoice = newRelation(relation[domain.CreditNote]{
	name: "creditNotesOfInvoice", child: creditNoteEntity, parents: "invoices", kind: domain.KindInvoice,
	on: "c.customer_id = p.customer_id AND c.invoice_id = p.id", of: func(item *domain.CreditNote) domain.ID { return item.Ref(domain.KindInvoice, item.InvoiceRow) },
})

// CreditNotesOfCustomers lists the credit notes to customers.
func (s *Store) CreditNotesOfCustomers() Relation[domain.CreditNote] {
	return Relation[domain.CreditNote]{s, creditNotesOfCustomer}
}

// CreditNotesOfInvoices lists the credit notes against invoices.
func (s *Store) CreditNotesOfInvoices() Relation[domain.CreditNote] {
	return Relation[domain.CreditNote]{s, creditNotesOfInvoice}
}

// CreditNotesByID reads credit notes; those that are not there are not in the map.
func (s *Store) CreditNotesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.CreditNote, error) {
	return creditNoteEntity.byIDs(ctx, s, ids)
}
