package storage_test

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/ingest/demo"
	"github.com/vigie-dev/vigie/storage"
)

// tableOf is the table that holds the things of a kind.
func tableOf(kind domain.Kind) string { return snake(plural(kind)) }

// byID calls the method that reads things of a kind by their ids.
func byID(t *testing.T, store *storage.Store, kind domain.Kind, ids []domain.ID) reflect.Value {
	method := reflect.ValueOf(store).MethodByName(plural(kind) + "ByID")
	require.True(t, method.IsValid(), "%s cannot be read by id", kind)
	out := method.Call([]reflect.Value{reflect.ValueOf(context.Background()), reflect.ValueOf(ids)})
	require.Nil(t, out[1].Interface())
	return out[0]
}

// someIDs are ids of a kind that are there.
func someIDs(t *testing.T, db *sql.DB, kind domain.Kind, n int) []domain.ID {
	key := "0, id"
	switch {
	case kind == domain.KindCustomer:
		key = "customer_id, customer_id"
	case kind.Owned():
		key = "customer_id, id"
	}
	rows, err := db.QueryContext(t.Context(), fmt.Sprintf("SELECT %s FROM %s ORDER BY random() LIMIT %d", key, tableOf(kind), n))
	require.NoError(t, err)
	defer rows.Close()
	var ids []domain.ID
	for rows.Next() {
		id := domain.ID{Kind: kind}
		require.NoError(t, rows.Scan(&id.Customer, &id.Row))
		ids = append(ids, id)
	}
	require.NoError(t, rows.Err())
	return ids
}

// TestEveryKind reads things of every kind, with all their columns.
func TestEveryKind(t *testing.T) {
	store, db := newStore(t)
	_, err := demo.Load(t.Context(), db, demo.Options{Customers: 60, Seed: 7, Now: time.Date(2025, 6, 4, 10, 0, 0, 0, time.UTC)})
	require.NoError(t, err)
	exec(t, db, `INSERT INTO audit_entries (at, subject, viewer_name, role, action, kind) VALUES (now(), 'test', 'Ada', 'ADMIN', 'READ', 'Customer')`)
	for _, kind := range domain.Kinds() {
		ids := someIDs(t, db, kind, 200)
		require.NotEmpty(t, ids, "demo data has no %s", kind)
		absent := ids[0]
		absent.Row = 1 << 40
		if kind == domain.KindCustomer {
			absent.Customer = absent.Row
		}
		found := byID(t, store, kind, append([]domain.ID{ids[0], absent}, ids...))
		require.Equal(t, len(ids), found.Len(), "%s: each is there once, and no other", kind)
		for _, id := range ids {
			value := found.MapIndex(reflect.ValueOf(id))
			require.True(t, value.IsValid(), "%s", id)
			require.Equal(t, id, value.Interface().(domain.Node).ID())
		}
		if kind.Owned() && kind != domain.KindCustomer {
			foreign := ids[0]
			foreign.Customer += 1_000_000
			require.Zero(t, byID(t, store, kind, []domain.ID{foreign}).Len(), "%s: the row of another customer", kind)
		}
		require.Zero(t, byID(t, store, kind, nil).Len())
	}
}

// TestNullableColumns holds what the tables allow against what the types can hold: a null that a type has no place for would fail a whole page.
func TestNullableColumns(t *testing.T) {
	store, db := newStore(t)
	for _, kind := range domain.Kinds() {
		item := byID(t, store, kind, nil).Type().Elem().Elem()
		nullable := map[string]bool{}
		rows, err := db.QueryContext(t.Context(), "SELECT column_name, is_nullable = 'YES' FROM information_schema.columns WHERE table_name = $1", tableOf(kind))
		require.NoError(t, err)
		for rows.Next() {
			var column string
			var null bool
			require.NoError(t, rows.Scan(&column, &null))
			nullable[column] = null
		}
		require.NoError(t, rows.Err())
		require.NotEmpty(t, nullable, "%s has no table %s", kind, tableOf(kind))
		tagged := 0
		for _, field := range reflect.VisibleFields(item) {
			column := field.Tag.Get("db")
			if null, ours := nullable[column]; ours {
				tagged++
				require.Equal(t, null, field.Type.Kind() == reflect.Pointer, "%s.%s, column %s: nullable %v", kind, field.Name, column, null)
			}
		}
		require.Greater(t, tagged, 1, "%s", kind)
	}
}
