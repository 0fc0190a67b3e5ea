package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/embedded"
)

// databaseStop bounds the wait for the embedded Postgres to write its checkpoint and end.
const databaseStop = 30 * time.Second

// attachWait bounds the wait for another process that is starting the database.
const attachWait = time.Minute

// databaseKind says whose database it is, hence who keeps its schema up to date.
type databaseKind int

const (
	// external is the one that DATABASE_URL names.
	external databaseKind = iota
	// owned is the embedded Postgres that this process started.
	owned
	// attached is the embedded Postgres of another process on the same data directory.
	attached
)

// database is the Postgres that a command works on.
type database struct {
	kind databaseKind
	url  string
	// description is fit for logs: it holds no password.
	description string
	// gone is closed when the embedded Postgres ended by itself; nil otherwise.
	gone <-chan struct{}
	stop func(ctx context.Context) error
}

// openDatabase finds the database that the configuration asks for and starts it where it is ours to start. With share, a
// data directory that another process serves is used through that process; without, it gives an error that names it.
func (a *app) openDatabase(ctx context.Context, share bool) (*database, error) {
	cfg := a.cfg.Database
	if cfg.DatabaseURL != "" {
		return &database{
			kind:        external,
			url:         cfg.DatabaseURL,
			description: describe(cfg.DatabaseURL),
			stop:        func(context.Context) error { return nil },
		}, nil
	}
	server, err := embedded.Start(ctx, embedded.Config{DataDir: cfg.DataDir, Log: a.log})
	var inUse *embedded.InUseError
	switch {
	case err == nil:
		return &database{
			kind:        owned,
			url:         server.URL(embedded.Database),
			description: "embedded Postgres in " + cfg.DataDir,
			gone:        server.Done(),
			stop:        server.Stop,
		}, nil
	case errors.As(err, &inUse) && share:
		return a.attach(ctx)
	case errors.As(err, &inUse):
		return nil, fmt.Errorf("%w; stop that process, or choose another directory with VIGIE_DATA_DIR", err)
	default:
		return nil, fmt.Errorf("start the embedded Postgres: %w", err)
	}
}

func (a *app) attach(ctx context.Context) (*database, error) {
	dir := a.cfg.Database.DataDir
	// The other process may still be starting it.
	waiting, cancel := context.WithTimeout(ctx, attachWait)
	defer cancel()
	running, err := embedded.Attach(waiting, dir)
	if err != nil {
		return nil, fmt.Errorf("reach the database that runs in %s: %w", dir, err)
	}
	a.log.Info("using the database of the running server", "data_dir", dir)
	return &database{
		kind:        attached,
		url:         running.URL(embedded.Database),
		description: "embedded Postgres of the running server in " + dir,
		stop:        func(context.Context) error { return nil },
	}, nil
}

// close stops what openDatabase started. It works also after the command's context has ended; a.env.atOnce hurries it.
func (d *database) close(ctx context.Context, atOnce <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), databaseStop)
	defer cancel()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-atOnce:
			cancel()
		case <-ctx.Done():
		}
	}()
	err := d.stop(ctx)
	cancel()
	<-watched
	if err != nil {
		return fmt.Errorf("stop the database: %w", err)
	}
	return nil
}

// describe names the host and database of a connection string, and nothing else of it.
func describe(connection string) string {
	u, err := url.Parse(connection)
	if err != nil || u.Host == "" {
		return "Postgres of DATABASE_URL"
	}
	return "Postgres at " + u.Host + u.Path
}

// workspace is an open database with a store over it.
type workspace struct {
	database *database
	store    *storage.Pool
}

// withDatabase opens the database, runs work and stops what it started, whatever happened.
func (a *app) withDatabase(ctx context.Context, share bool, work func(*database) error) error {
	db, err := a.openDatabase(ctx, share)
	if err != nil {
		return err
	}
	err = work(db)
	return errors.Join(err, db.close(ctx, a.env.atOnce))
}

// unbounded is the statement timeout of work that takes as long as it takes: migrations, imports, made-up data.
const unbounded = -time.Second

// withStore opens a store over the database for the time of work. statementTimeout bounds each SQL statement.
func (a *app) withStore(ctx context.Context, db *database, statementTimeout time.Duration, work func(workspace) error) error {
	store, err := storage.Open(ctx, storage.Config{
		URL:              db.url,
		MaxOpenConns:     a.cfg.Database.PoolSize,
		ConnectTimeout:   a.cfg.Database.ConnectTimeout,
		StatementTimeout: statementTimeout,
		Observer:         a.observed.ofStatements(),
	})
	if err != nil {
		return fmt.Errorf("open %s: %w", db.description, err)
	}
	err = work(workspace{db, store})
	return errors.Join(err, store.Close())
}

// batch runs a command that does its work and ends. It shares the database of a server that runs on the data directory.
func (a *app) batch(ctx context.Context, work func(workspace) error) error {
	return a.withDatabase(ctx, true, func(db *database) error {
		return a.withStore(ctx, db, unbounded, work)
	})
}

// pendingError says that a schema is older than the program.
type pendingError struct {
	count int
}

func (e *pendingError) Error() string {
	noun := "migrations"
	if e.count == 1 {
		noun = "migration"
	}
	return fmt.Sprintf("the database lacks %d %s: run `vigie migrate` first", e.count, noun)
}

// requireSchema makes sure that the schema is this program's: by migrating a database that this process started, or one
// that migrate says to, and otherwise by refusing to go on.
func (a *app) requireSchema(ctx context.Context, w workspace, migrate bool) error {
	if migrate || w.database.kind == owned {
		_, err := a.migrate(ctx, w)
		return err
	}
	count, err := storage.PendingMigrations(ctx, w.store.DB())
	if err != nil {
		return fmt.Errorf("look for pending migrations: %w", err)
	}
	if count > 0 {
		return &pendingError{count}
	}
	return nil
}

func (a *app) migrate(ctx context.Context, w workspace) (int, error) {
	applied, err := storage.Migrate(ctx, w.store.DB())
	if err != nil {
		return applied, fmt.Errorf("migrate %s: %w", w.database.description, err)
	}
	if applied > 0 {
		a.log.Info("schema migrated", "applied", applied)
	}
	return applied, nil
}

// isEmpty reports whether the database has no customer yet.
func isEmpty(ctx context.Context, w workspace) (bool, error) {
	var empty bool
	err := w.store.DB().QueryRowContext(ctx, `-- name: isEmpty
SELECT NOT EXISTS (SELECT FROM customers)`).Scan(&empty)
	if err != nil {
		return false, fmt.Errorf("look for customers: %w", err)
	}
	return empty, nil
}

// holdsDemo reports whether made-up customers are among the customers.
func holdsDemo(ctx context.Context, w workspace) (bool, error) {
	var found bool
	err := w.store.DB().QueryRowContext(ctx, `-- name: holdsDemo
SELECT EXISTS (SELECT FROM customers WHERE source = 'demo')`).Scan(&found)
	if err != nil {
		return false, fmt.Errorf("look for demo data: %w", err)
	}
	return found, nil
}
