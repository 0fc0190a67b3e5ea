package tracking

import (
	"strconv"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// Record is the event as a row, without the keys of rows. Times are cut to microseconds, which is what Postgres keeps. Postal code and code of
// the place, and the ids of corrected events, are not stored.
func (e *Event) Record() domain.TrackingRecord {
	record := domain.TrackingRecord{Key: optional(e.Key), CarrierEventID: optional(e.ID), Delay: e.Delay}
	record.Milestone, record.Classifier = e.Milestone, e.Classifier
	record.RawCode, record.RawText = optional(e.RawCode), optional(e.RawText)
	record.Location, record.CountryCode = optional(e.Place.Text), optional(e.Place.Country)
	record.ReceivedAt = e.ReceivedAt.Truncate(time.Microsecond)
	if e.Reason != "" {
		reason := e.Reason
		record.Reason = &reason
	}
	// Without a time, nothing more precise than the day of receipt is known.
	record.Precision = domain.PrecisionDateOnly
	if !e.Time.IsZero() {
		local := e.Time.Local.Truncate(time.Microsecond)
		record.WallClock, record.UtcOffset, record.Precision = &local, e.Time.Offset, e.Time.Precision
	}
	if e.Time.Instant != nil {
		instant := e.Time.Instant.Truncate(time.Microsecond)
		record.OccurredAt = &instant
	}
	return record
}

// EventOf is a stored event for Merge and Reduce. One that was superseded comes back as withdrawn: it does not count, whatever replaced it.
func EventOf(record *domain.TrackingRecord) Event {
	event := Event{
		Key: text(record.Key), ID: text(record.CarrierEventID), Delay: record.Delay, Milestone: record.Milestone, Classifier: record.Classifier,
		RawCode: text(record.RawCode), RawText: text(record.RawText), Time: timeOf(record), ReceivedAt: record.ReceivedAt.UTC(),
		Place: Place{Text: text(record.Location), Country: text(record.CountryCode)}, Withdrawn: record.SupersededBy != nil,
	}
	if record.Reason != nil {
		event.Reason = *record.Reason
	}
	if event.Key == "" {
		event.Key = "row " + strconv.FormatInt(record.Row, 10)
	}
	return event
}

func timeOf(record *domain.TrackingRecord) Time {
	switch {
	case record.OccurredAt != nil:
		offset := 0
		if record.UtcOffset != nil {
			offset = *record.UtcOffset
		}
		return Exact(record.OccurredAt.In(time.FixedZone("", offset*60)))
	case record.WallClock == nil:
		return Time{}
	case record.Precision == domain.PrecisionDateOnly:
		return Day(domain.DateOf(*record.WallClock))
	default:
		return NoOffset(*record.WallClock)
	}
}

func optional(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func text(optional *string) string {
	if optional == nil {
		return ""
	}
	return *optional
}
