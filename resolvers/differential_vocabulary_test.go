package resolvers_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/internal/gqlrandom"
)

// vocabulary is what random queries are made of: what is in the database of the api, and what is not. It is the same for the same data.
func (a *api) vocabulary(reference *executor) gqlrandom.Vocabulary {
	words := gqlrandom.Vocabulary{
		Values: map[string][]any{
			"Int":     {1, 2, 3, 7},
			"Decimal": {"0", "10", "100.50", "1847.90", "-5", 100, 12.5},
			"Date":    {"2025-06-01", "2026-01-15", "2026-03-16", "2027-01-01"},
			"DateTime": {
				"2025-06-01T00:00:00Z", "2026-01-15T12:00:00+01:00", "2026-03-16T15:04:05Z", "2026-02-01T00:00:00Z", "2027-01-01T00:00:00-05:00",
			},
			"Query.queryCost.document":    {`{ viewer { name } }`, `{ customers(first: 50) { nodes { orders(first: 10) { nodes { id } } } } }`, `{ nothing }`, `{`},
			"Price.segment":               {"RESELLER"},
			"Product.prices.currencyCode": {"EUR", "USD"},
			"Query.products.search":       {"drill", "steinadler", "shelving 1800", "xyzzy"},
			"__Type.name":                 {"Customer", "OrderStatus", "Nothing"},
			"Query.__type.name":           {"Customer", "OrderStatus", "Node", "OrderFilter", "Nothing"},
			"Shipment.live.maxAge":        {5, 60, 86_400}, "Query.track.maxAge": {5, 60},
			"Query.track.carrier":       {"dhl", "ups", "nobody"},
			"LiveTracking.events.first": {1, 2, 100},
		},
		Wrong: map[string][]any{
			"ID":                 {"", "nonsense", "AQ", "AAAA", 7},
			"Decimal":            {"abc", "", "1e400", true},
			"Date":               {"2026-13-40", "yesterday"},
			"DateTime":           {"2026-01-15", "now"},
			"Query.lookup.first": {0, 51, -1}, "Query.lookup.reference": {"x", ""},
			"Shipment.live.maxAge": {4, 0, -1}, "LiveTracking.events.first": {0, 101},
		},
		IDs:    map[string][]any{},
		Likely: map[string][]string{"LookupHit.node": {"Customer", "Contact", "Order", "Invoice", "Shipment", "Case", "Product", "Quote"}},
		OneOf:  map[string]bool{"Query.customer": true, "Query.product": true},
	}
	for _, kind := range domain.Kinds() {
		words.IDs[kind.String()] = a.someIDs(kind)
	}
	words.Values["ID"] = slices.Concat(words.IDs["Customer"], words.IDs["Order"], words.IDs["Product"])
	a.conditions(words)
	a.references(words)
	a.learnCursors(reference, words)
	return words
}

// column is the distinct values of a column or an expression, in an order that looks like none.
func (a *api) column(expression, from string, most int) []any {
	a.t.Helper()
	rows, err := a.db.QueryContext(a.t.Context(), fmt.Sprintf(
		`SELECT v FROM (SELECT DISTINCT (%s)::text AS v FROM %s) d WHERE v IS NOT NULL ORDER BY md5(v) LIMIT %d`, expression, from, most))
	require.NoError(a.t, err, "%s of %s", expression, from)
	defer func() { require.NoError(a.t, rows.Close()) }()
	var values []any
	for rows.Next() {
		var value string
		require.NoError(a.t, rows.Scan(&value))
		values = append(values, value)
	}
	require.NoError(a.t, rows.Err())
	return values
}

// someIDs are ids of a kind, of the first customer and of others.
func (a *api) someIDs(kind domain.Kind) []any {
	a.t.Helper()
	columns, from := "jsonb_build_array(0, id)", tableOf(kind)
	switch {
	case kind == domain.KindCustomer:
		columns = "jsonb_build_array(customer_id, customer_id)"
	case kind.Owned():
		columns = "jsonb_build_array(customer_id, id)"
	}
	found := a.column(columns, from, 12)
	if kind.Owned() {
		found = append(found, a.column(columns, from+" WHERE customer_id = 1", 4)...)
	}
	ids := make([]any, 0, len(found))
	for _, text := range found {
		var numbers [2]int64
		require.NoError(a.t, json.Unmarshal([]byte(text.(string)), &numbers))
		ids = append(ids, relay.EncodeID(domain.ID{Kind: kind, Customer: numbers[0], Row: numbers[1]}))
	}
	return ids
}

// conditions fills in what the fields of filters are compared with.
func (a *api) conditions(words gqlrandom.Vocabulary) {
	leads := map[string]string{"accountManager": "User", "assignee": "User", "parent": "Customer", "id": "Customer", "underCategory": "Category"}
	for _, kind := range domain.Kinds() {
		filter := a.schema.Types[kind.String()+"Filter"]
		if filter == nil {
			continue
		}
		for _, field := range filter.Fields {
			place := filter.Name + "." + field.Name
			switch field.Type.Name() {
			case "IDFilter", "ID":
				to, renamed := leads[field.Name]
				if !renamed {
					to = strings.ToUpper(field.Name[:1]) + field.Name[1:]
				}
				require.Contains(a.t, words.IDs, to, place)
				words.Values[place] = words.IDs[to]
			case "IdentifierFilter", "StringFilter", "CodeFilter":
				whole := a.column(snake(field.Name), tableOf(kind), 6)
				words.Values[place] = append(whole, a.column("left("+snake(field.Name)+", 3)", tableOf(kind), 3)...)
			case "TagFilter":
				words.Values[place] = a.column("unnest("+snake(field.Name)+")", tableOf(kind), 6)
			}
		}
	}
	words.Values["SpecFilter.name"] = a.column("jsonb_object_keys(specs)", "products", 5)
	words.Values["SpecFilter.in"] = a.column("(jsonb_each_text(specs)).value", "products", 10)
}

func snake(name string) string {
	var text strings.Builder
	for _, letter := range name {
		if unicode.IsUpper(letter) {
			text.WriteByte('_')
		}
		text.WriteRune(unicode.ToLower(letter))
	}
	return text.String()
}

// references fills in what is looked up.
func (a *api) references(words gqlrandom.Vocabulary) {
	words.Values["Query.customer.number"] = append(a.column("number", "customers", 8), "C-0", "c-100001")
	words.Values["Query.product.sku"] = append(a.column("sku", "products", 8), "NOTHING")
	words.Values["Query.customer.id"] = words.IDs["Customer"]
	words.Values["Query.track.number"] = append(a.column("tracking_number", "shipments", 12), "", "1", "1Z999AA10123456784")
	words.Values["Query.product.id"] = words.IDs["Product"]
	words.Values["Query.customerDataExport.id"] = words.IDs["Customer"]
	words.Values["Product.prices.customer"] = words.IDs["Customer"]
	reference := a.column("number", "orders", 3)
	for table, column := range map[string]string{"customers": "name", "contacts": "email", "invoices": "number", "shipments": "tracking_number", "products": "sku"} {
		reference = append(reference, a.column(column, table, 2)...)
	}
	reference = append(reference, a.column("left(name, 6)", "customers", 3)...)
	slices.SortFunc(reference, func(x, y any) int { return strings.Compare(x.(string), y.(string)) }) // Maps have no order.
	words.Values["Query.lookup.reference"] = reference
}

// learnCursors asks each connection for cursors in its own order, and the root lists in each order.
func (a *api) learnCursors(reference *executor, words gqlrandom.Vocabulary) {
	a.t.Helper()
	var all []any
	places := map[string]bool{}
	for _, on := range append(a.nodeTypes(), "Query") {
		for _, field := range a.definition(on).Fields {
			if !isConnection(a.definition(field.Type.Name())) {
				continue
			}
			for _, name := range []string{"after", "before"} {
				place := on + "." + field.Name + "." + name
				places[place] = true
				words.Values[place] = a.cursorsOf(reference, words, on, field)
				all = append(all, words.Values[place]...)
			}
		}
	}
	require.Greater(a.t, len(all), 100, "cursors")
	for _, place := range slices.Sorted(maps.Keys(places)) {
		words.Wrong[place] = []any{"damaged", "", all[len(place)%len(all)], strings.ToLower(all[0].(string))}
	}
}

// cursorsOf are cursors of a connection.
func (a *api) cursorsOf(reference *executor, words gqlrandom.Vocabulary, on string, field *ast.FieldDefinition) []any {
	a.t.Helper()
	orders := []string{""}
	if by := field.Arguments.ForName("orderBy"); by != nil {
		for _, value := range a.definition(a.definition(by.Type.Name()).Fields.ForName("field").Type.Name()).EnumValues {
			orders = append(orders, ", orderBy: [{ field: "+value.Name+" }]")
		}
	}
	var cursors []any
	for _, order := range orders {
		query := fmt.Sprintf("%s(first: 4%s) { edges { cursor } }", field.Name, order)
		if on != "Query" {
			ids, err := json.Marshal(words.IDs[on])
			require.NoError(a.t, err)
			query = fmt.Sprintf("nodes(ids: %s) { ... on %s { %s } }", ids, on, query)
		}
		answer := reference.run(admin(), gqlrandom.Document{Text: "{ " + query + " }"})
		require.Empty(a.t, answer.errors, query)
		found := answer.data.leaves("cursor")
		cursors = append(cursors, found...)
		if order == "" && len(orders) > 1 {
			cursors = append(cursors, slices.Repeat(found, 2*len(orders))...)
		}
	}
	return cursors
}

// leaves are the texts under a name, anywhere in a value.
func (o ordered) leaves(name string) []any {
	var found []any
	for i, item := range o.items {
		text, ok := item.leaf.(string)
		if ok && o.kind == '{' && o.names[i] == name {
			found = append(found, text)
		}
		found = append(found, item.leaves(name)...)
	}
	return found
}

func TestTheVocabularyIsTheSameForTheSameData(t *testing.T) {
	t.Parallel()
	one, two := newDifference(t), newDifference(t)
	require.Equal(t, one.words, two.words)
}
