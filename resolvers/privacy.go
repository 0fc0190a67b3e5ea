package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/graph/model"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
)

// Customer is the resolver for the customer field.
func (r *auditEntryResolver) Customer(ctx context.Context, obj *domain.AuditEntry) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Find(ctx, obj.CustomerID())
}

// Customer is the resolver for the customer field.
func (r *customerDataExportResolver) Customer(ctx context.Context, obj *domain.CustomerExport) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// CustomerErase is the resolver for the customerErase field.
func (r *mutationResolver) CustomerErase(ctx context.Context, input model.CustomerEraseInput) (*model.CustomerErasePayload, error) {
	return r.erase(ctx, input.ID)
}

// AuditEntries is the resolver for the auditEntries field.
func (r *queryResolver) AuditEntries(ctx context.Context, first *int, after *string, last *int, before *string, filter map[string]any, orderBy []*domain.Sort) (*relay.Connection[domain.AuditEntry], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Filter: filter, OrderBy: orderBy}
	return root(ctx, loaders.For(ctx).Store.AuditEntries(), args)
}

// CustomerDataExport is the resolver for the customerDataExport field.
func (r *queryResolver) CustomerDataExport(ctx context.Context, id domain.ID) (*domain.CustomerExport, error) {
	return r.export(ctx, id)
}

// AuditEntry returns generated.AuditEntryResolver implementation.
func (r *Resolver) AuditEntry() generated.AuditEntryResolver { return &auditEntryResolver{r} }

// CustomerDataExport returns generated.CustomerDataExportResolver implementation.
func (r *Resolver) CustomerDataExport() generated.CustomerDataExportResolver {
	return &customerDataExportResolver{r}
}

// Mutation returns generated.MutationResolver implementation.
func (r *Resolver) Mutation() generated.MutationResolver { return &mutationResolver{r} }

type (
	auditEntryResolver         struct{ *Resolver }
	customerDataExportResolver struct{ *Resolver }
	mutationResolver           struct{ *Resolver }
)
