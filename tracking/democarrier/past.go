package democarrier

import (
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// stepOf is the step that a scan of the past tells of. Of two in transit the first is the one that left the hub.
func stepOf(past Past, before []scan) step {
	switch past.Milestone {
	case domain.MilestoneLabelCreated:
		return stepLabel
	case domain.MilestonePickedUp:
		return stepPickedUp
	case domain.MilestoneOutForDelivery:
		return stepOut
	case domain.MilestoneAvailableForPickup:
		return stepWaiting
	case domain.MilestoneReturning:
		return stepReturning
	case domain.MilestoneDeliveryAttempted:
		if past.Reason == domain.ReasonRefused {
			return stepRefused
		}
		return stepAttempt
	case domain.MilestoneException:
		if past.Reason == domain.ReasonLost {
			return stepLost
		}
		if past.Reason == domain.ReasonCustomsHold {
			return stepHeld
		}
		return stepDelayed
	}
	for i := range before {
		if before[i].step == stepLeft {
			if past.Reason != "" {
				return stepDelayed
			}
			return stepArrived
		}
	}
	return stepLeft
}

// remember begins the journey with the past, and brings it to the first hub where it has not come so far.
func (pl *planner) remember() {
	for i, past := range pl.Past {
		pl.scan(stepOf(past, pl.scans), past.At)
		if i == 0 {
			pl.expect(pl.promised())
		}
	}
	if pl.last() == stepLabel {
		pl.scan(stepPickedUp, pl.ShippedAt)
	}
	if pl.last() == stepPickedUp {
		pl.scan(stepLeft, pl.scans[len(pl.scans)-1].at.Add(2*time.Hour+pl.span(3*time.Hour)))
	}
}

func (pl *planner) last() step { return pl.scans[len(pl.scans)-1].step }

// goOn ends a journey whose past has decided its fate, and is false for one that may still go either way.
func (pl *planner) goOn() bool {
	if len(pl.Past) == 0 {
		return false
	}
	at := pl.scans[len(pl.scans)-1].at.In(pl.to)
	day := domain.DateOf(at)
	switch pl.last() {
	case stepOut:
		pl.scan(stepDelivered, at.Add(30*time.Minute+pl.span(5*time.Hour)))
		pl.expectNothing()
	case stepAttempt:
		pl.expect(day.AddDays(1))
		pl.doorstep(day.AddDays(1), stepDelivered)
	case stepWaiting:
		pl.expectNothing()
		pl.scan(stepDelivered, pl.at(day.AddDays(1+pl.draw.IntN(3)), 10, 8*time.Hour))
	case stepHeld:
		pl.expect(day.AddDays(3))
		pl.scan(stepReleased, pl.at(day.AddDays(2), 11, 4*time.Hour))
		pl.doorstep(day.AddDays(3), stepDelivered)
	case stepLost:
		pl.expectNothing()
	case stepRefused, stepReturning:
		pl.expectNothing()
		if pl.last() == stepRefused {
			pl.scan(stepReturning, pl.at(day.AddDays(1), 10, 4*time.Hour))
		}
		home := day.AddDays(4 + pl.draw.IntN(3))
		pl.scan(stepReturned, time.Date(home.Year, home.Month, home.Day, 9, 0, 0, 0, pl.from).Add(pl.span(5*time.Hour)))
	default:
		return false
	}
	return true
}
