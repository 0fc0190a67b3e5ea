package service_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// remembering is a store that has one answer to all questions.
type remembering struct{ stored service.Stored }

func (r remembering) Load(_ context.Context, queries []service.Query) ([]service.Stored, error) {
	stored := make([]service.Stored, len(queries))
	for i := range stored {
		stored[i] = r.stored
	}
	return stored, nil
}

func (remembering) Save(context.Context, []service.Said) error { return nil }

// TestForgottenNumbers holds that a carrier that does not know a number any more takes nothing away of what it said, and that what is stored
// is told with the carrier's last answer.
func TestForgottenNumbers(t *testing.T) {
	now := time.Date(2026, 3, 9, 12, 0, 0, 0, time.UTC)
	delivered := tracking.Report{Number: "1Z1", Events: []tracking.Event{{
		Milestone: domain.MilestoneDelivered, Classifier: domain.StateActual, Time: tracking.Exact(now.AddDate(0, 0, -200)),
	}}}
	delivered.SetKeys(now.AddDate(0, 0, -200))
	ups := &carrier{code: "ups", answer: func(_ context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
		return []tracking.Result{{Number: numbers[0].Number, Outcome: domain.TrackingNotFound}}, nil
	}}
	ask := func(stored service.Stored) (service.Answer, service.Answer) {
		s, err := service.New([]tracking.Carrier{ups}, service.Options{Store: remembering{stored}, Now: func() time.Time { return now }})
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close(t.Context())) }()
		request := []service.Request{{Query: service.Query{Carrier: "ups", Number: tracking.Number{Number: "1Z1"}}}}
		first := s.AskFor(t.Context(), time.Minute, request)[0]
		return first, s.AskFor(t.Context(), time.Minute, request)[0]
	}
	first, again := ask(service.Stored{Reports: []tracking.Report{delivered}, FetchedAt: now.AddDate(0, 0, -100), Outcome: domain.TrackingFound})
	for _, answer := range []service.Answer{first, again} {
		require.Equal(t, domain.TrackingNotFound, answer.Outcome)
		require.Equal(t, service.Fresh, answer.Freshness)
		require.Equal(t, now, answer.FetchedAt)
		require.Equal(t, domain.MilestoneDelivered, answer.State.Milestone)
		require.Len(t, answer.Reports, 1)
	}
	require.Equal(t, service.FromCache, again.Source)

	// It is settled all the same, so the answer of days ago is still good.
	calls := len(ups.calls)
	first, _ = ask(service.Stored{Reports: []tracking.Report{delivered}, FetchedAt: now.AddDate(0, 0, -2), Outcome: domain.TrackingNotFound})
	require.Equal(t, service.FromStore, first.Source)
	require.Equal(t, domain.TrackingNotFound, first.Outcome)
	require.Equal(t, domain.MilestoneDelivered, first.State.Milestone)
	require.Len(t, ups.calls, calls, "nobody was asked")

	// What came from elsewhere is never fresh.
	first, _ = ask(service.Stored{Reports: []tracking.Report{delivered}})
	require.Equal(t, service.FromCarrier, first.Source)
	require.Equal(t, domain.MilestoneDelivered, first.State.Milestone)
	first, _ = ask(service.Stored{FetchedAt: now, Outcome: domain.TrackingInvalid})
	require.Equal(t, domain.TrackingInvalid, first.Outcome)
	require.Equal(t, service.FromStore, first.Source)
}
