package tracking_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// at is 10 October 2026 at an hour in UTC.
func at(hour int) tracking.Time {
	return tracking.Exact(time.Date(2026, 10, 10, hour, 0, 0, 0, time.UTC))
}

func event(milestone domain.Milestone, when tracking.Time, code string) tracking.Event {
	return tracking.Event{Milestone: milestone, Classifier: domain.StateActual, RawCode: code, Time: when}
}

// keyed is the events as a report has them.
func keyed(events ...tracking.Event) []tracking.Event {
	report := tracking.Report{Number: "1", Events: slices.Clone(events)}
	report.SetKeys(time.Date(2026, 10, 11, 0, 0, 0, 0, time.UTC))
	return report.Events
}

func TestReduce(t *testing.T) {
	label, picked, transit := domain.MilestoneLabelCreated, domain.MilestonePickedUp, domain.MilestoneInTransit
	out, attempted, delivered := domain.MilestoneOutForDelivery, domain.MilestoneDeliveryAttempted, domain.MilestoneDelivered
	returning, returned, exception := domain.MilestoneReturning, domain.MilestoneReturned, domain.MilestoneException
	cancelled, expired, unknown := domain.MilestoneCancelled, domain.MilestoneExpired, domain.MilestoneUnknown
	waiting := domain.MilestoneAvailableForPickup
	for _, test := range []struct {
		name  string
		steps []domain.Milestone // an hour each
		want  domain.Milestone
	}{
		{"nothing", nil, unknown},
		{"the way", []domain.Milestone{label, picked, transit, out, delivered}, delivered},
		{"unknown codes change nothing", []domain.Milestone{picked, unknown, unknown}, picked},
		{"created after delivered", []domain.Milestone{picked, delivered, label}, delivered},
		{"a scan after delivered", []domain.Milestone{delivered, transit, out, exception, attempted}, delivered},
		{"the label again", []domain.Milestone{transit, label}, transit},
		{"picked up after a scan", []domain.Milestone{transit, picked}, transit},
		{"back to the depot", []domain.Milestone{out, transit}, transit},
		{"waits after an attempt", []domain.Milestone{out, attempted, waiting}, waiting},
		{"an exception that is over", []domain.Milestone{transit, exception, transit}, transit},
		{"picked up after a failed pick-up", []domain.Milestone{label, exception, picked}, picked},
		{"returned", []domain.Milestone{out, attempted, returning, transit, delivered}, returned},
		{"scans of a return", []domain.Milestone{returning, transit, out}, returning},
		{"trouble on the way back", []domain.Milestone{returning, exception}, exception},
		{"and it goes on", []domain.Milestone{returning, exception, transit}, returning},
		{"no attempts on the way back", []domain.Milestone{returning, attempted, waiting, label, cancelled}, returning},
		{"returned after delivery", []domain.Milestone{delivered, returning, delivered}, returned},
		{"returned is the end", []domain.Milestone{returned, delivered, transit, returning}, returned},
		{"cancelled is the end", []domain.Milestone{label, cancelled, transit, exception}, cancelled},
		{"cancelled, and delivered all the same", []domain.Milestone{cancelled, delivered}, delivered},
		{"delivered, then cancelled", []domain.Milestone{delivered, cancelled}, delivered},
		{"expired and found again", []domain.Milestone{transit, expired, transit}, transit},
		{"expired", []domain.Milestone{transit, expired, label}, expired},
	} {
		var events []tracking.Event
		for i, milestone := range test.steps {
			events = append(events, event(milestone, at(i), strconv.Itoa(i)))
		}
		assert.Equal(t, test.want, tracking.Reduce(keyed(events...)).Milestone, test.name)
	}
}

func TestReduceTellsWhenAndWhy(t *testing.T) {
	refused := event(domain.MilestoneDeliveryAttempted, at(9), "c")
	refused.Reason = domain.ReasonRefused
	late := event(domain.MilestoneUnknown, at(5), "b")
	late.Delay, late.Reason = true, domain.ReasonWeather
	state := tracking.Reduce(keyed(refused, event(domain.MilestonePickedUp, at(1), "a"), late))
	assert.Equal(t, domain.MilestoneDeliveryAttempted, state.Milestone)
	assert.True(t, state.Since.Equal(at(9)))
	assert.True(t, state.PickedUp.Equal(at(1)))
	assert.Equal(t, domain.ReasonRefused, state.Reason)
	assert.True(t, state.Delayed)
	assert.Equal(t, domain.ReasonWeather, state.DelayReason, "a delay does not hide progress")

	state = tracking.Reduce(keyed(refused, late, event(domain.MilestoneDelivered, at(12), "d"), event(domain.MilestoneReturned, at(20), "e")))
	assert.True(t, state.Delivered.Equal(at(12)))
	assert.Equal(t, domain.MilestoneReturned, state.Milestone)
	assert.Empty(t, state.Reason, "the reason of the attempt is not that of the return")
}

func TestReduceCountsActualEventsOnly(t *testing.T) {
	expected := event(domain.MilestoneDelivered, at(9), "a")
	expected.Classifier = domain.StateEstimated
	planned := event(domain.MilestoneOutForDelivery, at(8), "b")
	planned.Classifier, planned.Delay = domain.StatePlanned, true
	state := tracking.Reduce(keyed(expected, planned, event(domain.MilestoneInTransit, at(1), "c")))
	assert.Equal(t, domain.MilestoneInTransit, state.Milestone)
	assert.False(t, state.Delayed)
	assert.Len(t, state.Events, 3, "they are kept")
}

// The order within a day is not known of an event with a date only, so it takes nothing back.
func TestReduceWithDaysOnly(t *testing.T) {
	day := at(0).DayOnly()
	state := tracking.Reduce(keyed(event(domain.MilestoneOutForDelivery, day, "a"), event(domain.MilestoneInTransit, at(5), "b")))
	assert.Equal(t, domain.MilestoneOutForDelivery, state.Milestone)
	next := tracking.Exact(time.Date(2026, 10, 11, 5, 0, 0, 0, time.UTC))
	state = tracking.Reduce(keyed(event(domain.MilestoneOutForDelivery, day, "a"), event(domain.MilestoneInTransit, next, "b")))
	assert.Equal(t, domain.MilestoneInTransit, state.Milestone)
}

func TestCorrections(t *testing.T) {
	wrong := event(domain.MilestoneDelivered, at(9), "D")
	wrong.ID = "e1"
	scan := event(domain.MilestoneInTransit, at(5), "T")
	right := event(domain.MilestoneDeliveryAttempted, at(9), "A")
	right.ID, right.Corrects = "e2", []string{"e1", "e2", "elsewhere"}

	events := keyed(scan, wrong, right)
	state := tracking.Reduce(events)
	assert.Equal(t, domain.MilestoneDeliveryAttempted, state.Milestone, "a terminal milestone goes by correction")
	assert.Equal(t, map[string]string{events[1].Key: events[2].Key}, state.SupersededBy)

	withdrawn := wrong
	withdrawn.Withdrawn = true
	gone := keyed(withdrawn)[0]
	state = tracking.Reduce(append(keyed(scan, wrong), gone))
	assert.Equal(t, domain.MilestoneInTransit, state.Milestone)
	assert.Equal(t, map[string]string{gone.Key: gone.Key}, state.SupersededBy)

	_, changed := tracking.Merge(keyed(wrong), []tracking.Event{gone})
	assert.Len(t, changed, 1, "a withdrawal in the same words is one")

	again := keyed(wrong)[0]
	again.ReceivedAt = again.ReceivedAt.Add(time.Hour)
	all, changed := tracking.Merge([]tracking.Event{gone}, []tracking.Event{again})
	assert.Empty(t, changed, "what was withdrawn does not come back with a late copy")
	assert.Equal(t, domain.MilestoneUnknown, tracking.Reduce(all).Milestone)
}

func TestKeys(t *testing.T) {
	key := func(change func(*tracking.Report, *tracking.Event)) string {
		report := tracking.Report{Number: "1", Events: []tracking.Event{event(domain.MilestoneInTransit, at(1), "021")}}
		change(&report, &report.Events[0])
		report.SetKeys(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
		return report.Events[0].Key
	}
	same := key(func(*tracking.Report, *tracking.Event) {})
	for name, change := range map[string]func(*tracking.Report, *tracking.Event){
		"place":     func(_ *tracking.Report, e *tracking.Event) { e.Place.Text = "Lyon" },
		"words":     func(_ *tracking.Report, e *tracking.Event) { e.RawText = "En route" },
		"milestone": func(_ *tracking.Report, e *tracking.Event) { e.Milestone = domain.MilestoneOutForDelivery },
		"offset": func(_ *tracking.Report, e *tracking.Event) {
			e.Time = tracking.Exact(e.Time.Instant.In(time.FixedZone("", 3600)))
		},
	} {
		assert.Equal(t, same, key(change), name)
	}
	for name, change := range map[string]func(*tracking.Report, *tracking.Event){
		"number":     func(r *tracking.Report, _ *tracking.Event) { r.Number = "2" },
		"unique id":  func(r *tracking.Report, _ *tracking.Event) { r.UniqueID = "u" },
		"code":       func(_ *tracking.Report, e *tracking.Event) { e.RawCode = "17" },
		"time":       func(_ *tracking.Report, e *tracking.Event) { e.Time = at(2) },
		"no offset":  func(_ *tracking.Report, e *tracking.Event) { e.Time = e.Time.WithoutOffset() },
		"classifier": func(_ *tracking.Report, e *tracking.Event) { e.Classifier = domain.StatePlanned },
		"id":         func(_ *tracking.Report, e *tracking.Event) { e.ID = "e" },
	} {
		assert.NotEqual(t, same, key(change), name)
	}
}

// anyEvents are events of one shipment with ids, corrections and times that clash often.
func anyEvents(t *rapid.T) []tracking.Event {
	milestones := []domain.Milestone{
		domain.MilestoneUnknown, domain.MilestoneLabelCreated, domain.MilestonePickedUp, domain.MilestoneInTransit, domain.MilestoneOutForDelivery,
		domain.MilestoneAvailableForPickup, domain.MilestoneDeliveryAttempted, domain.MilestoneDelivered, domain.MilestoneException,
		domain.MilestoneReturning, domain.MilestoneReturned, domain.MilestoneCancelled, domain.MilestoneExpired,
	}
	ids := []string{"", "", "a", "b", "c"}
	var events []tracking.Event
	for range rapid.IntRange(0, 8).Draw(t, "events") {
		e := event(rapid.SampledFrom(milestones).Draw(t, "milestone"), anyTime(t), rapid.SampledFrom([]string{"x", "y"}).Draw(t, "code"))
		if rapid.IntRange(0, 9).Draw(t, "no time") == 0 {
			e.Time = tracking.Time{}
		}
		e.Classifier = rapid.SampledFrom([]domain.MilestoneState{domain.StateActual, domain.StateActual, domain.StatePlanned}).Draw(t, "classifier")
		e.ID = rapid.SampledFrom(ids).Draw(t, "id")
		e.Withdrawn = rapid.IntRange(0, 5).Draw(t, "withdrawn") == 0
		e.Delay = rapid.Bool().Draw(t, "delay")
		e.Reason = rapid.SampledFrom([]domain.ExceptionReason{"", domain.ReasonWeather, domain.ReasonLost}).Draw(t, "reason")
		if id := rapid.SampledFrom(ids).Draw(t, "corrects"); id != "" {
			e.Corrects = []string{id}
		}
		one := keyed(e)[0]
		one.ReceivedAt = one.ReceivedAt.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "received")) * time.Hour)
		events = append(events, one)
	}
	return events
}

func TestAnyOrderAndDuplicationGivesTheSameState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		events := anyEvents(t)
		again := slices.Clone(events)
		for range rapid.IntRange(0, 4).Draw(t, "copies") {
			if len(events) > 0 {
				again = append(again, rapid.SampledFrom(events).Draw(t, "copy"))
			}
		}
		shuffle := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		shuffle.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		require.Empty(t, cmp.Diff(written(t, tracking.Reduce(events)), written(t, tracking.Reduce(again))))
	})
}

func TestMergingIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		stored, fresh := anyEvents(t), anyEvents(t)
		once, _ := tracking.Merge(stored, fresh)
		twice, changed := tracking.Merge(once, fresh)
		require.Empty(t, changed)
		require.Empty(t, cmp.Diff(written(t, once), written(t, twice)))
		none, changed := tracking.Merge(once, nil)
		require.Empty(t, changed)
		require.Empty(t, cmp.Diff(written(t, once), written(t, none)))
	})
}

// The state of a shipment does not go back when nothing but older events, none of them a return or a correction, are added.
func TestOldEventsNeverDowngrade(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		end := keyed(event(domain.MilestoneDelivered, tracking.Exact(time.Unix(1_760_500_000, 0).UTC()), "end"))
		events := slices.DeleteFunc(anyEvents(t), func(e tracking.Event) bool {
			return e.Milestone == domain.MilestoneReturned || e.Milestone == domain.MilestoneReturning
		})
		require.Equal(t, domain.MilestoneDelivered, tracking.Reduce(append(events, end...)).Milestone)
	})
}

func TestMergeKeepsWhatIsStored(t *testing.T) {
	stored := keyed(event(domain.MilestoneInTransit, at(1), "T"))
	same := slices.Clone(stored)
	same[0].ReceivedAt = same[0].ReceivedAt.Add(time.Hour)
	all, changed := tracking.Merge(stored, same)
	assert.Empty(t, changed, "the same again is no news")
	assert.Equal(t, stored[0].ReceivedAt, all[0].ReceivedAt)

	same[0].RawText = "In transit, and now with words"
	all, changed = tracking.Merge(stored, same)
	assert.Len(t, changed, 1)
	assert.Equal(t, same, all)

	_, changed = tracking.Merge(all, stored)
	assert.Empty(t, changed, "an older word does not replace a newer one")
}

func written(t require.TestingT, value any) string {
	text, err := json.MarshalIndent(value, "", " ")
	require.NoError(t, err)
	return strings.ReplaceAll(string(text), "null", "[]")
}

func BenchmarkReduce(b *testing.B) {
	var events []tracking.Event
	for i := range 30 {
		events = append(events, event(domain.MilestoneInTransit, at(i), strconv.Itoa(i)))
	}
	events = keyed(events...)
	b.ReportAllocs()
	for b.Loop() {
		tracking.Reduce(events)
	}
}
