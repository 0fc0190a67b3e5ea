package loaders

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// rootList is a list that is read page by page. Two that are equal are the same list.
type rootList[T any] interface {
	Page(ctx context.Context, request domain.PageRequest) (*domain.Page[T], error)
}

// rootBrancher is a rootList whose page can be the root of a tree.
type rootBrancher[T any] interface {
	Root(request *domain.PageRequest, into func(page *domain.Page[T]), children ...*storage.Branch) *storage.Branch
}

// rootLoader loads pages of one root list, by the number of their request.
type rootLoader[T any] struct {
	Loader[int, *domain.Page[T]]
	list     rootList[T]
	requests requests[domain.PageRequest]
}

// Root is a page of a root list. The request must not change any more.
func Root[T any](ctx context.Context, set *Set, list rootList[T], request *domain.PageRequest) (*domain.Page[T], error) {
	if !set.rounds.on {
		return list.Page(ctx, *request)
	}
	l := loaderOf(set, roots[T]{list})
	return l.load(ctx, l.requests.number(request), l)
}

// roots are the pages of a root list.
type roots[T any] struct{ list rootList[T] }

// open implements relation.
func (r roots[T]) open(s *Set) *rootLoader[T] {
	l := &rootLoader[T]{Loader: newLoader[int, *domain.Page[T]](s, "list", nil), list: r.list}
	l.fetch = l.fetchPages
	return l
}

func (l *rootLoader[T]) fetchPages(ctx context.Context, numbers []int) (map[int]*domain.Page[T], error) {
	found := make(map[int]*domain.Page[T], len(numbers))
	failed := failures[int]{}
	for _, number := range numbers {
		page, err := l.list.Page(ctx, *l.requests.get(number))
		if err != nil {
			failed[number] = err
			continue
		}
		found[number] = page
	}
	return found, failed.orNil()
}

// reading implements source: one statement reads a page and what the query asks next of its items.
func (l *rootLoader[T]) reading(ctx context.Context, set *Set) func() {
	numbers, aheads := l.take()
	list, ok := l.list.(rootBrancher[T])
	if !ok || len(numbers) != 1 {
		return func() { l.fetched(ctx, numbers) }
	}
	return ahead[T](ctx, set, &l.Loader, numbers, aheads, func(below []*storage.Branch) *storage.Branch {
		return list.Root(l.requests.get(numbers[0]), func(page *domain.Page[T]) { l.prime(numbers[0], page) }, below...)
	})
}
