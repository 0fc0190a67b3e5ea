package loaders

import (
	"context"
	"sync"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// ByID loads objects by id.
type ByID[T any] struct {
	Loader[domain.ID, *T]
	store  *storage.Store
	opened sync.Once
}

// Load is the object with an id. It fails with CodeNotFound where there is none.
func (l *ByID[T]) Load(ctx context.Context, id domain.ID) (*T, error) {
	l.open()
	return l.load(ctx, id, l)
}

// open makes the loader ready when it is first asked: most of a set's loaders never are.
func (l *ByID[T]) open() {
	l.opened.Do(func() { l.fetch = storage.ObjectsOf[T](l.store).ByID })
}

// Find is the object with an id, or nil where the id is zero or there is none.
func (l *ByID[T]) Find(ctx context.Context, id domain.ID) (*T, error) {
	if id.IsZero() {
		return nil, nil // An optional reference may lead nowhere.
	}
	return found(l.Load(ctx, id))
}

// Thunk asks for the object with an id at once and waits for it only when it is called.
func (l *ByID[T]) Thunk(ctx context.Context, id domain.ID) func() (*T, error) {
	l.open()
	return l.thunk(ctx, id, l)
}

// reading implements source: one statement reads the objects and what the query asks next of them.
func (l *ByID[T]) reading(ctx context.Context, set *Set) func() {
	ids, aheads := l.take()
	return ahead[T](ctx, set, &l.Loader, ids, aheads, func(below []*storage.Branch) *storage.Branch {
		return storage.ObjectsOf[T](l.store).Root(ids, l.keep, below...)
	})
}

// describe implements source: an object hangs below a row that has a column which leads to it.
func (l *ByID[T]) describe(from domain.Kind, asked ask) (step, domain.Kind, any, bool) {
	id, _ := asked.key.(domain.ID)
	column, _, ok := l.store.Trace(from, id)
	objects := storage.ObjectsOf[T](l.store)
	return step{column: column}, objects.Kind(), objects.Probe(), ok
}

// graft implements source.
func (l *ByID[T]) graft(set *Set, found *step) *storage.Branch {
	return storage.ObjectsOf[T](l.store).Reference(found.column, l.keep, set.graft(found.below)...)
}

// keep takes an object that was read ahead, or that there is none with an id.
func (l *ByID[T]) keep(id domain.ID, object *T) {
	if object == nil {
		l.fail(id, errNotThere())
		return
	}
	l.prime(id, object)
}
