package storage

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

var carrierEntity = newEntity(entity[domain.Carrier]{
	kind: domain.KindCarrier, table: "carriers", id: (*domain.Carrier).ID,
	sorts: map[string]sortKey[domain.Carrier]{
		"CODE": {expr: `c.code COLLATE "C"`, cast: "::text", value: func(item *domain.Carrier) string { return item.Code }},
	},
	order: ascending("CODE"),
})

// Carriers lists the carriers.
func (s *Store) Carriers() List[domain.Carrier] {
	return List[domain.Carrier]{store: s, entity: carrierEntity}
}

// CarriersByID reads carriers; those that are not there are not in the map.
func (s *Store) CarriersByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Carrier, error) {
	return carrierEntity.byIDs(ctx, s, ids)
}
