package loaders

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// fetchFacets reads how the products of categories divide, under one filter.
type fetchFacets func(store *storage.Store, ctx context.Context, categories []domain.ID, filter domain.Filter) (map[domain.ID]*domain.ProductFacets, error)

// Facets loads how the products of categories divide. Categories that ask with the same filter are read at once.
type Facets struct {
	name  string
	fetch fetchFacets
}

// facets declares how products divide.
func facets(name string, fetch fetchFacets) *Facets { return &Facets{name, fetch} }

// facetLoader is the loader of a Facets.
type facetLoader struct {
	Loader[facetKey, *domain.ProductFacets]
	requests requests[domain.Filter]
}

// facetKey is a category and the number of its filter.
type facetKey struct {
	category domain.ID
	filter   int
}

// open implements relation.
func (r *Facets) open(s *Set) *facetLoader {
	l := &facetLoader{Loader: newLoader[facetKey, *domain.ProductFacets](s, r.name, nil)}
	l.fetch = func(ctx context.Context, keys []facetKey) (map[facetKey]*domain.ProductFacets, error) {
		categories := map[int][]domain.ID{}
		for _, key := range keys {
			categories[key.filter] = append(categories[key.filter], key.category)
		}
		found := make(map[facetKey]*domain.ProductFacets, len(keys))
		for filter, ids := range categories {
			facets, err := r.fetch(s.Store, ctx, ids, *l.requests.get(filter))
			if err != nil {
				return nil, err
			}
			for id, facet := range facets {
				found[facetKey{id, filter}] = facet
			}
		}
		return found, nil
	}
	return l
}

// Of tells how the products of one category divide.
func (r *Facets) Of(ctx context.Context, category domain.ID, filter *domain.Filter) (*domain.ProductFacets, error) {
	l := loaderOf(For(ctx), r)
	return l.Load(ctx, facetKey{category, l.requests.number(filter)})
}
