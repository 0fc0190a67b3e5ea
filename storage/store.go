package storage

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// Config says how to reach Postgres and how much of it to use. Every zero value is usable but URL.
type Config struct {
	// URL is a libpq connection string or URL.
	URL string
	// MaxOpenConns bounds the connections of the pool; zero is 16.
	MaxOpenConns int
	// StatementTimeout ends a statement on the server; zero is 10 s, below zero is none.
	StatementTimeout time.Duration
	// ConnectTimeout bounds the making of a connection; zero is 5 s.
	ConnectTimeout time.Duration
	// Observer hears of each statement; nil where nobody does.
	Observer Observer
}

// Pool is the connections to Vigie's data. It reads no customer's rows by itself: For gives what a viewer may see. It is safe for concurrent use.
type Pool struct {
	db         *sqlx.DB
	statements *statementCache
	observer   Observer
	gatherer   gatherer
}

// Open connects to Postgres. It fails where Postgres does not answer.
func Open(ctx context.Context, cfg Config) (*Pool, error) {
	connector, err := newConnector(cfg)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	conns := cfg.MaxOpenConns
	if conns <= 0 {
		conns = 16
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	err = db.PingContext(ctx)
	if err != nil {
		_ = db.Close() // The ping's failure is the one to tell.
		return nil, fmt.Errorf("connect to Postgres: %w", Translate(err))
	}
	pool := New(db)
	pool.observer = cfg.Observer
	return pool, nil
}

// New makes a Pool of an open database. Closing the Pool closes it.
func New(db *sql.DB) *Pool {
	return &Pool{db: sqlx.NewDb(db, "postgres"), statements: newStatementCache(db)}
}

func newConnector(cfg Config) (*pq.Connector, error) {
	settings, err := pq.NewConfig(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("read the database's connection string: %w", scrubURL(err))
	}
	if settings.Runtime == nil {
		settings.Runtime = map[string]string{}
	}
	settings.Runtime["timezone"] = "UTC"
	// How near a word must come to be found by <% (pg_trgm): "Jonhson" finds Johnson, at 0.5.
	settings.Runtime["pg_trgm.word_similarity_threshold"] = "0.45"
	// A statement that reads a tree has many steps, of few rows each: compiling them takes longer than taking them.
	settings.Runtime["jit"] = "off"
	// Nor do its references lead to the same few rows so often that it pays to remember them.
	settings.Runtime["enable_memoize"] = "off"
	switch {
	case cfg.StatementTimeout == 0:
		settings.Runtime["statement_timeout"] = "10000"
	case cfg.StatementTimeout > 0:
		settings.Runtime["statement_timeout"] = fmt.Sprint(cfg.StatementTimeout.Milliseconds())
	}
	connector, err := pq.NewConnectorConfig(settings)
	if err != nil {
		return nil, fmt.Errorf("prepare the database's connections: %w", scrubURL(err))
	}
	timeout := cfg.ConnectTimeout
	if timeout <= 0 {
		timeout = 5 * time.Second
	}
	connector.Dialer(&dialer{net.Dialer{
		Timeout:         timeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 15 * time.Second, Interval: 5 * time.Second, Count: 3},
		Control:         limitUnacknowledged,
	}})
	return connector, nil
}

// dialer is a net.Dialer in the shape that lib/pq asks for.
type dialer struct{ net.Dialer }

// DialTimeout dials within the shorter of the two timeouts.
func (d *dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

// scrubURL keeps the kind of failure and drops the text, which repeats the connection string and with it the password.
func scrubURL(error) error {
	return fmt.Errorf("it is neither a postgres:// URL nor a list of key=value pairs")
}

// DB is the database itself, for imports, migrations and tests.
func (p *Pool) DB() *sql.DB { return p.db.DB }

// Ping tells whether Postgres answers. It asks with a statement: where a pooled connection is dead, database/sql tries a statement again on a fresh
// one, and a ping not, so that after a restart of Postgres a ping would fail once for each connection that was idle.
func (p *Pool) Ping(ctx context.Context) error {
	const text = "-- name: ping\nSELECT 1"
	told := p.watch(ctx, text)
	_, err := p.db.ExecContext(ctx, text)
	err = Translate(err)
	told(0, err)
	return err
}

// Close gives all connections back.
func (p *Pool) Close() error {
	p.gatherer.close()
	p.statements.close()
	return p.db.Close()
}
