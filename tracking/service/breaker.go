package service

import "time"

// BreakerState is whether a carrier is being asked.
type BreakerState string

// The states of a breaker.
const (
	Closed   BreakerState = "CLOSED"    // it is
	Open     BreakerState = "OPEN"      // it failed too often and is left alone
	HalfOpen BreakerState = "HALF_OPEN" // one call at a time tries whether it works again
)

// BreakerOptions is when a carrier is left alone. Zero values stand for the defaults that are named.
type BreakerOptions struct {
	Window    time.Duration // over which calls are counted: 1 minute
	MinCalls  int           // that make a rate: 4
	ErrorRate float64       // at which the breaker opens: 0.5
	// OpenFor is how long it stays open: 15 s, twice as long each time a trial fails, LongestOpen at most: 5 minutes.
	OpenFor, LongestOpen time.Duration
}

func (o BreakerOptions) withDefaults() BreakerOptions {
	orDefault(&o.Window, time.Minute)
	orDefault(&o.MinCalls, 4)
	orDefault(&o.ErrorRate, 0.5)
	orDefault(&o.OpenFor, 15*time.Second)
	orDefault(&o.LongestOpen, 5*time.Minute)
	return o
}

// slots is how many parts a window has: it moves by one at a time.
const slots = 10

type slot struct {
	number       int64 // of the part of time, counted from the epoch
	calls, fails int
}

// breaker counts the calls of one carrier. Its lane's lock guards it.
type breaker struct {
	options   BreakerOptions
	window    [slots]slot
	state     BreakerState
	since     time.Time
	openFor   time.Duration
	openUntil time.Time
	trial     bool // a call is under way that tries
}

func newBreaker(options BreakerOptions, now time.Time) *breaker {
	return &breaker{options: options, state: Closed, since: now}
}

// at is the state, which time alone may have moved from OPEN to HALF_OPEN.
func (b *breaker) at(now time.Time) (BreakerState, time.Time) {
	if b.state == Open && !now.Before(b.openUntil) {
		return HalfOpen, b.openUntil
	}
	return b.state, b.since
}

// ready tells whether a call may begin, and if not, from when it may; zero where that is not known.
func (b *breaker) ready(now time.Time) (bool, time.Time) {
	state, _ := b.at(now)
	switch {
	case state == Open:
		return false, b.openUntil
	case state == HalfOpen && b.trial:
		return false, time.Time{}
	default:
		return true, time.Time{}
	}
}

// begin notes a call that was ready, and tells whether it is a trial.
func (b *breaker) begin(now time.Time) bool {
	state, since := b.at(now)
	if state != HalfOpen {
		return false
	}
	b.state, b.since, b.trial = HalfOpen, since, true
	return true
}

// end notes how a call went, and tells whether the state changed.
func (b *breaker) end(now time.Time, trial, ok bool) bool {
	if !trial && b.state == Closed {
		b.count(now, ok)
		calls, fails := b.counts(now)
		if !ok && calls >= b.options.MinCalls && float64(fails) >= b.options.ErrorRate*float64(calls) {
			b.open(now, b.options.OpenFor)
			return true
		}
		return false
	}
	// A call that began before the breaker opened says nothing new.
	if !trial {
		return false
	}
	b.trial = false
	if !ok {
		b.open(now, min(2*b.openFor, b.options.LongestOpen))
		return true
	}
	b.state, b.since, b.openUntil, b.window = Closed, now, time.Time{}, [slots]slot{}
	b.count(now, true)
	return true
}

func (b *breaker) open(now time.Time, d time.Duration) {
	b.state, b.since, b.openFor, b.openUntil = Open, now, d, now.Add(d)
}

func (b *breaker) count(now time.Time, ok bool) {
	number := b.number(now)
	s := &b.window[number%slots]
	if s.number != number {
		*s = slot{number: number}
	}
	s.calls++
	if !ok {
		s.fails++
	}
}

// counts adds up the window that ends now.
func (b *breaker) counts(now time.Time) (calls, fails int) {
	last := b.number(now)
	for _, s := range b.window {
		if s.number > last-slots && s.number <= last {
			calls += s.calls
			fails += s.fails
		}
	}
	return calls, fails
}

func (b *breaker) number(now time.Time) int64 {
	return now.UnixNano() / int64(max(b.options.Window/slots, 1))
}

// errorRate is the part of calls that failed in the window, 0 where there were none.
func (b *breaker) errorRate(now time.Time) float64 {
	calls, fails := b.counts(now)
	if calls == 0 {
		return 0
	}
	return float64(fails) / float64(calls)
}
