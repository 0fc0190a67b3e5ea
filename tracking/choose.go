package tracking

import (
	"strings"
	"unicode"

	"github.com/vigie-dev/vigie/domain"
)

// Choose turns what a parser found under one number into the result for number: carriers use numbers again, and a reference may stand for
// several shipments. A report of exactly this number comes before those of others. Then the unique id decides where it is known, then the
// ship date (a day to either side, for zones), then the postal code of the recipient. A hint that no report bears out is left aside, bar two: a
// unique id that is not among them, and journeys that were over long before the goods left, are those of others, and the one that is meant was
// not found (often: not yet). What is then still several is AMBIGUOUS, with all of them.
func Choose(number Number, found Result) Result {
	found.Number = number.Number
	if found.Outcome != domain.TrackingFound && found.Outcome != domain.TrackingAmbiguous {
		return found
	}
	reports := narrow(found.Reports, func(r *Report) bool { return Canonical(r.Number) == Canonical(number.Number) })
	if number.UniqueID != "" && anyUniqueID(reports) {
		reports = filter(reports, func(r *Report) bool { return r.UniqueID == number.UniqueID })
	}
	if number.ShipDate != nil {
		if number.UniqueID == "" {
			reports = filter(reports, func(r *Report) bool { return !overBefore(r, *number.ShipDate) })
		}
		reports = narrow(reports, func(r *Report) bool { return shippedAbout(r, *number.ShipDate) })
	}
	if number.PostalCode != "" {
		reports = narrow(reports, func(r *Report) bool { return samePostalCode(r.Destination.PostalCode, number.PostalCode) })
	}
	found.Reports = reports
	switch len(reports) {
	case 0:
		found.Outcome = domain.TrackingNotFound
	case 1:
		found.Outcome = domain.TrackingFound
	default:
		found.Outcome = domain.TrackingAmbiguous
	}
	return found
}

// Match puts a parser's results into the order of the numbers that were asked about and lets Choose decide each. Results for one number
// are taken together. A number that the answer passes over is UNAVAILABLE: nothing was said about it, not even that it is unknown.
func Match(numbers []Number, found []Result) []Result {
	byNumber := map[string]Result{}
	for _, result := range found {
		key := Canonical(result.Number)
		before, seen := byNumber[key]
		switch {
		case !seen || len(before.Reports) == 0 && len(result.Reports) > 0:
			byNumber[key] = result
		case len(result.Reports) > 0:
			before.Reports = append(before.Reports[:len(before.Reports):len(before.Reports)], result.Reports...)
			byNumber[key] = before
		}
	}
	results := make([]Result, len(numbers))
	for i, number := range numbers {
		result, seen := byNumber[Canonical(number.Number)]
		if !seen {
			result = Result{Outcome: domain.TrackingUnavailable}
		}
		results[i] = Choose(number, result)
	}
	return results
}

// Canonical is a number without blanks, dashes and case, by which numbers are compared.
func Canonical(number string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' || r == '\t' {
			return -1
		}
		return unicode.ToUpper(r)
	}, number)
}

func anyUniqueID(reports []Report) bool {
	for i := range reports {
		if reports[i].UniqueID != "" {
			return true
		}
	}
	return false
}

func filter(reports []Report, keep func(*Report) bool) []Report {
	var kept []Report
	for i := range reports {
		if keep(&reports[i]) {
			kept = append(kept, reports[i])
		}
	}
	return kept
}

// narrow is filter, unless nothing would remain.
func narrow(reports []Report, keep func(*Report) bool) []Report {
	if kept := filter(reports, keep); len(kept) > 0 {
		return kept
	}
	return reports
}

// shippedAbout tells whether a journey began on the day: by the carrier's date, else by its first event.
func shippedAbout(r *Report, day domain.Date) bool {
	began := r.Shipped
	if began.IsZero() {
		for i := range r.Events {
			at := r.Events[i].Time
			if !at.IsZero() && r.Events[i].Classifier == domain.StateActual && (began.IsZero() || at.Sort().Before(began.Sort())) {
				began = at
			}
		}
	}
	if began.IsZero() {
		return false
	}
	apart := began.Date().DaysSince(day)
	// A label may be printed days ahead, so an event may come before the goods leave.
	return -7 <= apart && apart <= 1 || !r.Shipped.IsZero() && -1 <= apart && apart <= 1
}

// longBefore is how many days before the ship date a journey that was over then is another's: ship dates are set wrong, but not by a month.
const longBefore = 30

// overBefore tells whether the last that is known of a journey was long before the day. One that nothing is known of was not.
func overBefore(r *Report, day domain.Date) bool {
	var last Time
	for i := range r.Events {
		at := r.Events[i].Time
		if !at.IsZero() && r.Events[i].Classifier == domain.StateActual && (last.IsZero() || at.Sort().After(last.Sort())) {
			last = at
		}
	}
	return !last.IsZero() && last.Date().DaysSince(day) < -longBefore
}

func samePostalCode(a, b string) bool { return a != "" && Canonical(a) == Canonical(b) }
