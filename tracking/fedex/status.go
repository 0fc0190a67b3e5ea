package fedex

import (
	"regexp"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// note is a code that tells nothing of where the goods are: a delay, a wish. It is kept and moves nothing, so that a delay does not hide that a
// parcel is out for delivery.
const note = domain.MilestoneUnknown

// milestones are by the codes of events and of derived statuses, which share one list. The common ones are those that answers of the API show; the
// others go by the status codes of the older FedEx Web Services (Track Service WSDL Guide 2020) as public programs cite them. Codes that are not
// here are UNKNOWN, those of vague besides.
var milestones = map[string]domain.Milestone{
	"IN": domain.MilestoneLabelCreated, "OC": domain.MilestoneLabelCreated,
	"AP": domain.MilestoneLabelCreated, "EP": domain.MilestoneLabelCreated, // the courier is at the shipper, or on the way there
	"PU": domain.MilestonePickedUp, "PX": domain.MilestonePickedUp, "DO": domain.MilestonePickedUp,
	"IT": domain.MilestoneInTransit, "IX": domain.MilestoneInTransit, "AR": domain.MilestoneInTransit, "DP": domain.MilestoneInTransit,
	"AO": domain.MilestoneInTransit, "AE": domain.MilestoneInTransit, // arriving on time, arriving early
	"AA": domain.MilestoneInTransit, "AC": domain.MilestoneInTransit, "AF": domain.MilestoneInTransit, "AX": domain.MilestoneInTransit,
	"EO": domain.MilestoneInTransit, "FD": domain.MilestoneInTransit, "LO": domain.MilestoneInTransit, "OF": domain.MilestoneInTransit,
	"PF": domain.MilestoneInTransit, "PL": domain.MilestoneInTransit, "PM": domain.MilestoneInTransit, "SF": domain.MilestoneInTransit,
	"TR": domain.MilestoneInTransit,
	"CC": domain.MilestoneInTransit, "CP": domain.MilestoneInTransit, // cleared, clearance in progress
	"CD": domain.MilestoneException, // clearance delay
	"OD": domain.MilestoneOutForDelivery, "ED": domain.MilestoneOutForDelivery, "AD": domain.MilestoneOutForDelivery,
	"DL": domain.MilestoneDelivered,
	"DE": domain.MilestoneDeliveryAttempted,
	"SE": domain.MilestoneException,
	"HL": domain.MilestoneAvailableForPickup, "HP": domain.MilestoneAvailableForPickup,
	"RS": domain.MilestoneReturning,
	"CA": domain.MilestoneCancelled,
	"DY": note, "DD": note, "PD": note, // delay; of the delivery; of the pickup
	"CH": note, "RR": note, "RM": note, "RP": note, "LP": note, "RG": note, "RD": note, // changes and wishes; labels for returns
}

// vague are codes that mean one thing as the code of an event and another in another group of codes, such as CA, which is a cancellation or
// a carrier. As the type of an event they say nothing: the derived status does.
var vague = map[string]bool{"CA": true, "RC": true, "EA": true, "SP": true}

var delayCodes = map[string]bool{"DY": true, "DD": true, "PD": true, "CD": true}

// exceptions are reasons by exception code, for those that say nothing in words. FedEx Express has codes of two digits (known as DEX and STAT),
// FedEx Ground of three, and 07 is not 007. FedEx publishes no list for the API: these are what shippers' lists and FedEx' test numbers agree on.
var exceptions = map[string]domain.ExceptionReason{
	"03": domain.ReasonAddress, "05": domain.ReasonSecurity, "07": domain.ReasonRefused, "08": domain.ReasonRecipientAbsent,
	"10": domain.ReasonDamaged, "12": domain.ReasonMisrouted, "18": domain.ReasonMisrouted, "37": domain.ReasonDamaged,
	"50": domain.ReasonCustomsDocs, "55": domain.ReasonCustomsHold, "73": domain.ReasonCustomsHold, "93": domain.ReasonPaymentDue,
	"007": domain.ReasonRecipientAbsent,
}

// delayTypes are those that tell why.
var delayTypes = map[tracking.Text]domain.ExceptionReason{"WEATHER": domain.ReasonWeather, "CLEARANCE": domain.ReasonCustomsHold}

var (
	returnedWords     = regexp.MustCompile(`(?i)\b(returned|delivered) (back )?to (the )?(sender|shipper)\b`)
	notAttemptedWords = regexp.MustCompile(`(?i)\b(not attempted|no attempt)\b`)
)

// classify tells what a scan means.
func classify(s *scan) (domain.Milestone, domain.ExceptionReason, bool) {
	milestone := milestoneOf(s)
	words := string(s.Description + " " + s.ExceptionText)
	switch {
	case milestone == domain.MilestoneDelivered && returnedWords.MatchString(words):
		milestone = domain.MilestoneReturned
	case milestone == domain.MilestoneDeliveryAttempted && notAttemptedWords.MatchString(words):
		milestone = domain.MilestoneException
	}
	late := s.Delay.Status == "DELAYED" || delayCodes[string(s.EventType)] || delayCodes[string(s.Derived)]
	return milestone, reason(s, milestone, late), late
}

// milestoneOf reads the type of the event, which says more (OD is IT to the derived status), and the derived status where that is of no use.
func milestoneOf(s *scan) domain.Milestone {
	milestone, known := milestones[string(s.EventType)]
	if known && !vague[string(s.EventType)] {
		return milestone
	}
	milestone, known = milestones[string(s.Derived)]
	if !known {
		return domain.MilestoneUnknown
	}
	return milestone
}

// reason looks for one where something is wrong, first in what was said about just that.
func reason(s *scan, milestone domain.Milestone, late bool) domain.ExceptionReason {
	wrong := false
	switch milestone {
	case domain.MilestoneException, domain.MilestoneDeliveryAttempted, domain.MilestoneReturning, domain.MilestoneReturned:
		wrong = true
	}
	if !wrong && !late {
		return ""
	}
	found := []domain.ExceptionReason{
		tracking.ReasonInWords(string(s.ExceptionText)), exceptions[string(s.Exception)], delayTypes[s.Delay.Type],
		tracking.ReasonInWords(string(s.Description)),
	}
	if !wrong {
		// The exception of a scan that is none may be about something else.
		found[0], found[1], found[2] = found[2], found[0], found[1]
	}
	for _, reason := range found {
		if reason != "" {
			return reason
		}
	}
	switch {
	case late:
		return domain.ReasonCarrierDelay
	case milestone == domain.MilestoneException:
		return domain.ReasonOther
	default:
		return ""
	}
}
