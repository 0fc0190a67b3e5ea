package poller

import (
	"context"
	"log/slog"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking/service"
)

// Options are the bounds of a Poller. Zero values stand for the defaults that are named.
type Options struct {
	// Query is the question about a shipment; nil is service.QueryOf.
	Query func(*domain.Followed) service.Query
	// Batch is how many shipments are claimed at once: 100. Of them, as many are asked about at once as go into Calls calls: 2. It is less than
	// the service makes at once, so that those who ask for a person find a free one.
	Batch, Calls int
	// Budget is how long one question may take: 20 s.
	Budget time.Duration
	// Lease is for how long claimed shipments are put off: 5 minutes. After half of it, no more of them are asked about.
	Lease time.Duration
	// Idle is how long to wait at most where nothing is due: 5 s.
	Idle time.Duration
	// Reserve is the part of a carrier's calls, of a day and of a second, that is kept for people: 0.2.
	Reserve float64
	// Refresh is how often it is reckoned whether a carrier's budget is enough: 10 minutes.
	Refresh time.Duration
	// StoreTimeout bounds one statement: 10 s.
	StoreTimeout time.Duration

	// Observer hears of questions; nil is nobody.
	Observer Observer
	// Log takes faults; nil is slog.Default().
	Log *slog.Logger
	// Now is the clock by which shipments are due; nil is time.Now.
	Now func() time.Time
	// Sleep waits for so long or until ctx ends; nil is a timer.
	Sleep func(ctx context.Context, d time.Duration)
}

// Observer hears what a Poller does. It is called by many goroutines at once and must not block.
type Observer interface {
	// Polled tells of shipments of a carrier that were due: about how many it was asked, for how many of them that failed, and for how long the
	// first of them had been due.
	Polled(carrier string, asked, failed int, lag time.Duration)
	// Stretched tells by which factor a carrier's waits are stretched, so that its budget is enough; 1 is not at all.
	Stretched(carrier string, factor float64)
}

type silent struct{}

func (silent) Polled(string, int, int, time.Duration) {}
func (silent) Stretched(string, float64)              {}

// orDefault replaces what is not positive.
func orDefault[T int | float64 | time.Duration](value *T, standard T) {
	if *value <= 0 {
		*value = standard
	}
}

func (o Options) withDefaults() Options {
	if o.Query == nil {
		o.Query = service.QueryOf
	}
	orDefault(&o.Batch, 100)
	orDefault(&o.Calls, 2)
	orDefault(&o.Budget, 20*time.Second)
	orDefault(&o.Lease, 5*time.Minute)
	orDefault(&o.Idle, 5*time.Second)
	orDefault(&o.Reserve, 0.2)
	o.Reserve = min(o.Reserve, 1)
	orDefault(&o.Refresh, 10*time.Minute)
	orDefault(&o.StoreTimeout, 10*time.Second)
	if o.Observer == nil {
		o.Observer = silent{}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	return o
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
