package poller

import (
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking/service"
)

const (
	firstBackoff   = 2 * time.Minute
	longestBackoff = 6 * time.Hour
	// mostFailures is how far failures are counted.
	mostFailures = 1000
	// shortly is when to ask again what nobody could be asked about at all.
	shortly = time.Minute
	// farthest is how far a carrier may put us off.
	farthest = 24 * time.Hour
)

// retry is when to ask again after a failure, and how many there have been. What is no fault of the shipment's does not count.
func retry(f *domain.Followed, failure *service.Failure, now time.Time) (*time.Time, int) {
	failures, wait := f.Failures, shortly
	switch failure.Code {
	case service.FailedBadNumber:
		return nil, failures
	case service.FailedStopped:
		return f.DueAt, failures
	case service.FailedCircuitOpen, service.FailedDailyBudget, service.FailedRateLimited, service.FailedOverloaded, service.FailedOutOfTime,
		service.FailedUnknownCarrier:
	default:
		failures = min(failures+1, mostFailures)
		wait = min(firstBackoff<<min(failures-1, 16), longestBackoff)
	}
	due := now.Add(time.Duration(float64(wait) * (0.9 + 0.2*partOf(f))))
	if failure.RetryAt != nil {
		asked := *failure.RetryAt
		if asked.After(now.Add(farthest)) {
			asked = now.Add(farthest)
		}
		if asked.After(due) {
			due = asked
		}
	}
	due = due.Truncate(time.Microsecond)
	return &due, failures
}
