// Package storagetest gives every test a Postgres database of its own.
//
// A package that uses it hands its TestMain over to Main. The first database
// asked for starts a throw-away server (or uses the one that
// VIGIE_TEST_DATABASE_URL names) and migrates a template; every further database
// is a copy of that template, which takes tens of milliseconds. Tests may run in
// parallel. Without Postgres they fail: a skipped test tests nothing.
package storagetest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/lib/pq"
)

// cleanupTime bounds what happens after a test's own context has ended.
const cleanupTime = 30 * time.Second

// shared is the one server of a test process. The functions of the testing
// package give tests nowhere else to keep something that outlives each of them.
var shared harness

// Main runs the tests and exits the process; call it from TestMain.
func Main(m *testing.M) {
	shared.open()
	code := m.Run()
	err := shared.close()
	if err != nil {
		fmt.Fprintln(os.Stderr, "storagetest: stop the test database server:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// Database is a database that lives as long as its test.
type Database struct {
	// URL is the connection string, with an account that may do everything.
	URL string

	t testing.TB
}

// New returns a fresh database with every migration applied.
func New(t testing.TB) *Database {
	t.Helper()
	template, err := shared.template(t.Context())
	if err != nil {
		t.Fatalf("prepare the template database: %v", err)
	}
	return create(t, template)
}

// NewEmpty returns a fresh database without any table.
func NewEmpty(t testing.TB) *Database {
	t.Helper()
	return create(t, emptyTemplate)
}

// Existing is the database of a URL, which is there already and stays there: for measuring over data that took long to make.
func Existing(t testing.TB, url string) *Database {
	return &Database{URL: url, t: t}
}

func create(t testing.TB, template string) *Database {
	t.Helper()
	server, err := shared.server(t.Context())
	if err != nil {
		t.Fatalf("start a Postgres server for the test: %v", err)
	}
	name, err := server.create(t.Context(), "vigie_test", template)
	if err != nil {
		t.Fatalf("create a database for the test: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), cleanupTime)
		defer cancel()
		err := server.drop(ctx, name)
		if err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return &Database{URL: server.url(name), t: t}
}

// SQL returns a connection pool of its own, closed when the test ends.
func (d *Database) SQL() *sql.DB {
	d.t.Helper()
	connector, err := pq.NewConnector(d.URL)
	if err != nil {
		d.t.Fatalf("connect to the test's database: %v", err)
	}
	return d.pool(sql.OpenDB(connector))
}

// Counted is SQL with a Counter of the statements that reach the server.
func (d *Database) Counted() (*sql.DB, *Counter) {
	d.t.Helper()
	connector, err := pq.NewConnector(d.URL)
	if err != nil {
		d.t.Fatalf("connect to the test's database: %v", err)
	}
	counter := &Counter{}
	return d.pool(sql.OpenDB(countedConnector{Connector: connector, counter: counter})), counter
}

func (d *Database) pool(db *sql.DB) *sql.DB {
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16)
	d.t.Cleanup(func() {
		err := db.Close()
		if err != nil {
			d.t.Errorf("close the test's database: %v", err)
		}
	})
	return db
}
