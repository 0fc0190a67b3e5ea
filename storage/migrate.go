package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrationTable is where goose notes the applied versions.
const migrationTable = "goose_db_version"

// Instances that start together queue for the migration lock: they look every
// second and give up after ten minutes.
const (
	lockPeriodSeconds = 1
	lockAttempts      = 600
)

// Migrate applies every pending migration and returns how many it applied. It
// holds an advisory lock meanwhile, so several instances may call it at once.
func Migrate(ctx context.Context, db *sql.DB) (int, error) {
	return migrate(ctx, db, migrations(), math.MaxInt64)
}

// MigrateTo applies the pending migrations up to and including the version, and
// returns how many it applied. It never takes one back.
func MigrateTo(ctx context.Context, db *sql.DB, version int64) (int, error) {
	return migrate(ctx, db, migrations(), version)
}

// PendingMigrations returns how many migrations the database lacks. It only
// reads, so it works with an account that may not create anything.
func PendingMigrations(ctx context.Context, db *sql.DB) (int, error) {
	return pending(ctx, db, migrations())
}

// LatestMigration is the highest version that this program knows, 0 for none.
func LatestMigration() int64 {
	versions, err := migrationVersions(migrations())
	if err != nil || len(versions) == 0 {
		return 0
	}
	return versions[len(versions)-1]
}

func migrations() fs.FS {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		// Sub refuses malformed names only, and this one is a constant.
		panic(err)
	}
	return files
}

func migrate(ctx context.Context, db *sql.DB, files fs.FS, version int64) (int, error) {
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(lockPeriodSeconds, lockAttempts))
	if err != nil {
		return 0, fmt.Errorf("prepare the migration lock: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files,
		goose.WithSessionLocker(locker),
		goose.WithTableName(migrationTable),
		goose.WithDisableGlobalRegistry(true))
	if errors.Is(err, goose.ErrNoMigrations) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the migrations: %w", err)
	}
	results, err := provider.UpTo(ctx, version)
	if err != nil {
		var partial *goose.PartialError
		if errors.As(err, &partial) {
			return len(partial.Applied), fmt.Errorf("apply migration %s: %w", path.Base(partial.Failed.Source.Path), partial.Err)
		}
		return 0, fmt.Errorf("migrate the database: %w", err)
	}
	return len(results), nil
}

func pending(ctx context.Context, db *sql.DB, files fs.FS) (int, error) {
	versions, err := migrationVersions(files)
	if err != nil {
		return 0, err
	}
	var exists bool
	err = db.QueryRowContext(ctx, `-- name: migrationTableExists
		SELECT to_regclass($1) IS NOT NULL`, migrationTable).Scan(&exists)
	if err != nil {
		return 0, fmt.Errorf("look for applied migrations: %w", err)
	}
	if !exists {
		return len(versions), nil
	}
	rows, err := db.QueryContext(ctx, `-- name: appliedMigrations
		SELECT version_id FROM `+migrationTable+` WHERE is_applied ORDER BY version_id`)
	if err != nil {
		return 0, fmt.Errorf("list applied migrations: %w", err)
	}
	defer rows.Close()
	applied := map[int64]bool{}
	for rows.Next() {
		var version int64
		err = rows.Scan(&version)
		if err != nil {
			return 0, fmt.Errorf("list applied migrations: %w", err)
		}
		applied[version] = true
	}
	err = rows.Err()
	if err != nil {
		return 0, fmt.Errorf("list applied migrations: %w", err)
	}
	missing := slices.DeleteFunc(versions, func(version int64) bool { return applied[version] })
	return len(missing), nil
}

// migrationVersions lists the versions of the files, ascending.
func migrationVersions(files fs.FS) ([]int64, error) {
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		return nil, fmt.Errorf("list the migrations: %w", err)
	}
	var versions []int64
	for _, name := range names {
		version, err := goose.NumericComponent(name)
		if err != nil {
			return nil, fmt.Errorf("migration %s: %w", name, err)
		}
		versions = append(versions, version)
	}
	slices.Sort(versions)
	return versions, nil
}
