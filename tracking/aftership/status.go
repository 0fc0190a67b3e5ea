package aftership

import (
	"regexp"
	"strings"

	"github.com/vigie-dev/vigie/domain"
)

// note is what says nothing of where the parcel is. It is kept and moves nothing, so that a delay does not hide progress.
const note = domain.MilestoneUnknown

// meaning is what a tag or subtag says.
type meaning struct {
	milestone domain.Milestone
	reason    domain.ExceptionReason
	delay     bool
}

// tags are AfterShip's statuses (https://www.aftership.com/docs/tracking/enum/delivery-statuses). A tag that is not here is UNKNOWN, like
// Pending, and the raw code tells which.
var tags = map[string]meaning{
	"Pending":            {milestone: note},
	"InfoReceived":       {milestone: domain.MilestoneLabelCreated},
	"InTransit":          {milestone: domain.MilestoneInTransit},
	"OutForDelivery":     {milestone: domain.MilestoneOutForDelivery},
	"AttemptFail":        {milestone: domain.MilestoneDeliveryAttempted},
	"Delivered":          {milestone: domain.MilestoneDelivered},
	"AvailableForPickup": {milestone: domain.MilestoneAvailableForPickup},
	"Exception":          {milestone: domain.MilestoneException, reason: domain.ReasonOther},
	"Expired":            {milestone: domain.MilestoneExpired},
}

// subtags are those that say more than their tag (https://www.aftership.com/docs/tracking/enum/delivery-sub-statuses; from Exception_016 on,
// https://support.aftership.com/en/article/learn-about-delivery-sub-statuses-1b0hdlx). A subtag that is not here means what its tag means.
var subtags = map[string]meaning{
	"AttemptFail_002": {milestone: domain.MilestoneDeliveryAttempted, reason: domain.ReasonRecipientAbsent}, // addressee not available
	"AttemptFail_003": {milestone: domain.MilestoneDeliveryAttempted, reason: domain.ReasonRecipientAbsent}, // business closed
	"Exception_002":   {milestone: domain.MilestoneException, reason: domain.ReasonAddress},                 // customer moved
	"Exception_003":   {milestone: domain.MilestoneException, reason: domain.ReasonRefused},                 // refused
	"Exception_004":   {milestone: note, reason: domain.ReasonCustomsHold, delay: true},                     // delayed in customs
	"Exception_005":   {milestone: note, reason: domain.ReasonCarrierDelay, delay: true},                    // delayed, external factors
	"Exception_006":   {milestone: domain.MilestoneException, reason: domain.ReasonPaymentDue},              // held for payment
	"Exception_007":   {milestone: domain.MilestoneException, reason: domain.ReasonAddress},                 // incorrect address
	"Exception_010":   {milestone: domain.MilestoneReturning},                                               // returning to sender
	"Exception_011":   {milestone: domain.MilestoneReturned},                                                // returned to sender
	"Exception_012":   {milestone: domain.MilestoneException, reason: domain.ReasonDamaged},                 // damaged
	"Exception_013":   {milestone: domain.MilestoneException, reason: domain.ReasonLost},                    // lost
	"Exception_016":   {milestone: note, reason: domain.ReasonCarrierDelay, delay: true},                    // delayed, processing
	"Exception_017":   {milestone: note, reason: domain.ReasonWeather, delay: true},                         // delayed, weather
	"Exception_018":   {milestone: domain.MilestoneException, reason: domain.ReasonCustomsDocs},             // documents
	"Exception_019":   {milestone: note, reason: domain.ReasonCarrierDelay, delay: true},                    // delayed flight
	"Exception_020":   {milestone: domain.MilestoneCancelled},                                               // cancelled
	"InTransit_002":   {milestone: domain.MilestonePickedUp},                                                // acceptance scan
}

// toShipper is how couriers say that a delivery was one back to the shipper: the tag Delivered makes no difference.
var toShipper = regexp.MustCompile(`(?i)\b(delivered|returned)\b.*\bto (the )?(original )?(sender|shipper)\b`)

// classify tells what a tag means, refined by its subtag. A subtag without its tag stands for it.
func classify(tag, subtag string) meaning {
	if tag == "" {
		tag, _, _ = strings.Cut(subtag, "_")
	}
	found, known := subtags[subtag]
	if known && strings.HasPrefix(subtag, tag+"_") {
		return found
	}
	found, known = tags[tag]
	if !known {
		return meaning{milestone: domain.MilestoneUnknown}
	}
	return found
}
