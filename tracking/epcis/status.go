package epcis

import (
	"strings"

	"github.com/vigie-dev/vigie/domain"
)

// note is a step that tells nothing of where the goods are. It is kept and moves nothing.
const note = domain.MilestoneUnknown

// steps is what the business steps of CBV 2.0 say. A step that is not here is UNKNOWN: the raw code tells which.
var steps = map[string]domain.Milestone{
	"commissioning":    domain.MilestoneLabelCreated,
	"picking":          domain.MilestoneLabelCreated,
	"packing":          domain.MilestoneLabelCreated,
	"staging_outbound": domain.MilestoneLabelCreated,
	"loading":          domain.MilestonePickedUp,
	"shipping":         domain.MilestonePickedUp,
	"departing":        domain.MilestonePickedUp,
	"transporting":     domain.MilestoneInTransit,
	"arriving":         domain.MilestoneInTransit,
	"unloading":        domain.MilestoneInTransit,
	"receiving":        domain.MilestoneDelivered, // see settle
	"accepting":        domain.MilestoneDelivered,
	"holding":          domain.MilestoneException,
	"void_shipping":    domain.MilestoneException, // was not shipped after all
	"inspecting":       note,
	"storing":          note,
	"stocking":         note,
	"unpacking":        note,
}

// dispositions is what is wrong with an object, whatever the step.
var dispositions = map[string]domain.ExceptionReason{
	"damaged": domain.ReasonDamaged, "destroyed": domain.ReasonDamaged, "stolen": domain.ReasonLost, "recalled": domain.ReasonOther,
	"mismatch_instance": domain.ReasonOther, "mismatch_class": domain.ReasonOther, "mismatch_quantity": domain.ReasonOther,
}

// classify tells what step and disposition mean.
func classify(step, disposition string) (domain.Milestone, domain.ExceptionReason) {
	milestone := steps[step]
	if milestone == "" {
		milestone = domain.MilestoneUnknown
	}
	if disposition == "returned" {
		return returned(milestone)
	}
	reason := dispositions[disposition]
	if reason != "" {
		return domain.MilestoneException, reason
	}
	if milestone == domain.MilestoneException {
		return milestone, domain.ReasonOther
	}
	if milestone == domain.MilestoneDelivered && disposition == "in_transit" {
		// Received by somebody on the way.
		return domain.MilestoneInTransit, ""
	}
	return milestone, ""
}

// returned is the meaning of a step on the way back.
func returned(milestone domain.Milestone) (domain.Milestone, domain.ExceptionReason) {
	switch milestone {
	case domain.MilestonePickedUp, domain.MilestoneInTransit:
		return domain.MilestoneReturning, ""
	case domain.MilestoneDelivered:
		return domain.MilestoneReturned, ""
	default:
		return domain.MilestoneException, domain.ReasonOther
	}
}

// ships tells whether with an event the goods leave, so that whoever received them before was not their destination.
func ships(code string) bool {
	step, _, _ := strings.Cut(code, "/")
	return step == "shipping" || step == "departing" || step == "loading"
}

// receives tells whether an event is about being received.
func receives(code string) bool {
	step, _, _ := strings.Cut(code, "/")
	return step == "receiving" || step == "accepting"
}
