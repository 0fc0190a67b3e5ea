package storage

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// undated stands in the order of payments for those without a date: behind all others, newest first.
const undated = "coalesce(c.received_at, '0001-01-01 00:00:00+00'::timestamptz)"

var paymentEntity = newEntity(entity[domain.Payment]{
	kind: domain.KindPayment, table: "payments", id: (*domain.Payment).ID,
	exprs: map[string]string{
		"allocated": "(SELECT coalesce(sum(a.amount), 0) FROM payment_allocations a WHERE a.customer_id = c.customer_id AND a.payment_id = c.id)",
	},
	sorts: map[string]sortKey[domain.Payment]{
		"RECEIVED_AT": byInstant(undated, func(item *domain.Payment) time.Time {
			if item.ReceivedAt == nil {
				return time.Time{}
			}
			return *item.ReceivedAt
		}),
	},
	order: descending("RECEIVED_AT"),
})

var allocationEntity = newEntity(entity[domain.PaymentAllocation]{
	kind: domain.KindPaymentAllocation, table: "payment_allocations", id: (*domain.PaymentAllocation).ID,
	exprs: map[string]string{
		"currency": "(SELECT y.currency FROM payments y WHERE y.customer_id = c.customer_id AND y.id = c.payment_id)",
	},
	order: ascending(sortByID),
})

var paymentsOfCustomer = newRelation(relation[domain.Payment]{
	name: "paymentsOfCustomer", child: paymentEntity, parents: "customers", kind: domain.KindCustomer,
	on: "c.customer_id = p.customer_id", of: func(item *domain.Payment) domain.ID { return item.CustomerID() },
})

var paymentsOfOrder = newRelation(relation[domain.Payment]{
	name: "paymentsOfOrder", child: paymentEntity, parents: "orders", kind: domain.KindOrder,
	on: "c.customer_id = p.customer_id AND c.order_id = p.id", of: func(item *domain.Payment) domain.ID { return item.Ref(domain.KindOrder, item.OrderRow) },
})

var allocationsOfPayment = newRelation(relation[domain.PaymentAllocation]{
	name: "allocationsOfPayment", child: allocationEntity, parents: "payments", kind: domain.KindPayment,
	on: "c.customer_id = p.customer_id AND c.payment_id = p.id", of: func(item *domain.PaymentAllocation) domain.ID { return item.Ref(domain.KindPayment, &item.PaymentRow) },
})

var allocationsOfInvoice = newRelation(relation[domain.PaymentAllocation]{
	name: "allocationsOfInvoice", child: allocationEntity, parents: "invoices", kind: domain.KindInvoice,
	on: "c.customer_id = p.customer_id AND c.invoice_id = p.id", of: func(item *domain.PaymentAllocation) domain.ID { return item.Ref(domain.KindInvoice, &item.InvoiceRow) },
})

// PaymentsOfCustomers lists the payments of customers.
func (s *Store) PaymentsOfCustomers() Relation[domain.Payment] {
	return Relation[domain.Payment]{s, paymentsOfCustomer}
}

// PaymentsOfOrders lists the payments for orders.
func (s *Store) PaymentsOfOrders() Relation[domain.Payment] {
	return Relation[domain.Payment]{s, paymentsOfOrder}
}

// AllocationsOfPayments lists the allocations of payments.
func (s *Store) AllocationsOfPayments() Relation[domain.PaymentAllocation] {
	return Relation[domain.PaymentAllocation]{s, allocationsOfPayment}
}

// AllocationsOfInvoices lists the allocations to invoices.
func (s *Store) AllocationsOfInvoices() Relation[domain.PaymentAllocation] {
	return Relation[domain.PaymentAllocation]{s, allocationsOfInvoice}
}

// PaymentsByID reads payments; those that are not there are not in the map.
func (s *Store) PaymentsByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Payment, error) {
	return paymentEntity.byIDs(ctx, s, ids)
}

// PaymentAllocationsByID reads payment allocations; those that are not there are not in the map.
func (s *Store) PaymentAllocationsByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.PaymentAllocation, error) {
	return allocationEntity.byIDs(ctx, s, ids)
}
