package storage_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// reader reads a page of some list.
type reader[T any] func(domain.PageRequest) (*domain.Page[T], error)

func rootReader[T any](ctx context.Context, list storage.List[T]) reader[T] {
	return func(request domain.PageRequest) (*domain.Page[T], error) { return list.Page(ctx, request) }
}

// childReader reads the page of one parent, among others that are asked for at once.
func childReader[T any](ctx context.Context, relation storage.Relation[T], parent domain.ID, others ...domain.ID) reader[T] {
	return func(request domain.PageRequest) (*domain.Page[T], error) {
		pages, err := relation.Pages(ctx, append(others, parent), request)
		return pages[parent], err
	}
}

func drawSort(t *rapid.T, fields ...string) []domain.Sort {
	keys := rapid.SliceOfN(rapid.SampledFrom(fields), 0, 3).Draw(t, "fields")
	by := make([]domain.Sort, len(keys))
	for i, field := range keys {
		by[i] = domain.Sort{Field: field, Direction: rapid.SampledFrom([]domain.Direction{domain.Ascending, domain.Descending}).Draw(t, "direction")}
	}
	return by
}

// walk reads a list in every way that there is, and requires what one big read gives.
func walk[T any](t *rapid.T, id func(*T) domain.ID, read reader[T], base domain.PageRequest) []*T {
	page := func(request domain.PageRequest) *domain.Page[T] {
		page, err := read(request)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Items), request.Limit)
		return page
	}
	ids := func(items []*T) []domain.ID {
		ids := make([]domain.ID, len(items))
		for i, item := range items {
			ids[i] = id(item)
		}
		return ids
	}
	request := base
	request.Limit = 10_000
	whole := page(request)
	require.False(t, whole.HasNext || whole.HasPrevious)
	limit := rapid.IntRange(1, len(whole.Items)+1).Draw(t, "limit")
	for _, backward := range []bool{false, true} {
		var got []*T
		request := base
		request.Limit, request.Backward, request.Total = limit, backward, true
		for {
			next := page(request)
			begun := request.After != nil || request.Before != nil
			require.Equal(t, len(whole.Items), *next.Total)
			ended := len(got)+len(next.Items) == len(whole.Items)
			if backward {
				got = append(slices.Clone(next.Items), got...)
				require.Equal(t, []bool{begun, !ended}, []bool{next.HasNext, next.HasPrevious})
			} else {
				got = append(got, next.Items...)
				require.Equal(t, []bool{begun, !ended}, []bool{next.HasPrevious, next.HasNext})
			}
			if len(next.Items) == 0 || ended && rapid.Bool().Draw(t, "stop") {
				break
			}
			// The last page is followed once more now and then: behind the end there is an empty page with the total.
			at := whole.Position(next.Items[0])
			if !backward {
				at = whole.Position(next.Items[len(next.Items)-1])
				request.After = &at
			} else {
				request.Before = &at
			}
		}
		require.Equal(t, ids(whole.Items), ids(got), "backward: %v", backward)
	}
	if len(whole.Items) > 1 {
		between(t, page, ids, whole, limit, base)
	}
	return whole.Items
}

// between reads what lies between two cursors, from either end.
func between[T any](t *rapid.T, page func(domain.PageRequest) *domain.Page[T], ids func([]*T) []domain.ID, whole *domain.Page[T], limit int, base domain.PageRequest) {
	from := rapid.IntRange(0, len(whole.Items)-2).Draw(t, "from")
	to := rapid.IntRange(from+1, len(whole.Items)-1).Draw(t, "to")
	inner := whole.Items[from+1 : to]
	first, last := whole.Position(whole.Items[from]), whole.Position(whole.Items[to])
	base.After, base.Before, base.Limit = &first, &last, limit
	forward := page(base)
	require.Equal(t, ids(inner[:min(limit, len(inner))]), ids(forward.Items))
	base.Backward = true
	backward := page(base)
	require.Equal(t, ids(inner[max(0, len(inner)-limit):]), ids(backward.Items))
	for _, part := range []*domain.Page[T]{forward, backward} {
		require.True(t, part.HasNext && part.HasPrevious, "both cursors stand outside of the page")
	}
}

// compareOrders compares orders as a sort by the schema's fields says, without the database.
func compareOrders(by []domain.Sort) func(a, b *domain.Order) int {
	if len(by) == 0 {
		by = []domain.Sort{{Field: "PLACED_AT", Direction: domain.Descending}}
	}
	compare := map[string]func(a, b *domain.Order) int{
		"PLACED_AT":  func(a, b *domain.Order) int { return a.PlacedAt.Compare(b.PlacedAt) },
		"UPDATED_AT": func(a, b *domain.Order) int { return a.UpdatedAt.Compare(b.UpdatedAt) },
		"NUMBER": func(a, b *domain.Order) int {
			return strings.Compare(strings.ToUpper(a.Number), strings.ToUpper(b.Number))
		},
		"TOTAL": func(a, b *domain.Order) int { return a.TotalAmount.Cmp(b.TotalAmount) },
	}
	return func(a, b *domain.Order) int {
		for _, sort := range by {
			c := compare[sort.Field](a, b)
			if sort.Direction == domain.Descending {
				c = -c
			}
			if c != 0 {
				return c
			}
		}
		if by[len(by)-1].Direction == domain.Descending {
			return cmp.Compare(b.Row, a.Row)
		}
		return cmp.Compare(a.Row, b.Row)
	}
}

func TestPages(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 5)
	addOrders(t, db, 60)
	ctx := t.Context()
	all := childReader(ctx, store.OrdersOfCustomers(), domain.CustomerID(1), domain.CustomerID(2), domain.CustomerID(5), domain.CustomerID(99))
	rapid.Check(t, func(t *rapid.T) {
		request := domain.PageRequest{Sort: drawSort(t, "PLACED_AT", "NUMBER", "TOTAL", "UPDATED_AT")}
		if rapid.Bool().Draw(t, "filtered") {
			request.Filter = domain.Filter{Terms: []domain.Term{{Field: "status", Op: domain.OpNeq, Value: "PLACED"}}}
		}
		orders := walk(t, (*domain.Order).ID, rootReader(ctx, store.Orders()), request)
		require.True(t, slices.IsSortedFunc(orders, compareOrders(request.Sort)))

		ofOne := slices.DeleteFunc(slices.Clone(orders), func(order *domain.Order) bool { return order.CustomerRow != 1 })
		nested := walk(t, (*domain.Order).ID, all, request)
		require.Equal(t, idsOf(ofOne), idsOf(nested))
	})
	whole, err := store.Orders().Page(ctx, everything())
	require.NoError(t, err)
	require.Equal(t, 60, *whole.Total)
	require.Len(t, whole.Items, 60)
}

// TestPagesOfEveryKind walks lists whose own orders have something special: names with accents, days, missing times, yes and no.
func TestPagesOfEveryKind(t *testing.T) {
	store, db := newStore(t)
	ctx := t.Context()
	addCustomers(t, db, 12)
	for i, name := range []string{"Émile", "emile", "EMILE ", "Zoë", "zoe", "Ångström", "angstrom", "%", "_", `\`, "'; --", "東京"} {
		exec(t, db, `UPDATE customers SET name = $2, parent_id = nullif(1, customer_id) WHERE customer_id = $1`, i+1, name)
	}
	exec(t, db, `INSERT INTO payments (customer_id, id, received_at, currency, amount)
		SELECT 1, i, CASE WHEN i % 3 > 0 THEN timestamptz '2025-01-01Z' + i / 4 * interval '1 day' END, 'EUR', i FROM generate_series(1, 20) i`)
	exec(t, db, `INSERT INTO contacts (customer_id, id, name, is_primary) SELECT 1, i, 'P', i % 4 = 0 FROM generate_series(1, 15) i`)
	exec(t, db, `INSERT INTO invoices (customer_id, id, number, issued_on, due_on, currency, net_total, total)
		SELECT 1, i, 'I' || i % 3, date '2025-01-01' + i % 4, date '2025-02-01' - i % 5, 'EUR', i % 2, i % 2 FROM generate_series(1, 15) i`)
	exec(t, db, `INSERT INTO invoice_lines (customer_id, id, invoice_id, line_number, quantity, unit_price, amount) SELECT 1, i, 1, 30 - i, 1, 1, 1 FROM generate_series(1, 15) i`)
	exec(t, db, `INSERT INTO follow_ups (customer_id, id, title, status, due_at)
		SELECT 1, i, 'T', CASE WHEN i % 2 = 0 THEN 'OPEN' ELSE 'DONE' END, timestamptz '2025-01-01Z' + i % 3 * interval '1 day' FROM generate_series(1, 15) i`)
	exec(t, db, `INSERT INTO categories (id, parent_id, code, name, position) SELECT i, CASE WHEN i > 8 THEN 1 END, 'K' || i, 'K', i % 3 FROM generate_series(1, 16) i`)
	exec(t, db, `INSERT INTO products (id, category_id, sku, name) SELECT i, 1, 'S' || i, 'Part ' || i % 4 FROM generate_series(1, 15) i`)
	exec(t, db, `INSERT INTO warehouses (id, code, name) SELECT i, chr(64 + i), 'W' FROM generate_series(1, 9) i`)
	one, category := domain.CustomerID(1), domain.SharedID(domain.KindCategory, 1)
	rapid.Check(t, func(t *rapid.T) {
		count := func(want, got int) { require.Equal(t, want, got) }
		customers := domain.PageRequest{Sort: drawSort(t, "NAME", "NUMBER", "CREATED_AT", "UPDATED_AT")}
		count(12, len(walk(t, (*domain.Customer).ID, rootReader(ctx, store.Customers()), customers)))
		count(11, len(walk(t, (*domain.Customer).ID, childReader(ctx, store.SubsidiariesOfCustomers(), one), customers)))
		count(20, len(walk(t, (*domain.Payment).ID, childReader(ctx, store.PaymentsOfCustomers(), one), domain.PageRequest{})))
		count(15, len(walk(t, (*domain.Contact).ID, childReader(ctx, store.ContactsOfCustomers(), one), domain.PageRequest{})))
		invoices := domain.PageRequest{Sort: drawSort(t, "ISSUED_ON", "DUE_ON", "NUMBER", "TOTAL", "BALANCE", "UPDATED_AT")}
		count(15, len(walk(t, (*domain.Invoice).ID, rootReader(ctx, store.Invoices()), invoices)))
		count(15, len(walk(t, (*domain.InvoiceLine).ID, childReader(ctx, store.LinesOfInvoices(), domain.OwnedID(domain.KindInvoice, 1, 1)), domain.PageRequest{})))
		count(15, len(walk(t, (*domain.FollowUp).ID, childReader(ctx, store.FollowUpsOfCustomers(), one), domain.PageRequest{})))
		count(8, len(walk(t, (*domain.Category).ID, rootReader(ctx, store.Categories()), domain.PageRequest{})))
		count(8, len(walk(t, (*domain.Category).ID, childReader(ctx, store.ChildrenOfCategories(), category), domain.PageRequest{})))
		count(15, len(walk(t, (*domain.Product).ID, childReader(ctx, store.ProductsOfCategories(), category), domain.PageRequest{})))
		count(9, len(walk(t, (*domain.Warehouse).ID, rootReader(ctx, store.Warehouses()), domain.PageRequest{})))
		search := domain.PageRequest{Search: rapid.SampledFrom([]string{"part", "prt 1", "s1"}).Draw(t, "search"), Sort: drawSort(t, "NAME", "SKU")}
		walk(t, (*domain.Product).ID, func(request domain.PageRequest) (*domain.Page[domain.Product], error) {
			return store.Products().Page(ctx, request)
		}, search)
	})
}

func TestPageRefusals(t *testing.T) {
	store, _ := newStore(t)
	ctx := t.Context()
	sort := func(fields ...string) []domain.Sort {
		by := make([]domain.Sort, len(fields))
		for i, field := range fields {
			by[i] = domain.Sort{Field: field, Direction: domain.Ascending}
		}
		return by
	}
	for name, request := range map[string]domain.PageRequest{
		"five keys":         {Sort: sort("TOTAL", "NUMBER", "TOTAL", "NUMBER", "TOTAL")},
		"too few values":    {After: &domain.Position{}},
		"too many values":   {Before: &domain.Position{Values: []string{"2025-01-01T00:00:00Z", "x"}}},
		"not an instant":    {After: &domain.Position{Values: []string{"yesterday"}}},
		"not a number":      {Sort: sort("TOTAL"), After: &domain.Position{Values: []string{"1,5"}}},
		"a NUL in a number": {Sort: sort("NUMBER"), After: &domain.Position{Values: []string{"a\x00"}}},
		"infinite":          {Sort: sort("TOTAL"), After: &domain.Position{Values: []string{"0x1p-2"}}},
	} {
		request.Limit = 1
		_, err := store.Orders().Page(ctx, request)
		require.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), "%s: %v", name, err)
		_, err = store.OrdersOfCustomers().Pages(ctx, []domain.ID{domain.CustomerID(1)}, request)
		require.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), "%s: %v", name, err)
	}
	_, err := store.Orders().Page(ctx, domain.PageRequest{Limit: 1, Sort: sort("COLOUR")})
	require.ErrorContains(t, err, "COLOUR")
	require.NotEqual(t, store.Orders().Signature(sort("TOTAL"), ""), store.Orders().Signature(nil, ""))
	require.NotEqual(t, store.Products().Signature(nil, "valve"), store.Products().Signature(nil, ""))
	require.NotEqual(t, store.Orders().Signature(nil, ""), store.Shipments().Signature(nil, ""))
}

// TestTotalIsCountedWhenAsked keeps a list from paying for a number that nobody wants.
func TestTotalIsCountedWhenAsked(t *testing.T) {
	var recorder recorder
	recording := recorder.store(t)
	for _, total := range []bool{false, true} {
		_, err := recording.Orders().Page(t.Context(), domain.PageRequest{Limit: 1, Total: total})
		require.NoError(t, err)
		_, err = recording.OrdersOfCustomers().Pages(t.Context(), []domain.ID{domain.CustomerID(1)}, domain.PageRequest{Limit: 1, Total: total})
		require.NoError(t, err)
		var counting int
		for _, asked := range recorder.take() {
			counting += strings.Count(asked.text, "count(*)")
		}
		require.Equal(t, map[bool]int{false: 0, true: 2}[total], counting)
	}
	store, db := newStore(t)
	addCustomers(t, db, 1)
	pages, err := store.OrdersOfCustomers().Pages(t.Context(), []domain.ID{domain.CustomerID(1)}, domain.PageRequest{Limit: 1})
	require.NoError(t, err)
	require.Nil(t, pages[domain.CustomerID(1)].Total, "a total that was not counted is not 0")
}
