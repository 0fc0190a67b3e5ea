package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
)

// Orders is the resolver for the orders field.
func (r *customerResolver) Orders(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string, filter map[string]any, orderBy []*domain.Sort) (*relay.Connection[domain.Order], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Filter: filter, OrderBy: orderBy}
	return children(ctx, loaders.For(ctx).OrdersOfCustomers, obj.ID(), args)
}

// Quotes is the resolver for the quotes field.
func (r *customerResolver) Quotes(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Quote], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).QuotesOfCustomers, obj.ID(), args)
}

// Returns is the resolver for the returns field.
func (r *customerResolver) Returns(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Return], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).ReturnsOfCustomers, obj.ID(), args)
}

// Progress is the resolver for the progress field.
func (r *orderResolver) Progress(ctx context.Context, obj *domain.Order) ([]*domain.OrderMilestone, error) {
	all := maxShipmentsOfProgress
	shipments, err := children(ctx, loaders.For(ctx).ShipmentsOfOrders, obj.ID(), relay.Args{First: &all})
	if err != nil {
		return nil, err
	}
	return pointers(obj.Progress(shipments.Nodes(), r.now(ctx))), nil
}

// Customer is the resolver for the customer field.
func (r *orderResolver) Customer(ctx context.Context, obj *domain.Order) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Site is the resolver for the site field.
func (r *orderResolver) Site(ctx context.Context, obj *domain.Order) (*domain.Site, error) {
	return loaders.For(ctx).Sites.Find(ctx, obj.Ref(domain.KindSite, obj.SiteRow))
}

// Contact is the resolver for the contact field.
func (r *orderResolver) Contact(ctx context.Context, obj *domain.Order) (*domain.Contact, error) {
	return loaders.For(ctx).Contacts.Find(ctx, obj.Ref(domain.KindContact, obj.ContactRow))
}

// Quote is the resolver for the quote field.
func (r *orderResolver) Quote(ctx context.Context, obj *domain.Order) (*domain.Quote, error) {
	return loaders.For(ctx).Quotes.Find(ctx, obj.Ref(domain.KindQuote, obj.QuoteRow))
}

// Lines is the resolver for the lines field.
func (r *orderResolver) Lines(ctx context.Context, obj *domain.Order, first *int, after *string, last *int, before *string) (*relay.Connection[domain.OrderLine], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).LinesOfOrders, obj.ID(), args)
}

// Shipments is the resolver for the shipments field.
func (r *orderResolver) Shipments(ctx context.Context, obj *domain.Order, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Shipment], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).ShipmentsOfOrders, obj.ID(), args)
}

// Invoices is the resolver for the invoices field.
func (r *orderResolver) Invoices(ctx context.Context, obj *domain.Order, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Invoice], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).InvoicesOfOrders, obj.ID(), args)
}

// Payments is the resolver for the payments field.
func (r *orderResolver) Payments(ctx context.Context, obj *domain.Order, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Payment], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).PaymentsOfOrders, obj.ID(), args)
}

// Returns is the resolver for the returns field.
func (r *orderResolver) Returns(ctx context.Context, obj *domain.Order, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Return], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).ReturnsOfOrders, obj.ID(), args)
}

// Interactions is the resolver for the interactions field.
func (r *orderResolver) Interactions(ctx context.Context, obj *domain.Order, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Interaction], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).InteractionsOfOrders, obj.ID(), args)
}

// Product is the resolver for the product field.
func (r *orderLineResolver) Product(ctx context.Context, obj *domain.OrderLine) (*domain.Product, error) {
	return loaders.For(ctx).Products.Find(ctx, domain.SharedRef(domain.KindProduct, obj.ProductRow))
}

// Order is the resolver for the order field.
func (r *orderLineResolver) Order(ctx context.Context, obj *domain.OrderLine) (*domain.Order, error) {
	return loaders.For(ctx).Orders.Load(ctx, obj.Ref(domain.KindOrder, &obj.OrderRow))
}

// Orders is the resolver for the orders field.
func (r *queryResolver) Orders(ctx context.Context, first *int, after *string, last *int, before *string, filter map[string]any, orderBy []*domain.Sort) (*relay.Connection[domain.Order], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Filter: filter, OrderBy: orderBy}
	return root(ctx, loaders.For(ctx).Store.Orders(), args)
}

// Customer is the resolver for the customer field.
func (r *quoteResolver) Customer(ctx context.Context, obj *domain.Quote) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Contact is the resolver for the contact field.
func (r *quoteResolver) Contact(ctx context.Context, obj *domain.Quote) (*domain.Contact, error) {
	return loaders.For(ctx).Contacts.Find(ctx, obj.Ref(domain.KindContact, obj.ContactRow))
}

// Owner is the resolver for the owner field.
func (r *quoteResolver) Owner(ctx context.Context, obj *domain.Quote) (*domain.User, error) {
	return loaders.For(ctx).Users.Find(ctx, domain.SharedRef(domain.KindUser, obj.OwnerRow))
}

// Lines is the resolver for the lines field.
func (r *quoteResolver) Lines(ctx context.Context, obj *domain.Quote, first *int, after *string, last *int, before *string) (*relay.Connection[domain.QuoteLine], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).LinesOfQuotes, obj.ID(), args)
}

// Product is the resolver for the product field.
func (r *quoteLineResolver) Product(ctx context.Context, obj *domain.QuoteLine) (*domain.Product, error) {
	return loaders.For(ctx).Products.Find(ctx, domain.SharedRef(domain.KindProduct, obj.ProductRow))
}

// Customer is the resolver for the customer field.
func (r *returnResolver) Customer(ctx context.Context, obj *domain.Return) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Order is the resolver for the order field.
func (r *returnResolver) Order(ctx context.Context, obj *domain.Return) (*domain.Order, error) {
	return loaders.For(ctx).Orders.Load(ctx, obj.Ref(domain.KindOrder, &obj.OrderRow))
}

// Lines is the resolver for the lines field.
func (r *returnResolver) Lines(ctx context.Context, obj *domain.Return, first *int, after *string, last *int, before *string) (*relay.Connection[domain.ReturnLine], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).LinesOfReturns, obj.ID(), args)
}

// OrderLine is the resolver for the orderLine field.
func (r *returnLineResolver) OrderLine(ctx context.Context, obj *domain.ReturnLine) (*domain.OrderLine, error) {
	return loaders.For(ctx).OrderLines.Load(ctx, obj.Ref(domain.KindOrderLine, &obj.OrderLineRow))
}

// Order returns generated.OrderResolver implementation.
func (r *Resolver) Order() generated.OrderResolver { return &orderResolver{r} }

// OrderLine returns generated.OrderLineResolver implementation.
func (r *Resolver) OrderLine() generated.OrderLineResolver { return &orderLineResolver{r} }

// Quote returns generated.QuoteResolver implementation.
func (r *Resolver) Quote() generated.QuoteResolver { return &quoteResolver{r} }

// QuoteLine returns generated.QuoteLineResolver implementation.
func (r *Resolver) QuoteLine() generated.QuoteLineResolver { return &quoteLineResolver{r} }

// Return returns generated.ReturnResolver implementation.
func (r *Resolver) Return() generated.ReturnResolver { return &returnResolver{r} }

// ReturnLine returns generated.ReturnLineResolver implementation.
func (r *Resolver) ReturnLine() generated.ReturnLineResolver { return &returnLineResolver{r} }

type (
	orderResolver      struct{ *Resolver }
	orderLineResolver  struct{ *Resolver }
	quoteResolver      struct{ *Resolver }
	quoteLineResolver  struct{ *Resolver }
	returnResolver     struct{ *Resolver }
	returnLineResolver struct{ *Resolver }
)
