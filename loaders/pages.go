package loaders

import (
	"context"
	"sync"
	"time"

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
	Loader[pageKey, *domain.Page[T]]
	opened   sync.Once
	relation func(*storage.Store) storage.Relation[T]
	lister   lister[T]
	store    *storage.Store
	requests requests[domain.PageRequest]
}

// pageKey is a parent and the number of its request.
type pageKey struct {
	parent  domain.ID
	request int
}

// newPages makes the loader of a relation's pages. It is opened when it is first asked: most of a set's loaders never are.
func newPages[T any](s *Set, wait time.Duration, name string, relation func(*storage.Store) storage.Relation[T]) *Pages[T] {
	p := newPagesOf[T](s, wait, name, nil)
	p.relation = relation
	return p
}

// newPagesOf makes the loader of the pages of a list of another kind.
func newPagesOf[T any](s *Set, wait time.Duration, name string, list lister[T]) *Pages[T] {
	p := &Pages[T]{store: s.Store, lister: list}
	p.name, p.rounds, p.wait = name, &s.rounds, wait
	return p
}

// open makes the loader ready.
func (p *Pages[T]) open() {
	p.opened.Do(func() {
		if p.lister == nil {
			p.lister = p.relation(p.store)
		}
		p.fetch = p.fetchPages
	})
}

// Signature names the order of the lists; cursors belong to it.
func (p *Pages[T]) Signature(by []domain.Sort, search string) string {
	p.open()
	return p.lister.Signature(by, search)
}

// Page is the page of one parent. The request must not change any more.
func (p *Pages[T]) Page(ctx context.Context, parent domain.ID, request *domain.PageRequest) (*domain.Page[T], error) {
	p.open()
	return p.load(ctx, pageKey{parent, p.requests.number(request)}, p)
}

// fetchPages reads the pages of all keys: one statement for each different request, which for most answers is one. A request
// that fails does not take others with it.
func (p *Pages[T]) fetchPages(ctx context.Context, keys []pageKey) (map[pageKey]*domain.Page[T], error) {
	found := make(map[pageKey]*domain.Page[T], len(keys))
	failed := failures[pageKey]{}
	for request, parents := range byRequest(keys) {
		if len(parents) == 0 {
			continue
		}
		pages, err := p.lister.Pages(ctx, parents, *p.requests.get(request))
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
func (p *Pages[T]) reading(ctx context.Context, set *Set) func() {
	keys, aheads := p.take()
	list, ok := p.lister.(brancher[T])
	parents := byRequest(keys)
	if !ok || len(parents) == 0 || len(parents[len(parents)-1]) != len(keys) {
		return func() { p.fetched(ctx, keys) }
	}
	request := len(parents) - 1
	return ahead[T](ctx, set, &p.Loader, keys, aheads, func(below []*storage.Branch) *storage.Branch {
		return list.Root(parents[request], p.requests.get(request), p.keep(request), below...)
	})
}

// describe implements source: pages hang below the rows whose children they hold.
func (p *Pages[T]) describe(from domain.Kind, asked ask) (step, domain.Kind, any, bool) {
	key, _ := asked.key.(pageKey)
	_, ok := p.lister.(brancher[T])
	_, self, _ := p.store.Trace(from, key.parent)
	if !ok || !self {
		return step{}, domain.KindUnknown, nil, false
	}
	objects := storage.ObjectsOf[T](p.store)
	return step{request: p.requests.get(key.request)}, objects.Kind(), objects.Probe(), true
}

// graft implements source.
func (p *Pages[T]) graft(set *Set, found *step) *storage.Branch {
	p.open()
	list, _ := p.lister.(brancher[T]) // It was one when the step was described.
	return list.Branch(found.request, p.keep(p.requests.number(found.request)), set.graft(found.below)...)
}

// keep takes pages that were read ahead.
func (p *Pages[T]) keep(request int) func(domain.ID, *domain.Page[T]) {
	return func(parent domain.ID, page *domain.Page[T]) { p.prime(pageKey{parent, request}, page) }
}
