package loaders

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// ByID loads objects by id.
type ByID[T any] struct{ name string }

// byID declares the objects of T's kind.
func byID[T any](name string) *ByID[T] { return &ByID[T]{name} }

// objectLoader is the loader of a ByID.
type objectLoader[T any] struct {
	Loader[domain.ID, *T]
	of      *ByID[T]
	objects storage.Objects[T]
}

// open implements relation.
func (r *ByID[T]) open(s *Set) *objectLoader[T] {
	objects := storage.ObjectsOf[T](s.Store)
	return &objectLoader[T]{Loader: newLoader(s, r.name, objects.ByID), of: r, objects: objects}
}

// Load is the object with an id. It fails with CodeNotFound where there is none.
func (r *ByID[T]) Load(ctx context.Context, id domain.ID) (*T, error) {
	l := loaderOf(For(ctx), r)
	return l.load(ctx, id, l)
}

// Find is the object with an id, or nil where the id is zero or there is none.
func (r *ByID[T]) Find(ctx context.Context, id domain.ID) (*T, error) {
	if id.IsZero() {
		return nil, nil // An optional reference may lead nowhere.
	}
	return found(r.Load(ctx, id))
}

// Thunk asks for the object with an id at once and waits for it only when it is called.
func (r *ByID[T]) Thunk(ctx context.Context, id domain.ID) func() (*T, error) {
	l := loaderOf(For(ctx), r)
	return l.thunk(ctx, id, l)
}

// reading implements source: one statement reads the objects and what the query asks next of them.
func (l *objectLoader[T]) reading(ctx context.Context, set *Set) func() {
	ids, aheads := l.take()
	return ahead[T](ctx, set, &l.Loader, ids, aheads, func(below []*storage.Branch) *storage.Branch {
		return l.objects.Root(ids, l.keep, below...)
	})
}

// describe implements source: an object hangs below a row that has a column which leads to it.
func (l *objectLoader[T]) describe(set *Set, from domain.Kind, asked ask) (step, domain.Kind, any, bool) {
	id, _ := asked.key.(domain.ID)
	column, _, ok := set.Store.Trace(from, id)
	return step{of: l.of, column: column}, l.objects.Kind(), l.objects.Probe(), ok
}

// graft implements grafter.
func (r *ByID[T]) graft(set *Set, found *step) *storage.Branch {
	l := loaderOf(set, r)
	return l.objects.Reference(found.column, l.keep, set.graft(found.below)...)
}

// keep takes an object that was read ahead, or that there is none with an id.
func (l *objectLoader[T]) keep(id domain.ID, object *T) {
	if object == nil {
		l.fail(id, errNotThere())
		return
	}
	l.prime(id, object)
}
