package service_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

func TestAskAnswersEachInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", limits: tracking.Limits{NumbersPerCall: 2}}
		b := &carrier{code: "b", limits: tracking.Limits{NumbersPerCall: 10}, answer: fails(&tracking.Error{Code: tracking.ErrUnauthenticated})}
		s := open(t, service.Options{}, a, b)
		requests := append(ask("a", "1", "2", "3", "1"), ask("b", "4")...)
		requests = append(requests, append(ask("c", "5"), ask("a", " ")...)...)
		found := s.Ask(t.Context(), requests)
		require.Len(t, found, 7)
		for i, number := range []string{"1", "2", "3", "1"} {
			requireFresh(t, found[i], service.FromCarrier)
			assert.Equal(t, number, found[i].Reports[0].Number)
			assert.Equal(t, domain.MilestoneInTransit, found[i].State.Milestone)
		}
		requireFailed(t, found[4], service.Unavailable, service.FailedUnauthenticated)
		requireFailed(t, found[5], service.Unavailable, service.FailedUnknownCarrier)
		requireFailed(t, found[6], service.Unavailable, service.FailedBadNumber)
		assert.ElementsMatch(t, [][]string{{"1", "2"}, {"3"}}, a.called())
		assert.Len(t, b.called(), 1)
		assert.Empty(t, s.Ask(t.Context(), nil))
	})
}

func TestAskKeepsWhatWasSaidAsLongAsItLasts(t *testing.T) {
	for milestone, lasts := range map[domain.Milestone]time.Duration{
		domain.MilestoneDelivered: 7 * 24 * time.Hour, domain.MilestoneOutForDelivery: time.Minute, domain.MilestoneInTransit: 10 * time.Minute,
		domain.MilestoneAvailableForPickup: 30 * time.Minute, domain.MilestoneLabelCreated: 42 * time.Minute, domain.MilestoneUnknown: 10 * time.Minute,
	} {
		t.Run(string(milestone), func(t *testing.T) { lastsFor(t, all(milestone), lasts) })
	}
	for said, lasts := range map[domain.TrackingOutcome]time.Duration{
		domain.TrackingNotFound: 20 * time.Minute, domain.TrackingInvalid: 24 * time.Hour,
	} {
		t.Run(string(said), func(t *testing.T) { lastsFor(t, outcome(tracking.Result{Outcome: said}), lasts) })
	}
}

func lastsFor(t *testing.T, answer answers, lasts time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", answer: answer}
		s := open(t, service.Options{Lifetimes: service.Lifetimes{LabelCreated: 42 * time.Minute}}, a)
		requireFresh(t, one(t, s, "a", "1"), service.FromCarrier)
		time.Sleep(lasts - time.Nanosecond)
		requireFresh(t, one(t, s, "a", "1"), service.FromCache)
		assert.Len(t, a.called(), 1)
		time.Sleep(time.Nanosecond)
		requireFresh(t, one(t, s, "a", "1"), service.FromCarrier)
		assert.Len(t, a.called(), 2)
	})
}

func TestAskHonoursMaxAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", answer: all(domain.MilestoneDelivered)}
		s := open(t, service.Options{MinAge: 5 * time.Second}, a)
		within := func(age time.Duration) service.Answer {
			return s.Ask(t.Context(), []service.Request{{Query: query("a", "1"), MaxAge: age}})[0]
		}
		requireFresh(t, within(time.Minute), service.FromCarrier)
		time.Sleep(4 * time.Second)
		requireFresh(t, within(1), service.FromCache)
		time.Sleep(2 * time.Second)
		requireFresh(t, within(1), service.FromCarrier)
		time.Sleep(time.Minute)
		requireFresh(t, within(2*time.Minute), service.FromCache)
	})
}

// Whoever asks while a number is being asked about shares the answer, however the number is written.
func TestAskSharesFlights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", limits: tracking.Limits{NumbersPerCall: 10}, answer: slow(100*time.Millisecond, all(domain.MilestoneInTransit))}
		s := open(t, service.Options{}, a)
		var wg sync.WaitGroup
		for i := range 50 {
			wg.Go(func() {
				number := []string{"ab 1", "AB-1", "ab1"}[i%3]
				answer := one(t, s, "a", number)
				assert.Equal(t, service.Fresh, answer.Freshness)
			})
		}
		wg.Wait()
		assert.Len(t, a.called(), 1)
		hinted := s.Ask(t.Context(), []service.Request{{Query: service.Query{
			Carrier: "a", Number: tracking.Number{Number: "ab1", PostalCode: "79100", ShipDate: &domain.Date{Year: 2026, Month: time.March, Day: 1}},
		}}})
		requireFresh(t, hinted[0], service.FromCarrier)
		assert.Len(t, a.called(), 2, "another postal code may open another answer")
	})
}

// A flight that lands while another caller is still reading what is stored answers that caller, too.
func TestAskSeesWhatLandedMeanwhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a"}
		s := open(t, service.Options{Store: &store{slow: 100 * time.Millisecond}}, a)
		late := make(chan service.Answer, 1)
		go func() { late <- s.Ask(t.Context(), ask("a", "1"))[0] }()
		synctest.Wait()
		requireFresh(t, one(t, s, "a", "1"), service.FromCarrier)
		requireFresh(t, <-late, service.FromCache)
		assert.Len(t, a.called(), 1)
	})
}

// What waits while all workers are busy goes together into the next call.
func TestAskGroupsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", limits: tracking.Limits{NumbersPerCall: 10}, answer: slow(100*time.Millisecond, all(domain.MilestoneInTransit))}
		s := open(t, service.Options{Concurrency: 1}, a)
		var wg sync.WaitGroup
		for i := range 12 {
			wg.Go(func() { assert.Equal(t, service.Fresh, one(t, s, "a", fmt.Sprint(i)).Freshness) })
			synctest.Wait()
		}
		wg.Wait()
		calls := a.called()
		require.Len(t, calls, 3)
		assert.Equal(t, []int{1, 10, 1}, []int{len(calls[0]), len(calls[1]), len(calls[2])})
		assert.Equal(t, 1, a.most)
	})
}

func TestAskEndsWithItsBudgetAndTheCallGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", answer: slow(3*time.Second, all(domain.MilestoneOutForDelivery))}
		b := &carrier{code: "b"}
		old := time.Now().Add(-time.Hour)
		kept := &store{kept: map[string]service.Stored{"1": {Reports: []tracking.Report{report("1", domain.MilestonePickedUp)}, FetchedAt: old}}}
		s := open(t, service.Options{Store: kept}, a, b)
		began := time.Now()
		found := s.Ask(t.Context(), append(ask("a", "1", "2"), ask("b", "3")...))
		assert.Equal(t, 800*time.Millisecond, time.Since(began))
		requireFailed(t, found[0], service.Stale, service.FailedOutOfTime)
		assert.Equal(t, domain.MilestonePickedUp, found[0].State.Milestone)
		assert.Equal(t, service.FromStore, found[0].Source)
		assert.True(t, found[0].FetchedAt.Equal(old))
		requireFailed(t, found[1], service.Unavailable, service.FailedOutOfTime)
		requireFresh(t, found[2], service.FromCarrier)

		time.Sleep(3 * time.Second)
		synctest.Wait()
		answer := one(t, s, "a", "1")
		requireFresh(t, answer, service.FromCache)
		assert.Equal(t, domain.MilestoneOutForDelivery, answer.State.Milestone)
		assert.Len(t, a.called(), 2, "each number once")
		assert.Len(t, kept.saved, 3)
	})
}

func TestAskEndsWithItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", answer: slow(3*time.Second, all(domain.MilestoneInTransit))}
		s := open(t, service.Options{}, a)
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		began := time.Now()
		requireFailed(t, s.Ask(ctx, ask("a", "1"))[0], service.Unavailable, service.FailedOutOfTime)
		assert.Equal(t, 50*time.Millisecond, time.Since(began))
		requireFailed(t, s.Ask(ctx, ask("a", "2"))[0], service.Unavailable, service.FailedOutOfTime)
		synctest.Wait()
		assert.Equal(t, [][]string{{"1"}}, a.called(), "nobody is asked for a caller who has gone")
	})
}

func TestAskTakesWhatIsStored(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a"}
		kept := &store{kept: map[string]service.Stored{
			"1": {Reports: []tracking.Report{report("1", domain.MilestoneDelivered)}, FetchedAt: time.Now().Add(-time.Hour)},
			"2": {FetchedAt: time.Now().Add(-time.Minute)},
			"3": {Reports: []tracking.Report{report("3", domain.MilestonePickedUp), report("3", domain.MilestoneDelivered)}, FetchedAt: time.Now()},
		}}
		s := open(t, service.Options{Store: kept}, a)
		found := s.Ask(t.Context(), append(ask("a", "1", "2", "3"), ask("gone", "1")...))
		for i, want := range []domain.TrackingOutcome{domain.TrackingFound, domain.TrackingNotFound, domain.TrackingAmbiguous, domain.TrackingFound} {
			requireFresh(t, found[i], service.FromStore)
			assert.Equal(t, want, found[i].Outcome)
		}
		assert.Empty(t, a.called())
		assert.Equal(t, 1, kept.loads)
		assert.Empty(t, kept.saved)

		// What was pushed meanwhile is seen when the cache has been told.
		requireFresh(t, one(t, s, "a", "4"), service.FromCarrier)
		kept.mu.Lock()
		kept.kept["4"] = service.Stored{Reports: []tracking.Report{report("4", domain.MilestoneDelivered)}, FetchedAt: time.Now().Add(time.Second)}
		kept.mu.Unlock()
		assert.Equal(t, domain.MilestoneInTransit, one(t, s, "a", "4").State.Milestone)
		s.Forget("a", " 4")
		assert.Equal(t, domain.MilestoneDelivered, one(t, s, "a", "4").State.Milestone)
	})
}

func TestAskOutlivesItsStore(t *testing.T) {
	for name, kept := range map[string]*store{"broken": {broken: errBroken}, "hangs": {hangs: true}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				heard := &ear{}
				s := open(t, service.Options{Store: kept, Observer: heard}, &carrier{code: "a"})
				began := time.Now()
				requireFresh(t, one(t, s, "a", "1"), service.FromCarrier)
				assert.LessOrEqual(t, time.Since(began), 400*time.Millisecond)
				synctest.Wait()
				assert.NotEmpty(t, heard.failed)
			})
		})
	}
}

func TestAskBoundsItsCache(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &carrier{code: "a", limits: tracking.Limits{NumbersPerCall: 1}}
		s := open(t, service.Options{CacheSize: 2}, a)
		for _, number := range []string{"1", "2", "3", "3", "1"} {
			one(t, s, "a", number)
		}
		assert.Equal(t, [][]string{{"1"}, {"2"}, {"3"}, {"1"}}, a.called())
	})
}

func TestNewRefusesTwoOfOneCode(t *testing.T) {
	_, err := service.New([]tracking.Carrier{&carrier{code: "a"}, &carrier{code: "a"}}, service.Options{})
	require.Error(t, err)
}
