package storage

import (
	"context"
	"database/sql"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
)

// maxStatements bounds the prepared statements that are kept. Filters and orders make several texts of one list.
const maxStatements = 256

// statementCache prepares each statement once and keeps it: a prepared statement costs one round trip in place of two, and no planning.
type statementCache struct {
	db   *sql.DB
	mu   sync.Mutex
	kept *lru.Cache[string, *keptStatement]
	// dropped are statements that nobody uses any more, to be closed when mu is free again: closing talks to the server.
	dropped []*sql.Stmt
}

// keptStatement is a prepared statement and how many are running it. One that makes room for another meanwhile is closed by its last user:
// closing it at once would wait for all of them, and everybody else for that.
type keptStatement struct {
	*sql.Stmt
	users   int
	evicted bool
}

func newStatementCache(db *sql.DB) *statementCache {
	c := &statementCache{db: db}
	kept, err := lru.NewWithEvict(maxStatements, func(_ string, statement *keptStatement) {
		statement.evicted = true
		c.drop(statement)
	})
	if err != nil {
		panic(err) // The size is a positive constant.
	}
	c.kept = kept
	return c
}

// drop closes a statement that is evicted and not used, once unlock is called.
func (c *statementCache) drop(statement *keptStatement) {
	if statement.evicted && statement.users == 0 {
		c.dropped = append(c.dropped, statement.Stmt)
	}
}

func (c *statementCache) unlock() {
	dropped := c.dropped
	c.dropped = nil
	c.mu.Unlock()
	for _, statement := range dropped {
		_ = statement.Close() // What cannot be closed went with its connection.
	}
}

// acquire is a prepared statement; whoever takes it gives it back with release.
func (c *statementCache) acquire(ctx context.Context, text string) (*keptStatement, error) {
	statement := c.get(text)
	if statement != nil {
		return statement, nil
	}
	// Not under the lock: a database that does not answer must not hold up those who have what they need.
	prepared, err := c.db.PrepareContext(ctx, text)
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.unlock()
	statement, known := c.kept.Get(text)
	if known {
		c.dropped = append(c.dropped, prepared) // Somebody else was faster.
	} else {
		statement = &keptStatement{Stmt: prepared}
		c.kept.Add(text, statement)
	}
	statement.users++
	return statement, nil
}

func (c *statementCache) get(text string) *keptStatement {
	c.mu.Lock()
	defer c.mu.Unlock()
	statement, known := c.kept.Get(text)
	if known {
		statement.users++
	}
	return statement
}

func (c *statementCache) release(statement *keptStatement) {
	c.mu.Lock()
	defer c.unlock()
	statement.users--
	c.drop(statement)
}

func (c *statementCache) close() {
	c.mu.Lock()
	defer c.unlock()
	c.kept.Purge()
}

// query runs a statement that is prepared once. Its rows keep it alive until they are closed.
func (p *Pool) query(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	statement, err := p.statements.acquire(ctx, text)
	if err != nil {
		return nil, Translate(err)
	}
	defer p.statements.release(statement)
	rows, err := statement.QueryContext(ctx, args...)
	return rows, Translate(err)
}

// eachRow runs a statement and calls scan for each row.
func (p *Pool) eachRow(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) error {
	rows, err := p.query(ctx, text, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }() // Err below has the failure, if any.
	for rows.Next() {
		err = scan(rows)
		if err != nil {
			return err
		}
	}
	return Translate(rows.Err())
}

// each runs a statement and calls scan for each row.
func (s *Store) each(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) error {
	scan, err := s.budget.counting(scan)
	if err != nil {
		return err
	}
	return s.pool.each(ctx, scan, text, args...)
}
