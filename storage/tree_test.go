package storage_test

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/ingest/demo"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// newCompany is a pool over a made-up trading company, with many kinds of rows.
func newCompany(t testing.TB, customers int) *storage.Pool {
	database := storagetest.New(t)
	pool, err := storage.Open(t.Context(), storage.Config{URL: database.URL, StatementTimeout: time.Minute})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	_, err = demo.Load(t.Context(), pool.DB(), demo.Options{Customers: customers, Seed: 7, Now: time.Date(2025, 6, 4, 10, 0, 0, 0, time.UTC)})
	require.NoError(t, err)
	_, err = pool.DB().ExecContext(t.Context(), `UPDATE customers SET parent_id = 1 + customer_id / 4 WHERE customer_id > 4; ANALYZE`)
	require.NoError(t, err)
	return pool
}

// grower makes branches of random trees, and remembers how to check what they gave.
type grower struct {
	t *rapid.T
	// store reads trees; oracle reads the same with a statement for each relation, and all columns.
	store, oracle *storage.Store
	needed        map[domain.Kind][]string
	branches      int
	checks        []func()
}

// graft is something that can hang below rows of a kind. over gives the rows that it hung below, once the tree is read.
type graft struct {
	parent domain.Kind
	hang   func(g *grower, depth int, over func() []domain.Node) *storage.Branch
}

// below draws what hangs below rows of a kind.
func (g *grower) below(kind domain.Kind, depth int, over func() []domain.Node) []*storage.Branch {
	var branches []*storage.Branch
	if depth >= 5 {
		return nil
	}
	for i, graft := range grafts() {
		if graft.parent == kind && g.branches < 14 && rapid.IntRange(0, 3).Draw(g.t, fmt.Sprintf("graft %d", i)) == 0 {
			g.branches++
			branches = append(branches, graft.hang(g, depth+1, over))
		}
	}
	return branches
}

// request draws a page's request. some gives a page of the list, of which cursors are taken.
func request[T any](g *grower, sorts []string, filters []domain.Filter, some func(domain.PageRequest) *domain.Page[T]) domain.PageRequest {
	yes := func(what string) bool { return rapid.IntRange(0, 3).Draw(g.t, what) == 0 }
	request := domain.PageRequest{
		Limit: rapid.IntRange(1, 5).Draw(g.t, "limit"), Backward: yes("backward"), Total: yes("total"), NoRows: yes("no rows"), NoMore: yes("no more"),
	}
	if len(sorts) > 0 {
		request.Sort = drawSort(g.t, sorts...)
	}
	if len(filters) > 0 && yes("filtered") {
		request.Filter = rapid.SampledFrom(filters).Draw(g.t, "filter")
	}
	for _, cursor := range []**domain.Position{&request.After, &request.Before} {
		if !yes("cursor") {
			continue
		}
		page := some(domain.PageRequest{Limit: 10, Sort: request.Sort})
		if page != nil && len(page.Items) > 0 {
			at := page.Position(rapid.SampledFrom(page.Items).Draw(g.t, "cursor at"))
			*cursor = &at
		}
	}
	return request
}

// same requires that two items are the same in all that was asked for.
func same[T any](g *grower, want, got *T) {
	kind := any(want).(domain.Node).ID().Kind
	names, narrowed := g.needed[kind]
	wanted, given := reflect.ValueOf(want).Elem(), reflect.ValueOf(got).Elem()
	require.Equal(g.t, any(want).(domain.Node).ID(), any(got).(domain.Node).ID())
	for _, field := range reflect.VisibleFields(wanted.Type()) {
		if field.Anonymous || narrowed && !slices.Contains(names, field.Name) {
			continue
		}
		difference := cmp.Diff(wanted.FieldByIndex(field.Index).Interface(), given.FieldByIndex(field.Index).Interface(),
			cmp.Comparer(func(a, b domain.Decimal) bool { return a.String() == b.String() }))
		require.Empty(g.t, difference, "%s of %s", field.Name, any(want).(domain.Node).ID())
	}
}

// samePage requires that two pages are the same.
func samePage[T any](g *grower, what string, want, got *domain.Page[T]) {
	require.Len(g.t, got.Items, len(want.Items), what)
	for i := range want.Items {
		same(g, want.Items[i], got.Items[i])
		require.Equal(g.t, want.Position(want.Items[i]), got.Position(got.Items[i]), what)
	}
	require.Equal(g.t, []bool{want.HasNext, want.HasPrevious}, []bool{got.HasNext, got.HasPrevious}, what)
	require.Equal(g.t, want.Total, got.Total, what)
	require.Equal(g.t, want.Signature, got.Signature, what)
}

func nodesOf[T any](items []*T) []domain.Node {
	nodes := make([]domain.Node, len(items))
	for i, item := range items {
		nodes[i] = any(item).(domain.Node)
	}
	return nodes
}

// collect collects the pages that a branch gives, and checks them against those that the relation gives by itself.
func collect[T any](g *grower, of func(*storage.Store) storage.Relation[T], asked domain.PageRequest, parents func() []domain.ID) (into func(domain.ID, *domain.Page[T]), shown func() []domain.Node) {
	got := map[domain.ID]*domain.Page[T]{}
	g.checks = append(g.checks, func() {
		require.ElementsMatch(g.t, parents(), slices.Collect(maps.Keys(got)))
		want, err := of(g.oracle).Pages(context.Background(), parents(), asked)
		require.NoError(g.t, err)
		for parent, page := range want {
			samePage(g, fmt.Sprintf("%T of %s, %+v", page, parent, asked), page, got[parent])
		}
	})
	into = func(parent domain.ID, page *domain.Page[T]) {
		require.NotContains(g.t, got, parent, "delivered twice")
		got[parent] = page
	}
	shown = func() []domain.Node {
		var nodes []domain.Node
		for _, page := range got {
			nodes = append(nodes, nodesOf(page.Items)...)
		}
		return nodes
	}
	return into, shown
}

// someOf is a page of some parent.
func someOf[T any](g *grower, of func(*storage.Store) storage.Relation[T], parents []domain.ID) func(domain.PageRequest) *domain.Page[T] {
	return func(asked domain.PageRequest) *domain.Page[T] {
		found, err := of(g.oracle).Pages(context.Background(), parents, asked)
		require.NoError(g.t, err)
		for _, parent := range parents {
			if len(found[parent].Items) > 0 {
				return found[parent]
			}
		}
		return nil
	}
}

// relation is a graft of pages.
func relation[T any](parent domain.Kind, of func(*storage.Store) storage.Relation[T], some func(*storage.Store) []domain.ID, sorts []string, filters ...domain.Filter) graft {
	return graft{parent, func(g *grower, depth int, over func() []domain.Node) *storage.Branch {
		asked := request(g, sorts, filters, someOf(g, of, some(g.oracle)))
		into, shown := collect(g, of, asked, func() []domain.ID { return idsOf(over()) })
		return of(g.store).Branch(&asked, into, g.below(kindOf[T](), depth, shown)...)
	}}
}

func kindOf[T any]() domain.Kind { return any(new(T)).(domain.Node).ID().Kind }

// reference is a graft of what a column leads to.
func reference[P, T any](ask func(*P) domain.ID) graft {
	return graft{kindOf[P](), func(g *grower, depth int, over func() []domain.Node) *storage.Branch {
		column, self, ok := g.store.Trace(kindOf[P](), ask(storage.ObjectsOf[P](g.store).Probe()))
		require.True(g.t, ok && !self)
		got := map[domain.ID]*T{}
		g.checks = append(g.checks, func() {
			want := map[domain.ID]bool{}
			for _, node := range over() {
				// With the oracle's row: that of the tree may be narrow.
				whole, err := storage.ObjectsOf[P](g.oracle).ByID(context.Background(), []domain.ID{node.ID()})
				require.NoError(g.t, err)
				if id := ask(whole[node.ID()]); !id.IsZero() {
					want[id] = true
				}
			}
			ids := slices.Collect(maps.Keys(want))
			require.ElementsMatch(g.t, ids, slices.Collect(maps.Keys(got)), column)
			found, err := storage.ObjectsOf[T](g.oracle).ByID(context.Background(), ids)
			require.NoError(g.t, err)
			for id := range want {
				require.Equal(g.t, found[id] == nil, got[id] == nil, "%s %s", column, id)
				if found[id] != nil {
					same(g, found[id], got[id])
				}
			}
		})
		into := func(id domain.ID, item *T) {
			require.NotContains(g.t, got, id, "delivered twice")
			got[id] = item
		}
		shown := func() []domain.Node {
			var nodes []domain.Node
			for _, item := range got {
				if item != nil {
					nodes = append(nodes, any(item).(domain.Node))
				}
			}
			return nodes
		}
		return storage.ObjectsOf[T](g.store).Reference(column, into, g.below(kindOf[T](), depth, shown)...)
	}}
}

// TestTree holds random trees against the same data read relation by relation.
func TestTree(t *testing.T) {
	pool := newCompany(t, 60)
	everybody := someViewers(t, pool.DB())
	rapid.Check(t, func(t *rapid.T) {
		viewer := rapid.SampledFrom(everybody).Draw(t, "viewer")
		g := &grower{t: t, store: pool.For(viewer), oracle: pool.For(viewer)}
		if rapid.Bool().Draw(t, "narrow") {
			g.needed = drawNeeded(t)
			g.store.Narrow(g.needed)
		}
		root := rapid.SampledFrom(roots()).Draw(t, "root")(g)
		require.NoError(t, g.store.ReadTree(context.Background(), root))
		for _, check := range g.checks {
			check()
		}
	})
}

// drawNeeded draws fields of some kinds.
func drawNeeded(t *rapid.T) map[domain.Kind][]string {
	needed := map[domain.Kind][]string{}
	for kind, fields := range map[domain.Kind][]string{
		domain.KindCustomer:  {"Name", "Number", "Tags", "CreditLimit", "CreatedAt", "ParentRow"},
		domain.KindOrder:     {"Number", "PlacedAt", "TotalAmount", "CurrencyCode", "PromisedOn", "CustomerRow"},
		domain.KindOrderLine: {"OrderedQuantity", "LineNumber", "Unit"},
		domain.KindShipment:  {"Number", "Milestone", "EtaPrecision", "Delayed"},
		domain.KindProduct:   {"SKU", "Name", "SpecValues", "Media", "Weight", "UpdatedAt"},
		domain.KindInvoice:   {"DueOn", "BalanceAmount"},
		domain.KindSite:      {"Latitude", "DeliveryWindows"},
	} {
		if rapid.Bool().Draw(t, kind.String()) {
			needed[kind] = rapid.SliceOfDistinct(rapid.SampledFrom(fields), rapid.ID[string]).Draw(t, "fields")
		}
	}
	return needed
}

// someViewers are one of each role that sees not everything, and one that does.
func someViewers(t testing.TB, db *sql.DB) []domain.Viewer {
	var unit, manager int64
	row := db.QueryRowContext(t.Context(), `SELECT organisation_id, account_manager_id FROM customers WHERE account_manager_id IS NOT NULL ORDER BY customer_id LIMIT 1`)
	require.NoError(t, row.Scan(&unit, &manager))
	return []domain.Viewer{
		admin(),
		{Subject: "agent", Role: domain.RoleAgent, Organisations: []int64{unit}},
		{Subject: "sales", Role: domain.RoleSales, UserRow: manager},
		{Subject: "customer", Role: domain.RoleCustomer, CustomerRow: 3},
	}
}
