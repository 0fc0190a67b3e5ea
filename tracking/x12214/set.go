package x12214

import (
	"strconv"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// set is a transaction set while it is read: the status of one shipment.
type set struct {
	kind, control string
	segments      int

	carrier    string // SCAC
	number     string // the carrier's, called PRO number
	shipment   string // the shipper's
	references map[string]string
	report     *tracking.Report
	event      int    // of the report, to which what follows AT7 belongs, counted from 1; 0 is none
	party      string // of the N1 loop
}

// read reads one segment.
func (s *set) read(f *reader, segment tracking.Segment) error {
	switch segment.Tag() {
	case "B10":
		s.begin(segment)
	case "L11":
		s.reference(segment.Get(2, 0), segment.Get(1, 0))
	case "LX":
		s.event, s.party = 0, ""
	case "N1":
		s.party = segment.Get(1, 0)
	case "N4":
		s.address(f, segment)
	case "AT7":
		return s.status(f, segment)
	case "MS1":
		s.place(segment)
	case "K1":
		s.say(segment.Get(1, 0), segment.Get(2, 0))
	case "Q7":
		s.lading(segment.Get(1, 0))
	case "AT8":
		s.quantity(f, segment)
	}
	return nil
}

// begin reads B10: the carrier's number, the shipper's, and the carrier. Where the carrier's is missing, a reference stands behind them.
func (s *set) begin(segment tracking.Segment) {
	s.number, s.shipment, s.carrier = segment.Get(1, 0), segment.Get(2, 0), segment.Get(3, 0)
	s.reference(segment.Get(5, 0), segment.Get(6, 0))
}

// reference keeps the first reference of each kind.
func (s *set) reference(kind, value string) {
	if kind == "" || value == "" || len(s.references) >= 1000 {
		return
	}
	if s.references == nil {
		s.references = map[string]string{}
	}
	_, known := s.references[kind]
	if !known {
		s.references[kind] = value
	}
}

// of is the report that the set belongs to, nil where it names no shipment. Carriers use their numbers again, so the shipper's number tells
// journeys apart.
func (s *set) of(f *reader) *tracking.Report {
	if s.report != nil {
		return s.report
	}
	number := s.number
	// Carrier's reference, bill of lading, shipper's number for the shipment, load number, purchase order.
	for _, kind := range []string{"CN", "BM", "MB", "SI", "LO", "PO"} {
		if number == "" {
			number = s.references[kind]
		}
	}
	if number == "" {
		number = s.shipment
	}
	if number == "" {
		return nil
	}
	// What is longer than any number is cut, and never fits anything.
	s.report = f.all.Report(tracking.Plain(number), tracking.Plain(s.shipment))
	s.report.Service = tracking.Plain(s.carrier)
	return s.report
}

// status reads AT7.
func (s *set) status(f *reader, segment tracking.Segment) error {
	report := s.of(f)
	if report == nil {
		f.all.Warn("segment %d: AT7 of no shipment is left out", f.segments.Position())
		return nil
	}
	event := statusOf(segment)
	if event.RawCode == "" {
		f.all.Warn("segment %d: AT7 without a status is left out", f.segments.Position())
		return nil
	}
	if event.Time.IsZero() {
		f.all.Warn("segment %d: AT7 without a time that can be read", f.segments.Position())
	}
	err := f.all.Add(report, event)
	if err != nil {
		return err
	}
	s.event = len(report.Events)
	if !event.Time.IsZero() {
		expect(report, &event, f.at)
	}
	return nil
}

// expect notes when the shipment should arrive. An appointment is a promise; of several estimates in a file, which all become known at once,
// the last counts.
func expect(report *tracking.Report, event *tracking.Event, at time.Time) {
	source := arrival(event.RawCode)
	if source == "" {
		return
	}
	eta := tracking.AtEta(event.Time, source, at)
	for i := range report.Etas {
		if report.Etas[i].Source == source {
			report.Etas[i] = eta
			return
		}
	}
	report.Etas = append(report.Etas, eta)
}

// current is the event that what follows belongs to, or nil.
func (s *set) current() *tracking.Event {
	if s.report == nil || s.event == 0 {
		return nil
	}
	return &s.report.Events[s.event-1]
}

// place reads MS1: city, state and country.
func (s *set) place(segment tracking.Segment) {
	event := s.current()
	if event == nil {
		return
	}
	place := at(segment.Get(1, 0), segment.Get(2, 0), segment.Get(3, 0))
	if place.Text != "" {
		event.Place = place
	}
}

// at puts a place together, with ISO's two letters for the three that X12 allows for the neighbours.
func at(city, state, country string) tracking.Place {
	short := map[string]string{"USA": "US", "CAN": "CA", "MEX": "MX"}[strings.ToUpper(country)]
	if short == "" {
		short = tracking.Country(country)
	}
	return tracking.Place{Text: tracking.PlaceText(city, state, short), Country: short}
}

// address reads N4 of the parties that the goods go from and to.
func (s *set) address(f *reader, segment tracking.Segment) {
	report := s.of(f)
	if report == nil {
		return
	}
	place := at(segment.Get(1, 0), segment.Get(2, 0), segment.Get(4, 0))
	place.PostalCode = segment.Get(3, 0)
	switch s.party {
	case "SH", "SF":
		report.Origin = place
	case "CN", "ST":
		report.Destination = place
	}
}

// say adds remarks to the event.
func (s *set) say(words ...string) {
	event := s.current()
	if event != nil {
		event.RawText = tracking.Plain(event.RawText + " " + strings.Join(words, " "))
	}
}

// lading reads Q7, what is wrong with the goods.
func (s *set) lading(code string) {
	event := s.current()
	reason := map[string]domain.ExceptionReason{
		"A": domain.ReasonLost, "0": domain.ReasonLost, "D": domain.ReasonDamaged, "E": domain.ReasonRefused,
	}[code]
	if event != nil && reason != "" && (event.Reason == "" || event.Reason == domain.ReasonOther) {
		event.Reason = reason
	}
}

// quantity reads AT8: weight and pieces of the shipment. Each status may repeat them, so the greatest counts.
func (s *set) quantity(f *reader, segment tracking.Segment) {
	report := s.of(f)
	if report == nil {
		return
	}
	kilograms := tracking.Kilograms(segment.Get(3, 0), segment.Get(2, 0))
	gross := segment.Get(1, 0) == "G" || segment.Get(1, 0) == ""
	if gross && kilograms != nil && (report.WeightKg == nil || report.WeightKg.Cmp(*kilograms) < 0) {
		report.WeightKg = kilograms
	}
	pieces, err := strconv.ParseUint(segment.Get(4, 0), 10, 31)
	if err == nil {
		report.Pieces = max(report.Pieces, int(pieces))
	}
}
