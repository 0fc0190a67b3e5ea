package service_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

func numbers(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("N%04d", i)
	}
	return all
}

// The carrier's rate is kept, whoever asks; numbers whose turn does not come within the budget cost their caller no waiting.
func TestLaneKeepsThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", limits: tracking.Limits{CallsPerSecond: 0.5, Burst: 2}}
		s := open(t, service.Options{Patience: 9 * time.Second}, a)
		began := time.Now()
		found := s.Ask(t.Context(), ask("a", numbers(8)...))
		assert.Zero(t, time.Since(began))
		for i, answer := range found {
			switch {
			case i < 2:
				requireFresh(t, answer, service.FromCarrier)
			default:
				requireFailed(t, answer, service.Unavailable, service.FailedRateLimited)
				assert.Equal(t, min(time.Duration(i-1)*2, 10)*time.Second, answer.Failure.RetryAt.Sub(began))
			}
		}
		time.Sleep(20 * time.Second)
		synctest.Wait()
		var offsets []time.Duration
		for _, at := range a.at {
			offsets = append(offsets, at.Sub(began))
		}
		// Two at once, then one in two seconds; what would have had to wait for longer than anybody's patience was never in the queue.
		assert.Equal(t, []time.Duration{0, 0, 2 * time.Second, 4 * time.Second, 6 * time.Second, 8 * time.Second}, offsets)
		requireFresh(t, one(t, s, "a", "N0005"), service.FromCache)
	})
}

// Turns that have been given and are waited for count once.
func TestLaneTellsWhenItsTurnComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", limits: tracking.Limits{CallsPerSecond: 0.5}}
		s := open(t, service.Options{Concurrency: 2}, a)
		began := time.Now()
		requireFresh(t, one(t, s, "a", "1"), service.FromCarrier)
		for i, number := range []string{"2", "3", "4", "5"} {
			answer := one(t, s, "a", number)
			requireFailed(t, answer, service.Unavailable, service.FailedRateLimited)
			assert.Equal(t, time.Duration(i+1)*2*time.Second, answer.Failure.RetryAt.Sub(began), number)
			synctest.Wait()
		}
		time.Sleep(8 * time.Second)
		synctest.Wait()
		assert.Equal(t, [][]string{{"1"}, {"2"}, {"3"}, {"4"}, {"5"}}, a.called())
		assert.Equal(t, 8*time.Second, a.at[4].Sub(began))
	})
}

func TestLaneKeepsTheBudgetOfTheDay(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", limits: tracking.Limits{CallsPerDay: 3, DayResets: paris}}
		s := open(t, service.Options{}, a)
		found := s.Ask(t.Context(), ask("a", numbers(4)...))
		refused := 0
		for _, answer := range found {
			if answer.Failure != nil {
				refused++
				requireFailed(t, answer, service.Unavailable, service.FailedDailyBudget)
				// Bubbles begin at midnight UTC of 1 January 2000, an hour later in Paris.
				assert.True(t, answer.Failure.RetryAt.Equal(time.Date(2000, 1, 1, 23, 0, 0, 0, time.UTC)), "%s", answer.Failure.RetryAt)
			}
		}
		assert.Equal(t, 1, refused)
		health := s.Health()[0]
		assert.Equal(t, []int{3, 3}, []int{health.CallsToday, health.CallsPerDay})
		time.Sleep(23*time.Hour - time.Nanosecond)
		requireFailed(t, one(t, s, "a", "new"), service.Unavailable, service.FailedDailyBudget)
		time.Sleep(time.Nanosecond)
		requireFresh(t, one(t, s, "a", "new"), service.FromCarrier)
		assert.Equal(t, 1, s.Health()[0].CallsToday)
	})
}

func TestLaneTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		heard := &ear{}
		a := &carrier{code: "a", answer: inTurn(fails(errUnavailable), fails(errUnavailable), all(domain.MilestoneInTransit))}
		s := open(t, service.Options{Observer: heard, Random: func() float64 { return 0.5 }}, a)
		began := time.Now()
		requireFresh(t, one(t, s, "a", "1"), service.FromCarrier)
		assert.Equal(t, 600*time.Millisecond, time.Since(began), "200 ms and 400 ms")
		assert.Equal(t, []error{errUnavailable, errUnavailable, nil}, heard.calls)
		assert.Equal(t, 3, s.Health()[0].CallsToday, "attempts count")
	})
}

func TestLaneTriesAgainOnlyWhereThatHelps(t *testing.T) {
	for name, test := range map[string]struct {
		answer answers
		code   service.FailureCode
		calls  int
	}{
		"for the moment": {fails(errUnavailable), service.FailedUnavailable, 3},
		"credentials":    {fails(&tracking.Error{Code: tracking.ErrUnauthenticated}), service.FailedUnauthenticated, 1},
		"question":       {fails(&tracking.Error{Code: tracking.ErrBadRequest}), service.FailedBadRequest, 1},
		"too often":      {fails(&tracking.Error{Code: tracking.ErrRateLimited, Temporary: true}), service.FailedRateLimited, 1},
		"number":         {outcome(tracking.Result{Outcome: domain.TrackingUnavailable}), service.FailedUnavailable, 1},
		"panic":          {func(context.Context, []tracking.Number) ([]tracking.Result, error) { panic("no") }, service.FailedInternal, 1},
		"other error":    {func(context.Context, []tracking.Number) ([]tracking.Result, error) { return nil, errBroken }, service.FailedInternal, 1},
		"too few":        {func(context.Context, []tracking.Number) ([]tracking.Result, error) { return nil, nil }, service.FailedInternal, 1},
		"no outcome":     {outcome(tracking.Result{}), service.FailedInternal, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := &carrier{code: "a", answer: test.answer}
				s := open(t, service.Options{Budget: time.Minute}, a)
				requireFailed(t, one(t, s, "a", "1"), service.Unavailable, test.code)
				assert.Len(t, a.called(), test.calls)
				// The same number is left alone for a while.
				requireFailed(t, one(t, s, "a", "1"), service.Unavailable, test.code)
				assert.Len(t, a.called(), test.calls)
			})
		})
	}
}

func TestLaneHonoursRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until := time.Now().Add(90 * time.Second)
		tooMany := &tracking.Error{Code: tracking.ErrRateLimited, Temporary: true, RetryAt: &until}
		a := &carrier{code: "a", answer: inTurn(fails(tooMany), all(domain.MilestoneInTransit))}
		s := open(t, service.Options{}, a)
		for _, number := range []string{"1", "2", "1"} {
			answer := one(t, s, "a", number)
			requireFailed(t, answer, service.Unavailable, service.FailedRateLimited)
			assert.True(t, answer.Failure.RetryAt.Equal(until))
		}
		assert.Len(t, a.called(), 1)
		assert.True(t, s.Health()[0].PausedUntil.Equal(until))
		assert.Equal(t, service.Closed, s.Health()[0].State)
		time.Sleep(90 * time.Second)
		requireFresh(t, one(t, s, "a", "1"), service.FromCarrier)
		assert.Nil(t, s.Health()[0].PausedUntil)
	})
}

// A wait that is short enough is waited within the call.
func TestLaneWaitsForAShortRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until := time.Now().Add(3 * time.Second)
		tooMany := &tracking.Error{Code: tracking.ErrRateLimited, Temporary: true, RetryAt: &until}
		a := &carrier{code: "a", answer: inTurn(fails(tooMany), all(domain.MilestoneInTransit))}
		s := open(t, service.Options{Budget: time.Minute}, a)
		requireFresh(t, one(t, s, "a", "1"), service.FromCarrier)
		assert.True(t, time.Now().Equal(until))
	})
}

// One number that the carrier cannot tell about now leaves the others of its call alone.
func TestLaneFailsNumberByNumber(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		until := time.Now().Add(time.Hour)
		a := &carrier{code: "a", limits: tracking.Limits{NumbersPerCall: 3}}
		a.answer = func(ctx context.Context, asked []tracking.Number) ([]tracking.Result, error) {
			results, err := all(domain.MilestoneInTransit)(ctx, asked)
			results[1] = tracking.Result{Outcome: domain.TrackingRateLimited, RetryAt: &until}
			return results, err
		}
		s := open(t, service.Options{}, a)
		found := s.Ask(t.Context(), ask("a", "1", "2", "3"))
		requireFresh(t, found[0], service.FromCarrier)
		requireFailed(t, found[1], service.Unavailable, service.FailedRateLimited)
		requireFresh(t, found[2], service.FromCarrier)
		time.Sleep(time.Minute)
		requireFailed(t, one(t, s, "a", "2"), service.Unavailable, service.FailedRateLimited)
		assert.Len(t, a.called(), 1)
	})
}

func TestLaneBoundsItsQueueAndItsCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", limits: tracking.Limits{NumbersPerCall: 2}, answer: slow(10*time.Second, all(domain.MilestoneInTransit))}
		b := &carrier{code: "b"}
		s := open(t, service.Options{QueueSize: 10, Concurrency: 3, Patience: 15 * time.Second}, a, b)
		s.Ask(t.Context(), ask("a", numbers(6)...))
		found := s.Ask(t.Context(), append(ask("a", numbers(20)...), ask("b", "1")...))
		for i, answer := range found[:20] {
			code := service.FailedOutOfTime
			if i >= 16 {
				code = service.FailedOverloaded
			}
			requireFailed(t, answer, service.Unavailable, code)
		}
		requireFresh(t, found[20], service.FromCarrier)
		health := s.Health()[0]
		assert.Equal(t, []int{10, 3}, []int{health.Waiting, health.Running})
		time.Sleep(time.Minute)
		synctest.Wait()
		assert.Equal(t, 3, a.most)
		assert.Len(t, a.called(), 6, "what waited for longer than anybody's patience is let go")
	})
}

func TestCloseWaitsForEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", answer: slow(time.Hour, all(domain.MilestoneInTransit))}
		b := &carrier{code: "b", limits: tracking.Limits{CallsPerSecond: 0.1}}
		s, err := service.New([]tracking.Carrier{a, b}, service.Options{Concurrency: 1})
		require.NoError(t, err)
		requireFresh(t, one(t, s, "b", "1"), service.FromCarrier)
		s.Ask(t.Context(), append(ask("a", "1", "2"), ask("b", "2", "3")...))
		began := time.Now()
		require.NoError(t, s.Close(t.Context()))
		assert.Zero(t, time.Since(began))
		assert.Zero(t, a.running)
		assert.Len(t, a.called(), 1)
		requireFailed(t, one(t, s, "a", "3"), service.Unavailable, service.FailedStopped)
		requireFresh(t, one(t, s, "b", "1"), service.FromCache)
		require.NoError(t, s.Close(t.Context()), "closing again changes nothing")
	})
}

// An adapter that does not end with its context holds Close until the caller has waited long enough, and nobody who asks.
func TestCloseEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		a := &carrier{code: "a", answer: func(ctx context.Context, asked []tracking.Number) ([]tracking.Result, error) {
			<-release
			return all(domain.MilestoneInTransit)(ctx, asked)
		}}
		kept := &store{}
		s, err := service.New([]tracking.Carrier{a}, service.Options{Store: kept})
		require.NoError(t, err)
		requireFailed(t, one(t, s, "a", "1"), service.Unavailable, service.FailedOutOfTime)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, s.Close(ctx), context.DeadlineExceeded)
		close(release)
		require.NoError(t, s.Close(t.Context()))
		assert.Len(t, kept.saved, 1, "what a call brought is kept")
	})
}
