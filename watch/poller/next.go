package poller

import (
	"hash/fnv"
	"math"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// How long to wait before asking again.
const (
	soon      = 10 * time.Minute // it is on the van
	today     = 15 * time.Minute // it is to arrive today
	most      = 24 * time.Hour
	least     = time.Hour
	labelled  = 2 * time.Hour // the carrier does not have the goods yet
	returning = 4 * time.Hour
	waiting   = 12 * time.Hour // at a pick-up point, at most
)

// When to ask in vain no more.
const (
	forgotten = 120 * 24 * time.Hour // nobody has heard of it for so long
	refused   = 7 * 24 * time.Hour   // the carrier says for so long that this is none of its numbers
)

// The day of arrival.
const (
	dawn  = 5 * time.Hour    // when it begins, after midnight
	after = 2 * time.Hour    // how much longer than expected it lasts
	late  = 48 * time.Hour   // for how long what is late is asked about more often
	eve   = 24 * time.Hour   // before it begins
	ahead = 2 * time.Hour    // before an arrival that is expected earlier in the day
	apart = 20 * time.Minute // over which the first questions of a day are spread
)

// pace is how often a shipment is asked about: never, or with so long a wait in between.
type pace struct {
	never bool
	every time.Duration
	// near tells that people are waiting for it now: it is the last to be put off.
	near bool
}

// paceOf tells how often to ask about a shipment, as things stood at an instant.
func paceOf(f *domain.Followed, at time.Time) pace {
	quiet := max(0, at.Sub(heardOf(f)))
	switch {
	case f.Milestone.Settled():
		return pace{never: true}
	case f.Outcome == nil:
		return pace{every: least}
	case quiet >= forgotten, isHistory(f, at), *f.Outcome == domain.TrackingInvalid && quiet >= refused:
		return pace{never: true}
	case *f.Outcome == domain.TrackingInvalid:
		return pace{every: most}
	case *f.Outcome != domain.TrackingFound:
		return pace{every: min(max(quiet/2, least), most)}
	default:
		return paceOfFound(f, quiet, at)
	}
}

// paceOfFound is the pace of what the carrier knows. What does not move is asked about after as long as it has not moved, so that the waits
// double; what is to arrive sooner than that.
func paceOfFound(f *domain.Followed, quiet time.Duration, at time.Time) pace {
	doubling := min(max(quiet, least), most)
	switch f.Milestone {
	case domain.MilestoneOutForDelivery:
		if quiet < most {
			return pace{every: soon, near: true}
		}
		return pace{every: min(max(quiet/12, labelled), most)} // Somebody forgot to say how it ended.
	case domain.MilestoneAvailableForPickup:
		return pace{every: min(max(quiet, labelled), waiting)}
	case domain.MilestoneReturning:
		return pace{every: max(doubling, returning)}
	}
	arrival, known := arrivalOf(f)
	if !known {
		return pace{every: slower(f, doubling)}
	}
	switch {
	case at.Before(arrival.from.Add(-eve)), !at.Before(arrival.until.Add(late)):
		return pace{every: slower(f, doubling)}
	case at.Before(arrival.from):
		return pace{every: slower(f, min(doubling, labelled))}
	case !at.Before(arrival.until.Add(after)):
		return pace{every: slower(f, min(doubling, labelled))}
	case f.Milestone == domain.MilestoneLabelCreated:
		return pace{every: least} // It will hardly arrive before it has left.
	default:
		return pace{every: today, near: true}
	}
}

// slower is a wait that is longer for what the carrier does not have yet.
func slower(f *domain.Followed, every time.Duration) time.Duration {
	if f.Milestone == domain.MilestoneLabelCreated {
		return max(every, labelled)
	}
	return every
}

// isHistory tells whether a shipment left so long before it was imported that carriers have forgotten it, and none has said anything of it.
func isHistory(f *domain.Followed, at time.Time) bool {
	return f.MovedAt == nil && f.ShippedAt != nil && at.Sub(*f.ShippedAt) >= forgotten
}

// heardOf is when something new was last heard of a shipment, from whomever.
func heardOf(f *domain.Followed) time.Time {
	if f.MovedAt != nil && f.MovedAt.After(f.CreatedAt) {
		return *f.MovedAt
	}
	return f.CreatedAt
}

// arrival is the day of an arrival, in the zone of the place: from when on people wait for it, and until when it is expected.
type arrival struct{ from, until time.Time }

// arrivalOf takes the carrier's word before our promise: where the two differ, the carrier knows.
func arrivalOf(f *domain.Followed) (arrival, bool) {
	zone := time.UTC
	if f.TimeZone != nil {
		found, err := time.LoadLocation(*f.TimeZone)
		if err == nil {
			zone = found
		}
	}
	switch {
	case f.EtaLatest != nil:
		from := startOf(domain.DateOf(f.EtaLatest.In(zone)), zone).Add(dawn)
		if from.After(f.EtaLatest.Add(-ahead)) {
			from = f.EtaLatest.Add(-ahead)
		}
		return arrival{from, *f.EtaLatest}, true
	case f.PromisedOn != nil:
		return arrival{startOf(*f.PromisedOn, zone).Add(dawn), startOf(f.PromisedOn.AddDays(1), zone).Add(-after)}, true
	default:
		return arrival{}, false
	}
}

func startOf(day domain.Date, zone *time.Location) time.Time {
	return time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, zone)
}

// next is when to ask again about a shipment that was asked about at an instant; nil is never. Where a carrier's budget is not enough, all its
// waits are stretched by the same factor, of 1 or more, and the root of it where people are waiting.
func next(f *domain.Followed, at time.Time, stretch float64) *time.Time {
	p := paceOf(f, at)
	if p.never {
		return nil
	}
	if p.near {
		stretch = math.Sqrt(stretch)
	}
	part := partOf(f)
	due := at.Add(time.Duration(float64(p.every) * max(1, stretch) * (0.9 + 0.2*part)))
	arrival, known := arrivalOf(f)
	if known && f.Outcome != nil && *f.Outcome == domain.TrackingFound {
		begins := arrival.from.Add(time.Duration(part * float64(apart)))
		if at.Before(arrival.from) && begins.Before(due) {
			due = begins
		}
	}
	due = due.Truncate(time.Microsecond)
	return &due
}

// partOf is a number from 0 to 1 that is always the same for a shipment: it spreads those that came together.
func partOf(f *domain.Followed) float64 {
	h := fnv.New64a()
	var key [16]byte
	for i := range 8 {
		key[i], key[8+i] = byte(f.CustomerRow>>(8*i)), byte(f.Row>>(8*i))
	}
	_, _ = h.Write(key[:]) // A hash takes everything.
	// FNV alone leaves the high bits of neighbours alike.
	mixed := h.Sum64() * 0x9E3779B97F4A7C15
	return float64(mixed>>11) / (1 << 53)
}
