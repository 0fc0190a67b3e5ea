package loaders

import (
	"context"
	"slices"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

const (
	// maxAsked bounds the carriers that are asked about one number.
	maxAsked = 3
	// longestNumber bounds what is looked at as a tracking number, in bytes.
	longestNumber = 64
)

// TrackKey asks about a number.
type TrackKey struct {
	// Carrier is a carrier's code, "" where it is to be told from the number.
	Carrier, Number string
	MaxAge          time.Duration
}

// fetchTracks asks the carriers about numbers, all at once.
func (s *Set) fetchTracks(ctx context.Context, keys []TrackKey) (map[TrackKey]*domain.TrackAnswer, error) {
	names := map[string]string{}
	for _, one := range s.tracker().Health() {
		names[one.Carrier] = one.Name
	}
	found := make(map[TrackKey]*domain.TrackAnswer, len(keys))
	var requests []service.Request
	for _, key := range keys {
		found[key] = &domain.TrackAnswer{Number: key.Number, Candidates: candidates(key, names)}
		for _, carrier := range found[key].Candidates {
			if carrier.Asked {
				query := service.Query{Carrier: carrier.Code, Number: tracking.Number{Number: key.Number}}
				requests = append(requests, service.Request{Query: query, MaxAge: key.MaxAge})
			}
		}
	}
	var answers []service.Answer
	if len(requests) > 0 {
		answers = s.tracker().Ask(ctx, requests)
	}
	for _, key := range keys {
		answers = answers[decide(found[key], key, answers):]
	}
	return found, nil
}

// candidates are the carriers that a number may be of, and which of them to ask: the one that is given, whether or not it is set up, or else the
// likeliest of those that are.
func candidates(key TrackKey, names map[string]string) []*domain.CarrierCandidate {
	var found []*domain.CarrierCandidate
	asked := 0
	for _, form := range formsOf(key) {
		if slices.ContainsFunc(found, func(c *domain.CarrierCandidate) bool { return c.Code == form.Carrier }) {
			continue
		}
		name, known := names[form.Carrier]
		one := &domain.CarrierCandidate{Code: form.Carrier, Name: word(name), Form: word(form.Form), Checked: form.Checked}
		one.Asked = asked < maxAsked && (known || key.Carrier != "")
		if one.Asked {
			asked++
		}
		found = append(found, one)
	}
	return found
}

// formsOf are the forms of carriers' numbers that a number has, of those of a given carrier where there is one.
func formsOf(key TrackKey) []tracking.Candidate {
	var forms []tracking.Candidate
	if len(key.Number) <= longestNumber {
		forms = tracking.Detect(key.Number)
	}
	forms = slices.DeleteFunc(forms, func(c tracking.Candidate) bool {
		return c.Carrier == "" || key.Carrier != "" && c.Carrier != key.Carrier
	})
	if key.Carrier != "" {
		forms = append(forms, tracking.Candidate{Carrier: key.Carrier})
	}
	return forms
}

// decide takes the answers of those that were asked about a number, and tells how many these are. The carrier that knows it has the last word;
// that one does not know it counts only where all could be asked.
func decide(into *domain.TrackAnswer, key TrackKey, answers []service.Answer) int {
	best, taken := -1, 0
	var by *domain.CarrierCandidate
	for _, carrier := range into.Candidates {
		if !carrier.Asked {
			continue
		}
		answer := &answers[taken]
		carrier.Outcome = word(answer.Outcome)
		if best < 0 || weight(answer) > weight(&answers[best]) {
			best, by = taken, carrier
		}
		taken++
	}
	if best < 0 {
		answer := unavailable(service.FailedUnknownCarrier, "no carrier that is set up to be asked has such numbers")
		if key.Number == "" || len(key.Number) > longestNumber {
			answer = unavailable(service.FailedBadNumber, "this is no tracking number")
		}
		into.Live = live(&answer, place{})
		return 0
	}
	into.Live = live(&answers[best], place{history: true})
	if key.Carrier != "" || len(answers[best].Reports) > 0 {
		into.Carrier = by
	}
	return taken
}

// weight is how much an answer tells.
func weight(answer *service.Answer) int {
	switch answer.Outcome {
	case domain.TrackingFound:
		return 4
	case domain.TrackingAmbiguous:
		return 3
	case domain.TrackingNotFound:
		return 1
	case domain.TrackingInvalid:
		return 0
	default:
		return 2
	}
}
