package service

import (
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// Lifetimes is how long an answer counts as FRESH where the request does not say. Zero values stand for the defaults that are named.
type Lifetimes struct {
	Settled        time.Duration // delivered, returned, cancelled, expired: 7 days
	OutForDelivery time.Duration // 1 minute
	InTransit      time.Duration // on the way, and all that is not named here: 10 minutes
	Waiting        time.Duration // at a pick-up point, for the recipient to come: 30 minutes
	LabelCreated   time.Duration // the carrier does not have the goods yet: 30 minutes
	NotFound       time.Duration // or several were found, unless it was settled before the carrier forgot it: 20 minutes
	Invalid        time.Duration // 1 day
	// Failed is for how long a number is not asked about again after a call for it failed: 10 seconds.
	Failed time.Duration
}

func (l Lifetimes) withDefaults() Lifetimes {
	orDefault(&l.Settled, 7*24*time.Hour)
	orDefault(&l.OutForDelivery, time.Minute)
	orDefault(&l.InTransit, 10*time.Minute)
	orDefault(&l.Waiting, 30*time.Minute)
	orDefault(&l.LabelCreated, 30*time.Minute)
	orDefault(&l.NotFound, 20*time.Minute)
	orDefault(&l.Invalid, 24*time.Hour)
	orDefault(&l.Failed, 10*time.Second)
	return l
}

// of is how long what is known stays fresh.
func (l Lifetimes) of(k *known) time.Duration {
	switch k.outcome {
	case domain.TrackingFound:
		return l.ofMilestone(k.state.Milestone)
	case domain.TrackingInvalid:
		return l.Invalid
	default:
		if k.state.Milestone.Settled() {
			return l.Settled
		}
		return l.NotFound
	}
}

func (l Lifetimes) ofMilestone(milestone domain.Milestone) time.Duration {
	switch {
	case milestone.Settled():
		return l.Settled
	case milestone == domain.MilestoneOutForDelivery:
		return l.OutForDelivery
	case milestone == domain.MilestoneAvailableForPickup:
		return l.Waiting
	case milestone == domain.MilestoneLabelCreated:
		return l.LabelCreated
	default:
		return l.InTransit
	}
}
