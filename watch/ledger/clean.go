package ledger

import (
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// cleaned are the events of a report as they can be stored: adapters keep to what a database holds, but what one lets through must not keep the
// others of its call from being written.
func cleaned(report *tracking.Report, at time.Time) []tracking.Event {
	events := make([]tracking.Event, len(report.Events))
	copy(events, report.Events)
	for i := range events {
		if events[i].Key == "" || events[i].ReceivedAt.IsZero() {
			keyed := tracking.Report{Number: report.Number, UniqueID: report.UniqueID, Events: []tracking.Event{events[i]}}
			received := events[i].ReceivedAt
			if received.IsZero() {
				received = at
			}
			keyed.SetKeys(received)
			if events[i].Key != "" {
				keyed.Events[0].Key = events[i].Key
			}
			events[i] = keyed.Events[0]
		}
		cleanEvent(&events[i])
	}
	return events
}

func cleanEvent(e *tracking.Event) {
	for _, words := range []*string{&e.Key, &e.ID, &e.RawCode, &e.RawText, &e.Place.Text} {
		*words = storable(*words)
	}
	e.Time = cleanTime(e.Time)
	e.ReceivedAt = e.ReceivedAt.UTC().Truncate(time.Microsecond)
	if !country(e.Place.Country) {
		e.Place.Country = ""
	}
	if !e.Milestone.Known() {
		e.Milestone = domain.MilestoneUnknown
	}
	if e.Reason != "" && !e.Reason.Known() {
		e.Reason = domain.ReasonOther
	}
	switch e.Classifier {
	case domain.StateActual, domain.StateEstimated, domain.StatePlanned:
	default:
		// What is not known to have happened counts for nothing.
		e.Classifier = domain.StatePlanned
	}
}

// furthestOffset is how far from UTC, in minutes, a wall clock may be.
const furthestOffset = 900

// cleanTime is a time as the database holds it; a time that makes no sense is none.
func cleanTime(t tracking.Time) tracking.Time {
	if t.IsZero() || t.Validate() != nil || !sensible(t.Local) || t.Instant != nil && !sensible(*t.Instant) {
		return tracking.Time{}
	}
	if t.Offset != nil && (*t.Offset < -furthestOffset || *t.Offset > furthestOffset) {
		return tracking.Exact(t.Instant.UTC())
	}
	return t
}

// sensible tells whether a year may be meant: the years 1, 1900, 1970 and 9999 are how systems write that they do not know, and beyond the last of
// them nothing can be written.
func sensible(t time.Time) bool { return t.Year() > 1970 && t.Year() < 2200 }

func country(code string) bool {
	return len(code) == 2 && 'A' <= code[0] && code[0] <= 'Z' && 'A' <= code[1] && code[1] <= 'Z'
}

// storable leaves out NUL, which Postgres cannot hold, and replaces what is no UTF-8.
func storable(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
}
