package poller

import (
	"math"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking/service"
)

const day = 24 * time.Hour

// fill is how full calls are on average that may ask about several numbers.
const fill = 0.9

// demand is how many questions a day the shipments of a carrier ask for: those for which people wait, and the others.
type demand struct{ near, far float64 }

// demandOf is that of a sample, in which each shipment stands for so many.
func demandOf(sample []*domain.Followed, each float64, now time.Time) demand {
	var d demand
	for _, f := range sample {
		p := paceOf(f, now)
		switch {
		case p.never:
		case p.near:
			d.near += each * float64(day) / float64(p.every)
		default:
			d.far += each * float64(day) / float64(p.every)
		}
	}
	return d
}

// stretchFor is the factor s by which waits are stretched so that far/s + near/√s is no more than a number of questions a day; 1 where it is
// no more anyway. A carrier that may not be asked at all stretches nothing: it is not asked.
func stretchFor(d demand, most float64) float64 {
	if d.near+d.far <= most || most <= 0 {
		return 1
	}
	// With x = 1/√s that is far·x² + near·x - most = 0, in the form that does not cancel where far is small.
	x := 2 * most / (d.near + math.Sqrt(d.near*d.near+4*d.far*most))
	return 1 / (x * x)
}

// capacity is how many numbers a day the poller may ask a carrier about; infinite where nothing is limited.
func capacity(h *service.Health, reserve float64) float64 {
	calls := math.Inf(1)
	if h.CallsPerDay > 0 {
		calls = float64(h.CallsPerDay)
	}
	if h.CallsPerSecond > 0 {
		calls = min(calls, h.CallsPerSecond*day.Seconds())
	}
	calls *= 1 - reserve
	if h.NumbersPerCall > 1 {
		calls *= fill * float64(h.NumbersPerCall)
	}
	return calls
}

// headStart is the part of a day's calls that may be made before the day has gone on.
const headStart = 0.125

// callsLeft is how many calls the poller may still make now: a part of the day's is kept for people, and not all are made before breakfast.
func callsLeft(h *service.Health, reserve float64, now time.Time) int {
	if h.CallsPerDay <= 0 {
		return math.MaxInt32
	}
	elapsed := min(max(0, 1-float64(h.DayEnds.Sub(now))/float64(day)), 1)
	allowed := float64(h.CallsPerDay) * (1 - reserve) * min(1, headStart+elapsed)
	return max(0, int(allowed)-h.CallsToday)
}
