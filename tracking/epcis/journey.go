package epcis

import (
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// journey is what is known of an object beyond its report.
type journey struct {
	bound    string   // where it goes, by GLN; "" where nobody said so
	received []string // for each event of the report, where it was received, by GLN
}

// add adds an event to the report of an object.
func (d *document) add(number string, event tracking.Event, w *wire) error {
	report := d.all.Report(number, "")
	if d.journeys == nil {
		d.journeys = map[*tracking.Report]*journey{}
	}
	j := d.journeys[report]
	if j == nil {
		j = &journey{}
		d.journeys[report] = j
	}
	err := d.all.Add(report, event)
	if err != nil {
		return err
	}
	at := gln(string(w.Location.ID))
	if at == "" {
		at = gln(string(w.ReadPoint.ID))
	}
	j.received = append(j.received, at)
	if event.Withdrawn {
		return nil
	}
	for _, to := range w.To {
		// Owner and possessor are parties; their GLN may be that of an office.
		if number := gln(string(to.ID)); number != "" && bare(string(to.Type)) == "location" {
			j.bound = number
			report.Destination = tracking.Place{Text: "GLN " + number, Code: number}
		}
	}
	if w.Action == "DELETE" {
		return nil
	}
	for _, child := range w.Children {
		inside := sscc(string(child))
		if inside != "" && inside != number && len(report.PieceNumbers) < mostPieces {
			report.PieceNumbers = appendNew(report.PieceNumbers, inside)
			report.Pieces = len(report.PieceNumbers)
		}
	}
	return nil
}

// mostPieces bounds the pieces of one object.
const mostPieces = 1000

// sscc is the number of a logistic unit, "" for what is none: the goods inside a unit are not its pieces.
func sscc(id string) string {
	unit := number(id)
	if len(unit) != 18 || !numeric(unit) {
		return ""
	}
	return unit
}

func appendNew(list []string, text string) []string {
	for _, known := range list {
		if known == text {
			return list
		}
	}
	return append(list, text)
}

// settle works out what only the whole document tells: which receipts were the last, and which events correct which.
func (d *document) settle() {
	for report, j := range d.journeys {
		for i := range report.Events {
			if event := &report.Events[i]; !event.Withdrawn {
				event.Corrects = d.corrections[event.ID]
			}
		}
		left := lastLeft(report.Events)
		for i := range report.Events {
			event := &report.Events[i]
			if event.Milestone == domain.MilestoneDelivered && receives(event.RawCode) && !final(event, j.bound, j.received[i], left) {
				event.Milestone = domain.MilestoneInTransit
			}
		}
	}
}

// lastLeft is when the object last left somewhere, as far as that was not declared an error.
func lastLeft(events []tracking.Event) time.Time {
	identity := func(event *tracking.Event) string {
		if event.ID != "" {
			return event.ID
		}
		return event.Time.Sort().String() + event.RawCode
	}
	withdrawn := map[string]bool{}
	for i := range events {
		if events[i].Withdrawn {
			withdrawn[identity(&events[i])] = true
		}
	}
	var left time.Time
	for i := range events {
		event := &events[i]
		if ships(event.RawCode) && !withdrawn[identity(event)] && event.Time.Sort().After(left) {
			left = event.Time.Sort()
		}
	}
	return left
}

// final tells whether a receipt ends the journey: at its destination where that is known, else where nothing left afterwards.
func final(event *tracking.Event, bound, at string, left time.Time) bool {
	if bound != "" && at != "" {
		return bound == at
	}
	return !left.After(event.Time.Sort())
}
