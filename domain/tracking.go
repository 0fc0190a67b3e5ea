package domain

// What is known of a time that a carrier gave.
const (
	PrecisionExact    TimePrecision = "EXACT"     // the instant is known
	PrecisionNoOffset TimePrecision = "NO_OFFSET" // the wall clock is known, its offset from UTC is not
	PrecisionDateOnly TimePrecision = "DATE_ONLY" // only the day is known
)

// Who gave an estimated time of arrival.
const (
	EtaByCarrier    EtaSource = "CARRIER"
	EtaByAggregator EtaSource = "AGGREGATOR"
	EtaPromised     EtaSource = "PROMISED"
)

// What goes wrong with shipments.
const (
	ReasonAddress         ExceptionReason = "ADDRESS"
	ReasonRecipientAbsent ExceptionReason = "RECIPIENT_ABSENT"
	ReasonRefused         ExceptionReason = "REFUSED"
	ReasonCustomsHold     ExceptionReason = "CUSTOMS_HOLD"
	ReasonCustomsDocs     ExceptionReason = "CUSTOMS_DOCS"
	ReasonDutiesDue       ExceptionReason = "DUTIES_DUE"
	ReasonDamaged         ExceptionReason = "DAMAGED"
	ReasonLost            ExceptionReason = "LOST"
	ReasonMisrouted       ExceptionReason = "MISROUTED"
	ReasonWeather         ExceptionReason = "WEATHER"
	ReasonCarrierDelay    ExceptionReason = "CARRIER_DELAY"
	ReasonSecurity        ExceptionReason = "SECURITY"
	ReasonPaymentDue      ExceptionReason = "PAYMENT_DUE"
	ReasonOther           ExceptionReason = "OTHER"
)

// TrackingOutcome is what came of asking a carrier about one number.
type TrackingOutcome string

// The outcomes. A batch fails number by number, so each number has its own.
const (
	TrackingFound       TrackingOutcome = "FOUND"
	TrackingNotFound    TrackingOutcome = "NOT_FOUND"    // often: not yet
	TrackingInvalid     TrackingOutcome = "INVALID"      // no number of this carrier
	TrackingAmbiguous   TrackingOutcome = "AMBIGUOUS"    // several shipments bear the number, and nothing tells which is meant
	TrackingRateLimited TrackingOutcome = "RATE_LIMITED" // asked too often
	TrackingUnavailable TrackingOutcome = "UNAVAILABLE"  // the carrier could not answer for this number
)

// TrackingRecord is a tracking event with what clients are not shown and only the merging of reports needs.
type TrackingRecord struct {
	TrackingEvent
	// Key identifies the event among those of the carrier; nil of an event that was not reported by one.
	Key            *string `db:"external_id"`
	CarrierEventID *string `db:"carrier_event_id"`
	// SupersededBy is the row of the event that replaces it, its own where it was withdrawn and not replaced.
	SupersededBy *int64 `db:"superseded_by"`
	// Delay tells that the carrier said with this event that the shipment will be late.
	Delay bool `db:"delay"`
	// Source is who reported it: the code of a carrier, or of the system that it was imported from.
	Source string `db:"source"`
}

// Known tells whether the milestone is one of the closed set.
func (m Milestone) Known() bool {
	switch m {
	case MilestoneUnknown, MilestoneLabelCreated, MilestonePickedUp, MilestoneInTransit, MilestoneOutForDelivery, MilestoneAvailableForPickup,
		MilestoneDeliveryAttempted, MilestoneDelivered, MilestoneException, MilestoneReturning, MilestoneReturned, MilestoneCancelled, MilestoneExpired:
		return true
	default:
		return false
	}
}

// Known tells whether the reason is one of the closed set.
func (r ExceptionReason) Known() bool {
	switch r {
	case ReasonAddress, ReasonRecipientAbsent, ReasonRefused, ReasonCustomsHold, ReasonCustomsDocs, ReasonDutiesDue, ReasonDamaged,
		ReasonLost, ReasonMisrouted, ReasonWeather, ReasonCarrierDelay, ReasonSecurity, ReasonPaymentDue, ReasonOther:
		return true
	default:
		return false
	}
}
