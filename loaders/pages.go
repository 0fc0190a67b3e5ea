package loaders

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// lister reads the pages of many parents at once.
type lister[T any] interface {
	Signature(by []domain.Sort, search string) string
	Pages(ctx context.Context, parents []domain.ID, request domain.PageRequest) (map[domain.ID]*domain.Page[T], error)
}

// Pages loads pages of the children of parents. Parents that ask with the same arguments are read in one statement.
type Pages[T any] struct {
	Loader[pageKey, *domain.Page[T]]
	lister   lister[T]
	requests requests[domain.PageRequest]
}

// pageKey is a parent and its request, spelled out.
type pageKey struct {
	parent  domain.ID
	request string
}

func newPages[T any](wait time.Duration, lister lister[T]) *Pages[T] {
	p := &Pages[T]{lister: lister}
	p.wait, p.fetch = wait, p.fetchPages
	return p
}

// Signature names the order of the lists; cursors belong to it.
func (p *Pages[T]) Signature(by []domain.Sort, search string) string {
	return p.lister.Signature(by, search)
}

// Page is the page of one parent.
func (p *Pages[T]) Page(ctx context.Context, parent domain.ID, request domain.PageRequest) (*domain.Page[T], error) {
	spelled, err := p.requests.keep(request)
	if err != nil {
		return nil, err
	}
	return p.Load(ctx, pageKey{parent, spelled})
}

// fetchPages reads the pages of all keys: one statement for each different request, which for most answers is one.
func (p *Pages[T]) fetchPages(ctx context.Context, keys []pageKey) (map[pageKey]*domain.Page[T], error) {
	parents := map[string][]domain.ID{}
	var spelled []string
	for _, key := range keys {
		if parents[key.request] == nil {
			spelled = append(spelled, key.request)
		}
		parents[key.request] = append(parents[key.request], key.parent)
	}
	found := make(map[pageKey]*domain.Page[T], len(keys))
	for _, text := range spelled {
		pages, err := p.lister.Pages(ctx, parents[text], p.requests.recall(text))
		if err != nil {
			return nil, err
		}
		for parent, page := range pages {
			found[pageKey{parent, text}] = page
		}
	}
	return found, nil
}
