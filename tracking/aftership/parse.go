package aftership

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Parse reads an answer of any status: one Tracking, a list of them, which may be empty, or an error.
func Parse(raw []byte, at time.Time) ([]tracking.Result, error) {
	var body answer
	err := tracking.DecodeJSON(raw, &body)
	if err != nil {
		return nil, err
	}
	if body.Meta == nil {
		return nil, tracking.BadResponse("neither trackings nor an error", nil)
	}
	status, err := strconv.Atoi(string(body.Meta.Code))
	if err != nil {
		return nil, tracking.BadResponse("a status that is no number", nil)
	}
	if status < 200 || status > 299 {
		return refusal(status)
	}
	var results []tracking.Result
	switch {
	case body.Data.Trackings != nil:
		for _, one := range *body.Data.Trackings {
			if one != nil && one.Number != "" {
				results = append(results, resultOf(one, at))
			}
		}
	case body.Data.Tracking != nil && body.Data.Tracking.Number != "":
		results = append(results, resultOf(body.Data.Tracking, at))
	case body.Data.Number != "":
		results = append(results, resultOf(&body.Data.shipment, at))
	default:
		return nil, tracking.BadResponse("no tracking under data", nil)
	}
	return results, nil
}

// refusal reads AfterShip's codes, as its own libraries name them (github.com/AfterShip/tracking-sdk-go, errorx): those of HTTP, and four
// digits that say more of a 400.
func refusal(code int) ([]tracking.Result, error) {
	found := tracking.Result{Code: strconv.Itoa(code)}
	failure := &tracking.Error{Carrier: Code, Status: code}
	if code >= 1000 {
		failure.Status = http.StatusBadRequest
	}
	switch code {
	case 4004, http.StatusNotFound: // no such tracking
		found.Outcome = domain.TrackingNotFound
		return []tracking.Result{found}, nil
	case 4005, 4010, 4012, 4017: // a number or courier that cannot be
		found.Outcome = domain.TrackingInvalid
		return []tracking.Result{found}, nil
	case http.StatusUnauthorized, http.StatusForbidden:
		failure.Code = tracking.ErrUnauthenticated
	case http.StatusTooManyRequests:
		failure.Code, failure.Temporary = tracking.ErrRateLimited, true
	default:
		failure.Code = tracking.ErrBadRequest
		if code >= http.StatusInternalServerError && code < 600 {
			failure.Code, failure.Temporary = tracking.ErrUnavailable, true
		}
	}
	return nil, failure
}

// resultOf tells a Tracking that knows something from one whose courier has said nothing yet.
func resultOf(s *shipment, at time.Time) tracking.Result {
	r := report(s, at)
	if len(r.Events) == 0 {
		return tracking.Result{Number: r.Number, Outcome: domain.TrackingNotFound, Code: tracking.Plain(string(s.Tag))}
	}
	return tracking.Result{Number: r.Number, Outcome: domain.TrackingFound, Reports: []tracking.Report{r}}
}

func report(s *shipment, at time.Time) tracking.Report {
	r := tracking.Report{
		Number: tracking.Plain(string(s.Number)), UniqueID: tracking.Plain(string(s.ID)), Service: tracking.Plain(string(s.Slug)),
		Etas: etas(s, at), WeightKg: tracking.Kilograms(string(s.Weight.Value), string(said(s.Weight.Unit, s.WeightUnit))),
		Origin:      place(country(s.OriginRegion, s.OriginCountry), s.OriginZip, s.OriginCity, s.OriginState),
		Destination: place(country(s.DestRegion, s.DestCountry, s.CourierCountry), s.DestZip, s.DestCity, s.DestState),
	}
	for i := range s.Checkpoints {
		e := normalise(&s.Checkpoints[i])
		if e.RawCode != "" || e.RawText != "" {
			r.Events = append(r.Events, e)
		}
	}
	r.Events = append(r.Events, standing(s, r.Events)...)
	count, err := strconv.ParseFloat(string(s.PackageCount), 64)
	if err == nil && count >= 1 && count <= 1e6 {
		r.Pieces = int(count)
	}
	r.SetKeys(at)
	r.Shipped = amongst(r.Events, s.PickupDate)
	r.Proof = proof(s, r.Events)
	return r
}

// normalise makes the raw code of AfterShip's and the courier's, since both tell checkpoints of one minute apart.
func normalise(c *checkpoint) tracking.Event {
	code := said(c.Subtag, c.Tag)
	if c.RawTag != "" {
		code += "/" + c.RawTag
	}
	m := classify(string(c.Tag), string(c.Subtag))
	e := tracking.Event{
		Milestone: m.milestone, Reason: m.reason, Delay: m.delay, Classifier: domain.StateActual, RawCode: tracking.Plain(string(code)),
		RawText: tracking.Plain(string(said(c.Message, c.SubtagMessage))), Time: clock(c.Time), Place: where(c),
	}
	if e.Milestone == domain.MilestoneDelivered && toShipper.MatchString(e.RawText) {
		e.Milestone = domain.MilestoneReturned
	}
	return e
}

// said is the first of the texts that is not empty.
func said(texts ...tracking.Text) tracking.Text {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}

// standing is how it stands where no checkpoint says so: AfterShip's Expired, and couriers that say no more. It is an event without a time.
func standing(s *shipment, events []tracking.Event) []tracking.Event {
	m := classify(string(s.Tag), string(s.Subtag))
	if m.milestone == domain.MilestoneUnknown || len(events) > 0 && m.milestone != domain.MilestoneExpired {
		return nil
	}
	for i := range events {
		if events[i].Milestone == m.milestone {
			return nil
		}
	}
	return []tracking.Event{normalise(&checkpoint{Tag: s.Tag, Subtag: s.Subtag, SubtagMessage: s.SubtagMessage})}
}

// where is a checkpoint's place. Its location, where there is one, repeats the rest.
func where(c *checkpoint) tracking.Place {
	p := place(country(c.CountryRegion, c.Country), c.Zip, c.City, c.State)
	if c.City == "" && c.State == "" {
		p.Text = tracking.PlaceText(string(said(c.RegionName, c.CountryName)))
	}
	if c.Location != "" {
		p.Text = tracking.PlaceText(string(c.Location))
	}
	return p
}

func place(country string, zip tracking.Text, parts ...tracking.Text) tracking.Place {
	p := tracking.Place{PostalCode: tracking.Plain(string(zip)), Country: country}
	for _, part := range parts {
		p.Text = tracking.PlaceText(p.Text, string(part))
	}
	p.Text = tracking.PlaceText(p.Text, country)
	return p
}

// country is the first that is one, of codes of three letters (ISO 3166-1 alpha-3) or two.
func country(codes ...tracking.Text) string {
	for _, code := range codes {
		region, err := language.ParseRegion(strings.TrimSpace(string(code)))
		if err == nil && region.IsCountry() {
			return tracking.Country(region.String())
		}
	}
	return ""
}

// proof is who signed, and when it was delivered as far as that is known.
func proof(s *shipment, events []tracking.Event) *tracking.Proof {
	name := tracking.Plain(string(s.SignedBy))
	if name == "" {
		return nil
	}
	state := tracking.Reduce(events)
	if state.Milestone == domain.MilestoneReturned {
		return nil
	}
	at := state.Delivered
	if at.IsZero() {
		at = amongst(events, s.DeliveryDate)
	}
	return &tracking.Proof{SignedBy: name, At: at}
}
