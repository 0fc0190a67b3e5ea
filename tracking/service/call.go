package service

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// batch is the numbers of one call.
type batch struct {
	flights []*flight
	numbers []tracking.Number
	trial   bool // by which the breaker learns whether the carrier works again
}

// ask makes the call, with retries, tells all who wait, and then keeps what was said.
func (l *lane) ask(b *batch) {
	ctx, cancel := context.WithTimeout(l.ctx, l.options.CallTimeout)
	defer cancel()
	defer l.rest()
	results, err := l.attempts(ctx, b)
	said := l.arrive(b, results, err)
	if len(said) == 0 {
		return
	}
	// What a call brought is kept even where the service is closing: the call is spent.
	keep, done := context.WithTimeout(context.WithoutCancel(l.ctx), l.options.StoreTimeout)
	defer done()
	err = l.save(keep, said)
	if err != nil {
		l.options.Observer.StoreFailed(err)
	}
	for _, f := range b.flights {
		if f.found != nil {
			close(f.kept)
		}
	}
}

// save keeps what was said. Where that panics, it has not been kept.
func (l *lane) save(ctx context.Context, said []Said) (err error) {
	defer func() {
		if broken := recover(); broken != nil {
			err = fmt.Errorf("the store panicked: %T", broken)
		}
	}()
	return l.options.Store.Save(ctx, said)
}

// rest makes the worker one that is free for another call.
func (l *lane) rest() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calling--
}

// attempts makes the call until it succeeds or there is no point in another one.
func (l *lane) attempts(ctx context.Context, b *batch) ([]tracking.Result, error) {
	for attempt := 0; ; attempt++ {
		began := l.options.Now()
		results, err := l.once(ctx, b.numbers)
		l.options.Observer.Called(l.carrier.Code(), len(b.numbers), l.options.Now().Sub(began), err)
		l.note(b, err)
		if err == nil || attempt >= l.options.Retries {
			return results, err
		}
		if !l.again(ctx, b, err, attempt) {
			return nil, err
		}
	}
}

// once makes one call and holds the carrier to its contract.
func (l *lane) once(ctx context.Context, numbers []tracking.Number) (results []tracking.Result, err error) {
	defer func() {
		if broken := recover(); broken != nil {
			results, err = nil, fmt.Errorf("the adapter panicked: %T", broken)
		}
	}()
	results, err = l.carrier.Track(ctx, numbers)
	if err == nil && len(results) != len(numbers) {
		return nil, fmt.Errorf("the adapter gave %d results for %d numbers", len(results), len(numbers))
	}
	return results, err
}

// note tells the breaker and the pace how a call went.
func (l *lane) note(b *batch, err error) {
	l.mu.Lock()
	now := l.options.Now()
	if err == nil {
		l.lastSuccessAt = now
	}
	l.pauseAfter(now, err)
	changed := false
	// A call that was cut off because the service closes says nothing about the carrier.
	if l.ctx.Err() == nil {
		changed = l.breaker.end(now, b.trial, !blames(err))
	}
	b.trial = false
	// Who waits for a carrier that turned out not to work is told at once.
	l.clear(now)
	state, _ := l.breaker.at(now)
	l.mu.Unlock()
	if changed {
		l.options.Observer.StateChanged(l.carrier.Code(), state)
	}
}

// pauseAfter leaves the carrier alone for as long as it said.
func (l *lane) pauseAfter(now time.Time, err error) {
	var failure *tracking.Error
	switch {
	case !errors.As(err, &failure):
	case failure.RetryAt != nil:
		l.pace.pause(*failure.RetryAt)
	case failure.Code == tracking.ErrRateLimited:
		l.pace.pause(now.Add(l.options.Pause))
	}
}

// blames tells whether an error shows that the carrier does not work. One that says "too often" or "not this" does.
func blames(err error) bool {
	var failure *tracking.Error
	if errors.As(err, &failure) {
		return failure.Code != tracking.ErrRateLimited && failure.Code != tracking.ErrBadRequest
	}
	return err != nil
}

// again waits for the time of another attempt; false where there will be none.
func (l *lane) again(ctx context.Context, b *batch, err error, attempt int) bool {
	var failure *tracking.Error
	if !errors.As(err, &failure) || !failure.Temporary {
		return false
	}
	wait := l.backoff(attempt)
	if tooLate(ctx, wait) || l.options.Sleep(ctx, wait) != nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	// The turn is asked for when it is needed and not before the wait: one that is kept for later lets the calls after it come too fast.
	now := l.options.Now()
	turn := l.pace.reserve(now)
	if l.blocked(now) != nil || tooLate(ctx, turn.DelayFrom(now)) {
		turn.CancelAt(now)
		return false
	}
	l.awaitTurn(ctx, turn.DelayFrom(now))
	now = l.options.Now()
	if ctx.Err() != nil || l.blocked(now) != nil {
		return false
	}
	b.trial = l.breaker.begin(now)
	l.pace.today++
	return true
}

// backoff is how long to wait before another attempt: a while with chance in it, so that those who failed together do not come again
// together, and not before the carrier wants to be asked.
func (l *lane) backoff(attempt int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	wait := l.options.Backoff << min(attempt, 10)
	wait = wait/2 + time.Duration(l.options.Random()*float64(wait))
	return max(wait, l.pace.pausedUntil.Sub(l.options.Now()))
}

// tooLate tells whether ctx, which has a deadline, ends before the wait does.
func tooLate(ctx context.Context, wait time.Duration) bool { return remaining(ctx) <= wait }

// arrive lands the flights of a call and gives what there is to keep of it.
func (l *lane) arrive(b *batch, results []tracking.Result, err error) []Said {
	now := l.options.Now()
	found, failures := l.read(b, results, err, now)
	l.mu.Lock()
	defer l.mu.Unlock()
	var said []Said
	for i, f := range b.flights {
		if failures[i] != nil {
			// The number is not to be asked about again at once.
			l.memory.fail(f.key, failures[i], now.Add(l.options.Lifetimes.Failed))
		} else {
			said = append(said, Said{Query: f.query, Result: results[i], At: now})
		}
		l.land(f, found[i], failures[i])
	}
	return said
}

// read works out what each number's part of the answer means: something known, or a failure. It is done without the lock, for some
// reports are long.
func (l *lane) read(b *batch, results []tracking.Result, err error, now time.Time) ([]*known, []*Failure) {
	found, failures := make([]*known, len(b.flights)), make([]*Failure, len(b.flights))
	for i := range b.flights {
		switch {
		case err != nil && l.ctx.Err() != nil:
			failures[i] = failed(FailedStopped, time.Time{})
		case err != nil:
			failures[i] = failureOf(err)
		default:
			failures[i] = failureOfResult(&results[i])
		}
		if failures[i] == nil {
			found[i] = newKnown(results[i].Outcome, results[i].Reports, now, FromCarrier).after(b.flights[i].before)
		}
	}
	return found, failures
}

// failureOf is a failed call as it may be shown.
func failureOf(err error) *Failure {
	var failure *tracking.Error
	if !errors.As(err, &failure) {
		return failed(FailedInternal, time.Time{})
	}
	var at time.Time
	if failure.RetryAt != nil {
		at = *failure.RetryAt
	}
	return failed(FailureCode(failure.Code), at)
}

// failureOfResult is why a result says nothing, nil where it says something.
func failureOfResult(result *tracking.Result) *Failure {
	var at time.Time
	if result.RetryAt != nil {
		at = *result.RetryAt
	}
	switch result.Outcome {
	case domain.TrackingFound, domain.TrackingNotFound, domain.TrackingInvalid, domain.TrackingAmbiguous:
		return nil
	case domain.TrackingRateLimited:
		return failed(FailedRateLimited, at)
	case domain.TrackingUnavailable:
		return failed(FailedUnavailable, at)
	default:
		return failed(FailedInternal, time.Time{})
	}
}
