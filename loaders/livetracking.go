package loaders

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// maxCandidates bounds the journeys that are shown under one number.
const maxCandidates = 20

// place is what an answer is held against: where the shipment goes, what we promised and what was said earlier.
type place struct {
	zone     *time.Location
	promised *domain.Date
	earlier  [][]byte
	// history tells that what was said of the arrival is wanted.
	history bool
}

// live is an answer as it is shown.
func live(answer *service.Answer, at place) *domain.LiveTracking {
	shown := &domain.LiveTracking{Freshness: domain.Freshness(answer.Freshness), SourceError: sourceError(answer.Failure)}
	if !answer.FetchedAt.IsZero() {
		fetched := answer.FetchedAt.UTC()
		shown.FetchedAt = &fetched
	}
	shown.Source, shown.Outcome = word(domain.TrackingSource(answer.Source)), word(answer.Outcome)
	switch len(answer.Reports) {
	case 0:
	case 1:
		tell(shown, &answer.Reports[0], &answer.State, at)
	default:
		for i := range min(len(answer.Reports), maxCandidates) {
			shown.Candidates = append(shown.Candidates, candidate(&answer.Reports[i]))
		}
	}
	return shown
}

// tell fills in what one journey's report says.
func tell(shown *domain.LiveTracking, report *tracking.Report, state *tracking.State, at place) {
	shown.Milestone, shown.Since = word(state.Milestone), eventTime(state.Since)
	shown.Reason, shown.DelayReason = word(state.Reason), word(state.DelayReason)
	delayed := state.Delayed
	shown.Delayed = &delayed
	shown.PickedUp, shown.Delivered = eventTime(state.PickedUp), eventTime(state.Delivered)
	shown.Service, shown.Shipped = word(report.Service), eventTime(report.Shipped)
	shown.Origin, shown.Destination = word(report.Origin.Text), word(report.Destination.Text)
	shown.ProofOfDelivery = proof(report.Proof)
	if report.Pieces > 0 {
		pieces := report.Pieces
		shown.Pieces = &pieces
	}
	shown.Eta = eta(report.Etas, state.Milestone, at)
	if at.history {
		// What is stored and cannot be read is left aside: what the carrier says now can be.
		shown.EtaHistory, _ = etaHistory(report.Etas, at)
	}
	for i := len(state.Events) - 1; i >= 0; i-- {
		event := &state.Events[i]
		if _, gone := state.SupersededBy[event.Key]; !gone {
			shown.AllEvents = append(shown.AllEvents, carrierEvent(event))
		}
	}
}

func candidate(report *tracking.Report) *domain.TrackingJourney {
	state := tracking.Reduce(report.Events)
	return &domain.TrackingJourney{
		Number: report.Number, Service: word(report.Service), Shipped: eventTime(report.Shipped), Origin: word(report.Origin.Text),
		Destination: word(report.Destination.Text), Milestone: state.Milestone, Since: eventTime(state.Since),
	}
}

func carrierEvent(event *tracking.Event) *domain.CarrierEvent {
	record := event.Record()
	return &domain.CarrierEvent{
		EventTime: domain.EventTime{
			OccurredAt: record.OccurredAt, WallClock: record.WallClock, UtcOffset: record.UtcOffset, Precision: record.Precision,
		},
		Milestone: record.Milestone, Classifier: record.Classifier, RawCode: record.RawCode, RawText: record.RawText, Location: record.Location,
		CountryCode: record.CountryCode, Reason: record.Reason, Delay: record.Delay, ReceivedAt: record.ReceivedAt,
	}
}

// sourceError is a failure as it is shown.
func sourceError(failure *service.Failure) *domain.SourceError {
	if failure == nil {
		return nil
	}
	return &domain.SourceError{Code: domain.SourceErrorCode(failure.Code), Message: failure.Message, RetryAt: failure.RetryAt}
}

// proof is who took a shipment. When is told where the carrier named an instant.
func proof(said *tracking.Proof) *domain.ProofOfDelivery {
	if said == nil {
		return nil
	}
	document := said.DocumentURL
	if document == "" {
		document = said.SignatureURL
	}
	return &domain.ProofOfDelivery{SignedBy: word(said.SignedBy), SignedAt: said.At.Instant, DocumentURL: word(document)}
}

// eventTime is a time as it is shown, nil where there is none.
func eventTime(at tracking.Time) *domain.EventTime {
	if at.IsZero() {
		return nil
	}
	local := at.Local
	return &domain.EventTime{OccurredAt: at.Instant, WallClock: &local, UtcOffset: at.Offset, Precision: at.Precision}
}

// word is a text, nil where it is empty.
func word[T ~string](text T) *T {
	if text == "" {
		return nil
	}
	return &text
}

// eta is when a shipment should arrive, by what was said last; nil where nobody has said so, and once it is settled.
func eta(said []tracking.Eta, milestone domain.Milestone, at place) *domain.Eta {
	if milestone.Settled() {
		return nil
	}
	history := tracking.Etas(said)
	if history.Latest == nil {
		return stated(history.Promised, at.zone)
	}
	return stated(history.Latest, at.zone)
}

// stated is one statement of when a shipment arrives as it is shown, nil where there is none.
func stated(said *tracking.Eta, zone *time.Location) *domain.Eta {
	if said == nil {
		return nil
	}
	shown := said.In(zone)
	if said.ObservedAt.IsZero() {
		shown.ObservedAt = nil
	}
	return &shown
}

// etaHistory is how what was said of an arrival changed, earlier and now; nil where nothing was said. What we promised counts, or else what the
// carrier did.
func etaHistory(now []tracking.Eta, at place) (*domain.EtaHistory, error) {
	said := make([]tracking.Eta, 0, len(at.earlier)+len(now)+1)
	var unread error
	for _, raw := range at.earlier {
		var statement tracking.Eta
		err := json.Unmarshal(raw, &statement)
		if err != nil {
			unread = fmt.Errorf("read a stored statement of arrival: %w", err)
			continue
		}
		said = append(said, statement)
	}
	said = append(said, now...)
	if len(said) == 0 {
		return nil, unread
	}
	if at.promised != nil {
		said = append(withoutPromises(said), tracking.Eta{})
		day := tracking.Day(*at.promised)
		said[len(said)-1] = tracking.Eta{Earliest: &day, Latest: &day, Source: domain.EtaPromised}
	}
	history := tracking.Etas(said)
	shown := &domain.EtaHistory{
		First: stated(history.First, at.zone), Latest: stated(history.Latest, at.zone), Promised: stated(history.Promised, at.zone), Changes: history.Changes,
	}
	if history.Slipped != nil {
		minutes, late := int(history.Slipped.Minutes()), history.Late()
		shown.SlippedMinutes, shown.Late = &minutes, &late
	}
	return shown, unread
}

// withoutPromises are the statements that are estimates.
func withoutPromises(said []tracking.Eta) []tracking.Eta {
	estimates := said[:0]
	for _, statement := range said {
		if statement.Source != domain.EtaPromised {
			estimates = append(estimates, statement)
		}
	}
	return estimates
}

// healthOf is how a carrier is doing as it is shown.
func healthOf(health *service.Health) *domain.CarrierHealth {
	shown := &domain.CarrierHealth{
		State: domain.CircuitState(health.State), Since: health.Since, LastSuccessAt: health.LastSuccessAt, ErrorRate: health.ErrorRate,
		OpenUntil: health.OpenUntil, PausedUntil: health.PausedUntil, Waiting: health.Waiting, Running: health.Running,
		CallsToday: health.CallsToday, DayEndsAt: health.DayEnds,
	}
	if health.CallsPerDay > 0 {
		most := health.CallsPerDay
		shown.CallsPerDay = &most
	}
	return shown
}
