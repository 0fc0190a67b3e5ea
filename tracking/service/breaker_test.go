package service_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// fail asks about new numbers until so many calls have failed.
func fail(t *testing.T, s *service.Service, a *carrier, calls int) {
	t.Helper()
	for range calls {
		requireFailed(t, one(t, s, "a", fmt.Sprintf("new%d", len(a.called()))), service.Unavailable, service.FailedUnavailable)
	}
}

func TestBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		heard := &ear{}
		a := &carrier{code: "a", answer: fails(errUnavailable)}
		s := open(t, service.Options{Retries: -1, Observer: heard}, a, &carrier{code: "b"})
		began := time.Now()
		state := func() service.Health { return s.Health()[0] }
		assert.Equal(t, service.Closed, state().State)
		assert.True(t, state().Since.Equal(began))
		fail(t, s, a, 3)
		assert.Equal(t, service.Closed, state().State)
		fail(t, s, a, 1)

		// Open: nobody is asked, and the others go on.
		open := state()
		assert.Equal(t, service.Open, open.State)
		assert.InDelta(t, 1, open.ErrorRate, 0)
		assert.Nil(t, open.LastSuccessAt)
		assert.True(t, open.OpenUntil.Equal(began.Add(15*time.Second)))
		answer := one(t, s, "a", "1")
		requireFailed(t, answer, service.Unavailable, service.FailedCircuitOpen)
		assert.Equal(t, open.OpenUntil, answer.Failure.RetryAt)
		assert.Len(t, a.called(), 4)
		requireFresh(t, one(t, s, "b", "1"), service.FromCarrier)
		assert.Equal(t, service.Closed, s.Health()[1].State)

		// Half-open: one trial; it fails, so the next pause is twice as long.
		time.Sleep(15 * time.Second)
		assert.Equal(t, service.HalfOpen, state().State)
		assert.True(t, state().Since.Equal(began.Add(15*time.Second)))
		fail(t, s, a, 1)
		assert.Equal(t, service.Open, state().State)
		assert.True(t, state().OpenUntil.Equal(began.Add(45*time.Second)))

		// Half-open again, and the trial succeeds.
		time.Sleep(30 * time.Second)
		a.answer = all(domain.MilestoneInTransit)
		requireFresh(t, one(t, s, "a", "1"), service.FromCarrier)
		closed := state()
		assert.Equal(t, service.Closed, closed.State)
		assert.Nil(t, closed.OpenUntil)
		assert.Zero(t, closed.ErrorRate)
		assert.True(t, closed.LastSuccessAt.Equal(began.Add(45*time.Second)))
		assert.Equal(t, []service.BreakerState{service.Open, service.Open, service.Closed}, heard.states)
	})
}

// While the trial is under way, others are answered at once: a carrier that hangs costs the trial's callers their budget and nobody else.
func TestBreakerTriesWithOneCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", answer: fails(errUnavailable)}
		s := open(t, service.Options{Retries: -1}, a)
		fail(t, s, a, 4)
		time.Sleep(15 * time.Second)
		a.answer = slow(5*time.Second, all(domain.MilestoneInTransit))
		requireFailed(t, one(t, s, "a", "1"), service.Unavailable, service.FailedOutOfTime)
		began := time.Now()
		requireFailed(t, one(t, s, "a", "2"), service.Unavailable, service.FailedCircuitOpen)
		assert.Zero(t, time.Since(began))
		assert.Len(t, a.called(), 5)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		requireFresh(t, one(t, s, "a", "1"), service.FromCache)
		assert.Equal(t, service.Closed, s.Health()[0].State)
	})
}

func TestBreakerForgetsWhatIsLongPast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", answer: fails(errUnavailable)}
		s := open(t, service.Options{Retries: -1}, a)
		for range 10 {
			fail(t, s, a, 3)
			time.Sleep(time.Minute)
		}
		assert.Equal(t, service.Closed, s.Health()[0].State)
		assert.Zero(t, s.Health()[0].ErrorRate)
	})
}

// "Too often" and "not this" show that the carrier is there.
func TestBreakerDoesNotBlameTheCarrierForUs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", answer: fails(&tracking.Error{Code: tracking.ErrBadRequest})}
		s := open(t, service.Options{}, a)
		for i := range 20 {
			requireFailed(t, one(t, s, "a", fmt.Sprint(i)), service.Unavailable, service.FailedBadRequest)
		}
		assert.Equal(t, service.Closed, s.Health()[0].State)
	})
}

// What waits in the queue of a carrier that turns out not to work is let go at once.
func TestBreakerEmptiesTheQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", answer: slow(100*time.Millisecond, fails(errUnavailable))}
		s := open(t, service.Options{Retries: -1, Concurrency: 1}, a)
		began := time.Now()
		found := s.Ask(t.Context(), ask("a", numbers(100)...))
		assert.Equal(t, 400*time.Millisecond, time.Since(began))
		for i, answer := range found {
			code := service.FailedCircuitOpen
			if i < 4 {
				code = service.FailedUnavailable
			}
			requireFailed(t, answer, service.Unavailable, code)
		}
	})
}

// So is what waits for its turn.
func TestBreakerWakesThoseWhoWaitForTheirTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", limits: tracking.Limits{CallsPerSecond: 2}, answer: slow(100*time.Millisecond, fails(errUnavailable))}
		s := open(t, service.Options{Breaker: service.BreakerOptions{MinCalls: 1}}, a)
		began := time.Now()
		first := make(chan service.Answer, 1)
		go func() { first <- s.Ask(t.Context(), ask("a", "1"))[0] }()
		synctest.Wait()
		requireFailed(t, one(t, s, "a", "2"), service.Unavailable, service.FailedCircuitOpen)
		assert.Equal(t, 100*time.Millisecond, time.Since(began), "the second call's turn would be at 500 ms, and the first call is still to be retried")
		requireFailed(t, <-first, service.Unavailable, service.FailedUnavailable)
		assert.Len(t, a.called(), 1)
	})
}
