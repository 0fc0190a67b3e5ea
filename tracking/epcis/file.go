// Package epcis reads documents of GS1 EPCIS 2.0 in JSON and JSON-LD: what is captured (EPCISDocument), what a query answers
// (EPCISQueryDocument), or a single event. The words are those of the Core Business Vocabulary (CBV) 2.0, https://ref.gs1.org/cbv.
package epcis

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/tracking"
)

// Code is what the format is called.
const Code = "epcis"

// File reads documents of EPCIS.
type File struct {
	MaxBytes int64 // of a document; 0 is tracking.MaxFile
}

// Code is epcis.
func (File) Code() string { return Code }

// Read reads a document event by event, so that its length does not matter to memory; what the events say is kept. Events that cannot be
// read, or are about nothing that is shipped, are left out with a warning each.
func (f File) Read(r io.Reader, at time.Time) (tracking.Batch, error) {
	d, err := f.read(r)
	if err != nil {
		return tracking.Batch{}, err
	}
	return d.all.Batch(at), nil
}

// read reads a document and works out what only the whole of it tells.
func (f File) read(r io.Reader) (*document, error) {
	bounded := &budget{r: r, file: f.MaxBytes, part: mostPart}
	if f.MaxBytes <= 0 {
		bounded.file = tracking.MaxFile
	}
	d := &document{json: json.NewDecoder(bounded), budget: bounded, lone: map[string]json.RawMessage{}}
	err := d.read()
	if err != nil {
		return nil, refusal(err)
	}
	d.settle()
	return d, nil
}

// mostPart bounds one event, in bytes. Palettes with thousands of serial numbers fit.
const mostPart = 4 << 20

// memberCost is about what one more member costs, in bytes, whatever is in it.
const memberCost = 64

// mostDepth bounds the nesting of what is skipped.
const mostDepth = 100

var (
	errTooLong   = errors.New("the file is too long")
	errPart      = errors.New("one part of the document is too long")
	errStructure = errors.New("not an EPCIS document")
)

// refusal is the *Error for what stopped the reading.
func refusal(err error) error {
	var own *tracking.Error
	if errors.As(err, &own) {
		return own
	}
	for _, known := range []error{errTooLong, errPart, errStructure} {
		if errors.Is(err, known) {
			return tracking.BadResponse(known.Error(), nil)
		}
	}
	return tracking.BadResponse("not the JSON that was expected", nil)
}

// budget bounds what is read of the file, and between two calls of renew.
type budget struct {
	r          io.Reader
	file, part int64
}

func (b *budget) renew() { b.part = mostPart }

// Read fails where a budget is spent.
func (b *budget) Read(p []byte) (int, error) {
	switch {
	case b.file <= 0:
		return 0, errTooLong
	case b.part <= 0:
		return 0, errPart
	}
	p = p[:min(int64(len(p)), b.file, b.part)]
	n, err := b.r.Read(p)
	b.file -= int64(n)
	b.part -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		err = &tracking.Error{Code: tracking.ErrUnavailable, Detail: "the file could not be read", Temporary: true, Err: err}
	}
	return n, err
}

// document is where a document is read.
type document struct {
	json   *json.Decoder
	budget *budget
	all    tracking.Collector

	problems []tracking.Problem // those of events, at most tracking.MaxProblems
	refused  int                // events that could not be used, also those beyond that

	lone   map[string]json.RawMessage // members of the outermost object, for a single event
	size   int                        // of those, in bytes
	listed bool                       // events were found where a document has them
	seen   int                        // events, counted from 1
	// What holds for more than one event, by report.
	journeys    map[*tracking.Report]*journey
	corrections map[string][]string // by the id of a corrective event, the events that it corrects
}

// read reads the outermost object, and what may stand behind it, which is nothing.
func (d *document) read() error {
	err := d.object(d.member)
	if err != nil {
		return err
	}
	_, err = d.json.Token()
	if !errors.Is(err, io.EOF) {
		return errStructure
	}
	if d.listed {
		return nil
	}
	raw, err := json.Marshal(d.lone)
	if err != nil || !strings.Contains(string(d.lone["type"])+string(d.lone["@type"])+string(d.lone["isA"]), "Event") {
		return errStructure
	}
	return d.event(raw)
}

// member reads a member of the outermost object.
func (d *document) member(name string) error {
	switch name {
	case "epcisBody":
		d.listed = true
		return d.object(d.body)
	case "epcisHeader", "@context":
		return d.skip()
	}
	var raw json.RawMessage
	err := d.json.Decode(&raw)
	if err != nil {
		return err
	}
	d.size += len(name) + len(raw) + memberCost
	if d.size > mostPart {
		return errPart
	}
	d.lone[name] = raw
	return nil
}

// body reads what leads to the list of events: epcisBody of a document, queryResults and resultsBody of an answer.
func (d *document) body(name string) error {
	switch name {
	case "queryResults", "resultsBody":
		return d.object(d.body)
	case "eventList":
		return d.list()
	case "event":
		return d.next()
	default:
		return d.skip()
	}
}

// object reads an object and hands each member's name to read, which reads the value.
func (d *document) object(read func(name string) error) error {
	token, err := d.json.Token()
	if err != nil {
		return err
	}
	if token != json.Delim('{') {
		return errStructure
	}
	for d.json.More() {
		d.budget.renew()
		name, err := d.json.Token()
		if err != nil {
			return err
		}
		text, _ := name.(string)
		err = read(text)
		if err != nil {
			return err
		}
	}
	_, err = d.json.Token()
	return err
}

// list reads events; null is none.
func (d *document) list() error {
	token, err := d.json.Token()
	if err != nil || token == nil {
		return err
	}
	if token != json.Delim('[') {
		return errStructure
	}
	for d.json.More() {
		err = d.next()
		if err != nil {
			return err
		}
	}
	_, err = d.json.Token()
	return err
}

// next reads one event.
func (d *document) next() error {
	d.budget.renew()
	var raw json.RawMessage
	err := d.json.Decode(&raw)
	if err != nil {
		return err
	}
	return d.event(raw)
}

// skip passes over a value without keeping it.
func (d *document) skip() error {
	for depth := 0; ; {
		d.budget.renew()
		token, err := d.json.Token()
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
		if depth > mostDepth {
			return errStructure
		}
	}
}
