package service

import (
	"context"
	"time"
)

// question is one of a caller's questions on its way to an answer.
type question struct {
	key    key
	query  Query
	maxAge time.Duration // 0 leaves it to lifetimes
	kept   bool          // wait until what was found is kept
	lane   *lane

	lifetimes *Lifetimes
	known     *known // the best so far, nil at first
	source    Source // of known
	failure   *Failure
	flight    *flight
}

// learn takes what was found if it is younger than what is known.
func (q *question) learn(found *known, source Source) {
	best := newer(q.known, found)
	if best != q.known {
		q.known, q.source = best, source
	}
}

// fresh tells whether what is known is young enough. What was learned long after now, because a clock was put right since, is not.
func (q *question) fresh(now time.Time) bool {
	if q.known == nil {
		return false
	}
	most := q.maxAge
	if most == 0 {
		most = q.lifetimes.of(q.known)
	}
	age := now.Sub(q.known.fetchedAt)
	return -most < age && age < most
}

// round is one call of Ask. The same question, asked twice in it, is one.
type round struct {
	service *Service
	asked   []*question // each once
	places  []*question // one for each request
}

// begin looks into the cache.
func (s *Service) begin(requests []Request) *round {
	r := &round{service: s, places: make([]*question, len(requests))}
	type same struct {
		key    key
		maxAge time.Duration
		kept   bool
	}
	seen := map[same]*question{}
	now := s.options.Now()
	for i := range requests {
		q := s.question(&requests[i])
		before := seen[same{q.key, q.maxAge, q.kept}]
		if before == nil {
			before = q
			seen[same{q.key, q.maxAge, q.kept}] = q
			r.asked = append(r.asked, q)
			s.look(q, now)
		}
		r.places[i] = before
	}
	return r
}

func (s *Service) question(request *Request) *question {
	q := &question{
		key: keyOf(&request.Query), query: request.Query, lane: s.lanes[request.Carrier], lifetimes: &s.options.Lifetimes, kept: request.Kept,
	}
	if request.MaxAge > 0 {
		q.maxAge = max(request.MaxAge, s.options.MinAge)
	}
	return q
}

// look answers from the cache, or tells that nobody can answer.
func (s *Service) look(q *question, now time.Time) {
	if q.key.number == "" || len(q.key.number) > longestNumber {
		q.failure = failed(FailedBadNumber, time.Time{})
		return
	}
	q.learn(s.memory.recall(q.key), FromCache)
	if q.lane == nil && !q.fresh(now) {
		q.failure = failed(FailedUnknownCarrier, time.Time{})
	}
}

// unanswered are the questions that the cache does not answer, or not surely: another process may have been told more since. Numbers that are none
// are left out.
func (r *round) unanswered() []*question {
	now := r.service.options.Now()
	var open []*question
	for _, q := range r.asked {
		sure := q.fresh(now) && now.Sub(q.known.fetchedAt) < r.service.options.CacheFor
		if !sure && (q.failure == nil || q.failure.Code != FailedBadNumber) {
			open = append(open, q)
		}
	}
	return open
}

// join puts what is still not answered into the lanes, all numbers of a carrier at once, so that they share its calls. Nobody is
// asked for a caller who has gone.
func (r *round) join(ctx context.Context) {
	now := r.service.options.Now()
	gone := ctx.Err() != nil
	byLane := map[*lane][]*question{}
	for _, q := range r.asked {
		switch {
		case q.failure != nil || q.fresh(now):
		case gone:
			q.failure = failed(FailedOutOfTime, time.Time{})
		default:
			byLane[q.lane] = append(byLane[q.lane], q)
		}
	}
	for lane, asked := range byLane {
		lane.join(asked)
	}
}

// wait waits for the flights that can land in time, until ctx ends at the given instant.
func (r *round) wait(ctx context.Context, ends time.Time) {
	for _, q := range r.asked {
		if q.flight == nil {
			continue
		}
		if q.flight.begins.After(ends) {
			q.failure = failed(FailedRateLimited, q.flight.begins)
			continue
		}
		select {
		case <-q.flight.done:
			q.arrive()
		default:
			select {
			case <-q.flight.done:
				q.arrive()
			case <-ctx.Done():
				q.failure = failed(FailedOutOfTime, time.Time{})
			}
		}
		q.awaitKept(ctx)
	}
}

// awaitKept waits until what the flight brought is kept, where that was asked for, or until ctx ends: what was found is told all the same.
func (q *question) awaitKept(ctx context.Context) {
	if !q.kept {
		return
	}
	select {
	case <-q.flight.kept:
	case <-ctx.Done():
	}
}

// arrive takes what the flight brought.
func (q *question) arrive() {
	q.failure = q.flight.failure
	if q.flight.found != nil {
		q.known, q.source = q.flight.found, FromCarrier
	}
}

func (r *round) answers() []Answer {
	now := r.service.options.Now()
	answers := make([]Answer, len(r.places))
	for i, q := range r.places {
		failure := q.failure
		if q.flight == nil && q.fresh(now) {
			failure = nil
		}
		answers[i] = q.known.answer(q.source, failure)
	}
	return answers
}
