package demo

import (
	"math"
	"slices"
)

// plan is the outline of a customer's relation with the company.
type plan struct {
	// created is when they became a customer and closed when they ceased to be one, 0 for never.
	created, closed day
	// days are when they ordered, in order.
	days []day
	// live is the state in which the order of days[liveAt] is to be seen at present; none for most customers.
	live   scene
	liveAt int
}

// scene is a state of an order at present. Left to chance, a small company would show only a few of them.
type scene int

const (
	sceneNone scene = iota
	scenePlaced
	sceneConfirmed
	sceneProcessing
	sceneOnHold
	sceneLabelled
	scenePickedUp
	sceneInTransit
	sceneDelayed
	sceneOut
	sceneAttempted
	scenePickupPoint
	sceneCustoms
	sceneDamaged
	sceneLost
	sceneReturning
	scenePartlyShipped
	sceneCount
)

// placedBefore is how many days ago an order was placed to be in a scene today.
func (s scene) placedBefore() day {
	return [sceneCount]day{
		sceneNone: 1, scenePlaced: 1, sceneConfirmed: 1, sceneProcessing: 2, sceneOnHold: 4, sceneLabelled: 2,
		scenePickedUp: 2, sceneInTransit: 4, sceneDelayed: 8, sceneOut: 4, sceneAttempted: 5, scenePickupPoint: 6,
		sceneCustoms: 6, sceneDamaged: 5, sceneLost: 18, sceneReturning: 9, scenePartlyShipped: 7,
	}[s]
}

// maxOrders bounds the long tail.
const maxOrders = 600

// plan outlines customer i; days is where to put the order days. It draws from a sequence of its own, so that asking
// twice gives the same plan.
func (g *generator) plan(i int, days []day) plan {
	r := g.r
	r.restart(streamPlan, i)
	p := plan{created: g.today - day(r.between(40, pastDays))}
	if r.chance(0.7) {
		p.created = g.today - pastDays - day(r.IntN(6*yearDays))
	}
	from, to := g.season.before(p.created+1), 1.0
	if r.chance(0.02) {
		p.closed = p.created + (g.today-p.created)*day(r.between(40, 95))/100
		to = g.season.before(p.closed)
	}
	n := g.orderCount(i)
	if to <= from {
		n = 0
	}
	for range n {
		days = append(days, g.season.pick(from+(to-from)*r.Float64()))
	}
	slices.Sort(days)
	// Some customers have an order whose present state was chosen. It stands in for the one nearest before it.
	p.liveAt = -1
	if every := g.stageEvery(4); i%every == 3 && n > 0 && p.closed == 0 {
		p.live = scene(1 + i/every%int(sceneCount-1))
		d := g.today - p.live.placedBefore()
		at, _ := slices.BinarySearch(days, d+1)
		p.liveAt = max(at-1, 0)
		days[p.liveAt] = d
	}
	p.days = days
	return p
}

// stageEvery is how many customers there are to one in whose records something was put for show. A small company needs
// many, to have one of everything at all; a large one has everything by chance and needs few.
func (g *generator) stageEvery(n int) int {
	if g.customers >= 2000 {
		return n * 6
	}
	return n
}

// orderCount has a long tail: most customers ordered a few times, one in a hundred more than a hundred times. Shares of
// the customers, not draws, decide, so that the sum is about the same for any seed.
func (g *generator) orderCount(i int) int {
	rank := (i*g.stride + int(g.seed%uint64(g.customers))) % g.customers
	share := (float64(rank) + 0.5) / float64(g.customers)
	if share > 0.95 {
		return 0 // A prospect.
	}
	return min(max(int(6.22*math.Pow(share, -0.6)-4.5), 1), maxOrders)
}

// stride is a step that visits all of n places once before it comes back, in no order that the eye would see.
func stride(n int) int {
	for s := int(0.618*float64(n)) + 1; ; s++ {
		a, b := s, n
		for b != 0 {
			a, b = b, a%b
		}
		if a == 1 {
			return s
		}
	}
}
