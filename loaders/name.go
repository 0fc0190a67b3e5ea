package loaders

import (
	"context"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/storage"
)

// ByName loads objects by the name that people use for them.
type ByName[T any] struct {
	Loader[string, *T]
	named storage.Named[T]
}

func newByName[T any](s *Set, wait time.Duration, loader string, named storage.Named[T]) ByName[T] {
	return ByName[T]{newLoader(s, wait, loader, named.Read), named}
}

// Find is the object with a name, or nil where there is none.
func (l *ByName[T]) Find(ctx context.Context, name string) (*T, error) {
	return found(l.load(ctx, name, l))
}

// reading implements source: one statement reads an object and what the query asks next of it.
func (l *ByName[T]) reading(ctx context.Context, set *Set) func() {
	names, aheads := l.take()
	if len(names) != 1 || strings.ContainsRune(names[0], 0) {
		return func() { l.fetched(ctx, names) }
	}
	return ahead[T](ctx, set, &l.Loader, names, aheads, func(below []*storage.Branch) *storage.Branch {
		return l.named.Root(names[0], func(item *T) { l.keep(names[0], item) }, below...)
	})
}

// keep takes an object that was read, or that there is none with a name.
func (l *ByName[T]) keep(name string, object *T) {
	if object == nil {
		l.fail(name, errNotThere())
		return
	}
	l.prime(name, object)
}
