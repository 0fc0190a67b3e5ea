package loaders

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// ByID loads objects by id.
type ByID[T any] struct {
	Loader[domain.ID, *T]
	store *storage.Store
}

// Load is the object with an id. It fails with CodeNotFound where there is none.
func (l *ByID[T]) Load(ctx context.Context, id domain.ID) (*T, error) { return l.load(ctx, id, l) }

// Find is the object with an id, or nil where the id is zero or there is none.
func (l *ByID[T]) Find(ctx context.Context, id domain.ID) (*T, error) {
	if id.IsZero() {
		return nil, nil // An optional reference may lead nowhere.
	}
	return found(l.Load(ctx, id))
}

// Thunk asks for the object with an id at once and waits for it only when it is called.
func (l *ByID[T]) Thunk(ctx context.Context, id domain.ID) func() (*T, error) {
	return l.thunk(ctx, id, l)
}

// reading implements source: one statement reads the objects and what the query asks next of them.
func (l *ByID[T]) reading(ctx context.Context, set *Set) func() {
	ids, aheads := l.take()
	objects := storage.ObjectsOf[T](l.store)
	room := newRoom()
	below := set.below(ctx, objects.Kind(), objects.Probe(), aheads, room)
	if len(below) == 0 {
		return func() { l.fetched(ctx, ids) }
	}
	tree := objects.Root(ids, l.keep, below...)
	return func() {
		if !set.readTree(ctx, tree, l.name, len(ids)) {
			l.fetched(ctx, ids)
			return
		}
		l.settle(ids, nil, nil)
	}
}

// branch implements source: an object hangs below a row that has a column which leads to it.
func (l *ByID[T]) branch(ctx context.Context, set *Set, from domain.Kind, asked ask, room *room) *storage.Branch {
	id, _ := asked.key.(domain.ID)
	column, _, ok := l.store.Trace(from, id)
	if !ok {
		return nil
	}
	objects := storage.ObjectsOf[T](l.store)
	return objects.Reference(column, l.keep, set.below(ctx, objects.Kind(), objects.Probe(), asked.aheads, room)...)
}

// keep takes an object that was read ahead, or that there is none with an id.
func (l *ByID[T]) keep(id domain.ID, object *T) {
	if object == nil {
		l.fail(id, errNotThere())
		return
	}
	l.prime(id, object)
}
