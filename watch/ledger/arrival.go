package ledger

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// arrivals works out the history of the stored and the fresh statements: each source's in the order in which it made them, without those that only
// repeat the one before. So it does not matter in which order they came, saying the same again adds nothing, and A, B and A again are three.
// It gives the history, what of it is to be added, and the rows that are superfluous.
func arrivals(stored []statement, fresh []tracking.Eta, zone *time.Location) ([]tracking.Eta, []domain.EtaStatement, []int64) {
	bySource := map[domain.EtaSource][]statement{}
	for _, s := range stored {
		bySource[s.eta.Source] = append(bySource[s.eta.Source], s)
	}
	changed := map[domain.EtaSource]bool{}
	for _, eta := range fresh {
		bySource[eta.Source] = append(bySource[eta.Source], statement{eta: eta})
		changed[eta.Source] = true
	}
	var history []tracking.Eta
	var added []domain.EtaStatement
	var dropped []int64
	for _, source := range []domain.EtaSource{domain.EtaByCarrier, domain.EtaByAggregator, domain.EtaPromised} {
		kept := bySource[source]
		if changed[source] {
			kept = inOrder(kept)
		}
		remains := map[int64]bool{}
		for _, s := range kept {
			history = append(history, s.eta)
			remains[s.row] = true
			if s.row == 0 {
				added = append(added, stampedStatement(s.eta, zone))
			}
		}
		for _, s := range bySource[source] {
			if s.row != 0 && !remains[s.row] {
				dropped = append(dropped, s.row)
			}
		}
	}
	return history, added, dropped
}

// inOrder is the history of one source. Of several statements at one instant, that counts which is the latest for tracking.Etas.
func inOrder(statements []statement) []statement {
	slices.SortStableFunc(statements, func(a, b statement) int {
		return cmp.Or(a.eta.ObservedAt.Compare(b.eta.ObservedAt), cmp.Compare(written(a.eta), written(b.eta)), cmp.Compare(b.row, a.row))
	})
	var tops []statement
	for _, s := range statements {
		last := len(tops) - 1
		switch {
		case last < 0 || !tops[last].eta.ObservedAt.Equal(s.eta.ObservedAt):
			tops = append(tops, s)
		case words(tops[last].eta) != words(s.eta):
			tops[last] = s
		}
	}
	return slices.CompactFunc(tops, func(a, b statement) bool { return words(a.eta) == words(b.eta) })
}

// words is what a statement says, whenever that was.
func words(eta tracking.Eta) string {
	eta.ObservedAt = time.Time{}
	return written(eta)
}

func written(eta tracking.Eta) string {
	spelled, err := json.Marshal(eta)
	if err != nil {
		// Times that were cleaned can always be written.
		return ""
	}
	return string(spelled)
}

// cleanedEtas are the statements of a report as they can be stored.
func cleanedEtas(report *tracking.Report, at time.Time) []tracking.Eta {
	var etas []tracking.Eta
	for _, eta := range report.Etas {
		if eta.ObservedAt.IsZero() || !sensible(eta.ObservedAt) {
			eta.ObservedAt = at
		}
		eta.ObservedAt = eta.ObservedAt.UTC().Truncate(time.Microsecond)
		eta.Earliest, eta.Latest = cleanEnd(eta.Earliest), cleanEnd(eta.Latest)
		eta.Zone = storable(eta.Zone)
		switch eta.Source {
		case domain.EtaByCarrier, domain.EtaByAggregator, domain.EtaPromised:
		default:
			eta.Source = domain.EtaByCarrier
		}
		if eta.Known() != nil {
			etas = append(etas, eta)
		}
	}
	return etas
}

func cleanEnd(t *tracking.Time) *tracking.Time {
	if t == nil {
		return nil
	}
	clean := cleanTime(*t)
	if clean.IsZero() {
		return nil
	}
	return &clean
}

// stampedStatement is a statement for its row.
func stampedStatement(eta tracking.Eta, zone *time.Location) domain.EtaStatement {
	spelled := written(eta)
	sum := sha256.Sum256([]byte(spelled))
	return domain.EtaStatement{Eta: windowIn(eta, zone), Statement: json.RawMessage(spelled), Digest: hex.EncodeToString(sum[:16])}
}

// windowIn is a statement with instants. A window that ends before it begins is as vague as its end.
func windowIn(eta tracking.Eta, zone *time.Location) domain.Eta {
	window := eta.In(zone)
	window.Earliest, window.Latest, window.ObservedAt = micro(window.Earliest), micro(window.Latest), micro(window.ObservedAt)
	if window.Earliest != nil && window.Latest != nil && window.Earliest.After(*window.Latest) {
		window.Earliest = nil
	}
	return window
}

// micro is an instant as exact as Postgres keeps it.
func micro(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	cut := t.UTC().Truncate(time.Microsecond)
	return &cut
}
