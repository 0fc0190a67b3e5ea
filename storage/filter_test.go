package storage_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
)

// probe is a field of a filter as a test knows it: how to read it from an item, and what to compare it with. A nil value is missing.
type probe[T any] struct {
	field string
	ops   []domain.Op
	value func(*T) any
	with  []any
	// holds decides what compare cannot: tags, specs, branches.
	holds func(item *T, term domain.Term) bool
}

var (
	equality   = []domain.Op{domain.OpEq, domain.OpNeq, domain.OpIn, domain.OpNin, domain.OpIsNull}
	identifier = append(slices.Clone(equality), domain.OpStartsWith)
	naming     = append(slices.Clone(identifier), domain.OpContains)
	span       = []domain.Op{domain.OpEq, domain.OpGt, domain.OpGte, domain.OpLt, domain.OpLte, domain.OpIsNull}
	exact      = []domain.Op{domain.OpEq, domain.OpNeq, domain.OpGt, domain.OpGte, domain.OpLt, domain.OpLte}
)

// plainName is the form in which names are compared, for the letters that this test uses.
func plainName(name string) string {
	return strings.NewReplacer("é", "e", "É", "e", "ø", "o", "Ø", "o", "ü", "u", "ó", "o", "ź", "z", "Ł", "l", "ł", "l").Replace(strings.ToLower(name))
}

// compareValues compares two values of one kind of field.
func compareValues(a, b any) int {
	switch a := a.(type) {
	case time.Time:
		return a.Compare(b.(time.Time))
	case domain.Date:
		return strings.Compare(a.String(), b.(domain.Date).String())
	case domain.Decimal:
		return a.Cmp(b.(domain.Decimal))
	default:
		return strings.Compare(fmt.Sprint(a), fmt.Sprint(b))
	}
}

// holds decides a term without the database.
func (p probe[T]) decide(item *T, term domain.Term) bool {
	if p.holds != nil {
		return p.holds(item, term)
	}
	value := p.value(item)
	fold := func(v any) any { return v }
	if slices.Contains(p.ops, domain.OpContains) {
		fold = func(v any) any { return plainName(v.(string)) }
	} else if slices.Contains(p.ops, domain.OpStartsWith) {
		fold = func(v any) any { return strings.ToUpper(v.(string)) }
	}
	if term.Op == domain.OpIsNull {
		return (value == nil) == term.Value.(bool)
	}
	if value == nil {
		return term.Op == domain.OpNeq || term.Op == domain.OpNin
	}
	value = fold(value)
	among := func() bool {
		list := term.Value.([]any)
		return slices.ContainsFunc(list, func(v any) bool { return compareValues(value, fold(v)) == 0 })
	}
	switch term.Op {
	case domain.OpIn:
		return among()
	case domain.OpNin:
		return !among()
	case domain.OpContains:
		return strings.Contains(value.(string), fold(term.Value).(string))
	case domain.OpStartsWith:
		return strings.HasPrefix(value.(string), fold(term.Value).(string))
	}
	c := compareValues(value, fold(term.Value))
	return map[domain.Op]bool{
		domain.OpEq: c == 0, domain.OpNeq: c != 0, domain.OpGt: c > 0, domain.OpGte: c >= 0, domain.OpLt: c < 0, domain.OpLte: c <= 0,
	}[term.Op]
}

// draw makes a term, as the oracle and as storage take it.
func (p probe[T]) draw(t *rapid.T) domain.Term {
	term := domain.Term{Field: p.field, Op: rapid.SampledFrom(p.ops).Draw(t, p.field)}
	one := rapid.SampledFrom(p.with)
	switch term.Op {
	case domain.OpIn, domain.OpNin:
		term.Value = rapid.SliceOfN(one, 0, 12).Draw(t, "values")
	case domain.OpIsNull:
		term.Value = rapid.Bool().Draw(t, "null")
	default:
		term.Value = one.Draw(t, "value")
	}
	return term
}

// drawFilter makes a filter of some depth, and says what it means.
func drawFilter[T any](t *rapid.T, probes []probe[T], depth int) (domain.Filter, func(*T) bool) {
	var filter domain.Filter
	var tests []func(*T) bool
	for range rapid.IntRange(0, 2).Draw(t, "terms") {
		p := rapid.SampledFrom(probes).Draw(t, "field")
		term := p.draw(t)
		tests = append(tests, func(item *T) bool { return p.decide(item, term) })
		sent := term
		sent.Value = typed(term.Value)
		filter.Terms = append(filter.Terms, sent)
	}
	if depth > 0 {
		for range rapid.IntRange(0, 2).Draw(t, "and") {
			inner, test := drawFilter(t, probes, depth-1)
			filter.And, tests = append(filter.And, inner), append(tests, test)
		}
		if rapid.Bool().Draw(t, "has or") {
			filter.Or = []domain.Filter{}
			var choices []func(*T) bool
			for range rapid.IntRange(0, 3).Draw(t, "or") {
				inner, test := drawFilter(t, probes, depth-1)
				filter.Or, choices = append(filter.Or, inner), append(choices, test)
			}
			tests = append(tests, func(item *T) bool {
				return slices.ContainsFunc(choices, func(test func(*T) bool) bool { return test(item) })
			})
		}
		if rapid.Bool().Draw(t, "has not") {
			inner, test := drawFilter(t, probes, depth-1)
			filter.Not = &inner
			tests = append(tests, func(item *T) bool { return !test(item) })
		}
	}
	return filter, func(item *T) bool {
		return !slices.ContainsFunc(tests, func(test func(*T) bool) bool { return !test(item) })
	}
}

// typed gives a list the type that the schema's inputs have.
func typed(value any) any {
	list, ok := value.([]any)
	if !ok {
		return value
	}
	texts, ids := make([]string, 0, len(list)), make([]domain.ID, 0, len(list))
	for _, v := range list {
		if id, is := v.(domain.ID); is {
			ids = append(ids, id)
		} else {
			texts = append(texts, fmt.Sprint(v))
		}
	}
	if len(ids) > 0 {
		return ids
	}
	return texts
}

// agree reads lists under random filters and requires what the oracle says.
func agree[T any](t *testing.T, read reader[T], id func(*T) domain.ID, probes []probe[T]) {
	whole, err := read(everything())
	require.NoError(t, err)
	require.Greater(t, len(whole.Items), 10)
	rapid.Check(t, func(t *rapid.T) {
		filter, test := drawFilter(t, probes, 2)
		request := everything()
		request.Filter = filter
		page, err := read(request)
		require.NoError(t, err)
		var want, got []domain.ID
		for _, item := range whole.Items {
			if test(item) {
				want = append(want, id(item))
			}
		}
		for _, item := range page.Items {
			got = append(got, id(item))
		}
		require.Equal(t, want, got)
		require.Equal(t, len(want), *page.Total)
	})
}

// optional is what a pointer points to, or nil.
func optional[V any](pointer *V) any {
	if pointer == nil {
		return nil
	}
	return *pointer
}

func optionalID(id domain.ID) any {
	if id.IsZero() {
		return nil
	}
	return id
}

func TestFilterOrders(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 4)
	addOrders(t, db, 60)
	orders, err := store.Orders().Page(t.Context(), everything())
	require.NoError(t, err)
	sample := orders.Items[20]
	probes := []probe[domain.Order]{
		{field: "number", ops: identifier, value: func(o *domain.Order) any { return o.Number }, with: []any{sample.Number, "or-1", "OR-", "or_%", "%", "_", "", "x"}},
		{field: "poNumber", ops: identifier, value: func(o *domain.Order) any { return optional(o.PoNumber) }, with: []any{"PO-1", "po-2", `P\O`, `p\o%`, "", "%"}},
		{field: "status", ops: equality, value: func(o *domain.Order) any { return o.Status }, with: []any{"PLACED", "DELIVERED", "placed", "ON_HOLD"}},
		{field: "customer", ops: equality, value: func(o *domain.Order) any { return o.CustomerID() }, with: []any{domain.CustomerID(1), domain.CustomerID(2), domain.CustomerID(9)}},
		{field: "countryCode", ops: equality, value: func(o *domain.Order) any { return optional(o.CountryCode) }, with: []any{"DE", "FR", "de", "US"}},
		{field: "placedAt", ops: span, value: func(o *domain.Order) any { return o.PlacedAt }, with: []any{
			sample.PlacedAt, sample.PlacedAt.In(time.FixedZone("", 5*3600+45*60)), sample.PlacedAt.Add(time.Microsecond), sample.PlacedAt.Add(-time.Hour)}},
		{field: "promisedOn", ops: span, value: func(o *domain.Order) any { return optional(o.PromisedOn) }, with: []any{
			domain.Date{Year: 2025, Month: 3, Day: 4}, domain.Date{Year: 2025, Month: 3, Day: 5}, domain.Date{Year: 1, Month: 1, Day: 1}, domain.Date{Year: 9999, Month: 12, Day: 31}}},
		{field: "deliveredLate", ops: []domain.Op{domain.OpEq}, value: func(o *domain.Order) any { return optional(o.DeliveredLate()) }, with: []any{true, false}},
		{field: "total", ops: exact, value: func(o *domain.Order) any { return o.TotalAmount }, with: []any{
			decimalOf(t, "10.5"), decimalOf(t, "10.500"), decimalOf(t, "0"), decimalOf(t, "-1"), decimalOf(t, "99.99991"), decimalOf(t, "1000000000000")}},
		{field: "updatedAt", ops: span, value: func(o *domain.Order) any { return o.UpdatedAt }, with: []any{sample.UpdatedAt, time.Time{}}},
	}
	agree(t, rootReader(t.Context(), store.Orders()), (*domain.Order).ID, probes)
}

func TestFilterCustomers(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 16)
	for i, name := range []string{"Émile 100%", "emile_", `back\slash`, "Øre", "ore", "O'Hara; --", "Łódź", "Müller", "muller", "%", "_", "ab", "a%b", "東京 Foods", " lead", ""} {
		exec(t, db, `UPDATE customers SET name = $2, legal_name = CASE WHEN customer_id % 3 = 0 THEN 'Legal Émile' END, segment = CASE WHEN customer_id % 4 = 0 THEN 'Retail' END,
			parent_id = CASE WHEN customer_id % 5 = 0 THEN 1 END, account_manager_id = CASE WHEN customer_id % 2 = 0 THEN 1 + customer_id % 4 / 2 END,
			tags = CASE customer_id % 4 WHEN 0 THEN '{}' WHEN 1 THEN '{vip}' WHEN 2 THEN '{vip,é,a b}' ELSE '{"{x}","NULL"}' END::text[] WHERE customer_id = $1`, i+1, name)
	}
	ctx := t.Context()
	sample, err := store.CustomersByID(ctx, []domain.ID{domain.CustomerID(3)})
	require.NoError(t, err)
	changed := sample[domain.CustomerID(3)].UpdatedAt
	user := func(row *int64) any { return optionalID(domain.SharedRef(domain.KindUser, row)) }
	tags := func(c *domain.Customer, term domain.Term) bool {
		switch term.Op {
		case domain.OpHas:
			return slices.Contains(c.Tags, term.Value.(string))
		case domain.OpHasAny:
			return slices.ContainsFunc(c.Tags, func(tag string) bool { return slices.Contains(term.Value.([]string), tag) })
		default:
			return !slices.ContainsFunc(term.Value.([]string), func(tag string) bool { return !slices.Contains(c.Tags, tag) })
		}
	}
	probes := []probe[domain.Customer]{
		{field: "id", ops: equality, value: func(c *domain.Customer) any { return c.ID() }, with: []any{domain.CustomerID(1), domain.CustomerID(99)}},
		{field: "number", ops: identifier, value: func(c *domain.Customer) any { return c.Number }, with: []any{"c1", "C1", "C", "C11", "%"}},
		{field: "name", ops: naming, value: func(c *domain.Customer) any { return c.Name }, with: []any{
			"emile", "ÉMILE", "%", "_", `\`, "100%", "a%b", "ORE", "Øre", "lodz", "Łód", "'", "; --", "京", " ", "", "mull"}},
		{field: "segment", ops: equality, value: func(c *domain.Customer) any { return optional(c.Segment) }, with: []any{"Retail", "retail", ""}},
		{field: "parent", ops: equality, value: func(c *domain.Customer) any { return optionalID(c.ParentID()) }, with: []any{domain.CustomerID(1), domain.CustomerID(2)}},
		{field: "accountManager", ops: equality, value: func(c *domain.Customer) any { return user(c.AccountManagerRow) }, with: []any{
			domain.SharedID(domain.KindUser, 1), domain.SharedID(domain.KindUser, 2), domain.SharedID(domain.KindUser, 3)}},
		{field: "updatedAt", ops: span, value: func(c *domain.Customer) any { return c.UpdatedAt }, with: []any{changed}},
		{field: "tags", ops: []domain.Op{domain.OpHas}, holds: tags, with: []any{"vip", "é", "a b", "{x}", "NULL", "", "VIP"}},
		{field: "tags", ops: []domain.Op{domain.OpHasAny, domain.OpHasAll}, holds: tags, with: []any{
			[]string{"vip"}, []string{"vip", "é"}, []string{"{x}", "vip"}, []string{}, []string{"none"}}},
	}
	agree(t, rootReader(ctx, store.Customers()), (*domain.Customer).ID, probes)
}

func TestFilterProducts(t *testing.T) {
	store, db := newStore(t)
	exec(t, db, `INSERT INTO categories (id, parent_id, code, name) VALUES (1, NULL, 'A', 'A'), (2, 1, 'AB', 'AB'), (3, 2, 'ABC', 'ABC'), (4, NULL, 'D', 'D')`)
	exec(t, db, `INSERT INTO products (id, category_id, sku, name, specs)
		SELECT i, nullif(i % 5, 0), 'S' || i, 'Part ' || i, jsonb_build_object('size', 's' || i % 3, 'it''s "q"', '1') || CASE WHEN i % 4 = 0 THEN '{"n": 5}'::jsonb - 'n' ELSE '{"colour": "Blue"}' END
		FROM generate_series(1, 20) i`)
	above := map[int64][]int64{1: {1}, 2: {1, 2}, 3: {1, 2, 3}, 4: {4}}
	category := func(row int64) any { return domain.SharedID(domain.KindCategory, row) }
	probes := []probe[domain.Product]{
		{field: "sku", ops: identifier, value: func(p *domain.Product) any { return p.SKU }, with: []any{"s1", "S2", "S"}},
		{field: "name", ops: naming, value: func(p *domain.Product) any { return p.Name }, with: []any{"PART 1", "t 2", "s1"}},
		{field: "category", ops: equality, value: func(p *domain.Product) any { return optionalID(domain.SharedRef(domain.KindCategory, p.CategoryRow)) }, with: []any{
			category(1), category(3), category(77)}},
		{field: "underCategory", ops: []domain.Op{domain.OpIs}, with: []any{category(1), category(2), category(4), category(77)}, holds: func(p *domain.Product, term domain.Term) bool {
			return p.CategoryRow != nil && slices.Contains(above[*p.CategoryRow], term.Value.(domain.ID).Row)
		}},
		{field: "specs", ops: []domain.Op{domain.OpIs}, with: []any{
			map[string]any{"name": "size", "in": []string{"s1", "s2"}}, map[string]any{"name": "size", "in": []string{}}, map[string]any{"name": "colour", "in": []string{"Blue"}},
			map[string]any{"name": "colour", "in": []string{"blue"}}, map[string]any{"name": `it's "q"`, "in": []string{"1"}}, map[string]any{"name": "none", "in": []string{""}},
		}, holds: func(p *domain.Product, term domain.Term) bool {
			wanted := term.Value.(map[string]any)
			value, has := p.SpecValues[wanted["name"].(string)]
			return has && slices.Contains(wanted["in"].([]string), value)
		}},
	}
	ctx := t.Context()
	agree(t, func(request domain.PageRequest) (*domain.Page[domain.Product], error) {
		return store.Products().Page(ctx, request)
	}, (*domain.Product).ID, probes)
}

func TestFilterRefusals(t *testing.T) {
	store, _ := newStore(t)
	ctx := t.Context()
	orders := func(term domain.Term) error {
		_, err := store.Orders().Page(ctx, domain.PageRequest{Limit: 1, Filter: domain.Filter{Terms: []domain.Term{term}}})
		return err
	}
	products := func(ctx context.Context, term domain.Term) error {
		_, err := store.Products().Page(ctx, domain.PageRequest{Limit: 1, Filter: domain.Filter{Terms: []domain.Term{term}}})
		return err
	}
	order := domain.OwnedID(domain.KindOrder, 1, 1)
	for name, err := range map[string]error{
		"eq":            orders(domain.Term{Field: "customer", Op: domain.OpEq, Value: order}),
		"in":            orders(domain.Term{Field: "customer", Op: domain.OpIn, Value: []domain.ID{domain.CustomerID(1), order}}),
		"in, pointers":  orders(domain.Term{Field: "customer", Op: domain.OpNin, Value: []*domain.ID{&order}}),
		"underCategory": products(ctx, domain.Term{Field: "underCategory", Value: domain.CustomerID(1)}),
		"NUL":           orders(domain.Term{Field: "number", Op: domain.OpEq, Value: "a\x00"}),
		"NUL in a list": orders(domain.Term{Field: "number", Op: domain.OpIn, Value: []string{"a\x00"}}),
		"not UTF-8":     orders(domain.Term{Field: "number", Op: domain.OpStartsWith, Value: "\xff"}),
	} {
		require.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), "%s: %v", name, err)
	}
	require.ErrorContains(t, orders(domain.Term{Field: "customer", Op: domain.OpEq, Value: order}), "takes the id of a Customer, not of a Order")
	for _, term := range []domain.Term{{Field: "colour", Op: domain.OpEq, Value: "red"}, {Field: "number", Op: "like", Value: "x"}} {
		require.Equal(t, domain.CodeInternal, domain.ErrorCode(orders(term)), "what the schema does not offer is a fault of ours")
	}
	pointer := domain.Term{Field: "status", Op: domain.OpEq, Value: pointerTo(domain.OrderStatus("PLACED"))}
	require.NoError(t, orders(pointer))
}
