package democarrier

import (
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// step is what carriers report, in words of none of them.
type step int

const (
	stepLabel step = iota
	stepPickedUp
	stepLeft // the first hub
	stepDelayed
	stepInCustoms
	stepHeld // by customs
	stepReleased
	stepArrived // in the town of the recipient
	stepOut
	stepAttempt
	stepWaiting // in a shop
	stepDelivered
	stepRefused
	stepReturning
	stepReturned
	stepLost
)

// scan is a step with its time, which is in the zone of its place.
type scan struct {
	step  step
	at    time.Time
	place *Place
}

// window is when a parcel should come, on the clocks of its destination; a whole day where it has no hours.
type window struct {
	from, to time.Time
	hours    bool
}

func (w *window) day() domain.Date { return domain.DateOf(w.to) }

// statement is a window that holds from a moment on; nil takes the one before it back.
type statement struct {
	since  time.Time
	window *window
}

// journey is all that will happen to a parcel, oldest first.
type journey struct {
	scans      []scan
	statements []statement
	signedBy   string
}

// planner draws a journey.
type planner struct {
	*parcel
	draw *rand.Rand
	journey
}

func plan(seed uint64, p *parcel) journey {
	h := fnv.New64a()
	h.Write([]byte(p.Carrier + "/" + p.Number))
	pl := &planner{parcel: p, draw: rand.New(rand.NewPCG(seed, h.Sum64()))}
	pl.signedBy = surnames[pl.draw.IntN(len(surnames))]
	pl.begin()
	if pl.goOn() {
		return pl.journey
	}
	switch p.Fate {
	case Lost:
		pl.scan(stepLost, pl.at(pl.promised().AddDays(5), 10, time.Hour))
		pl.expectNothing()
	case Early:
		pl.early()
	case Late:
		pl.late()
	case CustomsHold:
		pl.customs()
	case Attempted:
		pl.doorstep(pl.promised(), stepAttempt)
		pl.expect(pl.promised().AddDays(1))
		pl.doorstep(pl.promised().AddDays(1), stepDelivered)
	case PickupPoint:
		pl.pickupPoint()
	case Returned:
		pl.sendBack()
	default:
		pl.doorstep(pl.promised(), stepDelivered)
	}
	return pl.journey
}

// Made up, for proofs of delivery.
var surnames = []string{"Abel", "Brandt", "Castel", "Dorn", "Eklund", "Ferrand", "Gruber", "Holm"}

// earliest is the first day on which a parcel can arrive; promised is the promise, where it can be kept.
func (pl *planner) earliest() domain.Date {
	known := domain.DateOf(pl.ShippedAt.In(pl.to))
	if len(pl.Past) > 0 {
		known = later(known, domain.DateOf(pl.Past[len(pl.Past)-1].At.In(pl.to)))
	}
	return known.AddDays(1)
}

func (pl *planner) promised() domain.Date { return later(pl.PromisedOn, pl.earliest()) }

func later(a, b domain.Date) domain.Date {
	if a.Before(b) {
		return b
	}
	return a
}

func (pl *planner) begin() {
	if len(pl.Past) > 0 {
		pl.remember()
		return
	}
	pl.scan(stepLabel, pl.ShippedAt.Add(-2*time.Hour-pl.span(16*time.Hour)))
	pl.expect(pl.promised())
	pl.scan(stepPickedUp, pl.ShippedAt)
	pl.scan(stepLeft, pl.ShippedAt.Add(2*time.Hour+pl.span(3*time.Hour)))
}

func (pl *planner) early() {
	day := later(pl.PromisedOn.AddDays(-1-pl.draw.IntN(2)), pl.earliest())
	pl.arrive(day)
	pl.expect(day)
	pl.doorstep(day, stepDelivered)
}

func (pl *planner) late() {
	day := pl.promised()
	for slips := 1 + pl.draw.IntN(2); slips > 0; slips-- {
		pl.scan(stepDelayed, pl.at(day, 7, time.Hour))
		day = day.AddDays(1 + pl.draw.IntN(2))
		pl.expect(day)
	}
	pl.doorstep(day, stepDelivered)
}

func (pl *planner) customs() {
	day := later(pl.PromisedOn.AddDays(-2), pl.earliest())
	pl.scan(stepInCustoms, pl.at(day, 5, time.Hour))
	pl.scan(stepHeld, pl.at(day, 9, 4*time.Hour))
	pl.expect(later(day.AddDays(3), pl.promised().AddDays(1)))
	pl.scan(stepReleased, pl.at(day.AddDays(2), 11, 4*time.Hour))
	pl.doorstep(later(day.AddDays(3), pl.promised().AddDays(1)), stepDelivered)
}

func (pl *planner) pickupPoint() {
	day := pl.promised()
	pl.doorstep(day, stepAttempt)
	pl.expectNothing()
	pl.scan(stepWaiting, pl.at(day, 18, time.Hour))
	pl.scan(stepDelivered, pl.at(day.AddDays(1+pl.draw.IntN(3)), 10, 8*time.Hour))
}

func (pl *planner) sendBack() {
	day := pl.promised()
	pl.doorstep(day, stepRefused)
	pl.expectNothing()
	pl.scan(stepReturning, pl.at(day.AddDays(1), 10, 4*time.Hour))
	home := day.AddDays(4 + pl.draw.IntN(3))
	pl.scan(stepReturned, time.Date(home.Year, home.Month, home.Day, 9, 0, 0, 0, pl.from).Add(pl.span(5*time.Hour)))
}

// arrive brings the parcel to the town on the evening before day.
func (pl *planner) arrive(day domain.Date) {
	pl.scan(stepArrived, pl.at(day.AddDays(-1), 19, 3*time.Hour))
}

// doorstep takes the parcel to the door on a day, with a window of three hours from the moment that it is on the van.
func (pl *planner) doorstep(day domain.Date, end step) {
	last := pl.scans[len(pl.scans)-1].step
	if last != stepArrived && last != stepAttempt {
		pl.arrive(day)
	}
	door := pl.at(day, 9, 8*time.Hour)
	pl.scan(stepOut, pl.at(day, 6, 2*time.Hour))
	hour := time.Date(day.Year, day.Month, day.Day, door.Hour(), 0, 0, 0, pl.to)
	pl.state(&window{from: hour.Add(-time.Hour), to: hour.Add(2 * time.Hour), hours: true})
	pl.scan(end, door)
	if end == stepDelivered {
		pl.expectNothing()
	}
}

// at is a moment of a day at the destination, at an hour or up to spread later.
func (pl *planner) at(day domain.Date, hour int, spread time.Duration) time.Time {
	return time.Date(day.Year, day.Month, day.Day, hour, 0, 0, 0, pl.to).Add(pl.span(spread))
}

func (pl *planner) span(most time.Duration) time.Duration {
	return time.Duration(pl.draw.Int64N(int64(most/time.Second))) * time.Second
}

// scan adds a step, never before the one ahead of it.
func (pl *planner) scan(s step, at time.Time) {
	if n := len(pl.scans); n > 0 {
		if soonest := pl.scans[n-1].at.Add(10 * time.Minute); at.Before(soonest) {
			at = soonest
		}
	}
	where, location := &pl.To, pl.to
	switch s {
	case stepLabel, stepPickedUp, stepLeft, stepReturned:
		where, location = &pl.From, pl.from
	}
	pl.scans = append(pl.scans, scan{s, at.In(location).Truncate(time.Second), where})
}

func (pl *planner) expect(day domain.Date) {
	midnight := time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, pl.to)
	pl.state(&window{from: midnight, to: midnight})
}

func (pl *planner) expectNothing() { pl.state(nil) }

// state says from the last step on when the parcel should come.
func (pl *planner) state(w *window) {
	pl.statements = append(pl.statements, statement{pl.scans[len(pl.scans)-1].at, w})
}

// standing is what a carrier knows of a parcel at a moment. scans are those that have happened, newest first, and at least one.
type standing struct {
	*parcel
	scans    []scan
	expected *window // nil where nothing is
	signedBy string  // "" until it is delivered
}

// standingAt is false while the carrier has not heard of the parcel.
func (j journey) standingAt(p *parcel, now time.Time) (standing, bool) {
	s := standing{parcel: p}
	for _, happened := range j.scans {
		if happened.at.After(now) {
			break
		}
		s.scans = append([]scan{happened}, s.scans...)
	}
	for _, said := range j.statements {
		if !said.since.After(now) {
			s.expected = said.window
		}
	}
	if s.find(stepDelivered) != nil {
		s.signedBy = j.signedBy
	}
	return s, len(s.scans) > 0
}

// find is the scan of a step, nil where it has not happened.
func (s *standing) find(wanted step) *scan {
	for i := range s.scans {
		if s.scans[i].step == wanted {
			return &s.scans[i]
		}
	}
	return nil
}

func (s *standing) abroad() bool { return s.From.Country != s.To.Country }
