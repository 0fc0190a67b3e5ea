package laposte

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Parse reads an answer of any status: an array of one element for each number, or an object about the only one. An element that cannot be
// read is left out where there are others.
func Parse(raw []byte, at time.Time) ([]tracking.Result, error) {
	var elements tracking.List[json.RawMessage]
	err := tracking.DecodeJSON(raw, &elements)
	if err != nil {
		return nil, err
	}
	var results []tracking.Result
	for _, element := range elements {
		var one answer
		err = tracking.DecodeJSON(element, &one)
		if err != nil || one.ReturnCode == "" && one.Shipment == nil || one.Shipment.garbled() {
			continue
		}
		results = append(results, result(&one, at))
	}
	switch {
	case len(results) == 0:
		return nil, tracking.BadResponse("nothing about any number", err)
	case len(results) == 1:
		err = refusal(&results[0])
		if err != nil {
			return nil, err
		}
	}
	return results, nil
}

// garbled tells whether a shipment has events, and none that can be read.
func (s *shipment) garbled() bool {
	if s == nil {
		return false
	}
	for i := range s.Events {
		if s.Events[i] != (event{}) {
			return false
		}
	}
	return len(s.Events) > 0
}

// refusal is the *Error for an only answer that is about the call and not about its number; nil where there is none.
func refusal(result *tracking.Result) error {
	status, err := strconv.Atoi(result.Code)
	if err != nil {
		return nil
	}
	failure := &tracking.Error{Carrier: Code, Status: status}
	switch {
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		failure.Code = tracking.ErrUnauthenticated
	case status == http.StatusTooManyRequests:
		failure.Code, failure.Temporary = tracking.ErrRateLimited, true
	case status >= http.StatusInternalServerError:
		failure.Code, failure.Temporary = tracking.ErrUnavailable, true
	default:
		return nil
	}
	return failure
}

// result reads one element. La Poste says 404, and in the body 104, also of a number that it will know later, and 400 of what has not the form
// of one. Of 101, 105 and 109, which its specification lists as well, nobody knows what they mean.
func result(a *answer, at time.Time) tracking.Result {
	if a.Shipment != nil && (a.Shipment.Number != "" || len(a.Shipment.Events) > 0) {
		r := report(a, at)
		return tracking.Result{Number: r.Number, Outcome: domain.TrackingFound, Reports: []tracking.Report{r}}
	}
	found := tracking.Result{Number: tracking.Plain(string(a.Number)), Code: tracking.Plain(string(a.ReturnCode))}
	switch found.Code {
	case "400":
		found.Outcome = domain.TrackingInvalid
	case "404", "104":
		found.Outcome = domain.TrackingNotFound
	case "429":
		found.Outcome = domain.TrackingRateLimited
	default:
		found.Outcome = domain.TrackingUnavailable
	}
	return found
}

func report(a *answer, at time.Time) tracking.Report {
	s := a.Shipment
	f := stayOf(s)
	r := tracking.Report{
		Number: tracking.Plain(string(s.Number)), Service: tracking.Plain(string(s.Product)), Etas: etas(s, f, at),
		Origin: place(s.Context.OriginCountry), Destination: place(s.Context.ArrivalCountry), Shipped: f.believe(clock(s.EntryDate)),
	}
	if r.Number == "" {
		r.Number = tracking.Plain(string(a.Number))
	}
	for i := range s.Events {
		e := normalise(&s.Events[i], f)
		if e.RawCode == "" && e.RawText == "" {
			continue
		}
		if e.Milestone == domain.MilestoneAvailableForPickup {
			e.Place.Text = tracking.Plain(string(s.Context.RemovalPoint.Name))
		}
		r.Events = append(r.Events, e)
	}
	r.SetKeys(at)
	r.Proof = proof(s, f, r.Events)
	return r
}

func normalise(e *event, f stay) tracking.Event {
	n := tracking.Event{
		Classifier: domain.StateActual, RawCode: tracking.Plain(string(e.Code)), RawText: tracking.Plain(string(e.Label)), Time: f.believe(clock(e.Date)),
	}
	n.Milestone, n.Reason, n.Delay = classify(n.RawCode, n.RawText)
	return n
}

func place(country tracking.Text) tracking.Place {
	code := tracking.Country(string(country))
	return tracking.Place{Text: code, Country: code}
}

// proof is when it was delivered. Neither deliveryDate nor isFinal says to whom: both are set of a parcel that is back with its sender, too.
func proof(s *shipment, f stay, events []tracking.Event) *tracking.Proof {
	at := f.believe(clock(s.DeliveryDate))
	if at.IsZero() || tracking.Reduce(events).Milestone != domain.MilestoneDelivered {
		return nil
	}
	return &tracking.Proof{At: at}
}
