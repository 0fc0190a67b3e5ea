package domain

import "time"

// The closed sets of words of live tracking.
type (
	Freshness       string
	TrackingSource  string
	SourceErrorCode string
	CircuitState    string
)

// How much an answer about a shipment is worth.
const (
	FreshnessFresh       Freshness = "FRESH"       // as young as was asked for
	FreshnessStale       Freshness = "STALE"       // older than that
	FreshnessUnavailable Freshness = "UNAVAILABLE" // nothing is known
)

// SourceNoTrackingNumber says that a shipment has no carrier or no tracking number. The other codes of source errors are those of
// tracking/service.
const SourceNoTrackingNumber SourceErrorCode = "NO_TRACKING_NUMBER"

// LiveTracking is what a carrier says of one number, and how much that is worth.
type LiveTracking struct {
	Freshness Freshness
	// FetchedAt is when the carrier said it, and Source where it was kept; nil where nothing is known.
	FetchedAt *time.Time
	Source    *TrackingSource
	// SourceError is why the answer is not fresh, nil where it is.
	SourceError *SourceError
	// Outcome is what came of asking. What follows is known only where it is FOUND.
	Outcome             *TrackingOutcome
	Milestone           *Milestone
	Since               *EventTime
	Reason              *ExceptionReason
	Delayed             *bool
	DelayReason         *ExceptionReason
	PickedUp, Delivered *EventTime
	Eta                 *Eta
	// EtaHistory is there only where it was asked for.
	EtaHistory          *EtaHistory
	ProofOfDelivery     *ProofOfDelivery
	Service             *string
	Pieces              *int
	Shipped             *EventTime
	Origin, Destination *string
	// AllEvents are what the carrier reported and did not take back, newest first.
	AllEvents []*CarrierEvent
	// Candidates are the journeys that the number may stand for, where it is AMBIGUOUS.
	Candidates []*TrackingJourney
}

// EventCount is how many events there are.
func (l *LiveTracking) EventCount() int { return len(l.AllEvents) }

// SourceError is why an answer is not fresh.
type SourceError struct {
	Code    SourceErrorCode
	Message string
	RetryAt *time.Time
}

// EventTime is a time that a carrier gave, with what is known of it.
type EventTime struct {
	OccurredAt *time.Time
	WallClock  *time.Time
	UtcOffset  *int
	Precision  TimePrecision
}

// LocalTime is the wall clock at the place, without an offset, or nil.
func (t *EventTime) LocalTime() *string { return localTime(t.WallClock) }

// CarrierEvent is something that a carrier has just said. It is no row.
type CarrierEvent struct {
	EventTime
	Milestone   Milestone
	Classifier  MilestoneState
	RawCode     *string
	RawText     *string
	Location    *string
	CountryCode *string
	Reason      *ExceptionReason
	Delay       bool
	ReceivedAt  time.Time
}

// EtaHistory is how what was said of the arrival changed.
type EtaHistory struct {
	First, Latest, Promised *Eta
	Changes                 int
	SlippedMinutes          *int
	Late                    *bool
}

// EtaStatements are what was said of when a shipment arrives, as package tracking writes it, and what it is held against.
type EtaStatements struct {
	PromisedOn *Date
	TimeZone   *string // of the site that it goes to
	Statements [][]byte
}

// TrackingJourney is one of several journeys under one number.
type TrackingJourney struct {
	Number              string
	Service             *string
	Shipped             *EventTime
	Origin, Destination *string
	Milestone           Milestone
	Since               *EventTime
}

// CarrierCandidate is a carrier that a number may be of.
type CarrierCandidate struct {
	Code string
	// Name is that of a carrier that is set up to be asked.
	Name *string
	Form *string
	// Checked tells that a check digit is right, Asked that the carrier was asked.
	Checked, Asked bool
	Outcome        *TrackingOutcome
}

// TrackAnswer is what is known of a number that may be of no shipment of ours.
type TrackAnswer struct {
	Number     string
	Carrier    *CarrierCandidate
	Candidates []*CarrierCandidate
	Live       *LiveTracking
}

// CarrierHealth is how a carrier has been doing of late.
type CarrierHealth struct {
	State         CircuitState
	Since         time.Time
	LastSuccessAt *time.Time
	ErrorRate     float64
	OpenUntil     *time.Time
	PausedUntil   *time.Time
	Waiting       int
	Running       int
	CallsToday    int
	CallsPerDay   *int
	DayEndsAt     time.Time
}
