package service_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// TestWhatOthersWereTold holds that an answer that stays fresh for days does not hide for days what another process was told since.
func TestWhatOthersWereTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kept := &store{kept: map[string]service.Stored{}}
		ups := &carrier{code: "ups", answer: all(domain.MilestoneDelivered)}
		s := open(t, service.Options{Store: kept}, ups)
		requireFresh(t, one(t, s, "ups", "1"), service.FromCarrier)
		loads := kept.loads
		time.Sleep(30 * time.Second)
		requireFresh(t, one(t, s, "ups", "1"), service.FromCache)
		require.Equal(t, loads, kept.loads)

		// The carrier tells another process that it comes back.
		kept.kept["1"] = service.Stored{
			Reports: []tracking.Report{report("1", domain.MilestoneReturning)}, Outcome: domain.TrackingFound, FetchedAt: time.Now(),
		}
		time.Sleep(time.Minute)
		answer := one(t, s, "ups", "1")
		requireFresh(t, answer, service.FromStore)
		require.Equal(t, domain.MilestoneReturning, answer.State.Milestone)

		// What cannot be looked at is not missed.
		kept.broken = errBroken
		requireFresh(t, one(t, s, "ups", "1"), service.FromCache)
		require.Len(t, ups.called(), 1)
	})
}

// TestAClockThatWasPutRight holds that what was said in a future that is not to be is not fresh until then.
func TestAClockThatWasPutRight(t *testing.T) {
	now := time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)
	kept := remembering{service.Stored{
		Reports: []tracking.Report{report("1", domain.MilestoneInTransit)}, Outcome: domain.TrackingFound, FetchedAt: now.AddDate(1, 0, 0),
	}}
	ups := &carrier{code: "ups"}
	s := open(t, service.Options{Store: kept, Now: func() time.Time { return now }}, ups)
	requireFresh(t, one(t, s, "ups", "1"), service.FromCarrier)
	require.Len(t, ups.called(), 1)
}

// TestAStoreThatPanics holds that a fault in keeping what was said costs nobody the answer.
func TestAStoreThatPanics(t *testing.T) {
	heard := &ear{}
	s := open(t, service.Options{Store: faulty{}, Observer: heard}, &carrier{code: "ups"})
	answer := s.Ask(t.Context(), []service.Request{{Query: query("ups", "1"), Kept: true}})[0]
	requireFresh(t, answer, service.FromCarrier)
	require.NoError(t, s.Close(t.Context()))
	require.Len(t, heard.failed, 1)
}

// faulty is a store that cannot keep anything.
type faulty struct{ remembering }

func (faulty) Save(context.Context, []service.Said) error { panic("broken") }
