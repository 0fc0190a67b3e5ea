package easypost

import (
	"regexp"

	"github.com/vigie-dev/vigie/domain"
)

// milestones is what EasyPost's statuses say (https://docs.easypost.com/docs/trackers). A status that is not here is UNKNOWN, like unknown
// and error, which is a fault of EasyPost's own; the raw code tells which.
var milestones = map[string]domain.Milestone{
	"pre_transit":          domain.MilestoneLabelCreated,
	"in_transit":           domain.MilestoneInTransit,
	"out_for_delivery":     domain.MilestoneOutForDelivery,
	"available_for_pickup": domain.MilestoneAvailableForPickup,
	"delivered":            domain.MilestoneDelivered,
	"return_to_sender":     domain.MilestoneReturning,
	"failure":              domain.MilestoneException,
	"cancelled":            domain.MilestoneCancelled,
	"unknown":              domain.MilestoneUnknown,
	"error":                domain.MilestoneUnknown,
}

// refinement is what status_detail adds to a status. Those that only say more of a place are not here.
type refinement struct {
	reason domain.ExceptionReason
	delay  bool
	// while replaces the milestone of a parcel on its way, which is the status that EasyPost gives many problems; "" leaves it.
	while domain.Milestone
}

var refinements = map[string]refinement{
	"address_correction":   {reason: domain.ReasonAddress, while: domain.MilestoneException},
	"awaiting_information": {reason: domain.ReasonOther, while: domain.MilestoneException},
	"damaged":              {reason: domain.ReasonDamaged, while: domain.MilestoneException},
	"delayed":              {reason: domain.ReasonCarrierDelay, delay: true},
	"delivery_exception":   {reason: domain.ReasonOther, while: domain.MilestoneException},
	"expired":              {while: domain.MilestoneExpired},
	"failure":              {reason: domain.ReasonOther},
	"held":                 {reason: domain.ReasonOther, while: domain.MilestoneException},
	"lost":                 {reason: domain.ReasonLost, while: domain.MilestoneException},
	"missorted":            {reason: domain.ReasonMisrouted, while: domain.MilestoneException},
	"refused":              {reason: domain.ReasonRefused, while: domain.MilestoneException},
	"return":               {while: domain.MilestoneReturning},
	"transit_exception":    {reason: domain.ReasonOther, while: domain.MilestoneException},
	"weather_delay":        {reason: domain.ReasonWeather, delay: true},
}

// toShipper is how carriers say that a delivery was one back to the shipper: EasyPost's delivered makes no difference. backAgain is how they say
// that a return has arrived, and is not only meant to.
var (
	toShipper = regexp.MustCompile(`(?i)\bto (the )?(original )?(sender|shipper)\b`)
	backAgain = regexp.MustCompile(`(?i)\bdelivered\b.*\bto (the )?(original )?(sender|shipper)\b`)
)

// classify tells what an event means from EasyPost's status and detail; the carrier's words tell only whether a return has arrived.
func classify(status, statusDetail, text string) (domain.Milestone, domain.ExceptionReason, bool) {
	milestone, known := milestones[status]
	if !known {
		return domain.MilestoneUnknown, "", false
	}
	more := refinements[statusDetail]
	switch {
	case milestone == domain.MilestoneDelivered && toShipper.MatchString(text),
		milestone == domain.MilestoneReturning && backAgain.MatchString(text):
		return domain.MilestoneReturned, more.reason, false
	case milestone == domain.MilestoneInTransit && more.while != "":
		milestone = more.while
	case milestone == domain.MilestoneException && more.while == domain.MilestoneExpired:
		milestone = domain.MilestoneExpired
	}
	switch {
	case milestone == domain.MilestoneException && more.reason == "":
		return milestone, domain.ReasonOther, more.delay
	case milestone == domain.MilestoneException || milestone == domain.MilestoneReturning:
		return milestone, more.reason, more.delay
	case milestone == domain.MilestoneDelivered || milestone == domain.MilestoneCancelled || !more.delay:
		return milestone, "", false
	default:
		return milestone, more.reason, true
	}
}
