package loaders

import (
	"context"
	"strings"

	"github.com/vigie-dev/vigie/storage"
)

// ByName loads objects by the name that people use for them.
type ByName[T any] struct {
	name  string
	named func(*storage.Store) storage.Named[T]
}

// byName declares the objects that have names.
func byName[T any](name string, named func(*storage.Store) storage.Named[T]) *ByName[T] {
	return &ByName[T]{name, named}
}

// nameLoader is the loader of a ByName.
type nameLoader[T any] struct {
	Loader[string, *T]
	named storage.Named[T]
}

// open implements relation.
func (r *ByName[T]) open(s *Set) *nameLoader[T] {
	named := r.named(s.Store)
	return &nameLoader[T]{newLoader(s, r.name, named.Read), named}
}

// Find is the object with a name, or nil where there is none.
func (r *ByName[T]) Find(ctx context.Context, name string) (*T, error) {
	l := loaderOf(For(ctx), r)
	return found(l.load(ctx, name, l))
}

// reading implements source: one statement reads an object and what the query asks next of it.
func (l *nameLoader[T]) reading(ctx context.Context, set *Set) func() {
	names, aheads := l.take()
	if len(names) != 1 || strings.ContainsRune(names[0], 0) {
		return func() { l.fetched(ctx, names) }
	}
	return ahead[T](ctx, set, &l.Loader, names, aheads, func(below []*storage.Branch) *storage.Branch {
		return l.named.Root(names[0], func(item *T) { l.keep(names[0], item) }, below...)
	})
}

// keep takes an object that was read, or that there is none with a name.
func (l *nameLoader[T]) keep(name string, object *T) {
	if object == nil {
		l.fail(name, errNotThere())
		return
	}
	l.prime(name, object)
}
