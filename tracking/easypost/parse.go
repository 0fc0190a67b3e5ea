package easypost

import (
	"net/http"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Parse reads an answer of any status: a Tracker, a list of them, which may be empty, or an error.
func Parse(raw []byte, at time.Time) ([]tracking.Result, error) {
	var body answer
	err := tracking.DecodeJSON(raw, &body)
	switch {
	case err != nil:
		return nil, err
	case body.Error != nil:
		return refusal(string(body.Error.Code))
	case body.Trackers != nil:
		var results []tracking.Result
		for i := range *body.Trackers {
			if one := &(*body.Trackers)[i]; one.Code != "" {
				results = append(results, resultOf(one, at))
			}
		}
		if len(results) == 0 && len(*body.Trackers) > 0 {
			return nil, tracking.BadResponse("no tracker that can be read", nil)
		}
		return results, nil
	case body.Code != "" && (body.Object == "Tracker" || body.Object == ""):
		return []tracking.Result{resultOf(&body.tracker, at)}, nil
	default:
		return nil, tracking.BadResponse("neither trackers nor an error", nil)
	}
}

// refusals is what EasyPost's error codes mean, taken from the words that they are made of: only NOT_FOUND was seen in an answer. The first
// that fits counts; of others, only the code is known. The status of HTTP, which Client reads before, does not depend on it.
var refusals = []struct {
	part    string
	code    tracking.ErrorCode // of the whole call, or ""
	status  int
	outcome domain.TrackingOutcome
}{
	{part: "RATE_LIMIT", code: tracking.ErrRateLimited, status: http.StatusTooManyRequests},
	{part: "TOO_MANY", code: tracking.ErrRateLimited, status: http.StatusTooManyRequests},
	{part: "UNAUTHORIZED", code: tracking.ErrUnauthenticated, status: http.StatusUnauthorized},
	{part: "FORBIDDEN", code: tracking.ErrUnauthenticated, status: http.StatusForbidden},
	{part: "APIKEY", code: tracking.ErrUnauthenticated, status: http.StatusUnauthorized},
	{part: "NOT_FOUND", outcome: domain.TrackingNotFound},
	{part: "INTERNAL", code: tracking.ErrUnavailable, status: http.StatusInternalServerError},
	{part: "TIMEOUT", code: tracking.ErrUnavailable, status: http.StatusGatewayTimeout},
	{part: "UNAVAILABLE", code: tracking.ErrUnavailable, status: http.StatusServiceUnavailable},
	{part: "CONFLICT", outcome: domain.TrackingUnavailable}, // the same is being asked at this moment
	{part: "INVALID", outcome: domain.TrackingInvalid},
	{part: "UNPROCESSABLE", outcome: domain.TrackingInvalid},
	{part: "TRACKER.CREATE.ERROR", outcome: domain.TrackingInvalid},
}

// refusal reads an answer that is an error.
func refusal(code string) ([]tracking.Result, error) {
	found := tracking.Result{Outcome: domain.TrackingUnavailable, Code: tracking.Plain(code)}
	for _, one := range refusals {
		if !strings.Contains(strings.ToUpper(code), one.part) {
			continue
		}
		if one.code != "" {
			return nil, &tracking.Error{
				Code: one.code, Carrier: Code, Status: one.status, Temporary: one.code != tracking.ErrUnauthenticated,
			}
		}
		found.Outcome = one.outcome
		break
	}
	return []tracking.Result{found}, nil
}

// resultOf tells a Tracker that knows something from one that has only been made: its carrier knows nothing yet, or could not be asked.
func resultOf(t *tracker, at time.Time) tracking.Result {
	r := report(t, at)
	found := tracking.Result{Number: r.Number, Outcome: domain.TrackingFound}
	switch {
	case len(r.Events) > 0:
		found.Reports = []tracking.Report{r}
	case t.Status == "error":
		found.Outcome, found.Code = domain.TrackingUnavailable, "error"
	default:
		found.Outcome, found.Code = domain.TrackingNotFound, tracking.Plain(string(t.Status))
	}
	return found
}

func report(t *tracker, at time.Time) tracking.Report {
	r := tracking.Report{
		Number: tracking.Plain(string(t.Code)), UniqueID: tracking.Plain(string(t.ID)), Service: tracking.Plain(string(t.Carrier)), Etas: etas(t, at),
		Origin:      place(&t.Carriage.OriginPlace, t.Carriage.Origin),
		Destination: place(&t.Carriage.DestinationPlace, t.Carriage.Destination),
		WeightKg:    tracking.Kilograms(string(t.Weight), "oz"),
	}
	for i := range t.Details {
		e := normalise(&t.Details[i])
		if e.RawCode != "" || e.RawText != "" {
			r.Events = append(r.Events, e)
		}
	}
	if _, known := milestones[string(t.Status)]; len(r.Events) == 0 && known && t.Status != "unknown" && t.Status != "error" {
		// Some carriers tell EasyPost how it stands and not what happened: an event without a time.
		r.Events = append(r.Events, normalise(&detail{Status: t.Status, StatusDetail: t.StatusDetail}))
	}
	r.SetKeys(at)
	r.Proof = proof(t, r.Events)
	return r
}

// normalise makes the raw code of EasyPost's own words and the carrier's code, since both tell scans of one minute apart.
func normalise(d *detail) tracking.Event {
	n := tracking.Event{
		Classifier: domain.StateActual, Time: d.at(), Place: place(&d.Location, ""), RawText: said(d),
		RawCode: tracking.Plain(joined("/", string(d.Status), string(d.StatusDetail), string(d.CarrierCode))),
	}
	n.Milestone, n.Reason, n.Delay = classify(string(d.Status), string(d.StatusDetail), n.RawText)
	return n
}

// said puts message and description together, which are the same text of some carriers.
func said(d *detail) string {
	message, description := tracking.Plain(string(d.Message)), tracking.Plain(string(d.Description))
	if strings.EqualFold(message, description) {
		description = ""
	}
	return tracking.Plain(joined(": ", message, description))
}

func joined(between string, parts ...string) string {
	var there []string
	for _, part := range parts {
		if part != "" {
			there = append(there, part)
		}
	}
	return strings.Join(there, between)
}

func place(l *location, text tracking.Text) tracking.Place {
	country := tracking.Country(string(l.Country))
	p := tracking.Place{
		Text: tracking.PlaceText(string(l.City), string(l.State), country), PostalCode: tracking.Plain(string(l.Zip)), Country: country,
	}
	if p.Text == "" || l.City == "" && text != "" {
		p.Text = tracking.Plain(string(text))
	}
	return p
}

// proof is who signed, and when it was delivered as far as that is known.
func proof(t *tracker, events []tracking.Event) *tracking.Proof {
	name := tracking.Plain(string(t.SignedBy))
	if name == "" {
		return nil
	}
	state := tracking.Reduce(events)
	if state.Milestone == domain.MilestoneReturned {
		return nil
	}
	return &tracking.Proof{SignedBy: name, At: state.Delivered}
}
