package loaders

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// ByKey loads what belongs to keys, in a way of its own.
type ByKey[K comparable, V any] struct {
	name  string
	fetch func(*Set, context.Context, []K) (map[K]V, error)
}

// byKey declares what is fetched for a response.
func byKey[K comparable, V any](name string, fetch func(*Set, context.Context, []K) (map[K]V, error)) *ByKey[K, V] {
	return &ByKey[K, V]{name, fetch}
}

// ofStore is a method of the store as one of the set.
func ofStore[K comparable, V any](fetch func(*storage.Store, context.Context, []K) (map[K]V, error)) func(*Set, context.Context, []K) (map[K]V, error) {
	return func(s *Set, ctx context.Context, keys []K) (map[K]V, error) { return fetch(s.Store, ctx, keys) }
}

// open implements relation.
func (r *ByKey[K, V]) open(s *Set) *Loader[K, V] {
	loader := newLoader(s, r.name, func(ctx context.Context, keys []K) (map[K]V, error) { return r.fetch(s, ctx, keys) })
	return &loader
}

// Load is the value of a key. It fails with CodeNotFound where there is none.
func (r *ByKey[K, V]) Load(ctx context.Context, key K) (V, error) {
	return loaderOf(For(ctx), r).Load(ctx, key)
}

// Find is the value of a key, or the zero value where there is none.
func (r *ByKey[K, V]) Find(ctx context.Context, key K) (V, error) {
	return found(r.Load(ctx, key))
}

// PriceKey asks for the prices of a product.
type PriceKey struct {
	Product domain.ID
	Query   domain.PriceQuery
}

// fetchPrices reads the prices of products, one statement for each different question.
func (s *Set) fetchPrices(ctx context.Context, keys []PriceKey) (map[PriceKey][]*domain.Price, error) {
	products := map[domain.PriceQuery][]domain.ID{}
	for _, key := range keys {
		products[key.Query] = append(products[key.Query], key.Product)
	}
	found := make(map[PriceKey][]*domain.Price, len(keys))
	for query, ids := range products {
		prices, err := s.Store.PricesOfProducts(ctx, ids, query)
		if err != nil {
			return nil, err
		}
		for id, list := range prices {
			found[PriceKey{id, query}] = list
		}
	}
	return found, nil
}
