package resolvers_test

import (
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/relay"
)

// nodeTypes are the names of the object types with ids.
func (a *api) nodeTypes() []string {
	var names []string
	for _, implementer := range a.schema.GetPossibleTypes(a.schema.Types["Node"]) {
		names = append(names, implementer.Name)
	}
	slices.Sort(names)
	return names
}

func (a *api) definition(name string) *ast.Definition {
	return a.schema.Types[name]
}

// isConnection tells whether a type is a page of a list.
func isConnection(definition *ast.Definition) bool {
	return definition.Kind == ast.Object && strings.HasSuffix(definition.Name, "Connection")
}

// isObject tells whether a type has fields.
func isObject(definition *ast.Definition) bool {
	return definition.Kind == ast.Object || definition.Kind == ast.Interface
}

// call is a field with the arguments that it needs: pages of so many items.
func call(field *ast.FieldDefinition, first int) string {
	if field.Arguments.ForName("first") != nil && field.Arguments.ForName("after") != nil {
		return fmt.Sprintf("%s(first: %d)", field.Name, first)
	}
	return field.Name
}

// selection selects all of a type that needs no further arguments: of objects with ids the id, of all others every field.
func (a *api) selection(name string) string {
	definition := a.definition(name)
	switch {
	case !isObject(definition):
		return ""
	case definition.Fields.ForName("id") != nil:
		return "{ __typename id }"
	}
	var fields []string
	for _, field := range definition.Fields {
		fields = append(fields, call(field, 2)+" "+a.selection(field.Type.Name()))
	}
	return "{ " + strings.Join(fields, " ") + " }"
}

// table is the table that holds the rows of a type.
func table(kind string) string {
	words := strings.ToLower(regexp.MustCompile(`(.)([A-Z])`).ReplaceAllString(kind, "${1}_$2"))
	if stem, ok := strings.CutSuffix(words, "y"); ok {
		return stem + "ies"
	}
	return words + "s"
}

func kindOf(t testing.TB, name string) domain.Kind {
	t.Helper()
	for _, kind := range domain.Kinds() {
		if kind.String() == name {
			return kind
		}
	}
	require.Fail(t, "no kind", "%s", name)
	return domain.KindUnknown
}

// ids are the opaque ids of rows of a type, up to so many.
func (a *api) ids(name string, limit int) []string {
	a.t.Helper()
	kind := kindOf(a.t, name)
	columns := "0, id"
	switch {
	case kind == domain.KindCustomer:
		columns = "customer_id, customer_id"
	case kind.Owned():
		columns = "customer_id, id"
	}
	ids := []string{}
	a.rows(func(rows *sql.Rows) error {
		id := domain.ID{Kind: kind}
		err := rows.Scan(&id.Customer, &id.Row)
		ids = append(ids, relay.EncodeID(id))
		return err
	}, "SELECT "+columns+" FROM "+table(name)+" ORDER BY 1, 2 LIMIT $1", limit)
	return ids
}

// rows asks the database itself.
func (a *api) rows(scan func(*sql.Rows) error, query string, args ...any) {
	a.t.Helper()
	rows, err := a.db.QueryContext(a.t.Context(), query, args...)
	require.NoError(a.t, err, query)
	defer func() { _ = rows.Close() }() // Err below has the failure, if any.
	for rows.Next() {
		require.NoError(a.t, scan(rows), query)
	}
	require.NoError(a.t, rows.Err(), query)
}

// value is a single value from the database itself.
func (a *api) value(query string, args ...any) string {
	a.t.Helper()
	var value string
	require.NoError(a.t, a.db.QueryRowContext(a.t.Context(), query, args...).Scan(&value), query)
	return value
}

// exec changes the database behind the api's back.
func (a *api) exec(query string, args ...any) {
	a.t.Helper()
	_, err := a.db.ExecContext(a.t.Context(), query, args...)
	require.NoError(a.t, err, query)
}

// opaque is the id of a row as clients see it.
func opaque(kind domain.Kind, numbers ...int64) string {
	if kind.Owned() {
		return relay.EncodeID(domain.OwnedID(kind, numbers[0], numbers[len(numbers)-1]))
	}
	return relay.EncodeID(domain.SharedID(kind, numbers[0]))
}
