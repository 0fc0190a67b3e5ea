package sdl

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

func TestLoadComposesAProject(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "schema.graphqls", "type Query { one: Int }\n")
	write(t, dir, "graph/schema/order.graphqls", "\"An order\"\ntype Order { id: ID! }\n\nextend type Query {\n  orders: [Order!]!\n}\n")

	schema, err := Load(dir)

	require.NoError(t, err)
	require.Equal(t, "graph/schema/order.graphqls", schema.Query.Fields.ForName("orders").Position.Src.Name)
	require.Equal(t, 5, schema.Query.Fields.ForName("orders").Position.Line)
	require.Equal(t, "type Order {\n  id: ID!\n}\ntype Query {\n  one: Int\n  orders: [Order!]!\n}\n", Format(schema))
}

func TestLoadErrorsSayWhere(t *testing.T) {
	dir := t.TempDir()
	_, err := Load(dir)
	require.ErrorContains(t, err, "schema.graphqls")

	write(t, dir, "schema.graphqls", "type Query {\n  order: Missing\n}\n")
	_, err = Load(dir)
	require.ErrorContains(t, err, "schema.graphqls:2")
}

func TestOwnElementsOnly(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "s.graphql", "directive @mine on FIELD\nscalar Date\ntype Query { on: Date }")

	schema, err := Load(filepath.Join(dir, "s.graphql"))

	require.NoError(t, err)
	require.Len(t, Types(schema), 2)
	require.Len(t, Directives(schema), 1)
	require.Len(t, Fields(schema.Query), 1)
}

func TestRemovalDate(t *testing.T) {
	day, ok := RemovalDate("Renamed. Use Customer.number. Removal on 2027-03-31.")
	require.True(t, ok)
	require.Equal(t, "2027-03-31", day.Format("2006-01-02"))

	for _, reason := range []string{"", "Removal on 2027-02-30", "Removal on 31.03.2027", "2027-03-31"} {
		_, ok := RemovalDate(reason)
		require.False(t, ok, reason)
	}
}
