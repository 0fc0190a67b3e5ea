package storage

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

var invoiceEntity = newEntity(entity[domain.Invoice]{
	kind: domain.KindInvoice, table: "invoices", id: (*domain.Invoice).ID,
	fields: map[string]field{
		"number":    {expr: "upper(c.number)", kind: fieldIdentifier},
		"status":    {expr: "c.status"},
		"customer":  {expr: "c.customer_id", kind: fieldID, of: domain.KindCustomer},
		"issuedOn":  {expr: "c.issued_on", kind: fieldDate},
		"dueOn":     {expr: "c.due_on", kind: fieldDate},
		"total":     {expr: "c.total", kind: fieldDecimal},
		"balance":   {expr: "c.balance", kind: fieldDecimal},
		"updatedAt": {expr: "c.updated_at", kind: fieldInstant},
	},
	sorts: map[string]sortKey[domain.Invoice]{
		"ISSUED_ON":  byDate("c.issued_on", func(item *domain.Invoice) domain.Date { return item.IssuedOn }),
		"DUE_ON":     byDate("c.due_on", func(item *domain.Invoice) domain.Date { return item.DueOn }),
		"NUMBER":     byNumber("c.number", func(item *domain.Invoice) string { return item.Number }),
		"TOTAL":      byDecimal("c.total", func(item *domain.Invoice) domain.Decimal { return item.TotalAmount }),
		"BALANCE":    byDecimal("c.balance", func(item *domain.Invoice) domain.Decimal { return item.BalanceAmount }),
		"UPDATED_AT": byInstant("c.updated_at", func(item *domain.Invoice) time.Time { return item.UpdatedAt }),
	},
	order: descending("ISSUED_ON"),
})

var invoiceLineEntity = newEntity(entity[domain.InvoiceLine]{
	kind: domain.KindInvoiceLine, table: "invoice_lines", id: (*domain.InvoiceLine).ID,
	exprs: map[string]string{
		"currency": "(SELECT i.currency FROM invoices i WHERE i.customer_id = c.customer_id AND i.id = c.invoice_id)",
	},
	sorts: map[string]sortKey[domain.InvoiceLine]{
		"LINE_NUMBER": byInteger("c.line_number", func(item *domain.InvoiceLine) int { return item.LineNumber }),
	},
	order: ascending("LINE_NUMBER"),
})

var invoicesOfCustomer = newRelation(relation[domain.Invoice]{
	name: "invoicesOfCustomer", child: invoiceEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.Invoice) domain.ID { return item.CustomerID() },
})

var invoicesOfOrder = newRelation(relation[domain.Invoice]{
	name: "invoicesOfOrder", child: invoiceEntity, parents: "orders", kind: domain.KindOrder,
	on: "c.customer_id = p.customer_id AND c.order_id = p.id", of: func(item *domain.Invoice) domain.ID { return item.Ref(domain.KindOrder, item.OrderRow) },
})

var linesOfInvoice = newRelation(relation[domain.InvoiceLine]{
	name: "linesOfInvoice", child: invoiceLineEntity, parents: "invoices", kind: domain.KindInvoice,
	on: "c.customer_id = p.customer_id AND c.invoice_id = p.id", of: func(item *domain.InvoiceLine) domain.ID { return item.Ref(domain.KindInvoice, &item.InvoiceRow) },
	unique: true, // A parent has each line number once.
})

// Invoices lists all invoices.
func (s *Store) Invoices() List[domain.Invoice] {
	return List[domain.Invoice]{store: s, entity: invoiceEntity}
}

// InvoicesOfCustomers lists the invoices of customers.
func (s *Store) InvoicesOfCustomers() Relation[domain.Invoice] {
	return Relation[domain.Invoice]{s, invoicesOfCustomer}
}

// InvoicesOfOrders lists the invoices for orders.
func (s *Store) InvoicesOfOrders() Relation[domain.Invoice] {
	return Relation[domain.Invoice]{s, invoicesOfOrder}
}

// LinesOfInvoices lists the lines of invoices.
func (s *Store) LinesOfInvoices() Relation[domain.InvoiceLine] {
	return Relation[domain.InvoiceLine]{s, linesOfInvoice}
}

// InvoicesByID reads invoices; those that are not there are not in the map.
func (s *Store) InvoicesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Invoice, error) {
	return invoiceEntity.byIDs(ctx, s, ids)
}

// InvoiceLinesByID reads invoice lines; those that are not there are not in the map.
func (s *Store) InvoiceLinesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.InvoiceLine, error) {
	return invoiceLineEntity.byIDs(ctx, s, ids)
}
