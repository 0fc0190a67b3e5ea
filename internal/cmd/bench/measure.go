package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// bench is a run of the program.
type bench struct {
	options
	program string
}

// measureOnce measures every query over every number of connections, over one database.
func (b *bench) measureOnce(ctx context.Context) ([]record, error) {
	var records []record
	err := b.withDatabase(ctx, b.customers, func(db *database) error {
		return b.withServer(ctx, db, func(s *server) error {
			var err error
			records, err = b.measureAll(ctx, db, s)
			return err
		})
	})
	return records, err
}

func (b *bench) measureAll(ctx context.Context, db *database, s *server) ([]record, error) {
	customers, err := b.sample(ctx, s)
	if err != nil {
		return nil, err
	}
	var records []record
	for _, name := range b.queries {
		for _, connections := range b.connections {
			r, err := b.measure(ctx, db, s, name, customers, connections)
			if err != nil {
				return records, err
			}
			records = append(records, r)
		}
	}
	return records, nil
}

// withServer starts the server over a database for the time of work.
func (b *bench) withServer(ctx context.Context, db *database, work func(*server) error) error {
	dir, err := os.MkdirTemp("", "vigie-bench-")
	if err != nil {
		return fmt.Errorf("make a folder for the server: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	s, err := startServer(ctx, b.program, db.url, dir, b.stderr)
	if err != nil {
		return err
	}
	if s.token == "" {
		fmt.Fprintln(b.stderr, "bench: the data are not the demo's, so there is no token: asking as the development viewer")
	}
	err = work(s)
	return errors.Join(err, s.stop())
}

// sample reads the customers that requests are about from the API.
func (b *bench) sample(ctx context.Context, s *server) ([]customer, error) {
	c := newClient(s.graphql, s.token, 1)
	defer c.close()
	return c.customers(ctx)
}

// measure loads the server with one query. Any error in an answer is an error here: what fails fast must not look fast.
func (b *bench) measure(ctx context.Context, db *database, s *server, query string, of []customer, connections int) (record, error) {
	requests, err := bodies(query, of, time.Now())
	if err != nil {
		return record{}, err
	}
	c := newClient(s.graphql, s.token, connections)
	defer c.close()
	warm := load(ctx, c, requests, connections, b.warmUp)
	before, err := read(ctx, s, db.postmaster)
	if err != nil {
		return record{}, err
	}
	came := load(ctx, c, requests, connections, b.duration)
	after, err := read(ctx, s, db.postmaster)
	if err != nil {
		return record{}, err
	}
	r := newRecord(came, before, after)
	r.Query, r.Connections, r.Customers = query, connections, db.customers
	failure := errors.Join(warm.failure, came.failure)
	if failure != nil {
		return r, fmt.Errorf("%s over %d connections: %d of %d requests failed: %w", query, connections, came.failed, r.Requests, failure)
	}
	return r, ctx.Err()
}
