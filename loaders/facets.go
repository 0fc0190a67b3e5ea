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

// facetKey is a category and its filter, spelled out.
type facetKey struct {
	category domain.ID
	filter   string
}

func newFacets(wait time.Duration, fetch fetchFacets) *Facets {
	f := &Facets{}
	f.wait = wait
	f.fetch = func(ctx context.Context, keys []facetKey) (map[facetKey]*domain.ProductFacets, error) {
		categories := map[string][]domain.ID{}
		for _, key := range keys {
			categories[key.filter] = append(categories[key.filter], key.category)
		}
		found := make(map[facetKey]*domain.ProductFacets, len(keys))
		for text, ids := range categories {
			facets, err := fetch(ctx, ids, f.requests.recall(text))
			if err != nil {
				return nil, err
			}
			for id, facet := range facets {
				found[facetKey{id, text}] = facet
			}
		}
		return found, nil
	}
	return f
}

// Of tells how the products of one category divide.
func (f *Facets) Of(ctx context.Context, category domain.ID, filter domain.Filter) (*domain.ProductFacets, error) {
	text, err := f.requests.keep(filter)
	if err != nil {
		return nil, err
	}
	return f.Load(ctx, facetKey{category, text})
}
