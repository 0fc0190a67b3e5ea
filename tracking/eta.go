package tracking

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// EtaHistory is how the statements about the arrival changed.
type EtaHistory struct {
	First    *Eta `json:"first,omitempty"`
	Latest   *Eta `json:"latest,omitempty"`
	Promised *Eta `json:"promised,omitempty"`
	// Changes counts how often the latest moment was moved.
	Changes int `json:"changes"`
	// Slipped is how much later than promised it is expected now, negative for earlier: in whole days where either is known by the day only,
	// nil where there is no promise or no estimate.
	Slipped *time.Duration `json:"slipped,omitempty"`
}

// Late tells whether it is expected later than promised.
func (h EtaHistory) Late() bool { return h.Slipped != nil && *h.Slipped > 0 }

// Etas works out the history of statements in any order, each as often as it came. Those of source PROMISED are the promise, of which
// the last counts.
func Etas(statements []Eta) EtaHistory {
	sorted := slices.Clone(statements)
	slices.SortFunc(sorted, compareEtas)
	var history EtaHistory
	for i := range sorted {
		eta := &sorted[i]
		switch {
		case eta.Source == domain.EtaPromised:
			history.Promised = eta
		case history.First == nil:
			history.First, history.Latest = eta, eta
		default:
			if !sameMoment(history.Latest, eta) {
				history.Changes++
			}
			history.Latest = eta
		}
	}
	history.Slipped = slipped(history.Latest, history.Promised)
	return history
}

// AtEta is the statement that a shipment arrives at one moment, or on one day.
func AtEta(at Time, source domain.EtaSource, observed time.Time) Eta {
	return Eta{Earliest: &at, Latest: &at, Source: source, ObservedAt: observed.UTC()}
}

// Known is the end of the window, or what is known of it; nil where nothing is.
func (e *Eta) Known() *Time {
	switch {
	case e == nil:
		return nil
	case e.Latest != nil:
		return e.Latest
	default:
		return e.Earliest
	}
}

// Precision is that of the less precise end of the window, "" where there is none.
func (e *Eta) Precision() domain.TimePrecision {
	worst := domain.TimePrecision("")
	for _, end := range []*Time{e.Earliest, e.Latest} {
		switch {
		case end == nil || worst == domain.PrecisionDateOnly:
		case worst == "" || end.Precision != domain.PrecisionExact:
			worst = end.Precision
		}
	}
	return worst
}

// In is the statement as it is stored, with instants. Local times are read in the statement's own zone, else in zone, which is that of the
// place of delivery as far as we know it; nil reads them as UTC. The precision goes on telling that the carrier named no instant. A day is a
// window from its beginning to its last second.
func (e *Eta) In(zone *time.Location) domain.Eta {
	precision, source, observed := e.Precision(), e.Source, e.ObservedAt
	stored := domain.Eta{Precision: &precision, Source: &source, ObservedAt: &observed}
	named := ""
	if own, err := time.LoadLocation(e.Zone); e.Zone != "" && err == nil {
		zone = own
	}
	if zone == nil {
		zone = time.UTC
	} else {
		named = zone.String()
	}
	if named != "" && named != "Local" {
		stored.TimeZone = &named
	}
	stored.Earliest = instantIn(e.Earliest, zone, 0)
	stored.Latest = instantIn(e.Latest, zone, 24*time.Hour-time.Second)
	return stored
}

// instantIn is the instant of t in zone; of a day, what lies so long after its beginning on the wall clock.
func instantIn(t *Time, zone *time.Location, ofDay time.Duration) *time.Time {
	if t == nil || t.IsZero() {
		return nil
	}
	if t.Instant != nil {
		return t.Instant
	}
	local := t.Local
	if t.Precision == domain.PrecisionDateOnly {
		local = local.Add(ofDay)
	}
	instant := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), zone).UTC()
	return &instant
}

func sameMoment(a, b *Eta) bool {
	x, y := a.Known(), b.Known()
	return x == nil && y == nil || x != nil && y != nil && x.Equal(*y)
}

// slipped is by how much the estimate is later than the promise.
func slipped(latest, promised *Eta) *time.Duration {
	now, then := latest.Known(), promised.Known()
	if now == nil || then == nil {
		return nil
	}
	late := time.Duration(now.Date().DaysSince(then.Date())) * 24 * time.Hour
	if now.Instant != nil && then.Instant != nil {
		late = now.Instant.Sub(*then.Instant)
	}
	return &late
}

// compareEtas is a total order, so that the history does not depend on how the statements came.
func compareEtas(a, b Eta) int {
	return cmp.Or(a.ObservedAt.Compare(b.ObservedAt), strings.Compare(etaText(&a), etaText(&b)))
}

func etaText(eta *Eta) string {
	text, err := json.Marshal(eta)
	if err != nil {
		return ""
	}
	return string(text)
}
