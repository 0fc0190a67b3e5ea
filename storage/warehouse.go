package storage

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

var warehouseEntity = newEntity(entity[domain.Warehouse]{
	kind: domain.KindWarehouse, table: "warehouses", id: (*domain.Warehouse).ID,
	sorts: map[string]sortKey[domain.Warehouse]{
		"CODE": {expr: `c.code COLLATE "C"`, cast: "::text", value: func(item *domain.Warehouse) string { return item.Code }},
	},
	order: ascending("CODE"),
})

// Warehouses lists our warehouses.
func (s *Store) Warehouses() List[domain.Warehouse] {
	return List[domain.Warehouse]{store: s, entity: warehouseEntity}
}

// WarehousesByID reads warehouses; those that are not there are not in the map.
func (s *Store) WarehousesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Warehouse, error) {
	return warehouseEntity.byIDs(ctx, s, ids)
}
