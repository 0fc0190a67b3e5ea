package storage

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"net"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// Translate gives a failure of Postgres or of the way to it a code and a message without SQL. Other errors come back as they are.
func Translate(err error) error {
	if err == nil || errors.Is(err, sql.ErrNoRows) {
		return err
	}
	var known *domain.Error
	if errors.As(err, &known) {
		return err
	}
	var failure *pq.Error
	var network *net.OpError
	switch {
	case errors.As(err, &failure):
		return translateState(failure)
	case errors.Is(err, context.DeadlineExceeded):
		return &domain.Error{Code: domain.CodeTimeout, Message: "the database took too long", Err: err}
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &network), errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.Is(err, net.ErrClosed):
		return &domain.Error{Code: domain.CodeUnavailable, Message: "the database cannot be reached", Err: err}
	default:
		return err
	}
}

// translateState maps SQLSTATE codes (Postgres manual, appendix A).
func translateState(failure *pq.Error) error {
	wrap := func(code domain.Code, message string) error {
		return &domain.Error{Code: code, Message: message, Err: failure}
	}
	switch failure.Code {
	case "23505":
		return wrap(domain.CodeConflict, "it is there already")
	case "23503":
		return wrap(domain.CodeConflict, "something that it refers to is not there, or something still refers to it")
	case "23502", "23514", "22001", "22003", "22007", "22008", "22P02", "22P05", "22021":
		return wrap(domain.CodeBadInput, "a value is not acceptable")
	case "40001", "40P01", "55P03":
		return wrap(domain.CodeConflict, "somebody else changed the same thing at the same time; try again")
	case "57014":
		return wrap(domain.CodeTimeout, "the database took too long")
	}
	switch failure.Code.Class() {
	case "08", "53", "57", "58":
		return wrap(domain.CodeUnavailable, "the database cannot serve at the moment")
	}
	return wrap(domain.CodeInternal, "the database refused a statement")
}
