package ups

import (
	"regexp"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// meaning is what a code says: how far the package is, why not farther, and whether it will be late.
type meaning struct {
	milestone domain.Milestone
	reason    domain.ExceptionReason
	delay     bool
}

// note is a code that tells nothing of where the package is: requests, changes, delays. It is kept and moves nothing, so that a delay does not
// hide that a package is out for delivery, and a wish to have it back does not make it return.
const note = domain.MilestoneUnknown

// meanings are by the codes of three digits. UPS lists them in the appendix of its Tracking API
// (https://developer.ups.com/api/reference/tracking/appendix); the texts behind this table are those of public copies of that list, 071 is from the
// examples of UPSTrackAlert.yaml. 017 is not 17: a code that lost its zeros is not here.
var meanings = map[string]meaning{
	"000": {milestone: note}, // status not available
	"003": {milestone: domain.MilestoneLabelCreated},
	"005": {milestone: domain.MilestoneInTransit},
	"006": {milestone: domain.MilestoneOutForDelivery},
	"007": {milestone: domain.MilestoneCancelled}, // the label was voided
	"010": {milestone: domain.MilestoneInTransit},
	"011": {milestone: domain.MilestoneDelivered},
	"012": {milestone: domain.MilestoneInTransit, reason: domain.ReasonCustomsHold}, // clearance in progress
	"013": {milestone: domain.MilestoneException},
	"014": {milestone: domain.MilestoneInTransit}, // clearance completed
	"016": {milestone: domain.MilestoneException}, // held in warehouse
	"017": {milestone: domain.MilestoneAvailableForPickup},
	"018": {milestone: note},                      // hold requested
	"019": {milestone: domain.MilestoneInTransit}, // held for a later day
	"020": {milestone: note},
	"021": {milestone: domain.MilestoneOutForDelivery},
	"022": {milestone: domain.MilestoneDeliveryAttempted}, // first
	"023": {milestone: domain.MilestoneDeliveryAttempted}, // second
	"024": {milestone: domain.MilestoneDeliveryAttempted}, // final
	"025": {milestone: domain.MilestoneInTransit},         // with the local post office
	"026": {milestone: domain.MilestoneDelivered},         // by the local post office
	"027": {milestone: note},                              // change of address requested
	"028": {milestone: note},                              // address changed
	"029": {milestone: domain.MilestoneException},         // action required
	"030": {milestone: domain.MilestoneException},         // of the local post office
	"032": {milestone: note, reason: domain.ReasonWeather, delay: true},
	"033": {milestone: note}, // return requested
	"034": {milestone: domain.MilestoneReturned},
	"035": {milestone: domain.MilestoneReturning},
	"036": {milestone: domain.MilestoneReturning},
	"037": {milestone: domain.MilestoneReturning}, // on the vehicle to the sender
	"038": {milestone: domain.MilestonePickedUp},
	"039": {milestone: domain.MilestoneInTransit}, // by post office
	"040": {milestone: domain.MilestoneAvailableForPickup},
	"041": {milestone: note},                         // upgrade of service requested
	"042": {milestone: note},                         // service upgraded
	"043": {milestone: note},                         // pickup voided
	"044": {milestone: domain.MilestoneLabelCreated}, // on the way to UPS, which does not have it yet
	"045": {milestone: domain.MilestoneLabelCreated},
	"046": {milestone: note, delay: true},
	"047": {milestone: note, delay: true},
	"048": {milestone: note, delay: true},
	"049": {milestone: domain.MilestoneException, delay: true}, // action required
	"050": {milestone: domain.MilestoneException, reason: domain.ReasonAddress},
	"051": {milestone: note, reason: domain.ReasonWeather, delay: true},
	"052": {milestone: note, reason: domain.ReasonWeather, delay: true},
	"053": {milestone: note, reason: domain.ReasonWeather, delay: true},
	"054": {milestone: note},                      // change of delivery requested
	"055": {milestone: note},                      // rescheduled, to an earlier day or a later one
	"056": {milestone: note},                      // upgrade of service requested
	"057": {milestone: domain.MilestoneInTransit}, // to an access point
	"058": {milestone: domain.MilestoneException, reason: domain.ReasonCustomsDocs},
	"059": {milestone: domain.MilestoneException, reason: domain.ReasonDamaged},
	"060": {milestone: domain.MilestoneDeliveryAttempted},
	"061": {milestone: domain.MilestoneDeliveryAttempted, reason: domain.ReasonRecipientAbsent}, // no adult to sign
	"062": {milestone: domain.MilestoneDeliveryAttempted, reason: domain.ReasonPaymentDue},
	"063": {milestone: note}, // change of delivery completed
	"064": {milestone: domain.MilestoneDeliveryAttempted, reason: domain.ReasonRefused},
	"065": {milestone: note},                                                 // pickup attempted
	"066": {milestone: domain.MilestoneDeliveryAttempted},                    // by the post office
	"067": {milestone: domain.MilestoneReturned},                             // by the post office
	"068": {milestone: domain.MilestoneException, reason: domain.ReasonLost}, // with lost and found
	"069": {milestone: domain.MilestoneException},                            // not claimed
	"071": {milestone: domain.MilestoneInTransit},                            // preparing for delivery
}

// byType is what an activity type says, for activities without a status code. Type D is delivery as a subject: loading the vehicle is D as well.
var byType = map[string]domain.Milestone{
	"M": domain.MilestoneLabelCreated, "MV": domain.MilestoneCancelled, "P": domain.MilestonePickedUp, "I": domain.MilestoneInTransit,
	"X": domain.MilestoneException, "U": note, "D": note,
}

var (
	returnedWords  = regexp.MustCompile(`(?i)\b(returned|delivered) (back )?to (the )?(sender|shipper)\b`)
	pickupWords    = regexp.MustCompile(`(?i)\b(to|at) (a |the )?UPS Access Point\b`)
	deliveredWords = regexp.MustCompile(`(?i)^(your package (was|has been) )?delivered\b`)
	vehicleWords   = regexp.MustCompile(`(?i)\b(out for delivery|(loaded )?on (the )?(delivery )?vehicle for delivery)\b`)
)

// classify tells what an activity means from its codes and, where they say that something is wrong but not what, from its words.
func classify(s *status, words string) meaning {
	m, known := meanings[string(s.StatusCode)]
	switch {
	case s.StatusCode == "":
		m.milestone = withoutCode(s, words)
	case !known:
		return meaning{milestone: domain.MilestoneUnknown}
	}
	switch {
	case m.milestone == domain.MilestoneDelivered && returnedWords.MatchString(words):
		m.milestone = domain.MilestoneReturned
	case s.StatusCode == "012" && s.Type == "X":
		m.milestone = domain.MilestoneException
	}
	if m.reason == "" {
		m.reason = reason(m, words)
	}
	return m
}

// inFull is a package's current status with its codes where activities have them: some answers write the code of three digits as code.
func (s status) inFull() status {
	if _, known := meanings[string(s.Code)]; known && s.StatusCode == "" {
		s.StatusCode, s.Code = s.Code, ""
	}
	return s
}

func withoutCode(s *status, words string) domain.Milestone {
	switch {
	case s.Type == "D" && pickupWords.MatchString(words):
		return domain.MilestoneAvailableForPickup
	case s.Type == "D" && deliveredWords.MatchString(words):
		return domain.MilestoneDelivered
	case (s.Type == "D" || s.Type == "I") && vehicleWords.MatchString(words):
		return domain.MilestoneOutForDelivery
	}
	milestone, known := byType[string(s.Type)]
	if !known {
		return domain.MilestoneUnknown
	}
	return milestone
}

// reason looks for one where something is wrong.
func reason(m meaning, words string) domain.ExceptionReason {
	switch m.milestone {
	case domain.MilestoneException, domain.MilestoneDeliveryAttempted, domain.MilestoneReturning, domain.MilestoneReturned:
	default:
		if !m.delay {
			return ""
		}
	}
	found := tracking.ReasonInWords(words)
	switch {
	case found != "":
		return found
	case m.delay:
		return domain.ReasonCarrierDelay
	case m.milestone == domain.MilestoneException:
		return domain.ReasonOther
	default:
		return ""
	}
}
