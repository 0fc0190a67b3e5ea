package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
)

// Customer is the resolver for the customer field.
func (r *contactResolver) Customer(ctx context.Context, obj *domain.Contact) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Organisation is the resolver for the organisation field.
func (r *customerResolver) Organisation(ctx context.Context, obj *domain.Customer) (*domain.Organisation, error) {
	return loaders.For(ctx).Organisations.Load(ctx, domain.SharedID(domain.KindOrganisation, obj.OrganisationRow))
}

// Parent is the resolver for the parent field.
func (r *customerResolver) Parent(ctx context.Context, obj *domain.Customer) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Find(ctx, obj.ParentID())
}

// Subsidiaries is the resolver for the subsidiaries field.
func (r *customerResolver) Subsidiaries(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Customer], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).SubsidiariesOfCustomers, obj.ID(), args)
}

// AccountManager is the resolver for the accountManager field.
func (r *customerResolver) AccountManager(ctx context.Context, obj *domain.Customer) (*domain.User, error) {
	return loaders.For(ctx).Users.Find(ctx, domain.SharedRef(domain.KindUser, obj.AccountManagerRow))
}

// ServiceLevel is the resolver for the serviceLevel field.
func (r *customerResolver) ServiceLevel(ctx context.Context, obj *domain.Customer) (*domain.ServiceLevel, error) {
	return loaders.For(ctx).ServiceLevels.Find(ctx, domain.SharedRef(domain.KindServiceLevel, obj.ServiceLevelRow))
}

// References is the resolver for the references field.
func (r *customerResolver) References(ctx context.Context, obj *domain.Customer) ([]*domain.CustomerReference, error) {
	return loaders.For(ctx).ReferencesOfCustomers.Find(ctx, obj.ID())
}

// Contacts is the resolver for the contacts field.
func (r *customerResolver) Contacts(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Contact], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).ContactsOfCustomers, obj.ID(), args)
}

// Sites is the resolver for the sites field.
func (r *customerResolver) Sites(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Site], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).SitesOfCustomers, obj.ID(), args)
}

// Customer is the resolver for the customer field.
func (r *queryResolver) Customer(ctx context.Context, id *domain.ID, number *string) (*domain.Customer, error) {
	switch {
	case (id == nil) == (number == nil):
		return nil, domain.BadInput("give id or number, one of them")
	case number != nil:
		return loaders.For(ctx).CustomersByNumber.Find(ctx, *number)
	case id.Kind != domain.KindCustomer:
		return nil, nil
	default:
		return loaders.For(ctx).Customers.Find(ctx, *id)
	}
}

// Customers is the resolver for the customers field.
func (r *queryResolver) Customers(ctx context.Context, first *int, after *string, last *int, before *string, filter map[string]any, orderBy []*domain.Sort) (*relay.Connection[domain.Customer], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Filter: filter, OrderBy: orderBy}
	return root(ctx, loaders.For(ctx).Store.Customers(), args)
}

// Customer is the resolver for the customer field.
func (r *siteResolver) Customer(ctx context.Context, obj *domain.Site) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Contact returns generated.ContactResolver implementation.
func (r *Resolver) Contact() generated.ContactResolver { return &contactResolver{r} }

// Customer returns generated.CustomerResolver implementation.
func (r *Resolver) Customer() generated.CustomerResolver { return &customerResolver{r} }

// Site returns generated.SiteResolver implementation.
func (r *Resolver) Site() generated.SiteResolver { return &siteResolver{r} }

type (
	contactResolver  struct{ *Resolver }
	customerResolver struct{ *Resolver }
	siteResolver     struct{ *Resolver }
)
