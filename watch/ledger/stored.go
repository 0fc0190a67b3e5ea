package ledger

import (
	"encoding/json"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// storedOf is what is stored of a shipment as a service gets it: one report of all that was ever said, whatever the carrier's last answer was.
func storedOf(t *domain.Tracked) service.Stored {
	var stored service.Stored
	if t.FetchedAt != nil {
		stored.FetchedAt = t.FetchedAt.UTC()
	}
	if t.Outcome != nil {
		stored.Outcome = *t.Outcome
	}
	report := tracking.Report{
		Number: text(t.TrackingNumber), UniqueID: text(t.UniqueID), Service: text(t.Service), Events: eventsOf(t), ReceivedAt: stored.FetchedAt,
	}
	for _, s := range statementsOf(t) {
		report.Etas = append(report.Etas, s.eta)
	}
	report.Proof = proofOf(t, report.Events)
	if len(report.Events) > 0 || len(report.Etas) > 0 || report.Proof != nil || stored.Outcome == domain.TrackingFound {
		stored.Reports = []tracking.Report{report}
	}
	return stored
}

// eventsOf are the stored events. Of two with one key, which only those who imported them know the meaning of, the second goes by its row.
func eventsOf(t *domain.Tracked) []tracking.Event {
	events := make([]tracking.Event, 0, len(t.Events))
	seen := make(map[string]bool, len(t.Events))
	for i := range t.Events {
		if key := text(t.Events[i].Key); key != "" && seen[key] {
			t.Events[i].Key = nil
		}
		event := tracking.EventOf(&t.Events[i])
		seen[event.Key] = true
		events = append(events, event)
	}
	return events
}

// statement is a statement of arrival and its row, 0 of one that is not stored.
type statement struct {
	row int64
	eta tracking.Eta
}

// statementsOf are the stored statements. One that cannot be read, which nobody here wrote, is left out.
func statementsOf(t *domain.Tracked) []statement {
	statements := make([]statement, 0, len(t.Statements))
	for i := range t.Statements {
		var eta tracking.Eta
		err := json.Unmarshal(t.Statements[i].Statement, &eta)
		if err == nil {
			statements = append(statements, statement{t.Statements[i].Row, eta})
		}
	}
	return statements
}

// proofOf is the proof of delivery. Its instant may have been read from a wall clock: where an event tells the same moment, the event's time tells
// what of it is known.
func proofOf(t *domain.Tracked, events []tracking.Event) *tracking.Proof {
	if t.PodSignedBy == nil && t.PodAt == nil && t.PodDocumentURL == nil {
		return nil
	}
	proof := &tracking.Proof{SignedBy: text(t.PodSignedBy), DocumentURL: text(t.PodDocumentURL)}
	if t.PodAt == nil {
		return proof
	}
	proof.At = tracking.Exact(t.PodAt.UTC())
	zone := zoneOf(t.TimeZone)
	for i := range events {
		at := momentIn(events[i].Time, zone)
		if events[i].Milestone == domain.MilestoneDelivered && sameInstant(at, t.PodAt) {
			proof.At = events[i].Time
		}
	}
	return proof
}

func sameInstant(a, b *time.Time) bool {
	return a == nil && b == nil || a != nil && b != nil && a.Equal(*b)
}
