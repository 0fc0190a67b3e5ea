package storage_test

import (
	"math"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

func migrationFile(statement string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte("-- +goose Up\n" + statement + ";\n")}
}

func TestMigrateFromEmpty(t *testing.T) {
	ctx := t.Context()
	db := storagetest.NewEmpty(t).SQL()
	versions, err := storage.MigrationVersions(storage.Migrations())
	require.NoError(t, err)
	require.NotEmpty(t, versions)
	require.Equal(t, versions[len(versions)-1], storage.LatestMigration())

	pending, err := storage.PendingMigrations(ctx, db)
	require.NoError(t, err)
	require.Equal(t, len(versions), pending)
	var exists bool
	require.NoError(t, db.QueryRowContext(ctx, `SELECT to_regclass('goose_db_version') IS NOT NULL`).Scan(&exists))
	require.False(t, exists, "looking must not write")

	applied, err := storage.Migrate(ctx, db)
	require.NoError(t, err)
	require.Equal(t, len(versions), applied)
	applied, err = storage.Migrate(ctx, db)
	require.NoError(t, err)
	require.Zero(t, applied)
	pending, err = storage.PendingMigrations(ctx, db)
	require.NoError(t, err)
	require.Zero(t, pending)
}

func TestMigrateFromPreviousVersion(t *testing.T) {
	ctx := t.Context()
	db := storagetest.NewEmpty(t).SQL()
	versions, err := storage.MigrationVersions(storage.Migrations())
	require.NoError(t, err)
	if len(versions) > 1 {
		applied, err := storage.MigrateTo(ctx, db, versions[len(versions)-2])
		require.NoError(t, err)
		require.Equal(t, len(versions)-1, applied)
	}
	pending, err := storage.PendingMigrations(ctx, db)
	require.NoError(t, err)
	require.Equal(t, 1, pending)
	applied, err := storage.Migrate(ctx, db)
	require.NoError(t, err)
	require.Equal(t, 1, applied)
}

func TestMigrateTwiceAtOnce(t *testing.T) {
	database := storagetest.NewEmpty(t)
	files := fstest.MapFS{
		"00001_one.sql": migrationFile("CREATE TABLE one ()"),
		"00002_two.sql": migrationFile("CREATE TABLE two ()"),
	}
	var group errgroup.Group
	applied := make([]int, 2)
	for i := range applied {
		db := database.SQL()
		group.Go(func() error {
			var err error
			applied[i], err = storage.MigrateFiles(t.Context(), db, files, math.MaxInt64)
			return err
		})
	}
	require.NoError(t, group.Wait())
	require.Equal(t, 2, applied[0]+applied[1])
}

func TestMigrateFailure(t *testing.T) {
	ctx := t.Context()
	db := storagetest.NewEmpty(t).SQL()
	files := fstest.MapFS{
		"00001_good.sql": migrationFile("CREATE TABLE good ()"),
		"00002_bad.sql":  migrationFile("CREATE TABLE bad (); SELECT no_such_function()"),
	}
	applied, err := storage.MigrateFiles(ctx, db, files, math.MaxInt64)
	require.ErrorContains(t, err, "00002_bad.sql")
	require.ErrorContains(t, err, "no_such_function")
	require.Equal(t, 1, applied)
	var exists bool
	require.NoError(t, db.QueryRowContext(ctx, `SELECT to_regclass('bad') IS NOT NULL`).Scan(&exists))
	require.False(t, exists, "a failed migration must leave nothing")
	pending, err := storage.PendingFiles(ctx, db, files)
	require.NoError(t, err)
	require.Equal(t, 1, pending)
}

func TestMigrateNothing(t *testing.T) {
	ctx := t.Context()
	db := storagetest.NewEmpty(t).SQL()
	applied, err := storage.MigrateFiles(ctx, db, fstest.MapFS{}, math.MaxInt64)
	require.NoError(t, err)
	require.Zero(t, applied)
	pending, err := storage.PendingFiles(ctx, db, fstest.MapFS{"00001_one.sql": migrationFile("SELECT 1")})
	require.NoError(t, err)
	require.Equal(t, 1, pending)
	_, err = storage.PendingFiles(ctx, db, fstest.MapFS{"first.sql": migrationFile("SELECT 1")})
	require.ErrorContains(t, err, "first.sql")
}
