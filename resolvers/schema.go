package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/loaders"
)

// Node is the resolver for the node field.
func (r *queryResolver) Node(ctx context.Context, id domain.ID) (domain.Node, error) {
	return loaders.For(ctx).Node(ctx, id)()
}

// Nodes is the resolver for the nodes field.
func (r *queryResolver) Nodes(ctx context.Context, ids []*domain.ID) ([]domain.Node, error) {
	return nodes(ctx, ids)
}

// Viewer is the resolver for the viewer field.
func (r *queryResolver) Viewer(ctx context.Context) (*domain.Viewer, error) {
	viewer := loaders.For(ctx).Store.Viewer()
	return &viewer, nil
}

// Query returns generated.QueryResolver implementation.
func (r *Resolver) Query() generated.QueryResolver { return &queryResolver{r} }

type queryResolver struct{ *Resolver }
