package service

import (
	"time"

	"golang.org/x/time/rate"

	"github.com/vigie-dev/vigie/tracking"
)

// pace keeps to what a carrier allows. Its lane's lock guards it.
type pace struct {
	limits  tracking.Limits
	limiter *rate.Limiter
	// waiting counts the calls that have been given their time and wait for it.
	waiting int
	today   int
	dayEnds time.Time
	// pausedUntil is when the carrier wants to hear from us again.
	pausedUntil time.Time
}

func newPace(limits tracking.Limits, now time.Time) *pace {
	limits.NumbersPerCall = max(1, limits.NumbersPerCall)
	limits.Burst = max(1, limits.Burst)
	limit := rate.Inf
	if limits.CallsPerSecond > 0 {
		limit = rate.Limit(limits.CallsPerSecond)
	}
	return &pace{limits: limits, limiter: rate.NewLimiter(limit, limits.Burst), dayEnds: limits.NextDay(now)}
}

// blocked tells why no call may begin now, nil where one may.
func (p *pace) blocked(now time.Time) *Failure {
	if now.Before(p.pausedUntil) {
		return failed(FailedRateLimited, p.pausedUntil)
	}
	if !now.Before(p.dayEnds) {
		p.today, p.dayEnds = 0, p.limits.NextDay(now)
	}
	if p.limits.CallsPerDay > 0 && p.today >= p.limits.CallsPerDay {
		return failed(FailedDailyBudget, p.dayEnds)
	}
	return nil
}

// pause leaves the carrier alone until then.
func (p *pace) pause(until time.Time) {
	if until.After(p.pausedUntil) {
		p.pausedUntil = until
	}
}

// reserve gives the next call its time, as the wait until then.
func (p *pace) reserve(now time.Time) *rate.Reservation { return p.limiter.ReserveN(now, 1) }

// begins is about when a number would be asked about that has so many before it in the queue.
func (p *pace) begins(now time.Time, before int) time.Time {
	calls := before/p.limits.NumbersPerCall + 1 - p.waiting
	missing := float64(calls) - p.limiter.TokensAt(now)
	if p.limiter.Limit() == rate.Inf || missing <= 0 {
		return now
	}
	return now.Add(time.Duration(missing / float64(p.limiter.Limit()) * float64(time.Second)))
}
