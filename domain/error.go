package domain

import (
	"errors"
	"fmt"
)

// Code says what kind of failure an Error is. Clients see it as extensions.code.
type Code string

// The codes of all failures that a caller can do something about.
const (
	CodeBadInput        Code = "BAD_USER_INPUT"
	CodeNotFound        Code = "NOT_FOUND"
	CodeConflict        Code = "CONFLICT"
	CodeForbidden       Code = "FORBIDDEN"
	CodeUnauthenticated Code = "UNAUTHENTICATED"
	CodeTimeout         Code = "TIMEOUT"
	CodeUnavailable     Code = "UNAVAILABLE"
	CodeTooLarge        Code = "TOO_LARGE"
	CodeInternal        Code = "INTERNAL_SERVER_ERROR"
)

// Error is a failure with a code and a message that may be shown to a client. Err is the cause, for the log only.
type Error struct {
	Code    Code
	Message string
	Err     error
}

// Error is the message and, where there is one, the cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// BadInput is the error for input that cannot be accepted; the message says what is wrong and what would be right.
func BadInput(format string, args ...any) error {
	return &Error{Code: CodeBadInput, Message: fmt.Sprintf(format, args...)}
}

// ErrorCode is the code of err, or CodeInternal where it carries none.
func ErrorCode(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}
