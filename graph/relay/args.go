package relay

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

// MaxPage is the largest page.
const MaxPage = 100

// Args are the arguments of a field that returns a connection.
type Args struct {
	First, Last   *int
	After, Before *string
	Filter        map[string]any
	OrderBy       []*domain.Sort
	Search        *string
	// Total tells that totalCount is among the selected fields.
	Total bool
}

// Request checks the arguments of a field of the response that ctx belongs to, and turns them into a request. signature gives the name of the
// list's order for a sort, which a cursor must have been made in.
func (a Args) Request(ctx context.Context, signature func([]domain.Sort, string) string) (domain.PageRequest, error) {
	limit, backward, err := a.limit()
	if err != nil {
		return domain.PageRequest{}, err
	}
	filter, err := parseFilter(a.Filter)
	if err != nil {
		return domain.PageRequest{}, err
	}
	request := domain.PageRequest{Limit: limit, Backward: backward, Filter: filter, Total: a.Total}
	for _, sort := range a.OrderBy {
		request.Sort = append(request.Sort, *sort)
	}
	if a.Search != nil {
		request.Search = *a.Search
	}
	order := signature(request.Sort, request.Search)
	if a.After != nil {
		request.After, err = cursorsOf(ctx).decode(*a.After, order)
		if err != nil {
			return domain.PageRequest{}, err
		}
	}
	if a.Before != nil {
		request.Before, err = cursorsOf(ctx).decode(*a.Before, order)
		if err != nil {
			return domain.PageRequest{}, err
		}
	}
	return request, nil
}

func (a Args) limit() (limit int, backward bool, err error) {
	switch {
	case a.First != nil && a.Last != nil:
		return 0, false, domain.BadInput("give first or last, not both")
	case a.First != nil:
		limit = *a.First
	case a.Last != nil:
		limit, backward = *a.Last, true
	default:
		return 0, false, domain.BadInput("first or last is needed: how many items, 1 to %d", MaxPage)
	}
	if limit < 1 || limit > MaxPage {
		return 0, false, domain.BadInput("first and last are from 1 to %d, not %d", MaxPage, limit)
	}
	return limit, backward, nil
}
