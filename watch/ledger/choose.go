package ledger

import (
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

const (
	// returnTime is how long after its end something may still happen to a shipment: goods that were delivered are sent back within weeks, while
	// carriers use a number again after months.
	returnTime = 60 * 24 * time.Hour
	// labelTime is how long before the goods leave a carrier may speak of them.
	labelTime = 14 * 24 * time.Hour
)

// choose leaves out the shipments that a report cannot be about, because their number was used again, and then narrows those that remain as
// tracking.Choose does: by the unique id, the ship date and the postal code. A hint that none bears out is left aside.
func choose(report *tracking.Report, bearers []domain.Bearer, sender string) []domain.Bearer {
	first, last := spanOf(report)
	known := func(b *domain.Bearer) string {
		if b.Carrier != sender || !distinguishes(text(b.UniqueID), text(b.TrackingNumber)) {
			return ""
		}
		return text(b.UniqueID)
	}
	told := report.UniqueID
	if !distinguishes(told, report.Number) {
		told = ""
	}
	left := filter(bearers, func(b *domain.Bearer) bool {
		return (told == "" || known(b) == "" || known(b) == told) && possible(b, first, last)
	})
	if told != "" {
		left = narrow(left, func(b *domain.Bearer) bool { return known(b) == told })
	}
	// What began after one shipment's end is about another that is still open, or about the one that ended last.
	left = narrow(left, func(b *domain.Bearer) bool {
		return first.IsZero() || !ended(b).Before(first) || !b.Milestone.Settled()
	})
	left = narrow(left, func(b *domain.Bearer) bool { return !last.IsZero() && !last.Before(began(b).Add(-labelTime)) })
	for _, hint := range []func(tracking.Number) tracking.Number{
		func(n tracking.Number) tracking.Number { return tracking.Number{ShipDate: n.ShipDate} },
		func(n tracking.Number) tracking.Number { return tracking.Number{PostalCode: n.PostalCode} },
	} {
		left = narrow(left, func(b *domain.Bearer) bool { return bearsOut(report, hint(hintsOf(b))) })
	}
	return left
}

// possible tells whether what happened from first to last may have happened to a shipment.
func possible(b *domain.Bearer, first, last time.Time) bool {
	if first.IsZero() {
		return true
	}
	if b.Milestone.Settled() && first.After(ended(b).Add(returnTime)) {
		return false
	}
	return b.ShippedAt == nil || !last.Before(b.ShippedAt.Add(-labelTime))
}

// began is when a shipment began, ended when the last thing happened to it that is known.
func began(b *domain.Bearer) time.Time {
	if b.ShippedAt != nil && b.ShippedAt.Before(b.CreatedAt) {
		return *b.ShippedAt
	}
	return b.CreatedAt
}

func ended(b *domain.Bearer) time.Time {
	end := began(b)
	for _, at := range []*time.Time{b.ShippedAt, b.DeliveredAt, b.LastEventAt} {
		if at != nil && at.After(end) {
			end = *at
		}
	}
	return end
}

// hintsOf are the hints by which a carrier would be asked about a shipment.
func hintsOf(b *domain.Bearer) tracking.Number {
	return service.QueryOf(&domain.Followed{
		Owned: b.Owned, ShippedAt: b.ShippedAt, TimeZone: b.TimeZone, PostalCode: b.PostalCode,
	}).Number
}

// bearsOut tells whether a report agrees with a hint: tracking.Choose prefers it to one that agrees with nothing.
func bearsOut(report *tracking.Report, hint tracking.Number) bool {
	if hint == (tracking.Number{}) {
		return false
	}
	hinted := *report
	hinted.Number, hint.Number = "", ""
	chosen := tracking.Choose(hint, tracking.Result{Outcome: domain.TrackingFound, Reports: []tracking.Report{{}, hinted}})
	return len(chosen.Reports) == 1
}

// distinguishes tells whether a unique id tells uses of a number apart: one that is made of the number and words does not.
func distinguishes(uniqueID, number string) bool {
	return strings.ContainsAny(strings.ReplaceAll(uniqueID, number, ""), "0123456789") || number == "" && uniqueID != ""
}

func filter(bearers []domain.Bearer, keep func(*domain.Bearer) bool) []domain.Bearer {
	var kept []domain.Bearer
	for i := range bearers {
		if keep(&bearers[i]) {
			kept = append(kept, bearers[i])
		}
	}
	return kept
}

// narrow is filter, unless nothing would remain.
func narrow(bearers []domain.Bearer, keep func(*domain.Bearer) bool) []domain.Bearer {
	if kept := filter(bearers, keep); len(kept) > 0 {
		return kept
	}
	return bearers
}
