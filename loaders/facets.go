package loaders

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// fetchFacets reads how the products of categories divide, under one filter.
type fetchFacets func(ctx context.Context, categories []domain.ID, filter domain.Filter) (map[domain.ID]*domain.ProductFacets, error)

// Facets loads how the products of categories divide. Categories that ask with the same filter are read at once.
type Facets struct {
	Loader[facetKey, *domain.ProductFacets]
	requests requests[domain.Filter]
}

// facetKey is a category and the number of its filter.
type facetKey struct {
	category domain.ID
	filter   int
}

func newFacets(s *Set, wait time.Duration, fetch fetchFacets) *Facets {
	f := &Facets{}
	f.rounds, f.name, f.wait = &s.rounds, "facetsOfCategories", wait
	f.fetch = func(ctx context.Context, keys []facetKey) (map[facetKey]*domain.ProductFacets, error) {
		categories := map[int][]domain.ID{}
		for _, key := range keys {
			categories[key.filter] = append(categories[key.filter], key.category)
		}
		found := make(map[facetKey]*domain.ProductFacets, len(keys))
		for filter, ids := range categories {
			facets, err := fetch(ctx, ids, *f.requests.get(filter))
			if err != nil {
				return nil, err
			}
			for id, facet := range facets {
				found[facetKey{id, filter}] = facet
			}
		}
		return found, nil
	}
	return f
}

// Of tells how the products of one category divide.
func (f *Facets) Of(ctx context.Context, category domain.ID, filter *domain.Filter) (*domain.ProductFacets, error) {
	return f.Load(ctx, facetKey{category, f.requests.number(filter)})
}
