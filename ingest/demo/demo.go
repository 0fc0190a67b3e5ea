// Package demo fills an empty database with a made-up trading company: its catalogue, its customers, and three years of
// what happened to them. The same options give the same rows, ids included, whether two hundred customers are wanted for
// a look around or fifty thousand for measuring.
//
// Nobody in it exists. Mail domains are reserved ones, telephone numbers come from ranges kept for fiction wherever a
// country keeps one, and tracking numbers have a carrier's shape and check digit but no parcel.
package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	// Time zones are part of what is generated, so a machine without a zone database must not change or prevent it.
	_ "time/tzdata"

	"golang.org/x/sync/errgroup"
)

// ErrNotEmpty says that the database holds rows already. Demo data is only ever put into an empty one, because it
// brings its own ids.
var ErrNotEmpty = errors.New("demo data needs an empty database")

// Options say what to generate.
type Options struct {
	// Customers is how many customers to make, at least one. Orders come to about ten for each.
	Customers int
	// Seed chooses one of many equally plausible companies.
	Seed uint64
	// Now is the present of the generated company; only its UTC day counts. Nothing has happened after that day's
	// first instant.
	Now time.Time
	// Progress, where set, hears of each phase and of the customers loaded so far. It is called from Load's own
	// goroutine, never twice at once.
	Progress func(Progress)
}

// Phase names a part of the load.
type Phase string

// The phases, in their order.
const (
	PhasePrepare Phase = "prepare"
	PhaseCopy    Phase = "copy"
	PhaseIndex   Phase = "index"
	PhaseAnalyse Phase = "analyse"
)

// Progress tells how far a load has come.
type Progress struct {
	Phase Phase
	// Done and Total count customers while copying and statements while indexing; both are 0 in other phases.
	Done, Total int
	// Rows is the number of rows copied so far.
	Rows int64
}

// TableCount is how many rows a table got.
type TableCount struct {
	Table string
	Rows  int64
}

// PhaseDuration is how long a phase took.
type PhaseDuration struct {
	Phase    Phase
	Duration time.Duration
}

// Report sums a load up.
type Report struct {
	// Tables are in the order in which they are filled.
	Tables   []TableCount
	Phases   []PhaseDuration
	Duration time.Duration
}

// Rows is the number of rows in all tables together.
func (r Report) Rows() int64 {
	var rows int64
	for _, t := range r.Tables {
		rows += t.Rows
	}
	return rows
}

// Load generates the company that opts describe into db: all of it or nothing. A database which already has rows gives
// an error with the code CONFLICT that wraps ErrNotEmpty.
func Load(ctx context.Context, db *sql.DB, opts Options) (Report, error) {
	if opts.Customers < 1 {
		return Report{}, fmt.Errorf("demo data: %d customers wanted, at least 1 needed", opts.Customers)
	}
	if opts.Now.IsZero() {
		return Report{}, errors.New("demo data: no present given")
	}
	gen, err := newGenerator(opts.Customers, opts.Seed, opts.Now)
	if err != nil {
		return Report{}, fmt.Errorf("demo data: %w", err)
	}

	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return Report{}, fmt.Errorf("demo data: begin: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // After a commit this does nothing.

	l := loader{tx: tx, opts: opts, started: time.Now()}
	err = l.run(ctx, gen)
	if err != nil {
		return Report{}, fmt.Errorf("demo data: %w", err)
	}
	err = tx.Commit()
	if err != nil {
		return Report{}, fmt.Errorf("demo data: commit: %w", err)
	}
	return l.report(), nil
}

// produce generates batches in a goroutine of its own while consume takes them, so that making rows and storing them
// overlap. At most a few batches exist at a time, whatever the number of customers.
func produce(ctx context.Context, gen *generator, consume func(context.Context, *batch) error) error {
	group, ctx := errgroup.WithContext(ctx)
	batches := make(chan *batch, 2)
	group.Go(func() error {
		defer close(batches)
		return gen.generate(func(b *batch) error {
			select {
			case batches <- b:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	})
	group.Go(func() error {
		for b := range batches {
			err := consume(ctx, b)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return group.Wait()
}
