package iftsta

import (
	"strings"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// status is one STS with what follows it.
type status struct {
	event    tracking.Event
	position int
	rank     int // of the date that the event's time is, from 1; 0 is none
	located  int // of the location, likewise
}

// read9015 reads STS: category (C601), status (C555) and up to five reasons (C556).
func (m *message) read9015(segment tracking.Segment) tracking.Event {
	category, code, agency := segment.Get(1, 0), segment.Get(2, 0), segment.Get(2, 2)
	event := tracking.Event{Milestone: domain.MilestoneUnknown, Classifier: domain.StateActual, RawCode: tracking.Plain(code)}
	words := []string{segment.Get(2, 3)}
	said := meaning{}
	// Codes of other categories, such as the law, and of other agencies are not those of Recommendation 24.
	if (category == "" || category == "1") && (agency == "" || agency == "6") && !(m.eancom && differs(code)) {
		said = statuses[code]
	}
	if said.milestone != "" {
		event.Milestone = said.milestone
	}
	event.Reason, event.Delay = said.reason, said.delay
	coded := []string{}
	for i := 3; i < len(segment) && i < 8; i++ {
		reason, text := segment.Get(i, 0), segment.Get(i, 3)
		if text != "" {
			words = append(words, text)
		} else if reason != "" {
			coded = append(coded, reason)
		}
		if !m.eancom {
			explain(&event, reasons[reason])
		}
	}
	if len(coded) > 0 {
		words = append(words, "reason "+strings.Join(coded, ", "))
	}
	event.RawText = join(words)
	return event
}

// explain adds a reason where something is wrong. The first that is known counts.
func explain(event *tracking.Event, reason domain.ExceptionReason) {
	switch event.Milestone {
	case domain.MilestoneException, domain.MilestoneDeliveryAttempted, domain.MilestoneReturned, domain.MilestoneReturning:
	default:
		if !event.Delay {
			return
		}
	}
	if reason != "" && (event.Reason == "" || event.Reason == domain.ReasonOther || event.Reason == domain.ReasonCarrierDelay) {
		event.Reason = reason
	}
}

func join(words []string) string {
	var said []string
	for _, text := range words {
		if text = tracking.Plain(text); text != "" {
			said = append(said, text)
		}
	}
	return tracking.Plain(strings.Join(said, ": "))
}

// read reads what is said of the status.
func (s *status) read(segment tracking.Segment) {
	switch segment.Tag() {
	case "FTX":
		words := []string{s.event.RawText}
		if len(segment) > 4 {
			words = append(words, strings.Join(segment[4], " "))
		}
		s.event.RawText = join(words)
	case "LOC":
		s.locate(segment)
	}
}

// whens is the dates (data element 2005) that tell when a status came about, the most telling first: status change, delivery, arrival,
// departure, collection, despatch, effective; and behind those that are only estimates.
var whens = []string{"334", "35", "178", "186", "200", "11", "7", "17", transportArrives, "133"}

// estimates is where the estimates in whens begin.
const estimates = 7

// date takes the time of a date if it tells more than what was there.
func (s *status) date(kind string, t tracking.Time) {
	for i, known := range whens {
		if kind != known || s.rank != 0 && s.rank <= i+1 {
			continue
		}
		s.rank, s.event.Time = i+1, t
		return
	}
}

// wheres is the locations (data element 3227) that tell where a status came about: activity, goods, current. Others count behind them.
var wheres = []string{"175", "14", "228"}

func (s *status) locate(segment tracking.Segment) {
	rank := len(wheres) + 1
	for i, known := range wheres {
		if segment.Get(1, 0) == known {
			rank = i + 1
		}
	}
	place := location(segment)
	if place.Text == "" || s.located != 0 && s.located <= rank {
		return
	}
	s.located, s.event.Place = rank, place
}

// finish is the event. One of which only an estimated time is known has not happened yet.
func (s *status) finish() tracking.Event {
	if s.rank > estimates {
		s.event.Classifier = domain.StateEstimated
	}
	return s.event
}
