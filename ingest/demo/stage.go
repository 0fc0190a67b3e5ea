package demo

// stage brings an order into the state at present that its scene wants.
func (g *generator) stage(o *order) {
	t := g.c.sites[o.site].city.zone.day(g.now)
	o.confirmed = min(o.confirmed, g.now-3*minute)
	j := journey{hub: true, depot: true}
	var ship day
	switch o.scene {
	case scenePlaced:
		o.confirmed = 0
		o.status = "PLACED"
		o.promised = (t + 3).workday()
		return
	case sceneConfirmed:
		o.planned = (t + 3).workday()
		o.promised = o.planned.addWorkdays(2)
		o.status = "CONFIRMED"
		return
	case sceneProcessing:
		o.planned = t
		o.promised = t.addWorkdays(2)
		o.status = "PROCESSING"
		return
	case sceneOnHold:
		o.planned = t - 2
		o.promised = t
		o.status = "ON_HOLD"
		return
	case sceneLabelled:
		ship, j.deliver = g.today, (t + 2).workday()
	case scenePickedUp:
		ship, j.deliver, j.hub = t-1, (t + 2).workday(), false
	case sceneInTransit:
		ship, j.deliver = t-2, t+1
	case sceneDelayed:
		ship, j.deliver, j.outcome = t-6, t+2, arrivesLate
	case sceneOut:
		ship, j.deliver, j.depot = t-2, t, false
		j.out = g.now - g.r.span(10*minute, 50*minute)
	case sceneAttempted:
		ship, j.deliver, j.outcome = t-3, t-1, arrivesAfterAttempt
	case scenePickupPoint:
		ship, j.deliver, j.outcome = t-4, t-2, arrivesAtPickupPoint
		j.arrival = g.now + g.r.span(30*hour, 90*hour)
	case sceneCustoms:
		ship, j.deliver, j.outcome = t-4, t+2, arrivesAfterCustoms
		if !g.crosses(o) {
			j.outcome = arrivesLate
		}
	case sceneDamaged:
		ship, j.deliver, j.outcome = t-3, t+1, arrivesDamaged
	case sceneLost:
		ship, j.deliver, j.outcome = t-15, t-10, isLost
	case sceneReturning:
		ship, j.deliver, j.outcome = t-6, t-3, isRefused
	default:
		ship, j.deliver = t-4, t-2
	}

	o.planned = min(o.planned, ship)
	o.promised = max(j.deliver, o.placed.day()+1)
	switch o.scene {
	case sceneDelayed, sceneCustoms, sceneDamaged:
		o.promised = t - 1
	}
	j.promise = o.promised
	j.pickup = g.pickupAt(o, ship)
	if o.scene == sceneLabelled {
		j.label = g.now - g.r.span(30*minute, 2*hour)
	}
	last := o.lastLine
	if o.scene == scenePartlyShipped {
		last--
	}
	g.send(o, o.firstLine, last, j)
	g.conclude(o, ship)
}
