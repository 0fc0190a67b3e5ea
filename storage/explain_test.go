package storage_test

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// TestExplain plans every list that the schema offers at 100,000 rows a table.
func TestExplain(t *testing.T) {
	database := storagetest.New(t)
	fill, err := os.ReadFile("testdata/explain.sql")
	require.NoError(t, err)
	_, err = database.SQL().ExecContext(t.Context(), string(fill))
	require.NoError(t, err)
	pool := openPool(t, database.URL)
	store := pool.For(admin())
	schema := loadSchema(t)
	explain := explainer{db: pool.DB(), large: largeTables(t, pool)}

	t.Run("lists", func(t *testing.T) {
		lists := rootLists(schema)
		require.NotEmpty(t, lists)
		for _, list := range lists {
			t.Run(list.Name, func(t *testing.T) {
				t.Parallel()
				explainList(t, explain, store, schema, list)
			})
		}
	})
	t.Run("scoped", func(t *testing.T) { explainScoped(t, explain, store, schema) })
	t.Run("relations", func(t *testing.T) { explainRelations(t, explain, store) })
	t.Run("ids", func(t *testing.T) { explainIDs(t, explain) })
	t.Run("others", func(t *testing.T) { explainOthers(t, explain) })
	t.Run("trees", func(t *testing.T) { explainTrees(t, pool) })
}

// openPool opens a database with the settings that a server has.
func openPool(t *testing.T, url string) *storage.Pool {
	pool, err := storage.Open(t.Context(), storage.Config{URL: url, StatementTimeout: time.Minute})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool
}

// largeTables are the tables whose size grows with the business.
func largeTables(t *testing.T, pool *storage.Pool) map[string]bool {
	large := map[string]bool{}
	rows, err := pool.DB().QueryContext(t.Context(), "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples >= 30000")
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		large[name] = true
	}
	require.NoError(t, rows.Err())
	require.GreaterOrEqual(t, len(large), 25)
	return large
}

// pageOf calls Page of the list that a method of Store with the schema's name gives.
func pageOf(ctx context.Context, store *storage.Store, list string, request domain.PageRequest) (reflect.Value, error) {
	method := reflect.ValueOf(store).MethodByName(strings.ToUpper(list[:1]) + list[1:])
	if !method.IsValid() {
		return reflect.Value{}, fmt.Errorf("the store has no list %s", list)
	}
	out := method.Call(nil)[0].MethodByName("Page").Call([]reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(request)})
	err, _ := out[1].Interface().(error)
	return out[0], err
}

func explainList(t *testing.T, explain explainer, store *storage.Store, schema *ast.Schema, list *ast.FieldDefinition) {
	var recorder recorder
	recording := recorder.store(t)
	check := func(what string, run bool, request domain.PageRequest) {
		request.Limit = 50
		_, err := pageOf(t.Context(), recording, list.Name, request)
		require.NoError(t, err, what)
		for _, asked := range recorder.take() {
			explain.check(t, what, asked, run)
		}
	}
	terms := operands{schema, explain.db, snake(list.Name)}.all(t, list.Arguments.ForName("filter").Type.Name())
	for i, term := range terms {
		what := fmt.Sprintf("%s.%s %v", term.Field, term.Op, term.Value)
		// How many products stand in a branch is not known when the page is planned, so the order's index may be walked in vain.
		run := term.Field != "underCategory"
		check(what, run, domain.PageRequest{Filter: domain.Filter{Terms: []domain.Term{term}}, Total: true})
		if !unindexable(term) {
			check("not "+what, false, domain.PageRequest{Filter: domain.Filter{Not: &domain.Filter{Terms: []domain.Term{term}}}})
		}
		other := terms[(i+7)%len(terms)]
		check("and", false, domain.PageRequest{Filter: domain.Filter{Terms: []domain.Term{term, other}}})
		check("or", false, domain.PageRequest{Filter: domain.Filter{Or: []domain.Filter{{Terms: []domain.Term{term}}, {Terms: []domain.Term{other}}}}})
	}
	sorts := schema.Types[schema.Types[list.Arguments.ForName("orderBy").Type.Name()].Fields.ForName("field").Type.Name()].EnumValues
	require.NotEmpty(t, sorts)
	for _, sort := range sorts {
		for _, direction := range []domain.Direction{domain.Ascending, domain.Descending} {
			by := []domain.Sort{{Field: sort.Name, Direction: direction}}
			for _, request := range windows(t, store, list.Name, by) {
				check(fmt.Sprintf("by %s %s, %+v", sort.Name, direction, request), true, request)
			}
		}
		for _, term := range terms {
			what := fmt.Sprintf("%s.%s %v by %s", term.Field, term.Op, term.Value, sort.Name)
			by := []domain.Sort{{Field: sort.Name, Direction: domain.Descending}}
			check(what, false, domain.PageRequest{Sort: by, Filter: domain.Filter{Terms: []domain.Term{term}}})
		}
	}
}

// unindexable tells whether no index can find the rows for which a term does not hold; if they are few, all have to be read.
func unindexable(term domain.Term) bool { return term.Op == domain.OpContains }

// windows are the pages of a list from its ends, and from cursors near its ends.
func windows(t *testing.T, store *storage.Store, list string, by []domain.Sort) []domain.PageRequest {
	requests := []domain.PageRequest{{Sort: by}, {Sort: by, Backward: true}}
	for _, backward := range []bool{false, true} {
		page, err := pageOf(t.Context(), store, list, domain.PageRequest{Limit: 100, Sort: by, Backward: backward})
		require.NoError(t, err)
		items := page.Elem().FieldByName("Items")
		require.Equal(t, 100, items.Len())
		at := page.Elem().FieldByName("Position").Call([]reflect.Value{items.Index(50)})[0].Interface().(domain.Position)
		requests = append(requests, domain.PageRequest{Sort: by, After: &at}, domain.PageRequest{Sort: by, Before: &at},
			domain.PageRequest{Sort: by, Before: &at, Backward: true}, domain.PageRequest{Sort: by, After: &at, Backward: true})
	}
	return requests
}

// plural is how the methods of Store name several of a kind.
func plural(kind domain.Kind) string {
	name := kind.String()
	if strings.HasSuffix(name, "y") {
		return strings.TrimSuffix(name, "y") + "ies"
	}
	return name + "s"
}

// filledIDs are ids of a kind as the filled database has them.
func filledIDs(kind domain.Kind, n int) []domain.ID {
	ids := make([]domain.ID, n)
	for i := range ids {
		row := int64(i + 1)
		switch {
		case kind == domain.KindCustomer:
			ids[i] = domain.CustomerID(row)
		case kind.Owned():
			ids[i] = domain.OwnedID(kind, 1+row%20000, row)
		default:
			ids[i] = domain.SharedID(kind, row)
		}
	}
	return ids
}

// explainRelations plans the pages of 50 parents for each relation that the store has.
func explainRelations(t *testing.T, explain explainer, filled *storage.Store) {
	var recorder recorder
	recording, real := reflect.ValueOf(recorder.store(t)), reflect.ValueOf(filled)
	relations := relationsOf(recording.Type())
	require.GreaterOrEqual(t, len(relations), 30)
	for _, relation := range relations {
		parents := filledIDs(parentOf(relation), 50)
		pages := func(store reflect.Value, request domain.PageRequest) reflect.Value {
			out := store.MethodByName(relation).Call(nil)[0].MethodByName("Pages").Call(
				[]reflect.Value{reflect.ValueOf(t.Context()), reflect.ValueOf(parents), reflect.ValueOf(request)})
			require.Nil(t, out[1].Interface(), relation)
			return out[0]
		}
		at := somePosition(t, relation, pages(real, domain.PageRequest{Limit: 1}))
		for _, request := range []domain.PageRequest{
			{Limit: 10}, {Limit: 10, Total: true}, {Limit: 10, Backward: true}, {Limit: 10, After: &at}, {Limit: 10, Before: &at, Backward: true},
		} {
			pages(recording, request)
			for _, asked := range recorder.take() {
				explain.check(t, fmt.Sprintf("%s %+v", relation, request), asked, true)
			}
		}
	}
}

// relationsOf are the names of a Store's methods that give relations.
func relationsOf(store reflect.Type) []string {
	var names []string
	for i := range store.NumMethod() {
		method := store.Method(i)
		if method.Type.NumIn() != 1 || method.Type.Out(0).Kind() != reflect.Struct {
			continue
		}
		if _, many := method.Type.Out(0).MethodByName("Pages"); many {
			names = append(names, method.Name)
		}
	}
	return names
}

// parentOf is the kind of the parents of a relation, by the name of the store's method.
func parentOf(method string) domain.Kind {
	for _, kind := range domain.Kinds() {
		if strings.HasSuffix(method, "Of"+plural(kind)) {
			return kind
		}
	}
	return domain.KindCustomer // Timelines
}

// somePosition is the place of some item of some page.
func somePosition(t *testing.T, what string, pages reflect.Value) domain.Position {
	for _, id := range pages.MapKeys() {
		page := pages.MapIndex(id).Elem()
		if items := page.FieldByName("Items"); items.Len() > 0 {
			return page.FieldByName("Position").Call([]reflect.Value{items.Index(0)})[0].Interface().(domain.Position)
		}
	}
	require.FailNow(t, "nothing below any parent", what)
	return domain.Position{}
}

func explainIDs(t *testing.T, explain explainer) {
	var recorder recorder
	store := reflect.ValueOf(recorder.store(t))
	for _, kind := range domain.Kinds() {
		method := store.MethodByName(plural(kind) + "ByID")
		require.True(t, method.IsValid(), "%s cannot be read by id", kind)
		out := method.Call([]reflect.Value{reflect.ValueOf(t.Context()), reflect.ValueOf(filledIDs(kind, 50))})
		require.Nil(t, out[1].Interface())
		for _, asked := range recorder.take() {
			explain.check(t, kind.String(), asked, true)
		}
	}
}

// explainOthers plans the statements that are no lists.
func explainOthers(t *testing.T, explain explainer) {
	// What is found by names is sorted by how near it is, however much it is.
	var recorder recorder
	explain.sorts = true
	store, ctx := recorder.store(t), t.Context()
	customers, products := filledIDs(domain.KindCustomer, 50), filledIDs(domain.KindProduct, 50)
	check := func(what string, err error) {
		require.NoError(t, err, what)
		for _, asked := range recorder.take() {
			explain.check(t, what, asked, true)
		}
	}
	days := make([]domain.CustomerDay, len(customers))
	keys := make([]domain.StockKey, len(customers))
	for i, id := range customers {
		days[i] = domain.CustomerDay{Customer: id, Today: domain.Date{Year: 2024, Month: 1, Day: 1}}
		keys[i] = domain.StockKey{Product: id.Row, Warehouse: 1 + id.Row%10}
	}
	_, err := store.OpenItemsOfCustomers(ctx, days)
	check("open items", err)
	_, err = store.ReferencesOfCustomers(ctx, customers)
	check("references", err)
	_, err = store.CustomersByNumber().Read(ctx, []string{"cu-000007", "none"})
	check("customers by number", err)
	_, err = store.ProductsBySKU().Read(ctx, []string{"sku-000007", "none"})
	check("products by SKU", err)
	_, err = store.StockOfProducts(ctx, products)
	check("stock", err)
	_, err = store.InboundOfStock(ctx, keys)
	check("inbound", err)
	_, err = store.Tracked(ctx, filledIDs(domain.KindShipment, 50))
	check("tracked", err)
	_, err = store.Bearers(ctx, []string{"1Z00000007", "340000000000000007", "NONE"})
	check("bearers", err)
	_, err = store.BearersOfDocuments(ctx, []string{"SH-000007", "NONE"})
	check("bearers of documents", err)
	_, err = store.PricesOfProducts(ctx, products, domain.PriceQuery{Customer: 7, Currency: "EUR", ValidOn: domain.Date{Year: 2024, Month: 1, Day: 1}})
	check("prices", err)
	for _, reference := range []string{"or-0000", "OR-000007", "1z77777", "po-77", "p777@example.com", "info@c777.example", "pe", "+49 30 00000077", "Juniper Moters", "sku-000007", "Person 777"} {
		_, err = store.Lookup(ctx, reference, 10)
		check("lookup "+reference, err)
	}
	for _, words := range []string{"sku-000777", "valve 777", "bearign 777"} {
		_, err = store.Products().Page(ctx, domain.PageRequest{Limit: 10, Search: words, Total: true})
		check("search "+words, err)
		_, err = store.Products().Facets(ctx, domain.PageRequest{Search: words})
		check("facets "+words, err)
	}
}
