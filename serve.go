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
	// CarriersAddr is where the demo's own carriers answer.
	CarriersAddr string `variable:"VIGIE_DEMO_CARRIERS_ADDR" default:"127.0.0.1:0" placeholder:"HOST:PORT" help:"Loopback address of the carriers that the demo plays (docs/tracking.md); port 0 takes a free one, \"off\" plays none."`
}

// Help is the text of --help.
func (demoCommand) Help() string {
	return `Starts a Postgres in the data directory (or uses DATABASE_URL), loads made-up data into it when it has no
customers, plays the carriers of its parcels, and serves the API.

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
		var carriers *demoCarriers
		err = a.withStore(ctx, db, unbounded, func(w workspace) error {
			err := a.prepareDemo(ctx, w)
			if err == nil {
				carriers, err = a.openDemoCarriers(ctx, w, c.CarriersAddr)
			}
			return err
		})
		if err != nil {
			return errors.Join(err, ln.Close())
		}
		err = a.serve(ctx, db, c.httpConfig, ln, serving{
			guard:  func(w workspace) (*guard, error) { return a.demoGuard(w, ln.Addr()) },
			follow: carriers.follow,
			play:   carriers,
		})
		return errors.Join(err, carriers.close(ctx))
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
	Carriers   carriersConfig `embed:""`
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
		return a.serve(ctx, db, c.httpConfig, ln, serving{
			guard:  func(w workspace) (*guard, error) { return a.productionGuard(ctx, w, c.authConfig) },
			follow: c.Carriers.open,
		})
	})
}

// errDatabaseGone is why a server stops that did not ask to.
var errDatabaseGone = errors.New("the embedded Postgres ended by itself; its log is in the data directory")

// serving is what one server does otherwise than another.
type serving struct {
	// guard decides who requests come from, and follow with whom shipments are followed.
	guard  func(workspace) (*guard, error)
	follow func() (following, error)
	// play are the carriers that the demo plays; nil where there are none.
	play *demoCarriers
}

// serve answers requests on ln, which it closes, until ctx is done or the embedded Postgres ends.
func (a *app) serve(ctx context.Context, db *database, cfg httpConfig, ln net.Listener, how serving) error {
	var err error
	a.observed, err = a.openObservation(ctx, cfg.AdminAddr)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	defer a.observed.close(ctx, cfg.StopTimeout)
	err = a.withStore(ctx, db, a.cfg.Database.StatementTimeout, func(w workspace) error { return a.serveStore(ctx, w, cfg, ln, how) })
	a.log.Info("stopped serving")
	closeErr := ln.Close()
	if !errors.Is(closeErr, net.ErrClosed) {
		err = errors.Join(err, closeErr)
	}
	return err
}

// serveStore wires the server over an open store and runs it. What it opens it closes in the opposite order: the server, what follows shipments, the
// trail, the guard; then the store is closed.
func (a *app) serveStore(ctx context.Context, w workspace, cfg httpConfig, ln net.Listener, how serving) (err error) {
	guard, err := how.guard(w)
	if err != nil {
		return err
	}
	defer guard.gate.Close()
	trail := audit.NewRecorder(audit.Options{Write: w.store.WriteAuditEntries, Now: a.env.now, Log: a.log})
	defer closeTrail(trail, cfg.StopTimeout)
	followed, err := how.follow()
	if err != nil {
		return err
	}
	watch, err := a.openWatch(w.store, followed, cfg.Tracking)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, watch.close(ctx, cfg.StopTimeout)) }()
	handler, err := a.handler(w.store, cfg, guard, trail, watch)
	if err != nil {
		return err
	}
	err = how.play.takeOver(ctx, w, watch.service)
	if err != nil {
		return err
	}
	welcome, err := a.welcome(ctx, w, ln.Addr(), cfg, guard, how.play)
	if err != nil {
		return err
	}
	watch.start(ctx)
	a.log.Info("serving", "address", ln.Addr().String(), "database", w.database.description)
	fmt.Fprint(a.env.stdout, welcome)
	return a.serveWhile(ctx, w.database.gone, func(ctx context.Context) error {
		return httpd.Serve(ctx, ln, handler, cfg.serveOptions(a))
	})
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
