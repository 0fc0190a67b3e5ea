package dcsa

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Parse reads an answer of any status. It gives exactly one result, without a number: a report for each container, or for each booking where
// no container is named.
func Parse(raw []byte, at time.Time) ([]tracking.Result, error) {
	events, refused, err := decode(raw)
	if err != nil {
		return nil, err
	}
	if refused != nil {
		return []tracking.Result{*refused}, nil
	}
	found, err := result(events, "", at)
	if err != nil {
		return nil, err
	}
	return []tracking.Result{found}, nil
}

// result is what events come to; no events about anything are not found.
func result(events []event, asked string, at time.Time) (tracking.Result, error) {
	reports, err := gather(events, asked, at)
	if err != nil || len(reports) == 0 {
		return tracking.Result{Outcome: domain.TrackingNotFound}, err
	}
	return tracking.Result{Outcome: domain.TrackingFound, Reports: reports}, nil
}

// decode reads the events of a body, or what the carrier answers instead.
func decode(raw []byte) ([]event, *tracking.Result, error) {
	trimmed := bytes.TrimSpace(raw)
	var list []json.RawMessage
	if len(trimmed) > 0 && trimmed[0] == '[' {
		err := tracking.DecodeJSON(raw, &list)
		if err != nil {
			return nil, nil, err
		}
		events, err := decodeEvents(list)
		return events, nil, err
	}
	var body answer
	err := tracking.DecodeJSON(raw, &body)
	switch {
	case err != nil:
		return nil, nil, err
	case body.Events != nil:
		list = *body.Events
	case body.Type != "" || body.Metadata != nil:
		list = []json.RawMessage{trimmed}
	default:
		refused, err := refusal(&body)
		return nil, refused, err
	}
	events, err := decodeEvents(list)
	return events, nil, err
}

// decodeEvents reads events one by one. One that cannot be read does not spoil the others, unless there are none.
func decodeEvents(list []json.RawMessage) ([]event, error) {
	events := make([]event, 0, len(list))
	for _, raw := range list {
		e, err := decodeEvent(raw)
		if err == nil && (e.Type != "" || e.Retracts != "") {
			events = append(events, e)
		}
	}
	if len(events) == 0 && len(list) > 0 {
		return nil, tracking.BadResponse("no event that can be read", nil)
	}
	return events, nil
}

// decodeEvent reads one event, with its parts put together.
func decodeEvent(raw json.RawMessage) (event, error) {
	var e event
	err := tracking.DecodeJSON(raw, &e)
	if err == nil && len(e.Payload) > 0 && e.Payload[0] == '{' {
		err = tracking.DecodeJSON(e.Payload, &e)
	}
	e.Payload = nil
	e.ID, e.Created = cmp.Or(e.ID, e.Metadata.ID), cmp.Or(e.Created, e.Metadata.Created)
	e.Retracts = cmp.Or(e.Retracts, e.Metadata.Retracts)
	return e, err
}

// refusal reads an error. Not found is often: not yet.
func refusal(body *answer) (*tracking.Result, error) {
	code := string(body.StatusCode)
	if code == "" {
		code = string(body.Status)
	}
	status, err := strconv.Atoi(code)
	if err != nil {
		return nil, tracking.BadResponse("neither events nor an error", nil)
	}
	result := tracking.Result{Code: code}
	switch {
	case status == http.StatusNotFound:
		result.Outcome = domain.TrackingNotFound
	case status == http.StatusBadRequest || status == http.StatusUnprocessableEntity:
		result.Outcome = domain.TrackingInvalid
	case status == http.StatusUnauthorized || status == http.StatusForbidden:
		return nil, &tracking.Error{Code: tracking.ErrUnauthenticated, Carrier: Code, Status: status}
	case status == http.StatusTooManyRequests:
		return nil, &tracking.Error{Code: tracking.ErrRateLimited, Carrier: Code, Status: status, Temporary: true}
	case status >= http.StatusInternalServerError:
		return nil, &tracking.Error{Code: tracking.ErrUnavailable, Carrier: Code, Status: status, Temporary: true}
	default:
		return nil, tracking.BadResponse("an error of an unknown kind", nil)
	}
	return &result, nil
}

// normalise is one event. Only what is ACTUAL has happened: a classifier that is not in use is none of that.
func normalise(e *event) tracking.Event {
	n := tracking.Event{ID: tracking.Plain(string(e.ID)), Place: place(e), RawText: words(e)}
	n.RawCode = code(e)
	n.Classifier = map[tracking.Text]domain.MilestoneState{
		"ACT": domain.StateActual, "EST": domain.StateEstimated, "PLN": domain.StatePlanned,
	}[e.Classifier]
	if n.Classifier == "" {
		n.Classifier = domain.StateEstimated
	}
	n.Time = tracking.Clock(e.When)
	n.Milestone, n.Reason = classify(e)
	if e.DelayReason != "" {
		n.Delay, n.Reason = true, delayReason(string(e.DelayReason))
	}
	if told := tracking.ReasonInWords(n.RawText); told != "" && (n.Reason == domain.ReasonOther || n.Reason == domain.ReasonCarrierDelay) {
		n.Reason = told
	}
	return n
}

// code is the event's code. Behind that of a document stands which document, behind that of an empty container that it is empty.
func code(e *event) string {
	switch {
	case e.TransportCode != "":
		return tracking.Plain(string(e.TransportCode))
	case e.EquipmentCode != "" && e.Empty == "EMPTY":
		return tracking.Plain(string(e.EquipmentCode) + " EMPTY")
	case e.EquipmentCode != "":
		return tracking.Plain(string(e.EquipmentCode))
	default:
		return tracking.Plain(string(e.ShipmentCode) + " " + string(e.DocumentType))
	}
}

// words is what the carrier says beside the code.
func words(e *event) string {
	for _, text := range []tracking.Text{e.Remark, e.OldRemark, e.Reason} {
		if said := tracking.Plain(string(text)); said != "" {
			return said
		}
	}
	return ""
}

// place is where the event was. The country is that of the UN/LOCODE: addresses have it in words.
func place(e *event) tracking.Place {
	where := e.Location
	if where == (location{}) {
		where = e.Call.Location
	}
	locode := string(where.Locode)
	if locode == "" {
		locode = string(e.Call.Locode)
	}
	p := tracking.Place{Code: tracking.Plain(locode), PostalCode: tracking.Plain(string(where.Address.PostCode))}
	if len(locode) == 5 {
		p.Country = tracking.Country(locode[:2])
	}
	p.Text = tracking.PlaceText(string(where.Name), string(where.Address.City), string(where.Address.Country))
	if p.Text == "" {
		p.Text = tracking.PlaceText(string(e.Call.Facility), locode)
	}
	return p
}
