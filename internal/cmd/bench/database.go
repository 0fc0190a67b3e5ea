package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os/exec"
	"strconv"
	"time"

	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/embedded"
)

// database is what a server is measured over.
type database struct {
	url       string
	pool      *sql.DB
	customers int
	// postmaster is the process of Postgres that all its others are children of; 0 where it runs on another machine.
	postmaster int
}

// withDatabase has a database of so many customers for the time of work.
func (b *bench) withDatabase(ctx context.Context, customers int, work func(*database) error) error {
	if b.databaseURL != "" {
		return b.withFilled(ctx, b.databaseURL, customers, work)
	}
	postgres, err := embedded.Start(ctx, embedded.Config{DataDir: b.data})
	if err != nil {
		return fmt.Errorf("start the embedded Postgres: %w", err)
	}
	err = b.inCluster(ctx, postgres, customers, work)
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return errors.Join(err, postgres.Stop(stopping))
}

// inCluster uses the database of so many customers of an embedded Postgres, and makes it where it is not there yet.
func (b *bench) inCluster(ctx context.Context, postgres *embedded.Server, customers int, work func(*database) error) error {
	name := "bench_" + strconv.Itoa(customers)
	err := withPool(ctx, postgres.URL(embedded.Database), func(db *sql.DB) error {
		var there bool
		err := db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&there)
		if err != nil || there {
			return err
		}
		_, err = db.ExecContext(ctx, `CREATE DATABASE `+name) // Letters, an underscore and digits.
		return err
	})
	if err != nil {
		return fmt.Errorf("make the database %s: %w", name, err)
	}
	return b.withFilled(ctx, postgres.URL(name), customers, work)
}

// withPool opens a database for the time of work.
func withPool(ctx context.Context, address string, work func(*sql.DB) error) error {
	pool, err := storage.Open(ctx, storage.Config{URL: address, MaxOpenConns: 2, StatementTimeout: -time.Second})
	if err != nil {
		return err
	}
	return errors.Join(work(pool.DB()), pool.Close())
}

// withFilled migrates a database, and fills it with made-up customers where it has none.
func (b *bench) withFilled(ctx context.Context, address string, customers int, work func(*database) error) error {
	err := b.command(ctx, address, "migrate")
	if err != nil {
		return err
	}
	return withPool(ctx, address, func(db *sql.DB) error {
		count, err := countCustomers(ctx, db)
		if err != nil {
			return err
		}
		if count == 0 {
			err = b.command(ctx, address, "seed", "--customers", strconv.Itoa(customers), "--seed", strconv.FormatUint(b.seed, 10))
			if err != nil {
				return err
			}
			count = customers
		}
		postmaster, err := postmasterOf(ctx, db, address)
		if err != nil {
			return err
		}
		return work(&database{url: address, pool: db, customers: count, postmaster: postmaster})
	})
}

func countCustomers(ctx context.Context, db *sql.DB) (int, error) {
	var count int
	err := db.QueryRowContext(ctx, `SELECT count(*) FROM customers WHERE source <> $1`, heavySource).Scan(&count)
	if err != nil {
		return 0, fmt.Errorf("count customers: %w", err)
	}
	return count, nil
}

// command runs a command of the program to its end.
func (b *bench) command(ctx context.Context, address string, args ...string) error {
	command := exec.CommandContext(ctx, b.program, args...)
	command.Env = environment(address, b.data)
	command.Stdout, command.Stderr = b.stderr, b.stderr
	err := command.Run()
	if err != nil {
		return fmt.Errorf("vigie %s: %w", args[0], err)
	}
	return nil
}

// postmasterOf finds the process of Postgres: the parent of the one that serves a connection. It is 0 where that is on another machine, or where
// there is no /proc.
func postmasterOf(ctx context.Context, db *sql.DB, address string) (int, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return 0, nil // A list of key=value pairs: it may be anywhere.
	}
	ip := net.ParseIP(parsed.Hostname())
	if parsed.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return 0, nil
	}
	var backend int
	err = db.QueryRowContext(ctx, `SELECT pg_backend_pid()`).Scan(&backend)
	if err != nil {
		return 0, fmt.Errorf("find the process of Postgres: %w", err)
	}
	of, err := times(backend)
	if err != nil {
		return 0, nil
	}
	return of.parent, nil
}
