package tracking

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// ErrorCode says why a whole call failed.
type ErrorCode string

// The codes of whole-call failures.
const (
	ErrUnauthenticated ErrorCode = "UNAUTHENTICATED" // the carrier refuses our credentials, or a signature is wrong
	ErrRateLimited     ErrorCode = "RATE_LIMITED"    // asked too often
	ErrTimeout         ErrorCode = "TIMEOUT"         // no whole answer in time
	ErrUnavailable     ErrorCode = "UNAVAILABLE"     // not reached, or out of order
	ErrBadResponse     ErrorCode = "BAD_RESPONSE"    // an answer that is not in the carrier's format
	ErrBadRequest      ErrorCode = "BAD_REQUEST"     // the carrier refuses what we asked
)

// Error is the failure of a whole call. It repeats nothing of what was sent or received: no number, key, address or body.
type Error struct {
	Code    ErrorCode
	Carrier string // its code
	Status  int    // of HTTP, or 0
	// RetryAt is when asking again makes sense, where the carrier said so.
	RetryAt *time.Time
	// Temporary tells that the same call may work later without anybody doing anything.
	Temporary bool
	// Detail says more in words of our own, such as "the body is longer than 1048576 bytes".
	Detail string
	Err    error
}

// Error names the carrier and what happened.
func (e *Error) Error() string {
	text := e.Carrier + ": " + string(e.Code)
	if e.Status != 0 {
		text += fmt.Sprintf(" (HTTP %d)", e.Status)
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause and the failure as all layers know it, with a code and a message that may be shown.
func (e *Error) Unwrap() []error {
	shown := &domain.Error{Code: domain.CodeUnavailable, Message: "the carrier could not be asked"}
	if e.Code == ErrTimeout {
		shown = &domain.Error{Code: domain.CodeTimeout, Message: "the carrier did not answer in time"}
	}
	if e.Err == nil {
		return []error{shown}
	}
	return []error{shown, e.Err}
}

// Outcome is what the failure means for each number of the call.
func (e *Error) Outcome() domain.TrackingOutcome {
	if e.Code == ErrRateLimited {
		return domain.TrackingRateLimited
	}
	return domain.TrackingUnavailable
}

// BadResponse is the error for an answer that cannot be read; a parser's, so it names neither carrier nor status: Client.Explain adds them.
func BadResponse(detail string, cause error) *Error {
	return &Error{Code: ErrBadResponse, Temporary: true, Detail: detail, Err: cause}
}

// transportError turns a failure of package net/http into an *Error and drops the address that it carries: addresses hold tracking numbers.
func transportError(ctx context.Context, carrier string, err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	var withURL *url.Error
	if errors.As(err, &withURL) {
		err = withURL.Err
	}
	failure := &Error{Code: ErrUnavailable, Carrier: carrier, Temporary: true, Err: err}
	var network net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(ctx.Err(), context.DeadlineExceeded) || errors.As(err, &network) && network.Timeout() {
		failure.Code = ErrTimeout
	}
	return failure
}
