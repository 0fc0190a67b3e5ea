package ledger

import (
	"encoding/json"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// hearing is what somebody said of a shipment.
type hearing struct {
	source string // the code of who said it
	at     time.Time
	// outcome is the carrier's answer, "" where it is not the carrier who spoke.
	outcome domain.TrackingOutcome
	reports []tracking.Report
}

// numbering gives new events of one transaction rows below zero, by which others may name them.
type numbering struct{ last int64 }

func (n *numbering) next() int64 {
	n.last--
	return n.last
}

// updateOf works out what is to be written of a shipment, and how many of its events are new or say something new.
func updateOf(t *domain.Tracked, heard []hearing, rows *numbering) (domain.TrackingUpdate, int) {
	update := domain.TrackingUpdate{Shipment: t.ID()}
	zone := zoneOf(t.TimeZone)
	stored := eventsOf(t)
	var fresh []tracking.Event
	var etas []tracking.Eta
	sources := map[string]string{}
	for i := range heard {
		h := &heard[i]
		if h.outcome != "" && !h.at.Before(update.At) {
			update.Outcome = h.outcome
		}
		if h.at.After(update.At) {
			update.At = h.at
		}
		for j := range h.reports {
			events := cleaned(&h.reports[j], h.at)
			for k := range events {
				sources[events[k].Key] = h.source
			}
			fresh = append(fresh, events...)
			etas = append(etas, cleanedEtas(&h.reports[j], h.at)...)
		}
	}
	book := newBook(t, stored, rows)
	before := tracking.Reduce(stored)
	all, changed := tracking.Merge(stored, fresh)
	after := tracking.Reduce(all)
	events := book.write(changed, sources)
	superseded := book.supersede(after.SupersededBy)
	update.Events = book.pending()

	var history []tracking.Eta
	history, update.Added, update.Dropped = arrivals(statementsOf(t), etas, zone)
	update.Moved = events > 0 || superseded || len(update.Added) > 0

	next := t.Standing
	if events > 0 || superseded || t.Milestone == domain.MilestoneUnknown {
		stand(&next, &before, &after, zone)
	}
	if len(update.Added) > 0 || len(update.Dropped) > 0 || t.EtaLatest == nil && t.EtaEarliest == nil {
		expect(&next, history, zone)
	}
	for i := range heard {
		for j := range heard[i].reports {
			identify(&next, t, &heard[i], &heard[i].reports[j])
			prove(&next, heard[i].reports[j].Proof, zone)
		}
	}
	if spelled(next) != spelled(t.Standing) {
		update.Standing = &next
	}
	update.Settled = next.Milestone.Settled()
	return update, events
}

// spelled is a standing as a text, by which two are compared.
func spelled(s domain.Standing) string {
	s.ShippedAt, s.DeliveredAt, s.PodAt = micro(s.ShippedAt), micro(s.DeliveredAt), micro(s.PodAt)
	s.EtaEarliest, s.EtaLatest, s.EtaObservedAt = micro(s.EtaEarliest), micro(s.EtaLatest), micro(s.EtaObservedAt)
	text, err := json.Marshal(s)
	if err != nil {
		// All instants were read from the database or cut to what it holds.
		return ""
	}
	return string(text)
}

// stand changes what the events tell: what they told before and do not tell any more, because they were withdrawn, goes; what something else
// told, such as an import, stays until they say more.
func stand(s *domain.Standing, before, after *tracking.State, zone *time.Location) {
	told := before.Milestone != domain.MilestoneUnknown && before.Milestone == s.Milestone
	if told || after.Milestone != domain.MilestoneUnknown && !arrivedSince(s, after) {
		s.Milestone = after.Milestone
	}
	s.Delayed = after.Delayed || s.Delayed && !before.Delayed
	if after.DelayReason != "" || before.DelayReason != "" && string(before.DelayReason) == text(s.DelayReason) {
		s.DelayReason = optional(string(after.DelayReason))
	}
	standAt(&s.ShippedAt, before.PickedUp, after.PickedUp, zone)
	standAt(&s.DeliveredAt, before.Delivered, after.Delivered, zone)
}

// arrivedSince tells whether somebody else than the carrier, such as an import, knows of a delivery that came after all that the carrier tells: what
// it tells late of before does not take that back. The database holds imports to the same.
func arrivedSince(s *domain.Standing, state *tracking.State) bool {
	if s.Milestone != domain.MilestoneDelivered || s.DeliveredAt == nil {
		return false
	}
	for i := range state.Events {
		event := &state.Events[i]
		_, gone := state.SupersededBy[event.Key]
		if !gone && event.Classifier == domain.StateActual && !event.Time.IsZero() && !event.Time.Sort().Before(*s.DeliveredAt) {
			return false
		}
	}
	return true
}

func standAt(at **time.Time, before, after tracking.Time, zone *time.Location) {
	next := momentIn(after, zone)
	if next != nil || !before.IsZero() && sameInstant(momentIn(before, zone), *at) {
		*at = next
	}
}

// expect takes over the latest estimate.
func expect(s *domain.Standing, history []tracking.Eta, zone *time.Location) {
	latest := tracking.Etas(history).Latest
	if latest == nil {
		return
	}
	window := windowIn(*latest, zone)
	s.EtaEarliest, s.EtaLatest, s.EtaPrecision = window.Earliest, window.Latest, window.Precision
	s.EtaTimeZone, s.EtaFrom, s.EtaObservedAt = window.TimeZone, window.Source, window.ObservedAt
}

// identify takes over the carrier's identity of the journey, by which the carrier is asked from then on: nobody else's.
func identify(s *domain.Standing, t *domain.Tracked, h *hearing, report *tracking.Report) {
	if s.UniqueID == nil && h.source == t.Carrier {
		s.UniqueID = optional(storable(report.UniqueID))
	}
}

// prove takes over a proof of delivery unless a later one is known.
func prove(s *domain.Standing, proof *tracking.Proof, zone *time.Location) {
	if proof == nil {
		return
	}
	at := momentIn(cleanTime(proof.At), zone)
	if s.PodAt != nil && at != nil && at.Before(*s.PodAt) {
		return
	}
	if at != nil {
		s.PodAt = at
	}
	for _, words := range []struct {
		into **string
		text string
	}{{&s.PodSignedBy, proof.SignedBy}, {&s.PodDocumentURL, proof.DocumentURL}} {
		if words.text != "" {
			*words.into = optional(storable(words.text))
		}
	}
}
