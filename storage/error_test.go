package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

func TestTranslateStates(t *testing.T) {
	_, db := newStore(t)
	addCustomers(t, db, 1)
	const order = `INSERT INTO orders (customer_id, id, number, status, placed_at, currency, total) VALUES `
	for statement, want := range map[string]domain.Code{
		`INSERT INTO customers (customer_id, organisation_id, number, name, currency) VALUES (5, 1, 'c1', 'Twice', 'EUR')`: domain.CodeConflict,
		order + `(99, 1, 'X', 'PLACED', now(), 'EUR', 1)`:                                                                  domain.CodeConflict,
		`DELETE FROM organisations WHERE id = 1`:                                                                           domain.CodeConflict,
		order + `(1, 1, 'X', 'LOST', now(), 'EUR', 1)`:                                                                     domain.CodeBadInput,
		order + `(1, 1, NULL, 'PLACED', now(), 'EUR', 1)`:                                                                  domain.CodeBadInput,
		order + `(1, 1, 'X', 'PLACED', 'soon', 'EUR', 1)`:                                                                  domain.CodeBadInput,
		order + `(1, 1, 'X', 'PLACED', now(), 'EUR', 1e30)`:                                                                domain.CodeBadInput,
		`SELECT 'x'::bigint`: domain.CodeBadInput,
		`DO $$ BEGIN RAISE EXCEPTION 'later' USING ERRCODE = '40001'; END $$`: domain.CodeConflict,
		`DO $$ BEGIN RAISE EXCEPTION 'later' USING ERRCODE = '40P01'; END $$`: domain.CodeConflict,
		`DO $$ BEGIN RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END $$`:  domain.CodeUnavailable,
		`DO $$ BEGIN RAISE EXCEPTION 'down' USING ERRCODE = '57P01'; END $$`:  domain.CodeUnavailable,
		`SELECT no_such_column FROM orders`:                                   domain.CodeInternal,
	} {
		_, err := db.ExecContext(t.Context(), statement)
		require.Error(t, err, statement)
		translated := storage.Translate(fmt.Errorf("do it: %w", err))
		require.Equal(t, want, domain.ErrorCode(translated), "%s: %v", statement, err)
		var shown *domain.Error
		require.ErrorAs(t, translated, &shown)
		for _, leak := range []string{"orders", "customers", "SELECT", "constraint", "pq:"} {
			require.NotContains(t, shown.Message, leak, statement)
		}
		var cause *pq.Error
		require.ErrorAs(t, translated, &cause, "the log needs the cause")
		require.Equal(t, translated, storage.Translate(translated), "translated once")
	}
}

func TestTranslateOthers(t *testing.T) {
	require.NoError(t, storage.Translate(nil))
	require.Equal(t, sql.ErrNoRows, storage.Translate(sql.ErrNoRows))
	plain := errors.New("a fault of ours")
	require.Equal(t, plain, storage.Translate(plain))
	require.Equal(t, context.Canceled, storage.Translate(context.Canceled), "whoever went away needs no message")
	for err, want := range map[error]domain.Code{
		context.DeadlineExceeded: domain.CodeTimeout,
		sql.ErrConnDone:          domain.CodeUnavailable,
		net.ErrClosed:            domain.CodeUnavailable,
		&net.OpError{Op: "dial"}: domain.CodeUnavailable,
	} {
		require.Equal(t, want, domain.ErrorCode(storage.Translate(fmt.Errorf("read: %w", err))), "%v", err)
	}
}

// lockOrders keeps everybody from reading orders until the function that it returns is called.
func lockOrders(t *testing.T, db *sql.DB) func() {
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = tx.ExecContext(t.Context(), "LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
	require.NoError(t, err)
	return func() { require.NoError(t, tx.Rollback()) }
}

func TestSlowStatement(t *testing.T) {
	database := storagetest.New(t)
	db := database.SQL()
	unlock := lockOrders(t, db)
	pool, err := storage.Open(t.Context(), storage.Config{URL: database.URL, StatementTimeout: 50 * time.Millisecond, MaxOpenConns: 1})
	require.NoError(t, err)
	defer func() { require.NoError(t, pool.Close()) }()
	store := pool.For(admin())
	_, err = store.Orders().Page(t.Context(), domain.PageRequest{Limit: 1})
	require.Equal(t, domain.CodeTimeout, domain.ErrorCode(err), "%v", err)

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = store.Orders().Page(ctx, domain.PageRequest{Limit: 1})
	require.Equal(t, domain.CodeTimeout, domain.ErrorCode(err), "%v", err)
	unlock()
	_, err = store.Orders().Page(t.Context(), domain.PageRequest{Limit: 1})
	require.NoError(t, err, "the connection serves on")
}

func TestKilledBackend(t *testing.T) {
	database := storagetest.New(t)
	db := database.SQL()
	store := openPool(t, database.URL+"&application_name=victim").For(admin())
	_, err := store.Orders().Page(t.Context(), domain.PageRequest{Limit: 1})
	require.NoError(t, err)

	// Under way: reading changes nothing, so the statement is tried again on a fresh connection.
	unlock := lockOrders(t, db)
	var group errgroup.Group
	group.Go(func() error {
		_, err := store.Orders().Page(t.Context(), domain.PageRequest{Limit: 1})
		return err
	})
	const kill = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'victim' AND wait_event_type = 'Lock'`
	require.Eventually(t, func() bool {
		var killed int
		require.NoError(t, db.QueryRowContext(t.Context(), kill).Scan(&killed))
		return killed > 0
	}, 10*time.Second, 5*time.Millisecond)
	unlock()
	require.NoError(t, group.Wait())

	// Between statements: nobody notices.
	exec(t, db, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'`)
	_, err = store.CustomersByID(t.Context(), []domain.ID{domain.CustomerID(1)})
	require.NoError(t, err)
}

func TestOpenFailures(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	_, err = storage.Open(t.Context(), storage.Config{URL: "postgres://vigie:hunter2@" + address + "/vigie?sslmode=disable"})
	require.Equal(t, domain.CodeUnavailable, domain.ErrorCode(err), "%v", err)
	require.NotContains(t, err.Error(), "hunter2")

	for _, url := range []string{
		"postgres://vigie:hunter2@host:port/db", "postgres://vigie:hunter2@[::1/db", "postgres://vigie:hunter2@host/db?sslmode=perhaps",
		"password=hunter2 host='", "password=hunter2 port=many", "://hunter2", "mysql://vigie:hunter2@host/db", "postgres://vigie:hunter2%zz@host/db",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		_, err := storage.Open(ctx, storage.Config{URL: url})
		cancel()
		require.Error(t, err, url)
		require.NotContains(t, fmt.Sprintf("%v %+v", err, err), "hunter2")
	}

	database := storagetest.NewEmpty(t)
	_, err = storage.Open(t.Context(), storage.Config{URL: strings.Replace(database.URL, "@", "x@", 1)})
	if err != nil { // A server that trusts everybody lets in whoever comes.
		require.NotContains(t, err.Error(), database.URL)
	}
}

// readAs reads customers with the i-th of very many texts.
func readAs(ctx context.Context, store *storage.Store, i int) error {
	terms := make([]domain.Filter, 9)
	for bit := range terms {
		field := []string{"number", "name"}[i>>bit&1]
		terms[bit] = domain.Filter{Terms: []domain.Term{{Field: field, Op: domain.OpStartsWith, Value: "c"}}}
	}
	page, err := store.Customers().Page(ctx, domain.PageRequest{Limit: 100, Filter: domain.Filter{And: terms}})
	if err != nil {
		return fmt.Errorf("text %d: %w", i, err)
	}
	if len(page.Items) != 20 {
		return fmt.Errorf("text %d: %d customers", i, len(page.Items))
	}
	return nil
}

// TestManyStatements runs more texts than are kept prepared, from many sides at once: those that make room must not break those that run.
func TestManyStatements(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 20)
	const texts = 400
	var group errgroup.Group
	for side := range 4 {
		group.Go(func() error {
			for i := range texts {
				err := readAs(t.Context(), store, (i+side*100)%texts)
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())
}

// TestEvictionDoesNotWait makes room for others while a statement hangs: nobody may have to wait for it.
func TestEvictionDoesNotWait(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 20)
	_, err := store.Orders().Page(t.Context(), domain.PageRequest{Limit: 1})
	require.NoError(t, err)
	unlock := lockOrders(t, db)
	var group errgroup.Group
	group.Go(func() error {
		_, err := store.Orders().Page(t.Context(), domain.PageRequest{Limit: 1})
		return err
	})
	require.Eventually(t, func() bool {
		var hangs bool
		require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&hangs))
		return hangs
	}, 10*time.Second, 5*time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		var err error
		for i := 0; i < 300 && err == nil; i++ {
			err = readAs(ctx, store, i)
		}
		done <- err
	}()
	select {
	case err = <-done:
		require.NoError(t, err)
	case <-ctx.Done():
		t.Error("everybody waits for the statement that hangs")
	}
	unlock()
	require.NoError(t, group.Wait())
}
