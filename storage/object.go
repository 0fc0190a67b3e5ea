package storage

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

// Objects reads things of one kind by their ids.
type Objects[T any] struct {
	store  *Store
	entity *entity[T]
}

// ObjectsOf is the things of T's kind. It panics where T is no kind of row: that is a fault in the wiring.
func ObjectsOf[T any](s *Store) Objects[T] {
	for _, t := range tables() {
		e, ok := t.(*entity[T])
		if ok {
			return Objects[T]{s, e}
		}
	}
	panic("storage: there is no table of these objects")
}

// Kind is the kind of the things.
func (o Objects[T]) Kind() domain.Kind { return o.entity.kind }

// ByID reads things by id; those that are not there are not in the map.
func (o Objects[T]) ByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*T, error) {
	return o.entity.byIDs(ctx, o.store, ids)
}

// Root is the root of a tree: the things with the given ids, as far as the viewer may see them. into is called once for each id, with nil for
// one that is not there.
func (o Objects[T]) Root(ids []domain.ID, into func(id domain.ID, item *T), children ...*Branch) *Branch {
	return &Branch{
		role: rootOfIDs, name: o.entity.kind.String() + "ByID", store: o.store, table: o.entity, children: children,
		open: func() rows { return &objectRows[T]{entity: o.entity, into: into, wanted: places{ids: ids}} },
	}
}

// Reference is what a column leads to, for each row of the branch above. into is called once for each id that the column holds, with nil for
// one that is not there.
func (o Objects[T]) Reference(from Column, into func(id domain.ID, item *T), children ...*Branch) *Branch {
	return &Branch{
		role: referenced, name: from.String(), store: o.store, table: o.entity, parent: from.of, column: from, children: children,
		open: func() rows { return &objectRows[T]{entity: o.entity, into: into} },
	}
}

// Probe is a thing that stands for a row that was not read: each of its columns of whole numbers, optional ones included, holds a number of its
// own, below zero. What is asked for with it tells, through Trace, which column it was made from. No statement ever looks for a probe.
func (o Objects[T]) Probe() *T { return o.entity.probe() }
