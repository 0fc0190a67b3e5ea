package storage

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

var categoryEntity = newEntity(entity[domain.Category]{
	kind: domain.KindCategory, table: "categories", id: (*domain.Category).ID,
	sorts: map[string]sortKey[domain.Category]{
		"POSITION": byInteger("c.position", func(item *domain.Category) int { return item.Position }),
	},
	order: ascending("POSITION"),
})

var childrenOfCategory = newRelation(relation[domain.Category]{
	name: "childrenOfCategory", child: categoryEntity, parents: "categories", kind: domain.KindCategory,
	on: "c.parent_id = p.id", of: func(item *domain.Category) domain.ID { return domain.SharedRef(domain.KindCategory, item.ParentRow) },
})

// Categories lists the top of the category tree.
func (s *Store) Categories() List[domain.Category] {
	return List[domain.Category]{store: s, entity: categoryEntity, scope: "c.parent_id IS NULL"}
}

// ChildrenOfCategories lists the branches below categories.
func (s *Store) ChildrenOfCategories() Relation[domain.Category] {
	return Relation[domain.Category]{s, childrenOfCategory}
}

// CategoriesByID reads categories; those that are not there are not in the map.
func (s *Store) CategoriesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.Category, error) {
	return categoryEntity.byIDs(ctx, s, ids)
}
