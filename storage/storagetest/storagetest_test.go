package storagetest_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

func TestNewIsMigratedAndSeparate(t *testing.T) {
	var made atomic.Int64
	t.Run("group", func(t *testing.T) {
		for i := range 6 {
			t.Run(fmt.Sprint(i), func(t *testing.T) {
				t.Parallel()
				db := storagetest.New(t).SQL()
				pending, err := storage.PendingMigrations(t.Context(), db)
				require.NoError(t, err)
				require.Zero(t, pending)
				_, err = db.ExecContext(t.Context(), `CREATE TABLE mine ()`)
				require.NoError(t, err, "another test's table is here")
				made.Add(1)
			})
		}
	})
	require.EqualValues(t, 6, made.Load())
}

func TestDatabaseEndsWithItsTest(t *testing.T) {
	outer := storagetest.NewEmpty(t).SQL()
	var name string
	t.Run("inner", func(t *testing.T) {
		db := storagetest.NewEmpty(t).SQL()
		require.NoError(t, db.QueryRowContext(t.Context(), `SELECT current_database()`).Scan(&name))
		require.Equal(t, 1, databases(t, outer, name))
	})
	require.Zero(t, databases(t, outer, name))
}

func databases(t *testing.T, db *sql.DB, name string) int {
	t.Helper()
	var count int
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_database WHERE datname = $1`, name).Scan(&count))
	return count
}

func TestNewEmpty(t *testing.T) {
	db := storagetest.NewEmpty(t).SQL()
	var tables int
	err := db.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_tables WHERE schemaname = 'public'`).Scan(&tables)
	require.NoError(t, err)
	require.Zero(t, tables)
}

func TestCounter(t *testing.T) {
	ctx := t.Context()
	db, counter := storagetest.NewEmpty(t).Counted()
	_, err := db.ExecContext(ctx, `CREATE TABLE item (id int, name text)`)
	require.NoError(t, err)
	_, err = db.ExecContext(ctx, `INSERT INTO item VALUES ($1, $2)`, 1, "one")
	require.NoError(t, err)
	var name string
	require.NoError(t, db.QueryRowContext(ctx, `SELECT name FROM item WHERE id = $1`, 1).Scan(&name))
	require.Equal(t, "one", name)
	require.Equal(t, []string{
		`CREATE TABLE item (id int, name text)`,
		`INSERT INTO item VALUES ($1, $2)`,
		`SELECT name FROM item WHERE id = $1`,
	}, counter.Texts())

	counter.Reset()
	require.Zero(t, counter.Count())
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	require.NoError(t, err)
	_, err = tx.ExecContext(ctx, `SELECT 1`)
	require.NoError(t, err)
	require.NoError(t, tx.Commit())
	require.NoError(t, db.PingContext(ctx))
	require.Equal(t, 1, counter.Count(), "BEGIN, COMMIT and pings do not count")
}

func TestCounterPrepared(t *testing.T) {
	ctx := t.Context()
	db, counter := storagetest.NewEmpty(t).Counted()
	statement, err := db.PrepareContext(ctx, `SELECT $1::int`)
	require.NoError(t, err)
	require.Zero(t, counter.Count())
	require.Equal(t, 1, counter.Prepared())
	for want := range 3 {
		var got int
		require.NoError(t, statement.QueryRowContext(ctx, want).Scan(&got))
		require.Equal(t, want, got)
	}
	require.NoError(t, statement.Close())
	require.Equal(t, 3, counter.Count())
	require.Equal(t, 1, counter.Prepared())
}

func TestCounterCopy(t *testing.T) {
	ctx := t.Context()
	db, counter := storagetest.NewEmpty(t).Counted()
	_, err := db.ExecContext(ctx, `CREATE TABLE item (id int)`)
	require.NoError(t, err)
	counter.Reset()
	tx, err := db.BeginTx(ctx, nil)
	require.NoError(t, err)
	load, err := tx.PrepareContext(ctx, `COPY item (id) FROM STDIN`)
	require.NoError(t, err)
	for id := range 100 {
		_, err = load.ExecContext(ctx, id)
		require.NoError(t, err)
	}
	_, err = load.ExecContext(ctx)
	require.NoError(t, err)
	require.NoError(t, load.Close())
	require.NoError(t, tx.Commit())
	require.Equal(t, 1, counter.Count())
	var count int
	require.NoError(t, db.QueryRowContext(ctx, `SELECT count(*) FROM item`).Scan(&count))
	require.Equal(t, 100, count)
}

func TestCountedConnectionSurvivesCancellation(t *testing.T) {
	db, counter := storagetest.NewEmpty(t).Counted()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := db.ExecContext(ctx, `SELECT 1`)
	require.ErrorIs(t, err, context.Canceled)
	var value string
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT 'still works'`).Scan(&value))
	require.True(t, strings.HasPrefix(value, "still"))
	require.LessOrEqual(t, counter.Count(), 2)
}

func BenchmarkNew(b *testing.B) {
	storagetest.New(b)
	for b.Loop() {
		storagetest.New(b)
	}
}
