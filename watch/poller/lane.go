package poller

import (
	"context"
	"fmt"
	"math/bits"
	"runtime/debug"
	"time"

	"github.com/vigie-dev/vigie/tracking/service"
)

const (
	// firstOutage is how long to wait after the database failed; it doubles up to the longest.
	firstOutage, longestOutage = time.Second, 30 * time.Second
	// sampled is about how many shipments of a carrier are looked at to reckon what all of them need.
	sampled = 2000
)

// lane is the work for one carrier. One goroutine at a time does it.
type lane struct {
	poller  *Poller
	carrier string
	// stretch is the factor by which the carrier's budget makes its waits longer, and stretchedAt when that was reckoned.
	stretch     float64
	stretchedAt time.Time
	// failed counts how often in a row the database did.
	failed int
}

// waits waits out what a carrier's pace asks for after so many calls, which took so long.
type waits func(ctx context.Context, calls int, took time.Duration)

func (l *lane) run(ctx context.Context) {
	for ctx.Err() == nil {
		wait := l.attempt(ctx)
		if wait > 0 {
			l.poller.options.Sleep(ctx, wait)
		}
	}
}

// attempt is a turn whose faults are logged; it tells how long to wait before the next. A panic ends the turn, not the process: what was
// claimed is due again after the lease.
func (l *lane) attempt(ctx context.Context) (wait time.Duration) {
	defer func() {
		fault := recover()
		if fault != nil {
			l.panicked(fault)
			wait = longestOutage
		}
	}()
	_, wait, err := l.turn(ctx, l.keepPace)
	if ctx.Err() != nil {
		return 0
	}
	if err != nil {
		l.poller.outage.begin(l, err)
		l.failed++
		return min(firstOutage<<min(l.failed-1, 16), longestOutage)
	}
	l.failed = 0
	l.poller.outage.end(l)
	return wait
}

// panicked logs where a panic was, and of what kind it is: its value may hold what a carrier said.
func (l *lane) panicked(fault any) {
	l.poller.options.Log.Error("keeping shipments current panicked", "carrier", l.carrier, "kind", fmt.Sprintf("%T", fault), "stack", string(debug.Stack()))
}

// turn takes a batch, asks about it, and says when it is due next. It tells how long to wait before the next turn.
func (l *lane) turn(ctx context.Context, pace waits) (Stepped, time.Duration, error) {
	options := &l.poller.options
	most, wait := l.room(options.Batch)
	if most == 0 {
		return Stepped{}, wait, nil
	}
	err := l.reckon(ctx)
	if err != nil {
		return Stepped{}, 0, err
	}
	b := &batch{lane: l, until: options.Now().Add(options.Lease).Truncate(time.Microsecond)}
	err = b.claim(ctx, most)
	if err != nil {
		return Stepped{}, 0, err
	}
	stepped, err := b.work(ctx, pace)
	if err != nil || len(b.claimed) == most {
		return stepped, 0, err
	}
	wait, err = l.untilDue(ctx)
	return stepped, wait, err
}

// room is how many numbers, up to a bound, the carrier may be asked about now; where that is none, how long to wait.
func (l *lane) room(most int) (int, time.Duration) {
	options := &l.poller.options
	health, now := l.poller.health(l.carrier), options.Now()
	perCall := max(1, health.NumbersPerCall)
	switch {
	case health.State == service.Open:
		return 0, l.idle(health.OpenUntil, now)
	case health.PausedUntil != nil:
		return 0, l.idle(health.PausedUntil, now)
	case health.Waiting > options.Calls*perCall:
		return 0, min(time.Second, options.Idle) // People come first.
	}
	calls := callsLeft(&health, options.Reserve, now)
	if calls == 0 {
		return 0, options.Idle
	}
	if health.State == service.HalfOpen {
		calls = 1
	}
	return min(most, calls*perCall), 0
}

// idle is how long to wait for an instant, within what is usual.
func (l *lane) idle(until *time.Time, now time.Time) time.Duration {
	idle := l.poller.options.Idle
	if until == nil {
		return idle
	}
	return min(max(until.Sub(now), time.Millisecond), idle)
}

// untilDue is how long to wait until somebody is due.
func (l *lane) untilDue(ctx context.Context) (time.Duration, error) {
	bounded, cancel := l.poller.within(ctx)
	defer cancel()
	due, err := l.poller.store.NextDue(bounded, l.carrier)
	return l.idle(due, l.poller.options.Now()), err
}

// reckon works out, now and then, by how much the carrier's waits have to be stretched.
func (l *lane) reckon(ctx context.Context) error {
	options := &l.poller.options
	now := options.Now()
	if !l.stretchedAt.IsZero() && now.Sub(l.stretchedAt) < options.Refresh {
		return nil
	}
	health := l.poller.health(l.carrier)
	stretch := 1.0
	if health.CallsPerDay > 0 || health.CallsPerSecond > 0 {
		d, err := l.demand(ctx, now)
		if err != nil {
			return err
		}
		stretch = stretchFor(d, capacity(&health, options.Reserve))
	}
	l.stretch, l.stretchedAt = stretch, now
	options.Observer.Stretched(l.carrier, stretch)
	return nil
}

// demand is what the carrier's shipments ask for, from a sample of them.
func (l *lane) demand(ctx context.Context, now time.Time) (demand, error) {
	bounded, cancel := l.poller.within(ctx)
	defer cancel()
	open, err := l.poller.store.CountOpen(bounded, l.carrier)
	if err != nil || open == 0 {
		return demand{}, err
	}
	oneIn := 1 << bits.Len(uint(open/sampled)) >> 1
	sample, err := l.poller.store.SampleOpen(bounded, l.carrier, max(1, oneIn))
	if err != nil || len(sample) == 0 {
		return demand{}, err
	}
	return demandOf(sample, float64(open)/float64(len(sample)), now), nil
}

// keepPace leaves a part of the carrier's calls a second to people.
func (l *lane) keepPace(ctx context.Context, calls int, took time.Duration) {
	health := l.poller.health(l.carrier)
	mine := health.CallsPerSecond * (1 - l.poller.options.Reserve)
	if mine <= 0 {
		return
	}
	wait := time.Duration(float64(calls)/mine*float64(time.Second)) - took
	if wait > 0 {
		l.poller.options.Sleep(ctx, wait)
	}
}
