package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
)

// Customer is the resolver for the customer field.
func (r *creditNoteResolver) Customer(ctx context.Context, obj *domain.CreditNote) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Invoice is the resolver for the invoice field.
func (r *creditNoteResolver) Invoice(ctx context.Context, obj *domain.CreditNote) (*domain.Invoice, error) {
	return loaders.For(ctx).Invoices.Find(ctx, obj.Ref(domain.KindInvoice, obj.InvoiceRow))
}

// Return is the resolver for the return field.
func (r *creditNoteResolver) Return(ctx context.Context, obj *domain.CreditNote) (*domain.Return, error) {
	return loaders.For(ctx).Returns.Find(ctx, obj.Ref(domain.KindReturn, obj.ReturnRow))
}

// Credit is the resolver for the credit field.
func (r *customerResolver) Credit(ctx context.Context, obj *domain.Customer) (*domain.Credit, error) {
	items, err := loaders.For(ctx).OpenItemsOfCustomers.Load(ctx, obj.Day(r.now(ctx)))
	if err != nil {
		return nil, err
	}
	return items.Credit(obj)
}

// Ageing is the resolver for the ageing field.
func (r *customerResolver) Ageing(ctx context.Context, obj *domain.Customer) ([]*domain.Ageing, error) {
	items, err := loaders.For(ctx).OpenItemsOfCustomers.Load(ctx, obj.Day(r.now(ctx)))
	if err != nil {
		return nil, err
	}
	ageing, err := items.Ageing()
	return pointers(ageing), err
}

// Invoices is the resolver for the invoices field.
func (r *customerResolver) Invoices(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string, filter map[string]any, orderBy []*domain.Sort) (*relay.Connection[domain.Invoice], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Filter: filter, OrderBy: orderBy}
	return children(ctx, loaders.For(ctx).InvoicesOfCustomers, obj.ID(), args)
}

// Payments is the resolver for the payments field.
func (r *customerResolver) Payments(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Payment], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).PaymentsOfCustomers, obj.ID(), args)
}

// CreditNotes is the resolver for the creditNotes field.
func (r *customerResolver) CreditNotes(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string) (*relay.Connection[domain.CreditNote], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).CreditNotesOfCustomers, obj.ID(), args)
}

// Disputes is the resolver for the disputes field.
func (r *customerResolver) Disputes(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Dispute], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).DisputesOfCustomers, obj.ID(), args)
}

// Customer is the resolver for the customer field.
func (r *disputeResolver) Customer(ctx context.Context, obj *domain.Dispute) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Invoice is the resolver for the invoice field.
func (r *disputeResolver) Invoice(ctx context.Context, obj *domain.Dispute) (*domain.Invoice, error) {
	return loaders.For(ctx).Invoices.Load(ctx, obj.Ref(domain.KindInvoice, &obj.InvoiceRow))
}

// Case is the resolver for the case field.
func (r *disputeResolver) Case(ctx context.Context, obj *domain.Dispute) (*domain.Case, error) {
	return loaders.For(ctx).Cases.Find(ctx, obj.Ref(domain.KindCase, obj.CaseRow))
}

// Customer is the resolver for the customer field.
func (r *invoiceResolver) Customer(ctx context.Context, obj *domain.Invoice) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Order is the resolver for the order field.
func (r *invoiceResolver) Order(ctx context.Context, obj *domain.Invoice) (*domain.Order, error) {
	return loaders.For(ctx).Orders.Find(ctx, obj.Ref(domain.KindOrder, obj.OrderRow))
}

// Lines is the resolver for the lines field.
func (r *invoiceResolver) Lines(ctx context.Context, obj *domain.Invoice, first *int, after *string, last *int, before *string) (*relay.Connection[domain.InvoiceLine], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).LinesOfInvoices, obj.ID(), args)
}

// Allocations is the resolver for the allocations field.
func (r *invoiceResolver) Allocations(ctx context.Context, obj *domain.Invoice, first *int, after *string, last *int, before *string) (*relay.Connection[domain.PaymentAllocation], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).AllocationsOfInvoices, obj.ID(), args)
}

// CreditNotes is the resolver for the creditNotes field.
func (r *invoiceResolver) CreditNotes(ctx context.Context, obj *domain.Invoice, first *int, after *string, last *int, before *string) (*relay.Connection[domain.CreditNote], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).CreditNotesOfInvoices, obj.ID(), args)
}

// Disputes is the resolver for the disputes field.
func (r *invoiceResolver) Disputes(ctx context.Context, obj *domain.Invoice, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Dispute], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).DisputesOfInvoices, obj.ID(), args)
}

// Product is the resolver for the product field.
func (r *invoiceLineResolver) Product(ctx context.Context, obj *domain.InvoiceLine) (*domain.Product, error) {
	return loaders.For(ctx).Products.Find(ctx, domain.SharedRef(domain.KindProduct, obj.ProductRow))
}

// OrderLine is the resolver for the orderLine field.
func (r *invoiceLineResolver) OrderLine(ctx context.Context, obj *domain.InvoiceLine) (*domain.OrderLine, error) {
	return loaders.For(ctx).OrderLines.Find(ctx, obj.Ref(domain.KindOrderLine, obj.OrderLineRow))
}

// Customer is the resolver for the customer field.
func (r *paymentResolver) Customer(ctx context.Context, obj *domain.Payment) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Order is the resolver for the order field.
func (r *paymentResolver) Order(ctx context.Context, obj *domain.Payment) (*domain.Order, error) {
	return loaders.For(ctx).Orders.Find(ctx, obj.Ref(domain.KindOrder, obj.OrderRow))
}

// Allocations is the resolver for the allocations field.
func (r *paymentResolver) Allocations(ctx context.Context, obj *domain.Payment, first *int, after *string, last *int, before *string) (*relay.Connection[domain.PaymentAllocation], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).AllocationsOfPayments, obj.ID(), args)
}

// Payment is the resolver for the payment field.
func (r *paymentAllocationResolver) Payment(ctx context.Context, obj *domain.PaymentAllocation) (*domain.Payment, error) {
	return loaders.For(ctx).Payments.Load(ctx, obj.Ref(domain.KindPayment, &obj.PaymentRow))
}

// Invoice is the resolver for the invoice field.
func (r *paymentAllocationResolver) Invoice(ctx context.Context, obj *domain.PaymentAllocation) (*domain.Invoice, error) {
	return loaders.For(ctx).Invoices.Load(ctx, obj.Ref(domain.KindInvoice, &obj.InvoiceRow))
}

// Invoices is the resolver for the invoices field.
func (r *queryResolver) Invoices(ctx context.Context, first *int, after *string, last *int, before *string, filter map[string]any, orderBy []*domain.Sort) (*relay.Connection[domain.Invoice], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Filter: filter, OrderBy: orderBy}
	return root(ctx, loaders.For(ctx).Store.Invoices(), args)
}

// CreditNote returns generated.CreditNoteResolver implementation.
func (r *Resolver) CreditNote() generated.CreditNoteResolver { return &creditNoteResolver{r} }

// Dispute returns generated.DisputeResolver implementation.
func (r *Resolver) Dispute() generated.DisputeResolver { return &disputeResolver{r} }

// Invoice returns generated.InvoiceResolver implementation.
func (r *Resolver) Invoice() generated.InvoiceResolver { return &invoiceResolver{r} }

// InvoiceLine returns generated.InvoiceLineResolver implementation.
func (r *Resolver) InvoiceLine() generated.InvoiceLineResolver { return &invoiceLineResolver{r} }

// Payment returns generated.PaymentResolver implementation.
func (r *Resolver) Payment() generated.PaymentResolver { return &paymentResolver{r} }

// PaymentAllocation returns generated.PaymentAllocationResolver implementation.
func (r *Resolver) PaymentAllocation() generated.PaymentAllocationResolver {
	return &paymentAllocationResolver{r}
}

type (
	creditNoteResolver        struct{ *Resolver }
	disputeResolver           struct{ *Resolver }
	invoiceResolver           struct{ *Resolver }
	invoiceLineResolver       struct{ *Resolver }
	paymentResolver           struct{ *Resolver }
	paymentAllocationResolver struct{ *Resolver }
)
