package resolvers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/binding"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/resolvers"
)

func fieldTable() (binding.Table, *ast.Schema) {
	config := generated.Config{Resolvers: &resolvers.Resolver{}}
	return generated.Fields(config), generated.NewExecutableSchema(config).Schema()
}

// The table has every field that can be queried, each with one way to its value.
func TestFieldTableHasTheSchema(t *testing.T) {
	table, schema := fieldTable()
	objects := 0
	for name, definition := range schema.Types {
		if definition.Kind != ast.Object || strings.HasPrefix(name, "__") || definition == schema.Mutation || definition == schema.Subscription {
			assert.NotContains(t, table, name)
			continue
		}
		objects++
		require.Contains(t, table, name)
		assert.Equal(t, name, table[name].Name)
		fields := 0
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			fields++
			got := table[name].Fields[field.Name]
			require.NotNil(t, got, "%s.%s", name, field.Name)
			checkField(t, schema, name, field, got)
		}
		assert.Len(t, table[name].Fields, fields, name)
	}
	assert.Len(t, table, objects)
}

func checkField(t *testing.T, schema *ast.Schema, object string, field *ast.FieldDefinition, got *binding.Field) {
	at := object + "." + field.Name
	assert.Equal(t, field.Name, got.Name, at)
	assert.Equal(t, field.Type.NonNull, got.NonNull, at)
	assert.Equal(t, field.Type.Elem != nil, got.List, at)
	assert.Equal(t, field.Type.Elem != nil && field.Type.Elem.NonNull, got.NonNullElements, at)
	assert.Equal(t, len(field.Arguments) > 0, got.Arguments != nil, at)
	ways := 0
	for _, is := range []bool{got.Append != nil, got.Get != nil, got.Resolve != nil} {
		if is {
			ways++
		}
	}
	assert.Equal(t, 1, ways, "%s is appended, got or resolved", at)
	to := schema.Types[field.Type.Name()]
	if to.IsLeafType() {
		assert.True(t, got.Append != nil || got.AppendValue != nil, at)
		assert.True(t, got.Get == nil && got.Spread == nil && got.Types == nil, at)
		return
	}
	assert.True(t, got.Spread != nil && got.AppendValue == nil, at)
	var types []string
	for _, possible := range schema.GetPossibleTypes(to) {
		types = append(types, possible.Name)
	}
	slices.Sort(types)
	assert.Equal(t, types, got.Types, at)
}

// What fields read is worked out from the code. These are the cases that storage saves most by, and those where it must not.
func TestFieldTableTellsWhatFieldsRead(t *testing.T) {
	table, _ := fieldTable()
	for _, test := range []struct {
		object, field string
		needs, reads  []string
		whole         bool
	}{
		{object: "Order", field: "number", needs: []string{"Number"}},
		{object: "Order", field: "id", needs: []string{"CustomerRow", "Row"}},
		{object: "Order", field: "total", needs: []string{"CurrencyCode", "TotalAmount"}},
		{object: "Order", field: "lines", needs: []string{"CustomerRow", "Row"}},
		{object: "Order", field: "contact", needs: []string{"ContactRow", "CustomerRow"}},
		{object: "Customer", field: "credit", needs: []string{"CreditLimit", "CurrencyCode", "Row", "TimeZone"}},
		{object: "Customer", field: "timeline", needs: []string{"Row"}},
		{object: "Shipment", field: "trackingUrl", needs: []string{"CarrierRow", "TrackingNumber"}, reads: []string{"Carrier"}},
		{object: "Category", field: "path", needs: []string{"ParentRow"}, whole: true, reads: []string{"Category"}},
		{object: "OrderConnection", field: "nodes"},
		{object: "Query", field: "node"},
		{object: "Query", field: "orders"},
		{object: "Query", field: "lookup", reads: []string{"*"}},
	} {
		got := table[test.object].Fields[test.field]
		assert.Equal(t, test.needs, got.Needs, "%s.%s", test.object, test.field)
		assert.Equal(t, test.reads, got.Reads, "%s.%s", test.object, test.field)
		assert.Equal(t, test.whole, got.Whole, "%s.%s", test.object, test.field)
	}
	assert.Contains(t, table["Order"].Fields["progress"].Reads, "Shipment")
	assert.Equal(t, []string{"Kind"}, table["Customer"].Needs)
	for _, kind := range domain.Kinds() {
		id := table[kind.String()].Fields["id"]
		assert.False(t, id.Whole, kind)
		assert.NotEmpty(t, id.Needs, kind)
	}
}

// A leaf that is appended has gqlgen's text, through pointers, lists and named types.
func TestFieldTableAppends(t *testing.T) {
	table, _ := fieldTable()
	odd := "a\"\\\n\x01<&>\u2028\xff"
	customer := &domain.Customer{Row: 7, Name: odd, Kind: "COMPANY", Tags: []string{"x", odd}}
	site := &domain.Site{Latitude: new(float64)}
	for _, test := range []struct {
		object string
		field  string
		of     any
		want   string
	}{
		{"Customer", "name", customer, `"a\"\\\n\u0001<&>` + "\u2028\ufffd" + `"`},
		{"Customer", "legalName", customer, `null`},
		{"Customer", "kind", customer, `"COMPANY"`},
		{"Customer", "tags", customer, `["x","a\"\\\n\u0001<&>` + "\u2028\ufffd" + `"]`},
		{"Customer", "tags", &domain.Customer{}, `null`},
		{"AuditEntry", "fields", &domain.AuditEntry{}, `[]`},
		{"Site", "isPrimary", site, `false`},
		{"Coordinates", "latitude", &domain.Coordinates{Latitude: 1e21}, `1e+21`},
		{"OrderLine", "lineNumber", &domain.OrderLine{LineNumber: -3}, `-3`},
		{"OrderLine", "shippedQuantity", &domain.OrderLine{}, `null`},
	} {
		got, err := table[test.object].Fields[test.field].Append([]byte("x"), test.of)
		require.NoError(t, err)
		assert.Equal(t, "x"+test.want, string(got), "%s.%s", test.object, test.field)
	}
}
