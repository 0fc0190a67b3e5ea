package ups

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Parse reads an answer of Track, of any status. It gives exactly one result, with a report for each package that the answer lists: of a
// shipment of several, the others come along, and there may be more of them than the answer has.
func Parse(raw []byte, at time.Time) ([]tracking.Result, error) { return parse(raw, 0, at) }

// parse is Parse where the status of HTTP is known (0 where not).
func parse(raw []byte, code int, at time.Time) ([]tracking.Result, error) {
	var body answer
	err := tracking.DecodeJSON(raw, &body)
	if err != nil {
		return nil, err
	}
	if body.Track != nil && (len(body.Track.Shipments) == 0 || said(body.Track.Shipments)) {
		return []tracking.Result{found(body.Track.Shipments, at)}, nil
	}
	for _, errs := range []tracking.List[message]{body.Response.Errors, body.Errors} {
		if len(errs) > 0 {
			return refused(string(errs[0].Code), code)
		}
	}
	return nil, tracking.BadResponse("neither a tracking answer nor errors", nil)
}

// said tells whether the shipments say anything at all, if only which number was asked about.
func said(shipments []shipment) bool {
	for i := range shipments {
		if s := &shipments[i]; s.Inquiry != "" || len(s.Packages) > 0 || len(s.Warnings) > 0 {
			return true
		}
	}
	return false
}

func found(shipments []shipment, at time.Time) tracking.Result {
	result := tracking.Result{Outcome: domain.TrackingNotFound}
	for i := range shipments {
		s := &shipments[i]
		if result.Number == "" {
			result.Number = string(s.Inquiry)
		}
		for j := range s.Packages {
			result.Reports = append(result.Reports, report(s, &s.Packages[j], at))
		}
		for _, warning := range s.Warnings {
			result.Code = string(warning.Code)
		}
	}
	switch {
	case len(result.Reports) > 0:
		result.Outcome, result.Code = domain.TrackingFound, ""
	case result.Code != "" && result.Code != notFoundCode:
		// Something is there, and UPS does not show it.
		result.Outcome = domain.TrackingUnavailable
	}
	return result
}

// The codes of errors and warnings that are known to say something about the number asked for, from answers that UPS gave.
const (
	notFoundCode = "TW0001"
	invalidCode  = "TV1002"
)

// refused tells what an error means. UPS' specifications show 250002 (credentials), 10004 (out of order) and 404; what is like them is taken for
// the same kind, and 10429 for 429 of HTTP with UPS' prefix.
func refused(code string, status int) ([]tracking.Result, error) {
	failure := &tracking.Error{Carrier: Code, Status: status}
	switch {
	case code == invalidCode:
		return []tracking.Result{{Outcome: domain.TrackingInvalid, Code: code}}, nil
	case code == notFoundCode, status == http.StatusNotFound && code != "" && code != "404":
		// "404" means that the address is wrong, and not the number.
		return []tracking.Result{{Outcome: domain.TrackingNotFound, Code: code}}, nil
	case strings.HasPrefix(code, "2500"):
		failure.Code = tracking.ErrUnauthenticated
	case code == "10429" || code == "429":
		failure.Code, failure.Temporary = tracking.ErrRateLimited, true
	case strings.HasPrefix(code, "1000") || code == "500" || code == "503":
		failure.Code, failure.Temporary = tracking.ErrUnavailable, true
	default:
		failure.Code, failure.Detail = tracking.ErrBadRequest, "an error of another kind"
	}
	return nil, failure
}

func report(s *shipment, p *parcel, at time.Time) tracking.Report {
	r := tracking.Report{
		Number: tracking.Plain(string(p.Number)), Service: tracking.Plain(string(p.Service.Description)),
		Etas: etas(p, at), WeightKg: tracking.Kilograms(string(p.Weight.Value), string(p.Weight.Unit)),
	}
	if r.Number == "" {
		r.Number = tracking.Plain(string(s.Inquiry))
	}
	for i := range p.Activities {
		r.Events = appendEvent(r.Events, normalise(&p.Activities[i]))
	}
	if len(r.Events) == 0 {
		// What the package's status says is all there is. It has no time, but a delivery may have one.
		only := normalise(&activity{Status: p.Current.inFull()})
		if only.Milestone == domain.MilestoneDelivered {
			only.Time = p.delivered()
		}
		r.Events = appendEvent(nil, only)
	}
	r.Proof = proof(p, r.Events)
	for i := range p.Addresses {
		switch p.Addresses[i].Type {
		case "ORIGIN":
			r.Origin = place(&p.Addresses[i].Address)
		case "DESTINATION":
			r.Destination = place(&p.Addresses[i].Address)
		}
	}
	pieces, err := strconv.ParseUint(string(p.Count), 10, 31)
	if err == nil {
		r.Pieces = int(pieces)
	}
	for i := range s.Packages {
		if number := string(s.Packages[i].Number); number != "" {
			r.PieceNumbers = append(r.PieceNumbers, number)
		}
	}
	r.SetKeys(at)
	return r
}

// appendEvent leaves out what says nothing at all.
func appendEvent(events []tracking.Event, event tracking.Event) []tracking.Event {
	if event.RawCode == "" && event.RawText == "" {
		return events
	}
	return append(events, event)
}

func normalise(a *activity) tracking.Event {
	e := happened(&a.Status, moment{a.Date, a.Time, a.UTCDate, a.UTCTime, a.UTCOffset})
	e.Place = place(&a.Location.Address)
	e.Place.Code = string(a.Location.Slic)
	return e
}

// happened is what Track and Track Alert say alike, so that both give one event one key.
func happened(s *status, when moment) tracking.Event {
	e := tracking.Event{
		Classifier: domain.StateActual, RawCode: rawCode(s), RawText: tracking.Plain(string(s.Description)), Time: when.read(),
	}
	m := classify(s, e.RawText)
	e.Milestone, e.Reason, e.Delay = m.milestone, m.reason, m.delay
	return e
}

// rawCode is both codes, such as 021/OT, since the first alone takes what happens at one time for the same; else the one that there is, else the
// type.
func rawCode(s *status) string {
	switch {
	case s.StatusCode != "" && s.Code != "":
		return tracking.Plain(string(s.StatusCode + "/" + s.Code))
	case s.StatusCode != "" || s.Code != "":
		return tracking.Plain(string(s.StatusCode + s.Code))
	default:
		return tracking.Plain(string(s.Type))
	}
}

func place(a *address) tracking.Place {
	country := tracking.Country(string(a.CountryCode))
	if country == "" {
		country = tracking.Country(string(a.Country))
	}
	return tracking.Place{
		Text: tracking.PlaceText(string(a.City), string(a.Region), country), PostalCode: string(a.PostalCode), Country: country,
	}
}

// date is the package's date of a type (SDD scheduled, RDD rescheduled, DEL delivered), "" where there is none.
func (p *parcel) date(kind tracking.Text) tracking.Text {
	for i := range p.Dates {
		if p.Dates[i].Type == kind && p.Dates[i].Date != "" {
			return p.Dates[i].Date
		}
	}
	return ""
}

// etas is the date that was set last, with the clocks where they are those of an arrival to come: of a window that is estimated, confirmed or
// imminent (EDW, CDW, IDW), or of a commitment (CMT). EOD is the end of the day, DEL the past.
func etas(p *parcel, at time.Time) []tracking.Eta {
	date := p.date("RDD")
	if date == "" {
		date = p.date("SDD")
	}
	switch p.Time.Type {
	case "EDW", "CDW", "IDW":
		return arrival(date, p.Time.Start, p.Time.End, at)
	case "CMT":
		return arrival(date, "", p.Time.End, at)
	default:
		return arrival(date, "", "", at)
	}
}

// proof exists where a package was delivered. The signature, the photo and the document come as bytes, for which nobody asks.
func proof(p *parcel, events []tracking.Event) *tracking.Proof {
	return signed(p.Delivery.ReceivedBy, p.delivered(), events)
}

// delivered is when the package says that it was, without an offset.
func (p *parcel) delivered() tracking.Time {
	when := moment{date: p.date("DEL")}
	if p.Time.Type == "DEL" {
		when.clock = p.Time.End
	}
	return when.read()
}

// signed is the proof of a delivery at a time of the package, which has no offset, or of one among the events: what the event knows of the same
// wall clock is more. Without either, a name is none.
func signed(by tracking.Text, at tracking.Time, events []tracking.Event) *tracking.Proof {
	for i := range events {
		e := &events[i]
		if e.Milestone == domain.MilestoneDelivered && (at.IsZero() || e.Time.Local.Equal(at.Local)) {
			at = e.Time
		}
	}
	if at.IsZero() {
		return nil
	}
	return &tracking.Proof{SignedBy: tracking.Plain(string(by)), At: at}
}
