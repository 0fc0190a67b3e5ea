package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/loaders"
)

// Parent is the resolver for the parent field.
func (r *organisationResolver) Parent(ctx context.Context, obj *domain.Organisation) (*domain.Organisation, error) {
	return loaders.For(ctx).Organisations.Find(ctx, domain.SharedRef(domain.KindOrganisation, obj.ParentRow))
}

// Organisation is the resolver for the organisation field.
func (r *userResolver) Organisation(ctx context.Context, obj *domain.User) (*domain.Organisation, error) {
	return loaders.For(ctx).Organisations.Load(ctx, domain.SharedID(domain.KindOrganisation, obj.OrganisationRow))
}

// Organisation returns generated.OrganisationResolver implementation.
func (r *Resolver) Organisation() generated.OrganisationResolver { return &organisationResolver{r} }

// User returns generated.UserResolver implementation.
func (r *Resolver) User() generated.UserResolver { return &userResolver{r} }

type (
	organisationResolver struct{ *Resolver }
	userResolver         struct{ *Resolver }
)
