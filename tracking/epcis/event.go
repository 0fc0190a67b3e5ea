package epcis

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// event reads one event and adds it to the report of each object that it is about.
func (d *document) event(raw json.RawMessage) error {
	d.seen++
	var w wire
	err := json.Unmarshal(raw, &w)
	if err != nil {
		d.tell(problemForm)
		return nil
	}
	kind := bare(string(cmp.Or(w.Type, w.LinkedType, w.OldType)))
	switch kind {
	case "ObjectEvent", "AggregationEvent", "TransactionEvent":
	case "TransformationEvent", "AssociationEvent":
		// Transformations make other goods, and associations are about sensors.
		d.tell(problemKind)
		return nil
	default:
		d.tell(problemType)
		return nil
	}
	event, ok := d.normalise(&w, kind)
	if !ok {
		return nil
	}
	numbers := objects(&w, kind)
	if len(numbers) == 0 {
		d.tell(problemObject)
	}
	for _, number := range numbers {
		err = d.add(number, event, &w)
		if err != nil {
			return err
		}
	}
	return nil
}

// normalise reads what does not depend on the object; false where the event cannot be used.
func (d *document) normalise(w *wire, kind string) (tracking.Event, bool) {
	step, disposition := bare(string(w.Step)), bare(string(w.Disposition))
	e := tracking.Event{ID: string(w.ID), Classifier: domain.StateActual, RawCode: tracking.Plain(step), Place: place(w)}
	switch {
	case step != "" && disposition != "":
		e.RawCode = tracking.Plain(step + "/" + disposition)
	case step == "" && disposition != "":
		e.RawCode = tracking.Plain("/" + disposition)
	case step == "":
		e.RawCode = kind
	}
	e.Milestone, e.Reason = classify(step, disposition)
	var sure bool
	e.Time, sure = clock(string(w.Time), string(w.Offset))
	if e.Time.IsZero() {
		d.tell(problemTime)
		return e, false
	}
	if !sure {
		d.tell(problemOffset)
	}
	if w.Error != nil {
		e.Withdrawn = true
		e.RawText = tracking.Plain(bare(string(w.Error.Reason)))
		d.correct(w)
	}
	return e, true
}

// correct remembers which events take the place of the one that was declared an error.
func (d *document) correct(w *wire) {
	if w.ID == "" {
		return
	}
	if d.corrections == nil {
		d.corrections = map[string][]string{}
	}
	for _, id := range w.Error.Corrective {
		if id != "" && len(d.corrections) < tracking.MaxEvents {
			d.corrections[string(id)] = append(d.corrections[string(id)], string(w.ID))
		}
	}
}

// clock reads the instant from eventTime and shows it on the wall clock of eventTimeZoneOffset, which is the one where it happened: eventTime
// is often in UTC. It tells whether both were there. An eventTime without an offset breaks the standard and stays a wall clock: whose,
// nobody knows.
func clock(text, offset string) (tracking.Time, bool) {
	t, err := tracking.ParseISO(text)
	if err != nil {
		return tracking.Time{}, false
	}
	minutes, err := tracking.ParseOffset(offset)
	if err != nil || t.Instant == nil {
		return t, false
	}
	return tracking.Exact(t.Instant.In(time.FixedZone("", minutes*60))), true
}

// place is where the object was seen, else where it is afterwards.
func place(w *wire) tracking.Place {
	id := string(w.ReadPoint.ID)
	if id == "" {
		id = string(w.Location.ID)
	}
	if id == "" {
		return tracking.Place{}
	}
	number := gln(id)
	if number == "" {
		return tracking.Place{Text: tracking.PlaceText(id)}
	}
	return tracking.Place{Text: "GLN " + number, Code: number}
}

// bare is a word of the vocabulary without where it is defined: shipping for urn:epcglobal:cbv:bizstep:shipping, cbv:BizStep-shipping and
// https://ref.gs1.org/cbv/BizStep-shipping.
func bare(word string) string {
	at := strings.LastIndexAny(word, ":/#")
	word = word[at+1:]
	for _, prefix := range []string{"BizStep-", "Bizstep-", "Disp-", "BTT-", "SDT-", "ER-"} {
		word = strings.TrimPrefix(word, prefix)
	}
	return word
}
