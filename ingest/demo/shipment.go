package demo

// shipment is what of a shipment other parts need to know.
type shipment struct {
	id                  int64
	order               int
	firstLine, lastLine int
	tracking            string
	outcome             outcome
	shipped, delivered  instant
	// problem is when something went wrong that the customer noticed, 0 if nothing did.
	problem instant
	// replaced says that another shipment was sent instead.
	replaced bool
	// replacement says that it is that other shipment.
	replacement bool
	// credited is the day from which its invoice is given back, since the goods never arrived.
	credited day
	late     bool
}

// outcome is how a shipment's way ends.
type outcome int

const (
	arrives outcome = iota
	arrivesLate
	arrivesDamaged
	arrivesAfterAttempt
	arrivesAtPickupPoint
	arrivesAfterCustoms
	isLost
	isRefused
)

// journey is what decides a shipment's way.
type journey struct {
	label   instant // 0 for no announcement.
	pickup  instant
	deliver day // The first attempt's day.
	promise day
	outcome outcome
	// hub and depot are whether these scans are shown on the way.
	hub, depot bool
	// out and arrival, where set, are when it is loaded for delivery and when it arrives.
	out, arrival instant
}

// crosses says whether an order's goods pass a customs border.
func (g *generator) crosses(o *order) bool {
	to, from := g.c.country.Code, g.warehouses[o.warehouse].country
	return to != from && (to == "CH" || to == "GB")
}

// outcome draws how a shipment ends.
func (g *generator) outcome(o *order) outcome {
	if g.crosses(o) && g.r.chance(0.06) {
		return arrivesAfterCustoms
	}
	switch u := g.r.Float64(); {
	case u < 0.020:
		return arrivesLate
	case u < 0.027:
		return arrivesDamaged
	case u < 0.032:
		return isLost
	case u < 0.036:
		return isRefused
	case u < 0.076:
		return arrivesAfterAttempt
	case u < 0.092:
		return arrivesAtPickupPoint
	default:
		return arrives
	}
}

// shipAll sends an order out, now and then in two parts, and again where it got lost.
func (g *generator) shipAll(o *order, ship day, transit int) {
	r := g.r
	split := o.lastLine
	if o.lastLine-o.firstLine > 2 && r.chance(0.06) {
		split = o.lastLine - 1
	}
	g.shipPart(o, o.firstLine, split, ship, transit)
	if split < o.lastLine {
		wait := 1
		if r.chance(0.35) {
			wait = r.between(2, 6) // Something had to be ordered first.
		}
		g.shipPart(o, split, o.lastLine, ship.addWorkdays(wait), transit)
	}
}

func (g *generator) shipPart(o *order, firstLine, lastLine int, ship day, transit int) {
	r := g.r
	j := journey{
		pickup: g.pickupAt(o, ship), promise: o.promised, deliver: ship.addWorkdays(transit),
		outcome: g.outcome(o), hub: r.chance(0.62), depot: r.chance(0.5),
	}
	if r.chance(0.25) {
		j.label = j.pickup - r.span(90*minute, 4*hour)
	}
	switch j.outcome {
	case arrivesLate:
		j.deliver = max(j.deliver, o.promised).addWorkdays(r.between(1, 5))
	case arrivesDamaged, arrivesAfterCustoms:
		j.deliver = (j.deliver + 1).addWorkdays(1)
	}
	if !g.send(o, firstLine, lastLine, j) {
		return
	}
	i := o.lastShipment - 1
	s := g.c.shipments[i]
	if s.shipped == 0 || s.problem == 0 || s.outcome != isLost && s.outcome != isRefused {
		return
	}
	// A loss is made good: by sending again, or by giving the invoice back.
	resolved := s.problem.day() + day(r.between(1, 4))
	if resolved >= g.today {
		return
	}
	if s.outcome == isLost && (o.prepaid || r.chance(0.7)) {
		again := resolved.workday()
		sent := g.send(o, firstLine, lastLine, journey{
			pickup: g.pickupAt(o, again), promise: again.addWorkdays(transit + 1), deliver: again.addWorkdays(transit),
			hub: true, depot: true,
		})
		g.c.shipments[i].replaced = sent
		if sent {
			g.c.shipments[o.lastShipment-1].replacement = true
		}
		return
	}
	g.c.shipments[i].credited = resolved
	if firstLine == o.firstLine && lastLine == o.lastLine {
		o.cancelled = resolved.start() + 9*hour
	} else {
		g.c.shipments[i].replaced = true // The rest of the order is what remains.
	}
}

func (g *generator) pickupAt(o *order, ship day) instant {
	z := g.warehouses[o.warehouse].zone
	at := z.at(ship, 15*hour+30*minute) + g.r.span(0, 2*hour+45*minute)
	return max(at, o.confirmed+90*minute)
}

func (g *generator) trackingNumber(k carrier) string {
	g.parcels++
	return k.trackingNumber(g.r, g.parcels)
}

// send makes one shipment of the order's lines and writes it. It does nothing where that lies in the future.
func (g *generator) send(o *order, firstLine, lastLine int, j journey) bool {
	c := &g.c
	created := j.pickup - g.r.span(20*minute, 80*minute)
	if j.label != 0 {
		j.label = max(j.label, o.confirmed+10*minute)
		created = j.label
	}
	if created > g.now {
		return false
	}
	if j.label == 0 && j.pickup > g.now {
		j.label = created // Else it would have no event at all yet.
	}
	c.shipments = append(c.shipments, shipment{
		id: g.next(tableShipments), order: len(c.orders) - 1, firstLine: firstLine, lastLine: lastLine, outcome: j.outcome,
	})
	o.lastShipment = len(c.shipments)
	s := &c.shipments[o.lastShipment-1]
	k := c.country.carrier(g.r)
	s.tracking = g.trackingNumber(k)
	g.travel(o, &j)
	g.writeShipment(o, s, &j, k, created)
	return true
}
