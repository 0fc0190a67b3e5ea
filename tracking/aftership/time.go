package aftership

import (
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// clock reads a time as the courier gave it: with an offset, without, or a day. What is no time is none.
func clock(text tracking.Text) tracking.Time { return tracking.Clock(text) }

// amongst reads a time that AfterShip takes out of a checkpoint and writes without an offset, as local time or, against its documentation, in
// UTC: it is the one of the event that fits. Where none fits, the wall clock may be either, and the day is what remains.
func amongst(events []tracking.Event, text tracking.Text) tracking.Time {
	t := clock(text)
	if t.Precision != domain.PrecisionNoOffset {
		return t
	}
	for i := range events {
		at := events[i].Time
		if at.Instant != nil && (at.Instant.Equal(t.Local) || at.Local.Equal(t.Local)) {
			return at
		}
	}
	return t.DayOnly()
}

// day takes midnight for the day.
func day(t tracking.Time) tracking.Time {
	if !t.IsZero() && t.Local.Equal(t.Local.Truncate(24*time.Hour)) {
		return t.DayOnly()
	}
	return t
}

// eta is the statement that e makes; false where it makes none.
func (e *estimate) eta(source domain.EtaSource, observed time.Time) (tracking.Eta, bool) {
	from, through := day(clock(e.Min)), day(clock(e.Max))
	if from.IsZero() && through.IsZero() {
		from = day(clock(e.Datetime))
		through = from
	}
	eta := tracking.Eta{Source: source, ObservedAt: observed.UTC()}
	if !from.IsZero() {
		eta.Earliest = &from
	}
	if !through.IsZero() {
		eta.Latest = &through
	}
	return eta, eta.Known() != nil
}

// by tells whose estimate it is: those of AfterShip and of the merchant's rules there are the aggregator's.
func (e *estimate) by() domain.EtaSource {
	if strings.HasPrefix(strings.ToLower(string(e.Source)), "carrier") {
		return domain.EtaByCarrier
	}
	return domain.EtaByAggregator
}

// etas are the promise, the first estimate where it is known to be another than the latest, and the latest. Of several fields for the latest,
// the one counts that AfterShip chose itself, else the courier's.
func etas(s *shipment, at time.Time) []tracking.Eta {
	var list []tracking.Eta
	promised, ok := s.Promised.eta(domain.EtaPromised, at)
	if ok {
		list = append(list, promised)
	}
	latest, ok := latest(s, at)
	if !ok {
		return list
	}
	made := clock(s.CreatedAt)
	first, ok := s.First.eta(s.First.by(), made.Sort())
	if ok && made.Instant != nil && made.Instant.Before(at) && !first.Known().Equal(*latest.Known()) {
		list = append(list, first)
	}
	return append(list, latest)
}

func latest(s *shipment, at time.Time) (tracking.Eta, bool) {
	for _, candidate := range []struct {
		estimate *estimate
		source   domain.EtaSource
	}{
		{&s.Latest, s.Latest.by()},
		{&s.Courier, domain.EtaByCarrier},
		{&s.Expected, domain.EtaByCarrier},
		{&s.AfterShip, domain.EtaByAggregator},
		{&s.Custom, domain.EtaByAggregator},
	} {
		eta, ok := candidate.estimate.eta(candidate.source, at)
		if ok {
			return eta, true
		}
	}
	return tracking.Eta{}, false
}
