package loaders

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// lister reads the pages of many parents at once.
type lister[T any] interface {
	Signature(by []domain.Sort, search string) string
	Pages(ctx context.Context, parents []domain.ID, request domain.PageRequest) (map[domain.ID]*domain.Page[T], error)
}

// brancher is a lister whose pages can be read as a part of a tree.
type brancher[T any] interface {
	Root(parents []domain.ID, request *domain.PageRequest, into func(domain.ID, *domain.Page[T]), children ...*storage.Branch) *storage.Branch
	Branch(request *domain.PageRequest, into func(domain.ID, *domain.Page[T]), children ...*storage.Branch) *storage.Branch
}

// Pages loads pages of the children of parents. Parents that ask with the same arguments are read in one statement.
type Pages[T any] struct {
	name string
	list func(*storage.Store) lister[T]
}

// pages declares a relation.
func pages[T any, L lister[T]](name string, list func(*storage.Store) L) *Pages[T] {
	return &Pages[T]{name, func(store *storage.Store) lister[T] { return list(store) }}
}

// pageLoader is the loader of a Pages.
type pageLoader[T any] struct {
	Loader[pageKey, *domain.Page[T]]
	of       *Pages[T]
	list     lister[T]
	requests requests[domain.PageRequest]
}

// pageKey is a parent and the number of its request.
type pageKey struct {
	parent  domain.ID
	request int
}

// open implements relation.
func (r *Pages[T]) open(s *Set) *pageLoader[T] {
	l := &pageLoader[T]{Loader: newLoader[pageKey, *domain.Page[T]](s, r.name, nil), of: r, list: r.list(s.Store)}
	l.fetch = l.fetchPages
	return l
}

// Signature names the order of the lists; cursors belong to it. It is the same in all stores.
func (r *Pages[T]) Signature(by []domain.Sort, search string) string {
	return r.list(nil).Signature(by, search)
}

// Page is the page of one parent. The request must not change any more.
func (r *Pages[T]) Page(ctx context.Context, parent domain.ID, request *domain.PageRequest) (*domain.Page[T], error) {
	l := loaderOf(For(ctx), r)
	return l.load(ctx, pageKey{parent, l.requests.number(request)}, l)
}

// fetchPages reads the pages of all keys: one statement for each different request, which for most answers is one. A request
// that fails does not take others with it.
func (l *pageLoader[T]) fetchPages(ctx context.Context, keys []pageKey) (map[pageKey]*domain.Page[T], error) {
	found := make(map[pageKey]*domain.Page[T], len(keys))
	failed := failures[pageKey]{}
	for request, parents := range byRequest(keys) {
		if len(parents) == 0 {
			continue
		}
		pages, err := l.list.Pages(ctx, parents, *l.requests.get(request))
		for _, parent := range parents {
			if err != nil {
				failed[pageKey{parent, request}] = err
			} else if page, ok := pages[parent]; ok {
				found[pageKey{parent, request}] = page
			}
		}
	}
	return found, failed.orNil()
}

// byRequest are the parents of keys by the number of their request.
func byRequest(keys []pageKey) [][]domain.ID {
	var parents [][]domain.ID
	for _, key := range keys {
		for key.request >= len(parents) {
			parents = append(parents, nil)
		}
		parents[key.request] = append(parents[key.request], key.parent)
	}
	return parents
}

// reading implements source: one statement reads the pages and what the query asks next of their items.
func (l *pageLoader[T]) reading(ctx context.Context, set *Set) func() {
	keys, aheads := l.take()
	list, ok := l.list.(brancher[T])
	parents := byRequest(keys)
	if !ok || len(parents) == 0 || len(parents[len(parents)-1]) != len(keys) {
		return func() { l.fetched(ctx, keys) }
	}
	request := len(parents) - 1
	return ahead[T](ctx, set, &l.Loader, keys, aheads, func(below []*storage.Branch) *storage.Branch {
		return list.Root(parents[request], l.requests.get(request), l.keep(request), below...)
	})
}

// describe implements source: pages hang below the rows whose children they hold.
func (l *pageLoader[T]) describe(set *Set, from domain.Kind, asked ask) (step, domain.Kind, any, bool) {
	key, _ := asked.key.(pageKey)
	_, ok := l.list.(brancher[T])
	_, self, _ := set.Store.Trace(from, key.parent)
	if !ok || !self {
		return step{}, domain.KindUnknown, nil, false
	}
	objects := storage.ObjectsOf[T](set.Store)
	return step{of: l.of, request: l.requests.get(key.request)}, objects.Kind(), objects.Probe(), true
}

// graft implements grafter.
func (r *Pages[T]) graft(set *Set, found *step) *storage.Branch {
	l := loaderOf(set, r)
	list, _ := l.list.(brancher[T]) // It was one when the step was described.
	return list.Branch(found.request, l.keep(l.requests.number(found.request)), set.graft(found.below)...)
}

// keep takes pages that were read ahead.
func (l *pageLoader[T]) keep(request int) func(domain.ID, *domain.Page[T]) {
	return func(parent domain.ID, page *domain.Page[T]) { l.prime(pageKey{parent, request}, page) }
}
