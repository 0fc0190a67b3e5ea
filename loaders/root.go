package loaders

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// roots loads pages of one root list, by the number of their request.
type roots[T any] struct {
	Loader[int, *domain.Page[T]]
	list     storage.List[T]
	requests requests[domain.PageRequest]
}

// Root is a page of a root list. The request must not change any more.
func Root[T any](ctx context.Context, set *Set, list storage.List[T], request *domain.PageRequest) (*domain.Page[T], error) {
	if !set.rounds.on {
		return list.Page(ctx, *request)
	}
	r, ok := set.lists[list].(*roots[T])
	if !ok {
		r = &roots[T]{list: list}
		r.name, r.rounds, r.fetch = "list", &set.rounds, r.fetchPages
		if set.lists == nil {
			set.lists = map[any]source{}
		}
		set.lists[list] = r
	}
	return r.load(ctx, r.requests.number(request), r)
}

func (r *roots[T]) fetchPages(ctx context.Context, numbers []int) (map[int]*domain.Page[T], error) {
	found := make(map[int]*domain.Page[T], len(numbers))
	failed := failures[int]{}
	for _, number := range numbers {
		page, err := r.list.Page(ctx, *r.requests.get(number))
		if err != nil {
			failed[number] = err
			continue
		}
		found[number] = page
	}
	return found, failed.orNil()
}

// reading implements source: one statement reads a page and what the query asks next of its items.
func (r *roots[T]) reading(ctx context.Context, set *Set) func() {
	numbers, aheads := r.take()
	if len(numbers) != 1 {
		return func() { r.fetched(ctx, numbers) }
	}
	return ahead[T](ctx, set, &r.Loader, numbers, aheads, func(below []*storage.Branch) *storage.Branch {
		return r.list.Root(r.requests.get(numbers[0]), func(page *domain.Page[T]) { r.prime(numbers[0], page) }, below...)
	})
}
