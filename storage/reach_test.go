package storage_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// addReach adds customers on both sides of the number up to which a viewer sees few: unit 3 has 1000 of them, unit 4 one more, units 5 and 6 a
// hundred each, 6 being below 5, and unit 7 none. Every third customer is managed by somebody of the team of employees 1 and 2, the first
// of the others by employee 3, who has no team. Each has an order, and some have more.
func addReach(t *testing.T) *storage.Pool {
	_, db := newStore(t)
	exec(t, db, `INSERT INTO organisations (id, parent_id, code, name, currency)
		SELECT i, CASE WHEN i = 6 THEN 5 END, 'U' || i, 'Unit ' || i, 'EUR' FROM generate_series(3, 7) i`)
	exec(t, db, `INSERT INTO users (id, organisation_id, name, team) VALUES (1, 3, 'Ana', 'A'), (2, 3, 'Bo', 'A'), (3, 3, 'Cy', NULL), (4, 3, 'Di', NULL)`)
	exec(t, db, `INSERT INTO customers (customer_id, organisation_id, account_manager_id, number, name, currency)
		SELECT i, CASE WHEN i <= 1000 THEN 3 WHEN i <= 2001 THEN 4 WHEN i <= 2101 THEN 5 ELSE 6 END,
		       CASE WHEN i % 3 = 0 THEN 1 + i % 2 WHEN i < 50 THEN 3 END, 'C' || i, 'Customer ' || i, 'EUR' FROM generate_series(1, 2201) i`)
	exec(t, db, `INSERT INTO orders (customer_id, id, number, status, country_code, placed_at, currency, total)
		SELECT 1 + (i * 7919) % 2201, i, 'O' || i % 50, CASE WHEN i % 4 = 0 THEN 'PLACED' ELSE 'DELIVERED' END, CASE WHEN i % 3 > 0 THEN 'DE' END,
		       timestamptz '2025-01-01Z' + i % 40 * interval '1 hour', 'EUR', i % 7 FROM generate_series(1, 3000) i`)
	exec(t, db, `ANALYZE`)
	return storage.New(db)
}

// reachOracle tells which customers of addReach a viewer may see.
func reachOracle(viewer domain.Viewer) func(customer int64) bool {
	managers := []int64{viewer.UserRow}
	if viewer.UserRow == 1 || viewer.UserRow == 2 {
		managers = []int64{1, 2}
	}
	return func(customer int64) bool {
		unit, _ := slices.BinarySearch([]int64{1000, 2001, 2101}, customer)
		if viewer.Role != domain.RoleSales {
			return slices.Contains(viewer.Organisations, int64(3+unit))
		}
		switch {
		case customer%3 == 0:
			return slices.Contains(managers, 1+customer%2)
		case customer < 50:
			return slices.Contains(managers, 3)
		default:
			return false
		}
	}
}

func reachViewers() map[string]domain.Viewer {
	agent := func(units ...int64) domain.Viewer { return domain.Viewer{Role: domain.RoleAgent, Organisations: units} }
	return map[string]domain.Viewer{
		"agent of 1000 customers": agent(3), "agent of 1001": agent(4), "agent of 200 in two units": agent(5, 6),
		"agent of none": agent(7), "agent without units": agent(),
		"integration of 1001":       {Role: domain.RoleIntegration, Organisations: []int64{4}},
		"sales with a team":         {Role: domain.RoleSales, UserRow: 2},
		"sales alone":               {Role: domain.RoleSales, UserRow: 3},
		"sales with no customers":   {Role: domain.RoleSales, UserRow: 4},
		"sales without an employee": {Role: domain.RoleSales},
	}
}

// TestReach compares lists and totals of viewers who see few or many customers with what an administrator sees of those customers.
func TestReach(t *testing.T) {
	pool := addReach(t)
	orders := []probe[domain.Order]{
		{field: "status", ops: equality, value: func(o *domain.Order) any { return o.Status }, with: []any{"PLACED", "DELIVERED"}},
		{field: "countryCode", ops: equality, value: func(o *domain.Order) any { return optional(o.CountryCode) }, with: []any{"DE"}},
	}
	customers := []probe[domain.Customer]{
		{field: "number", ops: identifier, value: func(c *domain.Customer) any { return c.Number }, with: []any{"C1", "C10", "C2"}},
	}
	for name, viewer := range reachViewers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sees, store := reachOracle(viewer), pool.For(viewer)
			agreeInReach(t, store, pool.For(admin()).Orders(), store.Orders(), orders, []string{"PLACED_AT", "NUMBER", "TOTAL"},
				func(o *domain.Order) bool { return sees(o.CustomerRow) })
			agreeInReach(t, store, pool.For(admin()).Customers(), store.Customers(), customers, []string{"NUMBER", "NAME", "CREATED_AT"},
				func(c *domain.Customer) bool { return sees(c.Row) })
		})
	}
}

// agreeInReach reads random pages of a list as a viewer, and requires what is there of the administrator's list.
func agreeInReach[T any](t *testing.T, store *storage.Store, all, list storage.List[T], probes []probe[T], sorts []string, sees func(*T) bool) {
	whole := map[domain.Sort]*domain.Page[T]{}
	for _, field := range sorts {
		for _, direction := range []domain.Direction{domain.Ascending, domain.Descending} {
			by := domain.Sort{Field: field, Direction: direction}
			page, err := all.Page(t.Context(), everything(by))
			require.NoError(t, err)
			whole[by] = page
		}
	}
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		by := domain.Sort{Field: rapid.SampledFrom(sorts).Draw(t, "by"), Direction: domain.Ascending}
		if rapid.Bool().Draw(t, "descending") {
			by.Direction = domain.Descending
		}
		filter, test := drawFilter(t, probes, 1)
		var want []*T
		for _, item := range whole[by].Items {
			if sees(item) && test(item) {
				want = append(want, item)
			}
		}
		checkReach(ctx, t, store, list, whole[by], want, domain.PageRequest{Sort: []domain.Sort{by}, Filter: filter, Total: true})
	})
}

// checkReach reads one page of what is wanted, from an end or from behind one of its items, by itself and as the root of a tree.
func checkReach[T any](
	ctx context.Context, t *rapid.T, store *storage.Store, list storage.List[T], whole *domain.Page[T], want []*T, request domain.PageRequest,
) {
	total := len(want)
	request.Limit = rapid.IntRange(1, 60).Draw(t, "limit")
	request.Backward = rapid.Bool().Draw(t, "backward")
	if total > 0 && rapid.Bool().Draw(t, "cursor") {
		i := rapid.IntRange(0, total-1).Draw(t, "at")
		at := whole.Position(want[i])
		if request.Backward {
			request.Before, want = &at, want[:i]
		} else {
			request.After, want = &at, want[i+1:]
		}
	}
	if more := len(want) - request.Limit; more > 0 && request.Backward {
		want = want[more:]
	} else if more > 0 {
		want = want[:request.Limit]
	}
	page, err := list.Page(ctx, request)
	require.NoError(t, err)
	var rooted *domain.Page[T]
	require.NoError(t, store.ReadTree(ctx, list.Root(&request, func(page *domain.Page[T]) { rooted = page })))
	for _, got := range []*domain.Page[T]{page, rooted} {
		require.Equal(t, total, *got.Total)
		require.Len(t, got.Items, len(want))
		for i, item := range want {
			require.Equal(t, item, got.Items[i])
		}
	}
}

// TestListIndexesHoldTheCustomer holds that the scope can be told inside the indexes that give the lists over all customers their orders. Those
// over expressions are left out: Postgres reads the row for them in any case.
func TestListIndexesHoldTheCustomer(t *testing.T) {
	_, db := newStore(t)
	require.Empty(t, textOf(t, db, `
		SELECT coalesce(string_agg(i.indexrelid::regclass::text, ', '), '') FROM pg_index i
		WHERE i.indrelid = ANY ('{orders,invoices,shipments,cases}'::regclass[]) AND i.indexprs IS NULL AND NOT EXISTS (
			SELECT FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND a.attname = 'customer_id')`),
		"these indexes need INCLUDE (customer_id), docs/adr/0007")
}
