package storage_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
)

// loadSchema reads the contract, so that what is offered there and not covered here fails.
func loadSchema(t *testing.T) *ast.Schema {
	paths, err := filepath.Glob("../graph/schema/*.graphqls")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	var sources []*ast.Source
	for _, path := range append(paths, "../schema.graphqls") {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		sources = append(sources, &ast.Source{Name: path, Input: string(text)})
	}
	schema, err := gqlparser.LoadSchema(sources...)
	require.NoError(t, err)
	return schema
}

// rootLists are the lists that the schema lets clients filter.
func rootLists(schema *ast.Schema) ast.FieldList {
	var lists ast.FieldList
	for _, field := range schema.Query.Fields {
		if field.Arguments.ForName("filter") != nil {
			lists = append(lists, field)
		}
	}
	return lists
}

// operands finds values to compare with in a filled database: for each comparison some that few rows meet, and some that many do.
type operands struct {
	schema *ast.Schema
	db     *sql.DB
	table  string
}

// all is one term for each field, comparison and kind of value that a filter offers.
func (o operands) all(t *testing.T, filter string) []domain.Term {
	var terms []domain.Term
	for _, field := range o.schema.Types[filter].Fields {
		switch field.Name {
		case "and", "or", "not":
			continue
		}
		terms = append(terms, o.field(t, field)...)
	}
	require.NotEmpty(t, terms, filter)
	return terms
}

func (o operands) field(t *testing.T, field *ast.FieldDefinition) []domain.Term {
	switch field.Type.Name() {
	case "ID":
		return []domain.Term{
			{Field: field.Name, Value: domain.SharedID(domain.KindCategory, 1)},
			{Field: field.Name, Value: domain.SharedID(domain.KindCategory, 400)},
			{Field: field.Name, Value: domain.SharedID(domain.KindCategory, 1_000_000)},
		}
	case "SpecFilter":
		return []domain.Term{
			{Field: field.Name, Value: map[string]any{"name": "colour", "in": []string{"red"}}},
			{Field: field.Name, Value: map[string]any{"name": "code", "in": []string{"c17", "c18"}}},
			{Field: field.Name, Value: map[string]any{"name": "code", "in": []string{}}},
		}
	}
	var terms []domain.Term
	for _, comparison := range o.schema.Types[field.Type.Name()].Fields {
		for _, value := range o.values(t, field.Name, comparison) {
			terms = append(terms, domain.Term{Field: field.Name, Op: domain.Op(comparison.Name), Value: value})
		}
	}
	return terms
}

// The orders in which a column's values are taken.
const (
	rarest   = "SELECT v FROM rows GROUP BY v ORDER BY count(*), v LIMIT 1"
	usual    = "SELECT v FROM rows GROUP BY v ORDER BY count(*) DESC, v LIMIT 1"
	smallest = "SELECT v FROM rows ORDER BY v OFFSET 10 LIMIT 1"
	largest  = "SELECT v FROM rows ORDER BY v DESC OFFSET 10 LIMIT 1"
)

func (o operands) values(t *testing.T, field string, comparison *ast.FieldDefinition) []any {
	name := comparison.Type.Name()
	switch domain.Op(comparison.Name) {
	case domain.OpIsNull:
		return []any{true, false}
	case domain.OpGt, domain.OpGte, domain.OpLt, domain.OpLte:
		return []any{o.value(t, field, name, smallest), o.value(t, field, name, largest)}
	case domain.OpStartsWith:
		rare, common := o.value(t, field, name, largest).(string), o.value(t, field, name, smallest).(string)
		return []any{rare[:len(rare)-1], common[:1], "no such thing"}
	case domain.OpContains:
		rare := o.value(t, field, name, largest).(string)
		return []any{rare[len(rare)/2:], "a", "no such thing"}
	case domain.OpIn, domain.OpNin, domain.OpHasAny, domain.OpHasAll:
		rare, common := o.value(t, field, name, rarest), o.value(t, field, name, usual)
		if name == "ID" {
			return []any{[]domain.ID{rare.(domain.ID)}, []domain.ID{rare.(domain.ID), common.(domain.ID)}, []domain.ID{}}
		}
		return []any{[]string{rare.(string)}, []string{rare.(string), common.(string)}, []string{}}
	default:
		if name == "Boolean" {
			return []any{true, false}
		}
		return []any{o.value(t, field, name, rarest), o.value(t, field, name, usual)}
	}
}

// value reads one value of a filter's field from the table, as the type that the schema gives it.
func (o operands) value(t *testing.T, field, name, which string) any {
	column := o.column(t, field)
	if field == "tags" {
		column = "unnest(" + column + ")"
	}
	row := o.db.QueryRowContext(t.Context(), "WITH rows AS (SELECT v FROM (SELECT "+column+" AS v FROM "+o.table+") r WHERE v IS NOT NULL) "+which)
	switch name {
	case "DateTime":
		return scanned[time.Time](t, row)
	case "Date":
		return scanned[domain.Date](t, row)
	case "Decimal":
		return scanned[domain.Decimal](t, row)
	case "ID":
		return domain.ID{Kind: o.kindOf(t, field), Row: scanned[int64](t, row)}
	default:
		return scanned[string](t, row)
	}
}

func scanned[T any](t *testing.T, row *sql.Row) T {
	var value T
	require.NoError(t, row.Scan(&value))
	return value
}

// snake writes a name of the schema as the database does.
func snake(name string) string {
	return strings.ToLower(regexp.MustCompile("([a-z])([A-Z])").ReplaceAllString(name, "${1}_$2"))
}

// column is the column that a filter's field is about.
func (o operands) column(t *testing.T, field string) string {
	for _, name := range []string{snake(field) + "_id", snake(field)} {
		if name == "id" && o.table == "customers" {
			name = "customer_id"
		}
		var there bool
		err := o.db.QueryRowContext(t.Context(), "SELECT count(*) > 0 FROM information_schema.columns WHERE table_name = $1 AND column_name = $2",
			o.table, name).Scan(&there)
		require.NoError(t, err)
		if there {
			return name
		}
	}
	require.FailNow(t, "no column known", "the filter field %s of %s: teach this test its column", field, o.table)
	return ""
}

func (o operands) kindOf(t *testing.T, field string) domain.Kind {
	kind, known := map[string]domain.Kind{
		"id": domain.KindCustomer, "customer": domain.KindCustomer, "parent": domain.KindCustomer, "accountManager": domain.KindUser,
		"assignee": domain.KindUser, "organisation": domain.KindOrganisation, "carrier": domain.KindCarrier, "category": domain.KindCategory,
	}[field]
	require.True(t, known, "the filter field %s of %s: teach this test its kind", field, o.table)
	return kind
}
