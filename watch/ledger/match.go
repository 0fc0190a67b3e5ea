package ledger

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// mostNumbers bounds the numbers of one report that are looked for: a container may list thousands of pieces.
const mostNumbers = 100

// match finds the shipments that each report is about.
//
// Those that have the report's number as their tracking number come first, then those that have it on a package (tracking number or SSCC), then those
// that bear the number of one of its pieces; where there is none, a number of the report may be our own number of a shipment, by which EDI files
// name it. Among them, choose leaves out the journeys that it cannot be. Several that remain are all meant where they are of one customer, whose goods
// then travel together, or where the number is a container's. Of several customers' parcels under one number, nobody knows whose it is: then it
// is none's.
func (l *Ledger) match(ctx context.Context, sender string, reports []tracking.Report) ([][]domain.ID, error) {
	matched := make([][]domain.ID, len(reports))
	var numbers []string
	for i := range reports {
		numbers = append(numbers, numbersOf(&reports[i])...)
	}
	bearers, err := l.bearers(ctx, sender, numbers, l.store.Bearers)
	if err != nil {
		return nil, err
	}
	var left []int
	for i := range reports {
		matched[i] = matchOne(&reports[i], bearers, sender)
		if len(matched[i]) == 0 && !bearers.any(&reports[i]) {
			left = append(left, i)
		}
	}
	numbers = nil
	for _, i := range left {
		numbers = append(numbers, documentsOf(&reports[i])...)
	}
	documents, err := l.bearers(ctx, sender, numbers, l.store.BearersOfDocuments)
	if err != nil {
		return nil, err
	}
	for _, i := range left {
		matched[i] = decide(&reports[i], documents.of(documentsOf(&reports[i])), sender)
	}
	return matched, nil
}

// borne has the shipments that bear a number, by the number.
type borne map[string][]domain.Bearer

func (l *Ledger) bearers(
	ctx context.Context, sender string, numbers []string, find func(context.Context, []string) ([]domain.Bearer, error),
) (borne, error) {
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	by := borne{}
	for part := range slices.Chunk(numbers, 500) {
		found, err := find(ctx, part)
		if err != nil {
			return nil, err
		}
		for _, bearer := range found {
			if l.speaksFor(sender, bearer.Carrier) {
				by[bearer.Asked] = append(by[bearer.Asked], bearer)
			}
		}
	}
	return by, nil
}

func (b borne) of(numbers []string) []domain.Bearer {
	var all []domain.Bearer
	for _, number := range numbers {
		all = append(all, b[number]...)
	}
	return all
}

func (b borne) any(report *tracking.Report) bool { return len(b.of(numbersOf(report))) > 0 }

// matchOne goes through the ways in which a shipment may bear a number of the report, the surest first. The first way that there is counts, even
// where none of those shipments can be meant.
func matchOne(report *tracking.Report, bearers borne, sender string) []domain.ID {
	own := bearers.of(formsOf(report.Number))
	for _, way := range []domain.BorneBy{domain.BorneByShipment, domain.BorneByPackage} {
		var found []domain.Bearer
		for _, bearer := range own {
			if bearer.By == way {
				found = append(found, bearer)
			}
		}
		if len(found) > 0 {
			return decide(report, found, sender)
		}
	}
	return decide(report, bearers.of(numbersOf(report)), sender)
}

// decide gives the shipments that are meant.
func decide(report *tracking.Report, bearers []domain.Bearer, sender string) []domain.ID {
	meant := choose(report, bearers, sender)
	ids := make([]domain.ID, 0, len(meant))
	for i := range meant {
		ids = append(ids, meant[i].ID())
	}
	ids = unique(ids)
	ofOne := !slices.ContainsFunc(ids, func(id domain.ID) bool { return id.Customer != ids[0].Customer })
	if !ofOne && !container(report.Number) {
		return nil
	}
	return ids
}

// container tells whether a number is that of a container, which may hold the goods of many.
func container(number string) bool {
	for _, candidate := range tracking.Detect(number) {
		if candidate.Checked && strings.HasPrefix(candidate.Form, "container") {
			return true
		}
	}
	return false
}

// numbersOf are the numbers by which carriers know what a report is about, in all their forms.
func numbersOf(report *tracking.Report) []string {
	numbers := formsOf(report.Number)
	for i, number := range report.PieceNumbers {
		if i >= mostNumbers {
			break
		}
		numbers = append(numbers, formsOf(number)...)
	}
	return numbers
}

// documentsOf are the numbers of a report that may be ours: a file's journey is often told apart by the shipper's number of it.
func documentsOf(report *tracking.Report) []string {
	return append(formsOf(report.Number), formsOf(report.UniqueID)...)
}

// formsOf are the ways to write a number: as it came, without blanks and dashes, and an SSCC with the two zeros that stand before it in a barcode
// and without them.
func formsOf(number string) []string {
	number = strings.ToUpper(strings.TrimSpace(storable(number)))
	if number == "" || len(number) > 64 {
		return nil
	}
	forms := []string{number}
	bare := tracking.Canonical(number)
	if bare != number && bare != "" {
		forms = append(forms, bare)
	}
	digits := !strings.ContainsFunc(bare, func(r rune) bool { return r < '0' || r > '9' })
	switch {
	case digits && len(bare) == 18:
		forms = append(forms, "00"+bare)
	case digits && len(bare) == 20 && bare[:2] == "00":
		forms = append(forms, bare[2:])
	}
	return forms
}

// spanOf is when the first and the last thing happened that a report tells; zero where it tells nothing that happened.
func spanOf(report *tracking.Report) (time.Time, time.Time) {
	var first, last time.Time
	if !cleanTime(report.Shipped).IsZero() {
		first, last = report.Shipped.Sort(), report.Shipped.Sort()
	}
	for i := range report.Events {
		event := &report.Events[i]
		if cleanTime(event.Time).IsZero() || event.Classifier != domain.StateActual {
			continue
		}
		at := event.Time.Sort()
		if first.IsZero() || at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	}
	return first, last
}
