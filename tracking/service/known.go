package service

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// key tells questions apart: the same number with other hints may have another answer.
type key struct {
	carrier, number, uniqueID, postalCode, service string
	shipped                                        domain.Date
	hasShipped                                     bool
	shipment                                       domain.ID
}

func keyOf(q *Query) key {
	k := key{
		carrier: q.Carrier, number: tracking.Canonical(q.Number.Number), uniqueID: q.Number.UniqueID, postalCode: tracking.Canonical(q.Number.PostalCode),
		service: q.Number.Service, shipment: q.Shipment,
	}
	if q.Number.ShipDate != nil {
		k.shipped, k.hasShipped = *q.Number.ShipDate, true
	}
	return k
}

// known is what was once learned of a number. It does not change.
type known struct {
	outcome   domain.TrackingOutcome
	reports   []tracking.Report
	state     tracking.State
	fetchedAt time.Time
	source    Source
}

func newKnown(outcome domain.TrackingOutcome, reports []tracking.Report, at time.Time, source Source) *known {
	k := &known{outcome: outcome, reports: reports, fetchedAt: at.UTC(), source: source}
	if len(reports) == 1 {
		k.state = tracking.Reduce(reports[0].Events)
	}
	return k
}

// knownOf is what is stored, nil where that is nothing.
func knownOf(stored *Stored) *known {
	if stored.FetchedAt.IsZero() && len(stored.Reports) == 0 {
		return nil
	}
	outcome := stored.Outcome
	switch {
	case outcome != "":
	case len(stored.Reports) == 1:
		outcome = domain.TrackingFound
	case len(stored.Reports) == 0:
		outcome = domain.TrackingNotFound
	case len(stored.Reports) > 1:
		outcome = domain.TrackingAmbiguous
	}
	return newKnown(outcome, stored.Reports, stored.FetchedAt, FromStore)
}

// after is k, learned after before: a carrier that does not know a number any more says nothing against what it said when it did.
func (k *known) after(before *known) *known {
	forgotten := k.outcome == domain.TrackingNotFound && len(k.reports) == 0
	if !forgotten || before == nil || len(before.reports) != 1 {
		return k
	}
	kept := *k
	kept.reports, kept.state = before.reports, before.state
	return &kept
}

// newer is the younger of two, either of which may be nil.
func newer(a, b *known) *known {
	if a == nil || b != nil && b.fetchedAt.After(a.fetchedAt) {
		return b
	}
	return a
}

// answer tells what is known, fresh where there is no failure.
func (k *known) answer(source Source, failure *Failure) Answer {
	if k == nil {
		return Answer{Freshness: Unavailable, Failure: failure}
	}
	answer := Answer{
		Outcome: k.outcome, Reports: k.reports, State: k.state, Freshness: Fresh, FetchedAt: k.fetchedAt, Source: source, Failure: failure,
	}
	if failure != nil {
		answer.Freshness = Stale
	}
	return answer
}

// memory is what this process was told of late: answers, and the failures that are not to be repeated yet.
type memory struct {
	answers  *lru.Cache[key, *known]
	failures *lru.Cache[key, failureUntil]
}

type failureUntil struct {
	failure *Failure
	until   time.Time
}

func newMemory(size int) (*memory, error) {
	answers, err := lru.New[key, *known](size)
	if err != nil {
		return nil, err
	}
	failures, err := lru.New[key, failureUntil](size)
	if err != nil {
		return nil, err
	}
	return &memory{answers, failures}, nil
}

// recall is the answer that is kept for k, or nil.
func (m *memory) recall(k key) *known {
	found, _ := m.answers.Get(k)
	return found
}

// failure is why k is not to be asked about yet, or nil.
func (m *memory) failure(k key, now time.Time) *Failure {
	found, ok := m.failures.Get(k)
	if !ok || !now.Before(found.until) {
		return nil
	}
	return found.failure
}

func (m *memory) learn(k key, found *known) { m.answers.Add(k, found) }

func (m *memory) fail(k key, failure *Failure, until time.Time) {
	if failure.RetryAt != nil && failure.RetryAt.After(until) {
		until = *failure.RetryAt
	}
	m.failures.Add(k, failureUntil{failure, until})
}

// forget drops what is kept of a number, whatever the hints.
func (m *memory) forget(carrier, number string) {
	number = tracking.Canonical(number)
	for _, k := range m.answers.Keys() {
		if k.carrier == carrier && k.number == number {
			m.answers.Remove(k)
		}
	}
}
