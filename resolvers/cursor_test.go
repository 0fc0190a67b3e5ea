package resolvers_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// TestCursorsWalkEveryOrder goes through a list by the cursors that clients get, forward and backward, in orders full of ties.
func TestCursorsWalkEveryOrder(t *testing.T) {
	db := storagetest.New(t).SQL()
	for _, statement := range []string{
		`INSERT INTO organisations (id, code, name, currency) VALUES (1, 'EU', 'Europe', 'EUR')`,
		`INSERT INTO customers (customer_id, organisation_id, number, name, currency) SELECT i, 1, 'C' || i, 'C' || i, 'EUR' FROM generate_series(1, 3) i`,
		`INSERT INTO orders (customer_id, id, number, status, placed_at, currency, total)
			SELECT 1 + i % 3, i, (ARRAY['a', 'A', 'ä', '"', '東', ''])[1 + i % 6], 'PLACED', timestamptz '2025-03-30 01:30:00.123456+01' + i / 5 * interval '1 microsecond', 'EUR', i % 4 / 3.0
			FROM generate_series(1, 40) i`,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.NoError(t, err)
	}
	list := storage.New(db).For(admin()).Orders()
	cursors, err := relay.OwnCursors()
	require.NoError(t, err)
	ctx := relay.WithCursors(t.Context(), cursors)
	read := func(t *rapid.T, args relay.Args) *relay.OrderConnection {
		request, err := args.Request(ctx, list.Signature)
		require.NoError(t, err)
		page, err := list.Page(t.Context(), request)
		require.NoError(t, err)
		return relay.NewConnection(ctx, page)
	}
	rapid.Check(t, func(t *rapid.T) {
		var by []*domain.Sort
		for _, field := range rapid.SliceOfN(rapid.SampledFrom([]string{"PLACED_AT", "NUMBER", "TOTAL", "UPDATED_AT"}), 0, 4).Draw(t, "fields") {
			by = append(by, &domain.Sort{Field: field, Direction: rapid.SampledFrom([]domain.Direction{domain.Ascending, domain.Descending}).Draw(t, "direction")})
		}
		all, size := relay.MaxPage, rapid.IntRange(1, 41).Draw(t, "size")
		whole := read(t, relay.Args{First: &all, OrderBy: by, Total: true})
		total, err := whole.TotalCount()
		require.NoError(t, err)
		require.Equal(t, 40, total)

		var forward []*domain.Order
		args := relay.Args{First: &size, OrderBy: by}
		for more := true; more; {
			page := read(t, args)
			forward = append(forward, page.Nodes()...)
			require.Equal(t, args.After != nil, page.PageInfo().HasPreviousPage)
			args.After, more = page.PageInfo().EndCursor, page.PageInfo().HasNextPage
		}
		require.Equal(t, whole.Nodes(), forward)

		var backward []*domain.Order
		args = relay.Args{Last: &size, OrderBy: by}
		for more := true; more; {
			page := read(t, args)
			backward = append(page.Nodes(), backward...)
			require.Equal(t, args.Before != nil, page.PageInfo().HasNextPage)
			args.Before, more = page.PageInfo().StartCursor, page.PageInfo().HasPreviousPage
		}
		require.Equal(t, whole.Nodes(), backward)

		// The cursor of any edge is as good as that of a page's end.
		at := rapid.IntRange(0, 39).Draw(t, "at")
		cursor := whole.Edges()[at].Cursor()
		behind := read(t, relay.Args{First: &all, OrderBy: by, After: &cursor})
		require.ElementsMatch(t, whole.Nodes()[at+1:], behind.Nodes())

		// It belongs to its order.
		other := append([]*domain.Sort{{Field: "TOTAL", Direction: domain.Ascending}}, by...)
		_, err = relay.Args{First: &size, OrderBy: other, After: &cursor}.Request(ctx, list.Signature)
		require.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
	})
}
