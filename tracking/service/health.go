package service

import "time"

// Health is how a carrier has been doing of late.
type Health struct {
	Carrier, Name string
	State         BreakerState
	Since         time.Time // when it came into the state
	// LastSuccessAt is when a call last succeeded, nil where none has.
	LastSuccessAt *time.Time
	// ErrorRate is the part of calls that failed in the breaker's window, from 0 to 1.
	ErrorRate float64
	// OpenUntil is when the carrier will be tried again, where the breaker is OPEN.
	OpenUntil *time.Time
	// PausedUntil is when the carrier wants to hear from us again, where it said "too often".
	PausedUntil *time.Time
	// Waiting numbers and Running calls are those of this moment.
	Waiting, Running int
	// CallsToday is how many calls were made since the carrier's day began, and CallsPerDay how many may be; 0 is not limited.
	CallsToday, CallsPerDay int
	DayEnds                 time.Time
	// NumbersPerCall is how many numbers a call may ask about, and CallsPerSecond how many calls may be made; 0 is not limited.
	NumbersPerCall int
	CallsPerSecond float64
}

// Health tells how the carriers are doing, in the order in which they were given.
func (s *Service) Health() []Health {
	health := make([]Health, len(s.order))
	for i, lane := range s.order {
		health[i] = lane.health()
	}
	return health
}

func (l *lane) health() Health {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.options.Now()
	state, since := l.breaker.at(now)
	today := l.pace.today
	if !now.Before(l.pace.dayEnds) {
		today = 0
	}
	h := Health{
		Carrier: l.carrier.Code(), Name: l.carrier.Name(), State: state, Since: since.UTC(), ErrorRate: l.breaker.errorRate(now),
		LastSuccessAt: after(l.lastSuccessAt, time.Time{}), PausedUntil: after(l.pace.pausedUntil, now), Waiting: len(l.queue), Running: l.calling,
		CallsToday: today, CallsPerDay: l.pace.limits.CallsPerDay, DayEnds: l.pace.limits.NextDay(now),
		NumbersPerCall: l.pace.limits.NumbersPerCall, CallsPerSecond: l.pace.limits.CallsPerSecond,
	}
	if state == Open {
		h.OpenUntil = after(l.breaker.openUntil, now)
	}
	return h
}

// after is at in UTC where it is after bound, else nil.
func after(at, bound time.Time) *time.Time {
	if !at.After(bound) {
		return nil
	}
	at = at.UTC()
	return &at
}
