package dhl

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Parse reads an answer of any status. It gives exactly one result, without a number: the answer names the shipments and not what was asked.
func Parse(raw []byte, at time.Time) ([]tracking.Result, error) {
	var body answer
	err := tracking.DecodeJSON(raw, &body)
	if err != nil {
		return nil, err
	}
	if body.Shipments == nil {
		return problem(&body)
	}
	result := tracking.Result{Outcome: domain.TrackingNotFound}
	for i := range *body.Shipments {
		r := report(&(*body.Shipments)[i], at)
		if r.Number != "" || len(r.Events) > 0 {
			result.Outcome = domain.TrackingFound
			result.Reports = append(result.Reports, r)
		}
	}
	if len(result.Reports) == 0 && len(*body.Shipments) > 0 {
		return nil, tracking.BadResponse("no shipment that can be read", nil)
	}
	return []tracking.Result{result}, nil
}

// problem reads an answer without shipments. DHL says 404 also for a number that it will know later.
func problem(body *answer) ([]tracking.Result, error) {
	status, err := strconv.Atoi(string(body.Status))
	if err != nil {
		return nil, tracking.BadResponse("neither shipments nor a problem", nil)
	}
	result := tracking.Result{Code: string(body.Status)}
	switch {
	case status == http.StatusNotFound:
		result.Outcome = domain.TrackingNotFound
	case status == http.StatusBadRequest:
		result.Outcome = domain.TrackingInvalid
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return nil, &tracking.Error{Code: tracking.ErrUnauthenticated, Carrier: Code, Status: status}
	case status == http.StatusTooManyRequests:
		return nil, &tracking.Error{Code: tracking.ErrRateLimited, Carrier: Code, Status: status, Temporary: true}
	case status >= http.StatusInternalServerError:
		return nil, &tracking.Error{Code: tracking.ErrUnavailable, Carrier: Code, Status: status, Temporary: true}
	default:
		return nil, tracking.BadResponse("a problem of an unknown kind", nil)
	}
	return []tracking.Result{result}, nil
}

func report(s *shipment, at time.Time) tracking.Report {
	r := tracking.Report{
		Number: tracking.Plain(string(s.ID)), Service: tracking.Plain(string(s.Service)), Shipped: clock(s.PickedUp),
		Origin: place(s.Origin), Destination: place(s.Destination),
		WeightKg: tracking.Kilograms(string(s.Details.Weight.Value), string(s.Details.Weight.Unit)),
	}
	// One number may be a parcel here and a freight order there.
	r.UniqueID = r.Service + "/" + r.Number
	for i := range s.Events {
		r.Events = appendEvent(r.Events, normalise(&s.Events[i]))
	}
	if s.Status != nil {
		status := normalise(s.Status)
		if !among(r.Events, &status) {
			r.Events = appendEvent(r.Events, status)
		}
		if s.Returned == "true" {
			turnBack(r.Events, &status)
		}
	}
	r.Etas = etas(s, at)
	r.Proof = proof(&s.Details)
	pieces, err := strconv.ParseUint(string(s.Details.Pieces), 10, 31)
	if err == nil {
		r.Pieces = int(pieces)
	}
	for _, id := range s.Details.PieceIDs {
		if id != "" {
			r.PieceNumbers = append(r.PieceNumbers, string(id))
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

// among tells whether the shipment's status is one of its events, as it should be. Express writes the same wall clock with a Z in the status
// and without one in the event; what the event says is right. A status without a time adds nothing to an event of the same words.
func among(events []tracking.Event, status *tracking.Event) bool {
	for i := range events {
		sameTime := events[i].Time.Local.Equal(status.Time.Local) || status.Time.IsZero() && events[i].RawText == status.RawText
		if events[i].RawCode == status.RawCode && sameTime {
			return true
		}
	}
	return false
}

// turnBack reads the status of a shipment that goes back as what it is: on the way to the sender, or there. What happened before may have been
// on the way to the recipient.
func turnBack(events []tracking.Event, status *tracking.Event) {
	for i := range events {
		e := &events[i]
		if e.RawCode != status.RawCode || !e.Time.Local.Equal(status.Time.Local) && !status.Time.IsZero() {
			continue
		}
		switch e.Milestone {
		case domain.MilestoneDelivered:
			e.Milestone = domain.MilestoneReturned
		case domain.MilestoneInTransit, domain.MilestonePickedUp, domain.MilestoneOutForDelivery:
			e.Milestone = domain.MilestoneReturning
		}
	}
}

func normalise(e *event) tracking.Event {
	n := tracking.Event{
		Classifier: domain.StateActual, RawCode: tracking.Plain(string(e.StatusCode)), RawText: said(e), Time: clock(e.Timestamp), Place: place(e.Location),
	}
	n.Milestone, n.Reason, n.Delay = classify(n.RawCode, n.RawText)
	return n
}

// said puts status and description together, which are the same text in some divisions and code and text in others.
func said(e *event) string {
	status, description := tracking.Plain(string(e.Status)), tracking.Plain(string(e.Description))
	switch {
	case description == "":
		return status
	case status == "" || strings.EqualFold(status, description):
		return description
	default:
		return tracking.Plain(status + ": " + description)
	}
}

// clock reads a time as DHL's divisions write it: with an offset, with Z, with neither (Paket), with nanoseconds (eCommerce). What is no time
// is none: the event is worth keeping all the same.
func clock(text tracking.Text) tracking.Time { return tracking.Clock(text) }

func place(l location) tracking.Place {
	country := tracking.Country(string(l.Address.Country))
	p := tracking.Place{
		Text: tracking.PlaceText(string(l.Address.Locality), country), PostalCode: tracking.Plain(string(l.Address.PostalCode)), Country: country,
	}
	if p.Text == "" || p.Text == country {
		p.Text = tracking.PlaceText(string(l.Point.Label), country)
	}
	return p
}

// etas prefers the window to the moment. Midnight is no time of day that DHL delivers at: it stands for the day.
func etas(s *shipment, at time.Time) []tracking.Eta {
	from, through := clock(s.EstimatedFrame.From), clock(s.EstimatedFrame.Through)
	if from.IsZero() && through.IsZero() {
		from = clock(s.EstimatedTime)
		if midnight(from) {
			from = from.DayOnly()
		}
		through = from
	}
	if midnight(from) && midnight(through) {
		from, through = from.DayOnly(), through.DayOnly()
	}
	// A window that ends before it begins says nothing of its beginning.
	if !through.IsZero() && from.Local.After(through.Local) {
		from = tracking.Time{}
	}
	if from.IsZero() && through.IsZero() {
		return nil
	}
	eta := tracking.Eta{Source: domain.EtaByCarrier, ObservedAt: at.UTC()}
	if !from.IsZero() {
		eta.Earliest = &from
	}
	if !through.IsZero() {
		eta.Latest = &through
	}
	return []tracking.Eta{eta}
}

func midnight(t tracking.Time) bool {
	return !t.IsZero() && t.Local.Equal(t.Local.Truncate(24*time.Hour))
}

func proof(d *details) *tracking.Proof {
	if d.Proof == nil {
		return nil
	}
	name := d.Proof.Signed.Name
	if name == "" {
		name = d.Proof.Signed.GivenName + " " + d.Proof.Signed.FamilyName
	}
	p := tracking.Proof{
		SignedBy: tracking.Plain(string(name)), At: clock(d.Proof.Timestamp),
		DocumentURL: tracking.Link(string(d.Proof.DocumentURL)), SignatureURL: tracking.Link(string(d.Proof.SignatureURL)),
	}
	if p.SignedBy == "" && p.At.IsZero() && p.DocumentURL == "" && p.SignatureURL == "" {
		return nil
	}
	return &p
}
