package tracking_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// An event whose time is missing, or cannot be, does not take a shipment back from what the same answer says.
func TestReduceEventsWithoutTime(t *testing.T) {
	year2062 := tracking.Exact(time.Date(2062, 10, 10, 9, 0, 0, 0, time.UTC))
	transit, out, delivered := domain.MilestoneInTransit, domain.MilestoneOutForDelivery, domain.MilestoneDelivered
	for name, test := range map[string]struct {
		events []tracking.Event
		want   domain.Milestone
	}{
		"a scan without a time":        {[]tracking.Event{event(transit, at(1), "A"), event(out, at(2), "B"), event(transit, tracking.Time{}, "C")}, out},
		"a scan in a year to come":     {[]tracking.Event{event(out, at(2), "B"), event(transit, year2062, "C")}, out},
		"a delivery without a time":    {[]tracking.Event{event(out, at(2), "B"), event(delivered, tracking.Time{}, "C")}, delivered},
		"a delivery in a year to come": {[]tracking.Event{event(out, at(2), "B"), event(delivered, year2062, "C")}, delivered},
		"nothing else":                 {[]tracking.Event{event(transit, tracking.Time{}, "C")}, transit},
	} {
		t.Run(name, func(t *testing.T) { assert.Equal(t, test.want, tracking.Reduce(keyed(test.events...)).Milestone) })
	}
}

// What comes later and has no time is news all the same.
func TestReduceLaterEventWithoutTime(t *testing.T) {
	events := keyed(event(domain.MilestoneOutForDelivery, at(2), "B"), event(domain.MilestoneException, tracking.Time{}, "C"))
	assert.Equal(t, domain.MilestoneOutForDelivery, tracking.Reduce(events).Milestone)
	events[1].ReceivedAt = events[1].ReceivedAt.Add(time.Hour)
	assert.Equal(t, domain.MilestoneException, tracking.Reduce(events).Milestone)
}

// Whatever of the times is missing or impossible: the order and number in which events come makes no difference.
func TestReduceOddTimesInAnyOrder(t *testing.T) {
	milestones := []domain.Milestone{
		domain.MilestoneLabelCreated, domain.MilestonePickedUp, domain.MilestoneInTransit, domain.MilestoneOutForDelivery,
		domain.MilestoneException, domain.MilestoneDelivered, domain.MilestoneReturning,
	}
	rapid.Check(t, func(t *rapid.T) {
		var events []tracking.Event
		for range rapid.IntRange(1, 9).Draw(t, "events") {
			when := at(rapid.IntRange(0, 23).Draw(t, "hour"))
			switch rapid.IntRange(0, 4).Draw(t, "time") {
			case 0:
				when = tracking.Time{}
			case 1:
				when = tracking.Exact(when.Instant.AddDate(36, 0, 0))
			case 2:
				when = when.DayOnly()
			case 3:
				when = when.WithoutOffset()
			}
			events = append(events, event(rapid.SampledFrom(milestones).Draw(t, "milestone"), when, rapid.StringN(1, 2, 2).Draw(t, "code")))
		}
		events = keyed(events...)
		want := tracking.Reduce(events)
		got := tracking.Reduce(rapid.Permutation(append(events[:len(events):len(events)], events...)).Draw(t, "order"))
		assert.Equal(t, want, got)
	})
}
