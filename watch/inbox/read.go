package inbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/vigie-dev/vigie/tracking"
)

// reading is what a message says.
type reading struct {
	sender   string // whom to record it as from
	reports  []tracking.Report
	problems []tracking.Problem
	events   int
	// complete is false where the message, or some of its events, could not be used.
	complete bool
	// early tells that it may be about a shipment that is yet to be heard of, so that it is worth keeping.
	early bool
}

// reader reads messages of one sender. An error is final: the same bytes do not become readable.
type reader func(body []byte, at time.Time) (reading, error)

// panicked is the error for a panic. What was panicked with may repeat content, so that only its type is kept.
type panicked struct {
	what  string
	stack []byte
}

// Error tells that it was a panic.
func (p *panicked) Error() string { return "a panic with a value of the type " + p.what }

// guard turns a panic of f into an error.
func guard(f func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &panicked{fmt.Sprintf("%T", value), debug.Stack()}
		}
	}()
	return f()
}

// parse reads a message of a webhook.
func parse(webhook tracking.Webhook, body []byte, at time.Time) (tracking.Push, error) {
	var push tracking.Push
	err := guard(func() error {
		var err error
		push, err = webhook.Parse(body, at)
		return err
	})
	return push, err
}

func webhookReader(webhook tracking.Webhook) reader {
	return func(body []byte, at time.Time) (reading, error) {
		push, err := parse(webhook, body, at)
		if err != nil {
			return reading{}, err
		}
		read := reading{sender: webhook.Code(), reports: push.Reports, complete: true, early: true}
		for index := range push.Reports {
			read.events += len(push.Reports[index].Events)
		}
		return read, nil
	}
}

// captureReader reads documents of EPCIS. Where one event cannot be used, no other is either, except where the sender asked to proceed.
func captureReader(capturer Capturer, proceed bool) reader {
	return func(body []byte, at time.Time) (reading, error) {
		captured, err := captureAll(capturer, body, at)
		if err != nil {
			return reading{}, err
		}
		read := reading{
			sender: capturer.Code(), reports: captured.Reports, problems: captured.Problems,
			events: captured.Events - captured.Refused, complete: captured.Refused == 0,
		}
		if !read.complete && !proceed {
			read.reports, read.events = nil, 0
		}
		return read, nil
	}
}

func captureAll(capturer Capturer, body []byte, at time.Time) (tracking.Captured, error) {
	var captured tracking.Captured
	err := guard(func() error {
		var err error
		captured, err = capturer.Capture(body, at)
		return err
	})
	return captured, err
}

// whole is a problem of a message as a whole.
func whole(code, message string) tracking.Problem {
	return tracking.Problem{Index: -1, Code: code, Message: message, Refused: true}
}

// unreadable is the problem of a message that cannot be read.
func unreadable(err error) tracking.Problem {
	detail := explain(err)
	if detail == "" {
		detail = "the message cannot be read"
	}
	return whole("UNREADABLE", detail)
}

// explain is what a parser says of a message in words of its own, or "".
func explain(err error) string {
	var own *tracking.Error
	if errors.As(err, &own) {
		return own.Detail
	}
	return ""
}

// spell writes problems as JSON.
func spell(problems []tracking.Problem) []byte {
	if len(problems) == 0 {
		return []byte("[]")
	}
	text, err := json.Marshal(problems)
	if err != nil {
		return []byte("[]") // Numbers and texts can always be written.
	}
	return text
}
