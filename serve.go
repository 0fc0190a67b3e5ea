package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/graph/httpd"
	"github.com/vigie-dev/vigie/ingest/demo"
)

// demoCommand is what happens without a command.
type demoCommand struct {
	httpConfig `embed:""`
}

// Help is the text of --help.
func (demoCommand) Help() string {
	return `Starts a Postgres in the data directory (or uses DATABASE_URL), loads made-up data into it when it has no
customers, and serves the API.

Example:
  VIGIE_DATA_DIR=/srv/vigie vigie --addr 127.0.0.1:9000`
}

// Run is called by the parser.
func (c *demoCommand) Run(ctx context.Context, a *app) error {
	return a.withDatabase(ctx, false, func(db *database) error {
		if c.AdminAddr == "" {
			c.AdminAddr = "127.0.0.1:0" // A demo shows what there is.
		}
		// Before the data is made up, so that a taken address shows at once.
		ln, err := a.listenAnywhere(ctx, c.Addr)
		if err != nil {
			return err
		}
		err = a.withStore(ctx, db, unbounded, func(w workspace) error { return a.prepareDemo(ctx, w) })
		if err != nil {
			return errors.Join(err, ln.Close())
		}
		return a.serve(ctx, db, c.httpConfig, ln, func(w workspace) (*guard, error) { return a.demoGuard(w, ln.Addr()) })
	})
}

// prepareDemo migrates, and loads made-up data where there is no other.
func (a *app) prepareDemo(ctx context.Context, w workspace) error {
	err := a.requireSchema(ctx, w, true)
	if err != nil {
		return err
	}
	empty, err := isEmpty(ctx, w)
	if err != nil || !empty {
		return err
	}
	err = a.loadDemo(ctx, w, demoCustomers, demoSeed)
	if errors.Is(err, demo.ErrNotEmpty) {
		a.log.Info("the database has no customers but is not empty; no demo data is added")
		return nil
	}
	return err
}

// serveCommand serves the API over whatever the database holds.
type serveCommand struct {
	httpConfig `embed:""`
	authConfig `embed:""`
}

// Help is the text of --help.
func (serveCommand) Help() string {
	return `Serves what the database holds and never adds made-up data, to those whose tokens count: it does not start
without issuers or API keys (see docs/authentication.md). With DATABASE_URL the schema must be up to date
(see vigie migrate); the embedded Postgres of the data directory is migrated by itself.

SIGINT or SIGTERM stops gracefully, a second one at once.

Example:
  DATABASE_URL=postgres://vigie:secret@db.internal/vigie VIGIE_AUTH_ISSUERS=/etc/vigie/issuers.yaml \
    vigie serve --addr 0.0.0.0:8080 --log-format json`
}

// Run is called by the parser.
func (c *serveCommand) Run(ctx context.Context, a *app) error {
	return a.withDatabase(ctx, false, func(db *database) error {
		err := a.withStore(ctx, db, unbounded, func(w workspace) error { return a.requireSchema(ctx, w, false) })
		if err != nil {
			return err
		}
		ln, err := listen(ctx, orDefaultAddress(c.Addr))
		if err != nil {
			return err
		}
		return a.serve(ctx, db, c.httpConfig, ln, func(w workspace) (*guard, error) {
			return a.productionGuard(ctx, w, c.authConfig)
		})
	})
}

// errDatabaseGone is why a server stops that did not ask to.
var errDatabaseGone = errors.New("the embedded Postgres ended by itself; its log is in the data directory")

// serve answers requests on ln, which it closes, until ctx is done or the embedded Postgres ends.
func (a *app) serve(ctx context.Context, db *database, cfg httpConfig, ln net.Listener, guarding func(workspace) (*guard, error)) error {
	var err error
	a.observed, err = a.openObservation(ctx, cfg.AdminAddr)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	defer a.observed.close(ctx, cfg.StopTimeout)
	err = a.withStore(ctx, db, a.cfg.Database.StatementTimeout, func(w workspace) error {
		guard, err := guarding(w)
		if err != nil {
			return err
		}
		defer guard.gate.Close()
		trail := audit.NewRecorder(audit.Options{Write: w.store.WriteAuditEntries, Now: a.env.now, Log: a.log})
		defer closeTrail(trail, cfg.StopTimeout)
		handler, err := a.handler(w.store, cfg, guard, trail)
		if err != nil {
			return err
		}
		welcome, err := a.welcome(ctx, w, ln.Addr(), cfg, guard)
		if err != nil {
			return err
		}
		a.log.Info("serving", "address", ln.Addr().String(), "database", db.description)
		fmt.Fprint(a.env.stdout, welcome)
		return a.serveWhile(ctx, db.gone, func(ctx context.Context) error {
			return httpd.Serve(ctx, ln, handler, cfg.serveOptions(a))
		})
	})
	a.log.Info("stopped serving")
	closeErr := ln.Close()
	if !errors.Is(closeErr, net.ErrClosed) {
		err = errors.Join(err, closeErr)
	}
	return err
}

// closeTrail writes out what the audit trail still holds, within a bound. What it cannot write it tells the log.
func closeTrail(trail *audit.Recorder, bound time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), bound)
	defer cancel()
	_ = trail.Close(ctx)
}

// serveWhile runs serve with a context that also ends, with an error, when the database is gone.
func (a *app) serveWhile(ctx context.Context, gone <-chan struct{}, serve func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-gone:
			cancel(errDatabaseGone)
		case <-ctx.Done():
		}
	}()
	err := serve(ctx)
	cancel(nil)
	<-watched
	if errors.Is(context.Cause(ctx), errDatabaseGone) {
		return errors.Join(errDatabaseGone, err)
	}
	return err
}

func orDefaultAddress(address string) string {
	if address == "" {
		return defaultAddress
	}
	return address
}

func listen(ctx context.Context, address string) (net.Listener, error) {
	var config net.ListenConfig
	ln, err := config.Listen(ctx, "tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("another program listens on %s; choose another address with --addr or VIGIE_ADDR: %w", address, err)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return ln, nil
}

// listenAnywhere takes a free port where the demo's usual one is taken, so that two demos run side by side. An address
// that was asked for is used or refused.
func (a *app) listenAnywhere(ctx context.Context, address string) (net.Listener, error) {
	ln, err := listen(ctx, orDefaultAddress(address))
	if address != "" || !errors.Is(err, syscall.EADDRINUSE) {
		return ln, err
	}
	ln, err = listen(ctx, "127.0.0.1:0")
	if err == nil {
		a.log.Warn("another program listens on the usual address; using a free port", "usual", defaultAddress, "address", ln.Addr().String())
	}
	return ln, err
}
