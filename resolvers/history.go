package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
)

// Customer is the resolver for the customer field.
func (r *caseResolver) Customer(ctx context.Context, obj *domain.Case) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Contact is the resolver for the contact field.
func (r *caseResolver) Contact(ctx context.Context, obj *domain.Case) (*domain.Contact, error) {
	return loaders.For(ctx).Contacts.Find(ctx, obj.Ref(domain.KindContact, obj.ContactRow))
}

// Assignee is the resolver for the assignee field.
func (r *caseResolver) Assignee(ctx context.Context, obj *domain.Case) (*domain.User, error) {
	return loaders.For(ctx).Users.Find(ctx, domain.SharedRef(domain.KindUser, obj.AssigneeRow))
}

// Order is the resolver for the order field.
func (r *caseResolver) Order(ctx context.Context, obj *domain.Case) (*domain.Order, error) {
	return loaders.For(ctx).Orders.Find(ctx, obj.Ref(domain.KindOrder, obj.OrderRow))
}

// Shipment is the resolver for the shipment field.
func (r *caseResolver) Shipment(ctx context.Context, obj *domain.Case) (*domain.Shipment, error) {
	return loaders.For(ctx).Shipments.Find(ctx, obj.Ref(domain.KindShipment, obj.ShipmentRow))
}

// Interactions is the resolver for the interactions field.
func (r *caseResolver) Interactions(ctx context.Context, obj *domain.Case, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Interaction], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).InteractionsOfCases, obj.ID(), args)
}

// Interactions is the resolver for the interactions field.
func (r *customerResolver) Interactions(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Interaction], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).InteractionsOfCustomers, obj.ID(), args)
}

// Cases is the resolver for the cases field.
func (r *customerResolver) Cases(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string, filter map[string]any, orderBy []*domain.Sort) (*relay.Connection[domain.Case], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Filter: filter, OrderBy: orderBy}
	return children(ctx, loaders.For(ctx).CasesOfCustomers, obj.ID(), args)
}

// FollowUps is the resolver for the followUps field.
func (r *customerResolver) FollowUps(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string) (*relay.Connection[domain.FollowUp], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).FollowUpsOfCustomers, obj.ID(), args)
}

// Timeline is the resolver for the timeline field.
func (r *customerResolver) Timeline(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string, filter map[string]any) (*relay.TimelineEntryConnection, error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Filter: filter}
	return timeline(ctx, obj.ID(), args)
}

// Customer is the resolver for the customer field.
func (r *followUpResolver) Customer(ctx context.Context, obj *domain.FollowUp) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Assignee is the resolver for the assignee field.
func (r *followUpResolver) Assignee(ctx context.Context, obj *domain.FollowUp) (*domain.User, error) {
	return loaders.For(ctx).Users.Find(ctx, domain.SharedRef(domain.KindUser, obj.AssigneeRow))
}

// Case is the resolver for the case field.
func (r *followUpResolver) Case(ctx context.Context, obj *domain.FollowUp) (*domain.Case, error) {
	return loaders.For(ctx).Cases.Find(ctx, obj.Ref(domain.KindCase, obj.CaseRow))
}

// Customer is the resolver for the customer field.
func (r *interactionResolver) Customer(ctx context.Context, obj *domain.Interaction) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Contact is the resolver for the contact field.
func (r *interactionResolver) Contact(ctx context.Context, obj *domain.Interaction) (*domain.Contact, error) {
	return loaders.For(ctx).Contacts.Find(ctx, obj.Ref(domain.KindContact, obj.ContactRow))
}

// User is the resolver for the user field.
func (r *interactionResolver) User(ctx context.Context, obj *domain.Interaction) (*domain.User, error) {
	return loaders.For(ctx).Users.Find(ctx, domain.SharedRef(domain.KindUser, obj.UserRow))
}

// Order is the resolver for the order field.
func (r *interactionResolver) Order(ctx context.Context, obj *domain.Interaction) (*domain.Order, error) {
	return loaders.For(ctx).Orders.Find(ctx, obj.Ref(domain.KindOrder, obj.OrderRow))
}

// Case is the resolver for the case field.
func (r *interactionResolver) Case(ctx context.Context, obj *domain.Interaction) (*domain.Case, error) {
	return loaders.For(ctx).Cases.Find(ctx, obj.Ref(domain.KindCase, obj.CaseRow))
}

// Cases is the resolver for the cases field.
func (r *queryResolver) Cases(ctx context.Context, first *int, after *string, last *int, before *string, filter map[string]any, orderBy []*domain.Sort) (*relay.Connection[domain.Case], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Filter: filter, OrderBy: orderBy}
	return root(ctx, loaders.For(ctx).Store.Cases(), args)
}

// Case returns generated.CaseResolver implementation.
func (r *Resolver) Case() generated.CaseResolver { return &caseResolver{r} }

// FollowUp returns generated.FollowUpResolver implementation.
func (r *Resolver) FollowUp() generated.FollowUpResolver { return &followUpResolver{r} }

// Interaction returns generated.InteractionResolver implementation.
func (r *Resolver) Interaction() generated.InteractionResolver { return &interactionResolver{r} }

type (
	caseResolver        struct{ *Resolver }
	followUpResolver    struct{ *Resolver }
	interactionResolver struct{ *Resolver }
)
