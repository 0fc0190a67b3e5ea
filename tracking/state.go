package tracking

import (
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// State is what a shipment's events amount to.
type State struct {
	// Milestone is how far it is, from ACTUAL events only; UNKNOWN where there is none that says anything.
	Milestone domain.Milestone `json:"milestone"`
	// Since is when the event that made the milestone happened.
	Since Time `json:"since,omitzero"`
	// Reason is why, where the milestone is EXCEPTION, DELIVERY_ATTEMPTED, RETURNING or RETURNED and the carrier said it.
	Reason domain.ExceptionReason `json:"reason,omitempty"`
	// Delayed tells that the carrier announced a delay, and DelayReason the latest reason that it gave. Neither hides the milestone.
	Delayed     bool                   `json:"delayed,omitempty"`
	DelayReason domain.ExceptionReason `json:"delayReason,omitempty"`
	// PickedUp is when the carrier first had the goods, Delivered when they first arrived with the recipient.
	PickedUp  Time `json:"pickedUp,omitzero"`
	Delivered Time `json:"delivered,omitzero"`
	// Events are all events, each once, oldest first.
	Events []Event `json:"events,omitempty"`
	// SupersededBy has the keys of the events that do not count any more, with the key of the event that replaces each. An event that was
	// withdrawn and not replaced has its own.
	SupersededBy map[string]string `json:"supersededBy,omitempty"`
}

// Reduce works out the state from a shipment's events in any order, each as often as it came. The same events give the same state.
//
// Duplicates (the same key) collapse: a withdrawn one wins, then what was received last. Then the events are walked in the order in which they
// happened, and each moves the milestone as step says. So a late message about something old changes nothing that came after it.
func Reduce(events []Event) State {
	state := State{Milestone: domain.MilestoneUnknown, Events: unique(events)}
	state.SupersededBy = superseded(state.Events)
	walk := journey{milestone: domain.MilestoneUnknown}
	for i := range state.Events {
		event := &state.Events[i]
		if _, gone := state.SupersededBy[event.Key]; gone {
			continue
		}
		if event.Classifier == domain.StateActual {
			walk.step(event)
		}
		// A delay is announced with what is expected as well: a ship that will come later.
		if event.Delay && event.Classifier != domain.StatePlanned {
			state.Delayed = true
			if event.Reason != "" {
				state.DelayReason = event.Reason
			}
		}
	}
	state.Milestone, state.Since, state.Reason = walk.milestone, walk.since, walk.reason
	if !explained(state.Milestone) {
		state.Reason = ""
	}
	state.PickedUp, state.Delivered = walk.pickedUp, walk.delivered
	return state
}

// superseded finds the events that were withdrawn or corrected.
func superseded(events []Event) map[string]string {
	byID := map[string]string{}
	for i := range events {
		if events[i].ID != "" {
			byID[events[i].ID] = events[i].Key
		}
	}
	gone := map[string]string{}
	for i := range events {
		event := &events[i]
		if event.Withdrawn {
			gone[event.Key] = event.Key
		}
	}
	for i := range events {
		event := &events[i]
		for _, id := range event.Corrects {
			replaced, here := byID[id]
			if here && replaced != event.Key && !event.Withdrawn {
				gone[replaced] = event.Key
			}
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return gone
}

// journey is where a shipment stands while its events are walked.
type journey struct {
	milestone domain.Milestone
	since     Time
	reason    domain.ExceptionReason
	heard     time.Time // when the event that made the milestone was received
	moved     bool      // the carrier has, or had, the goods
	back      bool      // on the way back to the shipper
	pickedUp  Time
	delivered Time
}

// step moves the journey by one event that happened after those before it.
func (j *journey) step(event *Event) {
	next, ok := j.next(event)
	if j.pickedUp.IsZero() && (event.Milestone == domain.MilestonePickedUp || event.Milestone == domain.MilestoneInTransit) {
		j.pickedUp = event.Time
	}
	j.moved = j.moved || moves(event.Milestone)
	if !ok {
		return
	}
	if next == domain.MilestoneDelivered && j.delivered.IsZero() {
		j.delivered = event.Time
	}
	if next != j.milestone {
		j.milestone, j.since, j.reason, j.heard = next, event.Time, event.Reason, event.ReceivedAt
	} else if event.Reason != "" {
		j.reason = event.Reason
	}
}

// next is the milestone that the event leads to; false where it changes nothing.
func (j *journey) next(event *Event) (domain.Milestone, bool) {
	to := event.Milestone
	switch {
	case to == domain.MilestoneUnknown || !to.Known():
		return "", false
	case to == domain.MilestoneReturned:
		j.back = true
		return to, true
	case j.milestone == domain.MilestoneReturned:
		return "", false
	case to == domain.MilestoneReturning:
		j.back = true
		return to, true
	case j.back:
		return j.onTheWayBack(to)
	case j.milestone.Settled():
		return j.afterTheEnd(to)
	case to == domain.MilestoneLabelCreated:
		return to, j.milestone == domain.MilestoneUnknown
	case to == domain.MilestonePickedUp:
		return to, !j.moved
	case j.sameDayStep(event) || j.untimedStep(event):
		return "", false
	default:
		return to, true
	}
}

// afterTheEnd is what may follow a milestone that settles a shipment, bar a return: nothing. Only the goods themselves are a better witness
// than a cancellation or a carrier's silence.
func (j *journey) afterTheEnd(to domain.Milestone) (domain.Milestone, bool) {
	settledByGoods := j.milestone == domain.MilestoneDelivered
	if !settledByGoods && to == domain.MilestoneDelivered {
		return to, true
	}
	return to, j.milestone == domain.MilestoneExpired && moves(to)
}

// onTheWayBack keeps scans of the return from looking like progress: a parcel that arrives is back with its shipper.
func (j *journey) onTheWayBack(to domain.Milestone) (domain.Milestone, bool) {
	switch to {
	case domain.MilestoneDelivered:
		return domain.MilestoneReturned, true
	case domain.MilestoneException:
		return to, true
	case domain.MilestonePickedUp, domain.MilestoneInTransit, domain.MilestoneOutForDelivery:
		return domain.MilestoneReturning, true
	default:
		return "", false
	}
}

// sameDayStep tells whether the event would take the shipment a step back within a day of which the order of events is not known.
func (j *journey) sameDayStep(event *Event) bool {
	vague := j.since.Precision == domain.PrecisionDateOnly || event.Time.Precision == domain.PrecisionDateOnly
	return vague && !j.since.IsZero() && !event.Time.IsZero() && j.since.Date() == event.Time.Date() && rank(event.Milestone) < rank(j.milestone)
}

// explained tells whether a milestone has a reason.
func explained(m domain.Milestone) bool {
	switch m {
	case domain.MilestoneException, domain.MilestoneDeliveryAttempted, domain.MilestoneReturning, domain.MilestoneReturned:
		return true
	default:
		return false
	}
}

// untimedStep tells whether an event without a time that can be read would take the shipment a step back from what the same answer said: when
// in between it happened is not known.
func (j *journey) untimedStep(event *Event) bool {
	return untimed(event) && event.ReceivedAt.Equal(j.heard) && rank(event.Milestone) < rank(j.milestone)
}

// moves tells whether the carrier must have the goods for the milestone.
func moves(m domain.Milestone) bool {
	switch m {
	case domain.MilestonePickedUp, domain.MilestoneInTransit, domain.MilestoneOutForDelivery, domain.MilestoneAvailableForPickup,
		domain.MilestoneDeliveryAttempted, domain.MilestoneDelivered, domain.MilestoneReturning, domain.MilestoneReturned:
		return true
	default:
		return false
	}
}

// rank is how far a milestone is along the way; for ties in time, and for days without times.
func rank(m domain.Milestone) int {
	order := []domain.Milestone{
		domain.MilestoneUnknown, domain.MilestoneLabelCreated, domain.MilestonePickedUp, domain.MilestoneInTransit, domain.MilestoneException,
		domain.MilestoneOutForDelivery, domain.MilestoneDeliveryAttempted, domain.MilestoneAvailableForPickup, domain.MilestoneExpired,
		domain.MilestoneCancelled, domain.MilestoneDelivered, domain.MilestoneReturning, domain.MilestoneReturned,
	}
	for i, milestone := range order {
		if milestone == m {
			return i
		}
	}
	return 0
}
