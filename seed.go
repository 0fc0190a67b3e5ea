package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/vigie-dev/vigie/ingest/demo"
)

// The demo's own data: small enough to load in a few seconds.
const (
	demoCustomers = 200
	demoSeed      = 1
)

// seedCommand fills an empty database with made-up data.
type seedCommand struct {
	// Customers is how many to make.
	Customers int `default:"200" placeholder:"N" help:"How many customers to make (${default}); each has about ten orders."`
	// Seed chooses the data.
	Seed uint64 `default:"1" placeholder:"S" help:"The same seed makes the same data (${default})."`
}

// Validate is called by the parser.
func (c seedCommand) Validate() error {
	if c.Customers < 1 {
		return errors.New("--customers must be at least 1")
	}
	return nil
}

// Help is the text of --help.
func (seedCommand) Help() string {
	return `Makes plausible customers with contacts, orders, invoices, shipments and their history, dated relative to
now. The database must hold no customers.

Example:
  VIGIE_DATA_DIR=./large vigie seed --customers 50000 --seed 7`
}

// Run is called by the parser.
func (c *seedCommand) Run(ctx context.Context, a *app) error {
	return a.batch(ctx, func(w workspace) error {
		err := a.requireSchema(ctx, w, false)
		if err != nil {
			return err
		}
		err = a.loadDemo(ctx, w, c.Customers, c.Seed)
		if errors.Is(err, demo.ErrNotEmpty) {
			return fmt.Errorf("%w; choose another database with VIGIE_DATA_DIR or DATABASE_URL", err)
		}
		return err
	})
}

// loadDemo fills an empty database, or returns demo.ErrNotEmpty.
func (a *app) loadDemo(ctx context.Context, w workspace, customers int, seed uint64) error {
	progress := &seedProgress{env: a.env}
	report, err := demo.Load(ctx, w.store.DB(), demo.Options{
		Customers: customers,
		Seed:      seed,
		Now:       a.env.now(),
		Progress:  progress.hear,
	})
	progress.end()
	if err != nil {
		return fmt.Errorf("load made-up data: %w", err)
	}
	_, err = fmt.Fprintf(a.env.stdout, "made up %d customers: %d rows in %.1f s\n", customers, report.Rows(), report.Duration.Seconds())
	return err
}

// seedLineEvery is how often a long load is heard of where nobody watches a bar.
const seedLineEvery = 3 * time.Second

// seedProgress draws a bar of the customers on a terminal and prints lines elsewhere.
type seedProgress struct {
	env   environment
	bar   *progressbar.ProgressBar
	phase demo.Phase
	told  time.Time
}

func (p *seedProgress) hear(now demo.Progress) {
	if isTerminal(p.env.stderr) {
		p.draw(now)
		return
	}
	if now.Phase == p.phase && p.env.now().Sub(p.told) < seedLineEvery {
		return
	}
	p.phase, p.told = now.Phase, p.env.now()
	if now.Total > 0 {
		fmt.Fprintf(p.env.stderr, "made-up data: %s, %d of %d, %d rows\n", now.Phase, now.Done, now.Total, now.Rows)
		return
	}
	fmt.Fprintf(p.env.stderr, "made-up data: %s\n", now.Phase)
}

func (p *seedProgress) draw(now demo.Progress) {
	if now.Phase != p.phase {
		p.end()
		p.phase = now.Phase
		total := now.Total
		if total == 0 {
			total = -1 // a spinner
		}
		p.bar = progressbar.NewOptions(total,
			progressbar.OptionSetWriter(p.env.stderr),
			progressbar.OptionSetDescription("made-up data: "+string(now.Phase)),
			progressbar.OptionShowCount(),
			progressbar.OptionFullWidth(),
			progressbar.OptionThrottle(100*time.Millisecond),
			progressbar.OptionOnCompletion(func() { fmt.Fprintln(p.env.stderr) }),
		)
	}
	// A bar that cannot be drawn must not stop the load.
	_ = p.bar.Set(now.Done)
}

func (p *seedProgress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}
