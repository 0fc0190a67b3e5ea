package epcis

import (
	"bytes"
	"time"

	"github.com/vigie-dev/vigie/tracking"
)

// Capture reads a document as Read does, and tells what is wrong with it event by event. A document that cannot be read as a whole is an error.
func (f File) Capture(body []byte, at time.Time) (tracking.Captured, error) {
	d, err := f.read(bytes.NewReader(body))
	if err != nil {
		return tracking.Captured{}, err
	}
	return tracking.Captured{
		Reports: d.all.Batch(at).Reports, Problems: d.problems, Events: d.seen, Refused: d.refused, Single: !d.listed,
	}, nil
}

// The problems of events. What is refused cannot be used; the others are used as far as they go.
var (
	problemForm   = tracking.Problem{Code: "NOT_AN_EVENT", Message: "not in the form of an event", Refused: true}
	problemTime   = tracking.Problem{Code: "NO_TIME", Message: "no time that can be read", Refused: true}
	problemOffset = tracking.Problem{Code: "NO_OFFSET", Message: "no offset of the time"}
	problemType   = tracking.Problem{Code: "UNKNOWN_TYPE", Message: "of a kind that tells nothing of shipments", Refused: true}
	problemKind   = tracking.Problem{Code: "NOT_USED", Message: "of a kind that tells nothing of shipments"}
	problemObject = tracking.Problem{Code: "NO_OBJECT", Message: "names no object, only classes of goods or nothing"}
)

// tell notes a problem of the event that is being read.
func (d *document) tell(problem tracking.Problem) {
	d.all.Warn("event %d: %s", d.seen, problem.Message)
	if problem.Refused {
		d.refused++
	}
	if len(d.problems) < tracking.MaxProblems {
		problem.Index = d.seen - 1
		d.problems = append(d.problems, problem)
	}
}
