package service

import (
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Freshness is how much an answer is worth.
type Freshness string

// The kinds of freshness.
const (
	Fresh       Freshness = "FRESH"       // as young as was asked for
	Stale       Freshness = "STALE"       // older than that; Answer.Failure says why
	Unavailable Freshness = "UNAVAILABLE" // nothing is known; Answer.Failure says why
)

// Source is where an answer is from.
type Source string

// The sources.
const (
	FromCarrier Source = "CARRIER" // asked for this request, or for another at the same time
	FromCache   Source = "CACHE"   // asked earlier by this process
	FromStore   Source = "STORE"   // stored
)

// Query is a number of a carrier.
type Query struct {
	Carrier string // the carrier's code
	Number  tracking.Number
	// Shipment is the shipment that the number is asked for, by which a Store knows what is stored; the zero ID where there is none.
	Shipment domain.ID
}

// Request is a question about one number.
type Request struct {
	Query
	// MaxAge is how old an answer may be to count as FRESH; zero leaves it to Lifetimes. Less than Options.MinAge counts as that.
	MaxAge time.Duration
	// Kept waits, where the carrier is asked and within the same time, until the Store has kept what it said or could not.
	Kept bool
}

// Answer is what is known of one number. It is shared by all who asked: read it, do not write into it.
type Answer struct {
	// Outcome is what the carrier last said of the number, "" where nothing is known.
	Outcome domain.TrackingOutcome
	// Reports has one report where the outcome is FOUND and several where it is AMBIGUOUS. Where the carrier does not know the number any more, or
	// not which journey is meant, it has what was stored before.
	Reports []tracking.Report
	// State is what the report's events amount to, where there is just one.
	State     tracking.State
	Freshness Freshness
	// FetchedAt is when the carrier said it, and Source where it was kept; zero and "" where nothing is known.
	FetchedAt time.Time
	Source    Source
	// Failure is why the answer is not FRESH, nil where it is.
	Failure *Failure
}

// FailureCode says why an answer is not fresh.
type FailureCode string

// The codes of failures. Those of whole calls are tracking's.
const (
	FailedUnknownCarrier  FailureCode = "UNKNOWN_CARRIER" // nobody is set up to be asked
	FailedBadNumber       FailureCode = "BAD_NUMBER"      // no carrier has such numbers
	FailedOutOfTime       FailureCode = "OUT_OF_TIME"     // the time budget ended first; the carrier is still being asked
	FailedCircuitOpen     FailureCode = "CIRCUIT_OPEN"    // the carrier failed too often of late and is left alone
	FailedDailyBudget     FailureCode = "DAILY_BUDGET"    // the calls of the day are used up
	FailedOverloaded      FailureCode = "OVERLOADED"      // too many numbers are waiting
	FailedStopped         FailureCode = "STOPPED"         // the service is closed
	FailedInternal        FailureCode = "INTERNAL"        // an adapter broke its contract
	FailedRateLimited                 = FailureCode(tracking.ErrRateLimited)
	FailedTimeout                     = FailureCode(tracking.ErrTimeout)
	FailedUnavailable                 = FailureCode(tracking.ErrUnavailable)
	FailedBadResponse                 = FailureCode(tracking.ErrBadResponse)
	FailedBadRequest                  = FailureCode(tracking.ErrBadRequest)
	FailedUnauthenticated             = FailureCode(tracking.ErrUnauthenticated)
)

// Failure is why an answer is not fresh. Message may be shown to a client.
type Failure struct {
	Code    FailureCode
	Message string
	// RetryAt is when asking again makes sense, where that is known.
	RetryAt *time.Time
}

// Error is the message.
func (f *Failure) Error() string { return f.Message }

// Unwrap is the failure as all layers know it.
func (f *Failure) Unwrap() error {
	code := domain.CodeUnavailable
	switch f.Code {
	case FailedTimeout, FailedOutOfTime:
		code = domain.CodeTimeout
	case FailedBadNumber, FailedUnknownCarrier:
		code = domain.CodeBadInput
	}
	return &domain.Error{Code: code, Message: f.Message}
}

// failed makes a failure with the message of its code. A zero retryAt is none.
func failed(code FailureCode, retryAt time.Time) *Failure {
	failure := &Failure{Code: code, Message: message(code)}
	if !retryAt.IsZero() {
		retryAt = retryAt.UTC()
		failure.RetryAt = &retryAt
	}
	return failure
}

func message(code FailureCode) string {
	switch code {
	case FailedUnknownCarrier:
		return "this carrier is not set up to be asked"
	case FailedBadNumber:
		return "this is no tracking number"
	case FailedOutOfTime:
		return "the carrier has not answered yet"
	case FailedCircuitOpen:
		return "the carrier failed too often of late and is left alone for a while"
	case FailedDailyBudget:
		return "the carrier's calls of the day are used up"
	case FailedOverloaded:
		return "too many numbers of this carrier are waiting"
	case FailedStopped:
		return "the server is stopping"
	case FailedRateLimited:
		return "the carrier allows no more calls for now"
	case FailedTimeout:
		return "the carrier did not answer in time"
	case FailedBadResponse:
		return "the carrier's answer could not be read"
	case FailedBadRequest:
		return "the carrier refused the question"
	case FailedUnauthenticated:
		return "the carrier refused our credentials"
	default:
		return "the carrier could not be asked"
	}
}
