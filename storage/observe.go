package storage

import (
	"context"
	"database/sql"
	"strings"
	"time"
)

// Observer hears of each statement when it has ended. It is called by many goroutines at once and must not keep ctx. The statement's text and
// its arguments are not told: they may hold personal data.
type Observer interface {
	// Statement tells of one statement by the name in its first line, "" where it has none; of how many rows it read or wrote; when it began and how
	// long it took, the wait for a free connection and the scanning of rows included; and how it failed, as callers see it.
	Statement(ctx context.Context, name string, rows int, began time.Time, took time.Duration, err error)
}

// each runs a statement, calls scan for each row, and tells the observer.
func (p *Pool) each(ctx context.Context, scan func(*sql.Rows) error, text string, args ...any) error {
	if p.observer == nil {
		return p.eachRow(ctx, scan, text, args...)
	}
	rows, began := 0, time.Now()
	err := p.eachRow(ctx, func(row *sql.Rows) error {
		rows++
		return scan(row)
	}, text, args...)
	p.observer.Statement(ctx, statementName(text), rows, began, time.Since(began), err)
	return err
}

// watch begins the observation of a statement that each does not run. What it returns is called at the end, with the number of rows.
func (p *Pool) watch(ctx context.Context, text string) func(rows int, err error) {
	if p.observer == nil {
		return func(int, error) {}
	}
	began := time.Now()
	return func(rows int, err error) {
		p.observer.Statement(ctx, statementName(text), rows, began, time.Since(began), err)
	}
}

// statementName is the name that a statement's first line gives it. It shares the text's memory.
func statementName(text string) string {
	rest, named := strings.CutPrefix(text, "-- name: ")
	if !named {
		return ""
	}
	name, _, _ := strings.Cut(rest, "\n")
	return name
}
