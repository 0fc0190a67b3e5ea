package service_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking/service"
)

// slowStore takes so long to keep something.
type slowStore struct {
	store
	takes time.Duration
}

func (s *slowStore) Save(ctx context.Context, said []service.Said) error {
	time.Sleep(s.takes)
	return s.store.Save(ctx, said)
}

func (s *slowStore) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.saved)
}

func TestWhoWantsItKeptWaitsForTheStore(t *testing.T) {
	for _, test := range []struct {
		name        string
		takes, want time.Duration
		broken      error
		saved       int
	}{
		{name: "in time", takes: 300 * time.Millisecond, want: 300 * time.Millisecond, saved: 1},
		{name: "too slow", takes: 3 * time.Second, want: 800 * time.Millisecond},
		{name: "broken", takes: 100 * time.Millisecond, want: 100 * time.Millisecond, broken: errBroken, saved: 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				kept := &slowStore{takes: test.takes}
				kept.broken = test.broken
				s := open(t, service.Options{Store: kept}, &carrier{code: "a"})
				began := time.Now()
				found := s.Ask(t.Context(), []service.Request{{Query: query("a", "1"), Kept: true}})
				assert.Equal(t, test.want, time.Since(began))
				assert.Equal(t, test.saved, kept.count())
				requireFresh(t, found[0], service.FromCarrier)
			})
		})
	}
}

func TestWhoDoesNotWantItKeptDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &slowStore{takes: time.Second}
		s := open(t, service.Options{Store: kept}, &carrier{code: "a"})
		began := time.Now()
		requireFresh(t, one(t, s, "a", "1"), service.FromCarrier)
		assert.Zero(t, time.Since(began))
	})
}

func TestNothingToKeepIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, service.Options{Store: &slowStore{takes: time.Hour}, Retries: -1}, &carrier{code: "a", answer: fails(errUnavailable)})
		began := time.Now()
		found := s.Ask(t.Context(), []service.Request{{Query: query("a", "1"), Kept: true}, {Query: query("nobody", "1"), Kept: true}})
		requireFailed(t, found[0], service.Unavailable, service.FailedUnavailable)
		requireFailed(t, found[1], service.Unavailable, service.FailedUnknownCarrier)
		assert.Zero(t, time.Since(began))
		// What was just asked is not asked again, and so there is nothing to wait for either.
		require.Equal(t, domain.TrackingOutcome(""), s.Ask(t.Context(), []service.Request{{Query: query("a", "1"), Kept: true}})[0].Outcome)
		assert.Zero(t, time.Since(began))
	})
}
