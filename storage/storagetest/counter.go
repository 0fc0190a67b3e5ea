package storagetest

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Counter counts the statements that connections from Database.Counted execute.
// BEGIN, COMMIT, ROLLBACK and pings are not statements of the tested code and do
// not count. A COPY counts once, however many rows it carries.
type Counter struct {
	mu       sync.Mutex
	texts    []string
	prepared int
}

// Reset forgets everything counted so far.
func (c *Counter) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts, c.prepared = nil, 0
}

// Count is how many statements were executed, prepared ones at each execution.
func (c *Counter) Count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.texts)
}

// Prepared is how many statements were prepared, executed or not.
func (c *Counter) Prepared() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.prepared
}

// Texts lists the executed statements in the order in which they were sent.
func (c *Counter) Texts() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.texts)
}

func (c *Counter) executed(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.texts = append(c.texts, text)
}

func (c *Counter) prepare() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.prepared++
}

// countedConnector makes connections that report to the counter.
type countedConnector struct {
	driver.Connector
	counter *Counter
}

func (c countedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	inner, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	full, ok := inner.(fullConn)
	if !ok {
		return nil, fmt.Errorf("the driver's connection %T lacks an interface to count through", inner)
	}
	return countedConn{fullConn: full, counter: c.counter}, nil
}

// fullConn is every optional interface that database/sql looks for in the
// driver's connections: hiding one would change how the tested code runs.
type fullConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.QueryerContext
	driver.SessionResetter
	driver.Validator
}

type countedConn struct {
	fullConn
	counter *Counter
}

func (c countedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.counter.executed(query)
	return c.fullConn.ExecContext(ctx, query, args)
}

func (c countedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.counter.executed(query)
	return c.fullConn.QueryContext(ctx, query, args)
}

func (c countedConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c countedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	c.counter.prepare()
	inner, err := c.fullConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	switch stmt := inner.(type) {
	case fullStmt:
		return countedStmt{fullStmt: stmt, counter: c.counter, text: query}, nil
	case copyStmt:
		// Preparing a COPY starts it; each execution only hands over a row.
		c.counter.executed(query)
		return stmt, nil
	default:
		return nil, fmt.Errorf("the driver's statement %T for %q lacks an interface to count through",
			inner, strings.TrimSpace(query))
	}
}

// fullStmt is what the driver's statements implement, as fullConn is for
// connections.
type fullStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// copyStmt is the driver's statement for COPY FROM STDIN.
type copyStmt interface {
	driver.Stmt
	CopyData(ctx context.Context, line string) (driver.Result, error)
}

type countedStmt struct {
	fullStmt
	counter *Counter
	text    string
}

func (s countedStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.counter.executed(s.text)
	return s.fullStmt.ExecContext(ctx, args)
}

func (s countedStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.counter.executed(s.text)
	return s.fullStmt.QueryContext(ctx, args)
}
