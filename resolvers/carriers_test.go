package resolvers_test

import (
	"context"
	"hash/fnv"
	"strings"
	"sync"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/loaders"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// carriers answer by themselves, the same about the same number, until others are put in their place.
type carriers struct {
	mu     sync.Mutex
	asked  [][]service.Request
	others loaders.Tracker
}

// replace lets somebody else answer.
func (c *carriers) replace(others loaders.Tracker) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.others = others
}

// questions are those that were asked since the last call, by how they came.
func (c *carriers) questions() [][]service.Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	asked := c.asked
	c.asked = nil
	return asked
}

func (c *carriers) note(requests []service.Request) loaders.Tracker {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, requests)
	return c.others
}

// Ask implements loaders.Tracker.
func (c *carriers) Ask(ctx context.Context, requests []service.Request) []service.Answer {
	others := c.note(requests)
	if others != nil {
		return others.Ask(ctx, requests)
	}
	answers := make([]service.Answer, len(requests))
	for i, request := range requests {
		answers[i] = answerTo(request.Carrier, request.Number.Number)
	}
	return answers
}

// Health implements loaders.Tracker: all but FedEx are set up.
func (c *carriers) Health() []service.Health {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.others != nil {
		return c.others.Health()
	}
	var health []service.Health
	for _, code := range []string{"dhl", "ups", "laposte"} {
		health = append(health, service.Health{
			Carrier: code, Name: strings.ToUpper(code), State: service.Closed, Since: present().Add(-time.Hour), CallsToday: 7, CallsPerDay: 250,
			DayEnds: present().Add(9 * time.Hour),
		})
	}
	opened := present().Add(time.Minute)
	health[1].State, health[1].OpenUntil, health[1].ErrorRate = service.Open, &opened, 0.75
	return health
}

// answerTo is one of all kinds of answers.
func answerTo(carrier, number string) service.Answer {
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(carrier + number)) // It never fails.
	answer := service.Answer{Outcome: domain.TrackingFound, Freshness: service.Fresh, FetchedAt: present().Add(-time.Minute), Source: service.FromCarrier}
	retry := present().Add(time.Minute)
	switch hash.Sum32() % 8 {
	case 0:
		answer.Outcome = domain.TrackingNotFound
		return answer
	case 1:
		return service.Answer{Freshness: service.Unavailable, Failure: &service.Failure{Code: service.FailedTimeout, Message: "the carrier did not answer in time"}}
	case 2:
		answer.Freshness, answer.Source = service.Stale, service.FromStore
		answer.Failure = &service.Failure{Code: service.FailedCircuitOpen, Message: "the carrier is left alone", RetryAt: &retry}
	case 3:
		answer.Outcome = domain.TrackingAmbiguous
		answer.Reports = []tracking.Report{journey(number, 2), journey(number, 4)}
		return answer
	}
	answer.Reports = []tracking.Report{journey(number, int(hash.Sum32()/8)%7)}
	answer.State = tracking.Reduce(answer.Reports[0].Events)
	return answer
}

// journey is a report with the first steps of a journey.
func journey(number string, steps int) tracking.Report {
	at := func(day, hour int) tracking.Time {
		return tracking.Exact(time.Date(2026, 3, day, hour, 0, 0, 0, time.FixedZone("", 3600)))
	}
	estimate := tracking.AtEta(tracking.Day(domain.Date{Year: 2026, Month: 3, Day: 17}), domain.EtaByCarrier, present().Add(-time.Hour))
	pieces, all := 2, []tracking.Event{
		{Milestone: domain.MilestoneLabelCreated, Classifier: domain.StateActual, RawCode: "LC", RawText: "Label of Mr Sender", Time: at(13, 9)},
		{Milestone: domain.MilestonePickedUp, Classifier: domain.StateActual, RawCode: "PU", Time: at(13, 17), Place: tracking.Place{Text: "Lyon", Country: "FR"}},
		{Milestone: domain.MilestoneInTransit, Classifier: domain.StateActual, RawCode: "IT", Time: tracking.NoOffset(time.Date(2026, 3, 14, 3, 0, 0, 0, time.UTC)), Delay: true, Reason: domain.ReasonWeather},
		{Milestone: domain.MilestoneInTransit, Classifier: domain.StateActual, RawCode: "XX", ID: "wrong", Time: at(14, 4), Withdrawn: true},
		{Milestone: domain.MilestoneOutForDelivery, Classifier: domain.StateActual, RawCode: "OD", Time: at(16, 8)},
		{Milestone: domain.MilestoneDelivered, Classifier: domain.StateActual, RawCode: "OK", Time: at(16, 12)},
	}
	report := tracking.Report{
		Number: number, Service: "Express", Shipped: at(13, 0), Origin: tracking.Place{Text: "Lyon, FR"}, Destination: tracking.Place{Text: "Köln, DE"},
		Events: all[:steps], Etas: []tracking.Eta{estimate}, Pieces: pieces,
	}
	if steps == len(all) {
		report.Proof = &tracking.Proof{SignedBy: "Erika Mustermann", At: at(16, 12), DocumentURL: "https://pod.example/1"}
	}
	report.SetKeys(present().Add(-time.Minute))
	return report
}
