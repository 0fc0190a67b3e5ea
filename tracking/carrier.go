package tracking

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// Number is a tracking number to ask about, with what is known of the shipment. The hints are optional: they tell shipments apart where a
// carrier uses a number again, and open details that some carriers give to those only who know them.
type Number struct {
	Number     string       // as the carrier writes it, without blanks
	UniqueID   string       // the carrier's identity of the journey, from an earlier Report
	ShipDate   *domain.Date // the day on which it left, where it left
	PostalCode string       // the recipient's
	Service    string       // the carrier's product or division, as the carrier names it
}

// Result is what a carrier says about one number.
type Result struct {
	// Number is the number that was asked about; from a parser, the one in the payload ("" where the payload names none).
	Number  string                 `json:"number,omitempty"`
	Outcome domain.TrackingOutcome `json:"outcome"`
	// Reports has one report where the outcome is FOUND, several where it is AMBIGUOUS, and none otherwise. Of a parser, FOUND may have
	// several: it does not know the hints, and Choose decides.
	Reports []Report `json:"reports,omitempty"`
	// Code is the carrier's own code for an outcome that is not FOUND, or "".
	Code string `json:"code,omitempty"`
	// RetryAt is when asking again makes sense, where the carrier said so.
	RetryAt *time.Time `json:"retryAt,omitempty"`
}

// Limits is what a carrier lets one account do. Zero means: not limited, or not known.
type Limits struct {
	NumbersPerCall int     // numbers in one call; 0 counts as 1
	CallsPerSecond float64 // on average
	Burst          int     // calls at once; 0 counts as 1
	CallsPerDay    int
	// DayResets is where the day of CallsPerDay begins at midnight; nil is UTC.
	DayResets *time.Location
	// History is how long the carrier remembers a shipment.
	History time.Duration
}

// NextDay is the instant after now at which CallsPerDay starts again.
func (l Limits) NextDay(now time.Time) time.Time {
	zone := l.DayResets
	if zone == nil {
		zone = time.UTC
	}
	year, month, day := now.In(zone).Date()
	return time.Date(year, month, day+1, 0, 0, 0, 0, zone).UTC()
}

// Carrier is asked about numbers. Implementations are safe for use by many goroutines and keep no state but connections and tokens: cache,
// budget and breaker are the caller's.
type Carrier interface {
	// Code is the short name that carriers are stored under, such as dhl.
	Code() string
	// Name is what people call it.
	Name() string
	// Limits is what one account may do.
	Limits() Limits
	// Track asks about at most Limits().NumbersPerCall numbers in one call and answers for each of them, in their order. Where the whole call
	// failed there is no result but an *Error. It ends with ctx, and has a timeout of its own besides.
	Track(ctx context.Context, numbers []Number) ([]Result, error)
}

// Parser turns a payload as it came over the wire into results. It is pure: the same bytes and instant give the same results, it keeps
// nothing and changes nothing, also not raw. The instant is when the payload was received. A payload that is no answer at all gives an
// *Error with ErrBadResponse; one that is an answer in the carrier's error format gives a Result or an *Error, as the carrier means it.
type Parser func(raw []byte, at time.Time) ([]Result, error)

// Push is what a carrier sent by itself.
type Push struct {
	// ID is the carrier's identity of the message, "" where it has none. Messages come at least once and in any order.
	ID string `json:"id,omitempty"`
	// Reports is empty for a kind of message that says nothing about shipments: such messages are acknowledged, too.
	Reports []Report `json:"reports,omitempty"`
}

// Webhook reads what a carrier pushes over HTTP.
type Webhook interface {
	Code() string
	// Verify tells whether body was signed with our secret. It compares in constant time, over the bytes as they came. An *Error with
	// ErrUnauthenticated means no.
	Verify(header http.Header, body []byte, at time.Time) error
	// Parse reads a verified body. It is pure, like Parser.
	Parse(body []byte, at time.Time) (Push, error)
}

// Batch is what a file holds.
type Batch struct {
	Reports []Report `json:"reports,omitempty"`
	// Warnings tell what was odd and could be read all the same, by position and kind, without repeating content.
	Warnings []string `json:"warnings,omitempty"`
}

// File reads a format of files. Read bounds what it reads, and is pure but for reading.
type File interface {
	Code() string
	Read(r io.Reader, at time.Time) (Batch, error)
}
