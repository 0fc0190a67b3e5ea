package fedex

import (
	"strconv"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Parse reads an answer of any status: a result for each number, of which one that FedEx uses again has several reports. Errors about the whole
// call that are about numbers give one result without a number.
func Parse(raw []byte, at time.Time) ([]tracking.Result, error) {
	var body answer
	err := tracking.DecodeJSON(raw, &body)
	if err != nil {
		return nil, err
	}
	switch {
	case body.Output != nil:
		results := make([]tracking.Result, 0, len(body.Output.Results))
		for i := range body.Output.Results {
			results = append(results, read(&body.Output.Results[i], at))
		}
		return results, nil
	case len(body.Errors) > 0:
		return refused(string(body.Errors[0].Code))
	default:
		return nil, tracking.BadResponse("neither results nor errors", nil)
	}
}

// read takes what there is of a number: an error beside a journey that was found counts for nothing. Where there is neither, nothing was said
// about it, not even that it is unknown.
func read(n *numberResult, at time.Time) tracking.Result {
	result := tracking.Result{Number: string(n.Number), Outcome: domain.TrackingUnavailable}
	for i := range n.Journeys {
		j := &n.Journeys[i]
		if result.Number == "" {
			result.Number = string(j.Info.Number)
		}
		r := report(n, j, at)
		switch {
		case len(r.Events) > 0:
			result.Reports = append(result.Reports, r)
		case j.Error.Code != "" && result.Code == "":
			result.Code, result.Outcome = string(j.Error.Code), outcome(string(j.Error.Code))
		}
	}
	if len(result.Reports) > 0 {
		result.Outcome, result.Code = domain.TrackingFound, ""
	}
	return result
}

// outcome tells what an error says about a number. NOTFOUND and EMPTY are codes that FedEx' examples show; the rest is read from the words that
// its codes are made of, and what is not understood is UNAVAILABLE.
func outcome(code string) domain.TrackingOutcome {
	switch {
	case strings.HasSuffix(code, "NOTFOUND"):
		return domain.TrackingNotFound
	case strings.HasPrefix(code, "TRACKING.TRACKINGNUMBER."):
		return domain.TrackingInvalid
	case tooMany(code):
		return domain.TrackingRateLimited
	default:
		return domain.TrackingUnavailable
	}
}

func tooMany(code string) bool {
	return strings.Contains(code, "TOO.MANY") || strings.Contains(code, "RATE.LIMIT") || strings.Contains(code, "QUOTA")
}

// refused tells what an error about the whole call means.
func refused(code string) ([]tracking.Result, error) {
	failure := &tracking.Error{Carrier: Code}
	switch {
	case strings.HasPrefix(code, "TRACKING."):
		return []tracking.Result{{Outcome: outcome(code), Code: code}}, nil
	case strings.HasPrefix(code, "NOT.AUTHORIZED") || strings.HasPrefix(code, "FORBIDDEN"):
		failure.Code = tracking.ErrUnauthenticated
	case tooMany(code):
		failure.Code, failure.Temporary = tracking.ErrRateLimited, true
	case strings.Contains(code, "INTERNAL") || strings.Contains(code, "UNAVAILABLE"):
		failure.Code, failure.Temporary = tracking.ErrUnavailable, true
	default:
		failure.Code, failure.Detail = tracking.ErrBadRequest, "an error of another kind"
	}
	return nil, failure
}

func report(n *numberResult, j *journey, at time.Time) tracking.Report {
	r := tracking.Report{
		Number: tracking.Plain(string(j.Info.Number)), UniqueID: tracking.Plain(string(j.Info.UniqueID)), Service: tracking.Plain(string(j.Service.Description)),
		Shipped: j.shipped(), Origin: place(&j.Shipper.Address), Destination: place(&j.Recipient.Address),
		Etas: etas(j, at), Proof: proof(j), WeightKg: kilograms(j.Package.Weights.Weight),
	}
	if r.Number == "" {
		r.Number = tracking.Plain(string(n.Number))
	}
	if r.WeightKg == nil {
		r.WeightKg = kilograms(j.Shipment.Weight)
	}
	for _, s := range scans(j) {
		event := normalise(&s)
		if event.RawCode != "" || event.RawText != "" {
			r.Events = append(r.Events, event)
		}
	}
	pieces, err := strconv.ParseUint(string(j.Package.Count), 10, 31)
	if err == nil {
		r.Pieces = int(pieces)
	}
	r.SetKeys(at)
	return r
}

// scans are the scans with what the latest status adds to them: its delay, or itself, where no scan stands for it.
func scans(j *journey) []scan {
	all := make([]scan, len(j.Scans), len(j.Scans)+1)
	copy(all, j.Scans)
	for i := range all {
		same := j.Latest.Code != "" && all[i].EventType == j.Latest.Code || j.Latest.Derived != "" && all[i].Derived == j.Latest.Derived
		if !same {
			continue
		}
		if all[i].Delay.Status == "" {
			all[i].Delay = j.Latest.Delay
		}
		return all
	}
	if j.Latest.Code == "" && j.Latest.Derived == "" {
		return all
	}
	return append(all, j.Latest.scan(j))
}

// scan is the latest status as a scan, with a time where the journey has one for it.
func (l *latest) scan(j *journey) scan {
	s := scan{EventType: l.Code, Derived: l.Derived, Description: l.Description, Location: l.Location, Delay: l.Delay}
	if len(l.Ancillary) > 0 {
		s.Exception, s.ExceptionText = l.Ancillary[0].Reason, l.Ancillary[0].Text
	}
	switch milestoneOf(&s) {
	case domain.MilestoneDelivered:
		s.Date = j.stamp("ACTUAL_DELIVERY")
	case domain.MilestonePickedUp:
		s.Date = j.stamp("ACTUAL_PICKUP")
	}
	return s
}

func normalise(s *scan) tracking.Event {
	e := tracking.Event{Classifier: domain.StateActual, RawCode: rawCode(s), RawText: said(s), Time: clock(s.Date), Place: place(&s.Location)}
	e.Place.Code = string(s.LocationID)
	e.Milestone, e.Reason, e.Delay = classify(s)
	return e
}

// rawCode is the type of the event, with the code of the exception where there is one, such as DE/08.
func rawCode(s *scan) string {
	code := s.EventType
	if code == "" {
		code = s.Derived
	}
	if code != "" && s.Exception != "" {
		code += "/"
	}
	return tracking.Plain(string(code + s.Exception))
}

func said(s *scan) string {
	text, why := tracking.Plain(string(s.Description)), tracking.Plain(string(s.ExceptionText))
	switch {
	case text == "" || strings.EqualFold(text, why):
		return why
	case why == "":
		return text
	default:
		return tracking.Plain(text + ": " + why)
	}
}

func place(a *address) tracking.Place {
	country := tracking.Country(string(a.Country))
	return tracking.Place{
		Text: tracking.PlaceText(string(a.City), string(a.Region), country), PostalCode: string(a.PostalCode), Country: country,
	}
}

// kilograms prefers what FedEx weighed in them.
func kilograms(weights []weight) *domain.Decimal {
	var found *domain.Decimal
	for i := range weights {
		kg := tracking.Kilograms(string(weights[i].Value), string(weights[i].Unit))
		if kg != nil && (found == nil || strings.EqualFold(string(weights[i].Unit), "KG")) {
			found = kg
		}
	}
	return found
}
