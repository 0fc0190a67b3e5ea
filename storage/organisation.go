package storage

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

var organisationEntity = newEntity(entity[domain.Organisation]{
	kind: domain.KindOrganisation, table: "organisations", id: (*domain.Organisation).ID,
})

var userEntity = newEntity(entity[domain.User]{
	kind: domain.KindUser, table: "users", id: (*domain.User).ID,
})

var serviceLevelEntity = newEntity(entity[domain.ServiceLevel]{
	kind: domain.KindServiceLevel, table: "service_levels", id: (*domain.ServiceLevel).ID,
})

// OrganisationsByID reads organisations; those that are not there are not in the map.
func (s *Store) OrganisationsByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Organisation, error) {
	return organisationEntity.byIDs(ctx, s, ids)
}

// UsersByID reads users; those that are not there are not in the map.
func (s *Store) UsersByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.User, error) {
	return userEntity.byIDs(ctx, s, ids)
}

// ServiceLevelsByID reads service levels; those that are not there are not in the map.
func (s *Store) ServiceLevelsByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.ServiceLevel, error) {
	return serviceLevelEntity.byIDs(ctx, s, ids)
}
