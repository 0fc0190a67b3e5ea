// Package loaders hands rows over.
package loaders

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// Set is all loaders.
type Set struct {
	Store  *storage.Store
	Places Loader[domain.Place]
	Orders *Pages[domain.Order]
}

// For is the set of a response.
func For(ctx context.Context) *Set { return nil }

// Node is an object of some kind.
func (s *Set) Node(ctx context.Context, id int64) func() (domain.Node, error) { return nil }

// Loader loads.
type Loader[T any] struct{ values map[int64]*T }

// Load loads.
func (l *Loader[T]) Load(ctx context.Context, id int64) (*T, error) { return l.values[id], nil }

// Pages loads pages.
type Pages[T any] struct{ values map[int64]*domain.Page[T] }

// Page loads a page.
func (p *Pages[T]) Page(ctx context.Context, id int64) (*domain.Page[T], error) {
	return p.values[id], nil
}
