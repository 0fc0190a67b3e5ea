package loaders

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// shelf is a list of lists in memory that keeps what it was asked for.
type shelf struct {
	mu    sync.Mutex
	asked []call
	err   error
}

// call is one statement that a shelf would have sent.
type call struct {
	parents []int64
	limit   int
}

func (s *shelf) Signature([]domain.Sort, string) string { return "shelf" }

func (s *shelf) Pages(_ context.Context, parents []domain.ID, request domain.PageRequest) (map[domain.ID]*domain.Page[domain.Order], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := []int64{}
	pages := map[domain.ID]*domain.Page[domain.Order]{}
	for _, parent := range parents {
		rows = append(rows, parent.Row)
		pages[parent] = &domain.Page[domain.Order]{Items: make([]*domain.Order, request.Limit)}
	}
	slices.Sort(rows)
	s.asked = append(s.asked, call{rows, request.Limit})
	return pages, s.err
}

// together asks a shelf for pages in as many goroutines, as the fields of a level do.
func together(t *testing.T, list *shelf, wait time.Duration, asks map[int64][]int) []error {
	t.Helper()
	ctx, orders := With(t.Context(), New(nil, wait)), pages("orders", func(*storage.Store) *shelf { return list })
	var group sync.WaitGroup
	var mu sync.Mutex
	var errs []error
	for parent, limits := range asks {
		for _, limit := range limits {
			group.Add(1)
			go func() {
				defer group.Done()
				page, err := orders.Page(ctx, domain.CustomerID(parent), &domain.PageRequest{Limit: limit})
				mu.Lock()
				defer mu.Unlock()
				errs = append(errs, err)
				if err == nil {
					assert.Len(t, page.Items, limit, "the page of another request")
				}
			}()
		}
	}
	group.Wait()
	return errs
}

func TestParentsOfOneRequestAreReadTogether(t *testing.T) {
	list := &shelf{}
	errs := together(t, list, 100*time.Millisecond, map[int64][]int{1: {5, 7}, 2: {5}, 3: {5, 5}})
	assert.NoError(t, errors.Join(errs...))
	slices.SortFunc(list.asked, func(a, b call) int { return a.limit - b.limit })
	assert.Equal(t, []call{{[]int64{1, 2, 3}, 5}, {[]int64{1}, 7}}, list.asked, "one statement for each different request, each parent once")
}

func TestAFailureIsToldToAllWhoWait(t *testing.T) {
	failure := &domain.Error{Code: domain.CodeTimeout, Message: "slow"}
	errs := together(t, &shelf{err: failure}, 50*time.Millisecond, map[int64][]int{1: {1}, 2: {1}})
	require.Len(t, errs, 2)
	for _, err := range errs {
		assert.ErrorIs(t, err, failure)
	}
}

func TestFacetsOfOneFilterAreReadTogether(t *testing.T) {
	var asked [][]domain.ID
	ctx := With(t.Context(), New(nil, 100*time.Millisecond))
	facets := facets("facets", func(_ *storage.Store, _ context.Context, ids []domain.ID, filter domain.Filter) (map[domain.ID]*domain.ProductFacets, error) {
		asked = append(asked, ids)
		found := map[domain.ID]*domain.ProductFacets{}
		for _, id := range ids {
			found[id] = &domain.ProductFacets{Categories: []domain.CategoryFacet{{CategoryRow: id.Row, Count: len(filter.Terms)}}}
		}
		return found, nil
	})
	var group sync.WaitGroup
	for row := range int64(3) {
		group.Go(func() {
			of, err := facets.Of(ctx, domain.SharedID(domain.KindCategory, row+1), &domain.Filter{})
			if assert.NoError(t, err) {
				assert.Equal(t, domain.CategoryFacet{CategoryRow: row + 1}, of.Categories[0])
			}
		})
	}
	group.Wait()
	require.Len(t, asked, 1)
	assert.Len(t, asked[0], 3)
}

func TestRequestsWithAnotherMeaningAreOthers(t *testing.T) {
	var kept requests[domain.PageRequest]
	total := domain.PageRequest{Limit: 1, Total: true}
	asked := []domain.PageRequest{
		{Limit: 1}, {Limit: 2}, total, {Limit: 1, Backward: true}, {Limit: 1, Search: "x"}, {Limit: 1, Filter: domain.Filter{Or: []domain.Filter{}}},
		{Limit: 1, Filter: domain.Filter{Terms: []domain.Term{{Field: "a", Op: domain.OpEq, Value: "1"}}}},
		{Limit: 1, Filter: domain.Filter{Terms: []domain.Term{{Field: "a", Op: domain.OpNeq, Value: "1"}}}},
		{Limit: 1, After: &domain.Position{ID: domain.CustomerID(1)}}, {Limit: 1, Before: &domain.Position{ID: domain.CustomerID(1)}},
		{Limit: 1, Sort: []domain.Sort{{Field: "A", Direction: domain.Ascending}}}, {Limit: 1, Sort: []domain.Sort{{Field: "A", Direction: domain.Descending}}},
	}
	for number, request := range asked {
		assert.Equal(t, number, kept.number(&request))
		assert.Equal(t, &request, kept.get(number))
		again := request
		assert.Equal(t, number, kept.number(&again), "what asks for the same is the same")
	}
}

func TestForOutsideOfAResponse(t *testing.T) {
	assert.Panics(t, func() { For(t.Context()) })
	set := &Set{}
	assert.Same(t, set, For(With(t.Context(), set)))
}
