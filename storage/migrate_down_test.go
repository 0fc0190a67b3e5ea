package storage_test

import (
	"database/sql"
	"testing"

	"github.com/pressly/goose/v3"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// catalogueOf lists what a database holds, with definitions: tables, columns, indexes, constraints, triggers, functions, sequences, types. What belongs
// to an extension and goose's own table are left out.
func catalogueOf(t *testing.T, db *sql.DB) []string {
	rows, err := db.QueryContext(t.Context(), `
WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%' AND nspname <> 'information_schema'),
relations AS (
    SELECT c.oid, c.relname, c.relkind FROM pg_class c
    WHERE c.relnamespace IN (SELECT oid FROM ours) AND c.relname NOT LIKE 'goose\_db\_version%'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
SELECT 'relation ' || relkind::text || ' ' || relname FROM relations
UNION ALL SELECT 'column ' || r.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped AND r.relkind = 'r'
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
UNION ALL SELECT 'index ' || pg_get_indexdef(r.oid) FROM relations r WHERE r.relkind = 'i'
UNION ALL SELECT 'constraint ' || r.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid) FROM relations r JOIN pg_constraint k ON k.conrelid = r.oid
UNION ALL SELECT 'trigger ' || pg_get_triggerdef(g.oid) FROM relations r JOIN pg_trigger g ON g.tgrelid = r.oid AND NOT g.tgisinternal
UNION ALL SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p
    WHERE p.pronamespace IN (SELECT oid FROM ours) AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
UNION ALL SELECT 'type ' || y.typname FROM pg_type y
    WHERE y.typnamespace IN (SELECT oid FROM ours) AND y.typtype IN ('e', 'd', 'r') AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = y.oid AND d.deptype = 'e')
ORDER BY 1`)
	require.NoError(t, err)
	defer rows.Close()
	var lines []string
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		lines = append(lines, line)
	}
	require.NoError(t, rows.Err())
	return lines
}

// TestMigrateDown takes every migration back, one by one, and applies it again: each leaves what the one before it had left, and in the end nothing.
// The extension stays, because it may have been there before.
func TestMigrateDown(t *testing.T) {
	db := storagetest.NewEmpty(t).SQL()
	versions, err := storage.MigrationVersions(storage.Migrations())
	require.NoError(t, err)
	provider, err := goose.NewProvider(goose.DialectPostgres, db, storage.Migrations(), goose.WithDisableGlobalRegistry(true))
	require.NoError(t, err)
	before := map[int64][]string{0: catalogueOf(t, db)}
	require.Empty(t, before[0])
	for _, version := range versions {
		_, err = storage.MigrateTo(t.Context(), db, version)
		require.NoError(t, err)
		before[version] = catalogueOf(t, db)
	}
	require.Greater(t, len(before[versions[len(versions)-1]]), 500)
	for i := len(versions) - 1; i >= 0; i-- {
		down := int64(0)
		if i > 0 {
			down = versions[i-1]
		}
		_, err = provider.DownTo(t.Context(), down)
		require.NoError(t, err, "down to %d", down)
		require.Equal(t, before[down], catalogueOf(t, db), "down to %d", down)
	}
	applied, err := storage.Migrate(t.Context(), db)
	require.NoError(t, err)
	require.Equal(t, len(versions), applied)
	require.Equal(t, before[versions[len(versions)-1]], catalogueOf(t, db))
}

// TestMigrateFromEachVersion brings a database with rows up from every version that it may stand at.
func TestMigrateFromEachVersion(t *testing.T) {
	whole := storagetest.New(t).SQL()
	want := catalogueOf(t, whole)
	versions, err := storage.MigrationVersions(storage.Migrations())
	require.NoError(t, err)
	for _, version := range versions[:len(versions)-1] {
		db := storagetest.NewEmpty(t).SQL()
		_, err := storage.MigrateTo(t.Context(), db, version)
		require.NoError(t, err)
		exec(t, db, `INSERT INTO organisations (code, name, currency) VALUES ('EU', 'Europe', 'EUR')`)
		_, err = storage.Migrate(t.Context(), db)
		require.NoError(t, err, "from version %d", version)
		require.Equal(t, want, catalogueOf(t, db), "from version %d", version)
		var kept int
		require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM organisations`).Scan(&kept))
		require.Equal(t, 1, kept)
	}
}
