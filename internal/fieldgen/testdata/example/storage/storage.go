// Package storage reads rows.
package storage

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

// Store is the database.
type Store struct{}

// Orders is a list to be read later.
func (s *Store) Orders() List[domain.Order] { return List[domain.Order]{} }

// Find reads at once.
func (s *Store) Find(ctx context.Context) (*domain.Order, error) { return nil, nil }

// List is a list.
type List[T any] struct{}

// Page reads a page.
func (l List[T]) Page(ctx context.Context) (*domain.Page[T], error) { return nil, nil }
