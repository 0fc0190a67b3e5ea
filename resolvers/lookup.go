package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/loaders"
)

// Node is the resolver for the node field.
func (r *lookupHitResolver) Node(ctx context.Context, obj *domain.LookupHit) (domain.Node, error) {
	return loaders.For(ctx).Node(ctx, obj.Ref)()
}

// Customer is the resolver for the customer field.
func (r *lookupHitResolver) Customer(ctx context.Context, obj *domain.LookupHit) (*domain.Customer, error) {
	if !obj.Ref.Kind.Owned() {
		return nil, nil
	}
	return loaders.For(ctx).Customers.Find(ctx, domain.CustomerID(obj.Ref.Customer))
}

// Lookup is the resolver for the lookup field.
func (r *queryResolver) Lookup(ctx context.Context, reference string, first int) ([]*domain.LookupHit, error) {
	reference, err := lookupReference(reference, first)
	if err != nil {
		return nil, err
	}
	return loaders.For(ctx).Store.Lookup(ctx, reference, first)
}

// LookupHit returns generated.LookupHitResolver implementation.
func (r *Resolver) LookupHit() generated.LookupHitResolver { return &lookupHitResolver{r} }

type lookupHitResolver struct{ *Resolver }
