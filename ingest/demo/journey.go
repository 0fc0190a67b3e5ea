package demo

import (
	"fmt"
	"strings"
)

// scan is one thing that a carrier reports.
type scan struct {
	step    step
	at      instant
	place   string
	country string
	zone    *zone
	reason  string
}

// travel draws the way of a shipment from end to end into g.scans, whatever of it lies in the future.
func (g *generator) travel(o *order, j *journey) {
	r := g.r
	wh := &g.warehouses[o.warehouse]
	to := &g.c.sites[o.site]
	g.scans = g.scans[:0]
	from := scan{place: wh.place, country: wh.country, zone: wh.zone}
	at := scan{place: to.city.place, country: to.country, zone: to.city.zone}
	z := at.zone

	if j.label != 0 {
		g.scan(from, stepLabel, j.label)
	}
	g.scan(from, stepPickedUp, j.pickup)
	if j.hub {
		g.scan(from, stepHub, j.pickup+r.span(90*minute, 5*hour))
	}
	switch j.outcome {
	case isLost:
		g.scan(at, stepLost, z.at(j.deliver+7, 10*hour+r.span(0, 5*hour)))
		return
	case arrivesAfterCustoms:
		g.scan(at, stepCustoms, z.at(j.deliver-3, 9*hour+r.span(0, 4*hour)))
	case arrivesLate:
		at.reason = r.pick([]string{"CARRIER_DELAY", "CARRIER_DELAY", "WEATHER", "MISROUTED"})
		g.scan(at, stepDelay, z.at(min(j.deliver-1, j.promise), 7*hour+r.span(0, 2*hour)))
		at.reason = ""
	case arrivesDamaged:
		g.scan(at, stepDamaged, z.at(j.deliver-2, 9*hour+r.span(0, 4*hour)))
	}
	// In the Americas the new day has not begun: who gets a parcel there today has it on the van since this morning.
	local := z.day(g.now)
	if j.out != 0 && local < g.today {
		j.deliver = local
		j.out = z.at(local, 7*hour+r.span(0, hour))
		j.arrival = g.now + r.span(20*minute, 100*minute)
	}
	depot := z.at(j.deliver-1, 20*hour+30*minute+r.span(0, 3*hour))
	if j.depot && depot < g.now-2*hour {
		g.scan(at, stepDepot, depot)
	} else if j.depot {
		g.scan(at, stepDepot, z.at(j.deliver, 4*hour+r.span(0, hour)))
	}
	// At the present instant vans are being loaded with what is to arrive today.
	if j.out == 0 && j.deliver == g.today && local == g.today && !j.depot && r.chance(0.8) {
		j.out = g.now - r.span(5*minute, 55*minute)
	}
	g.deliver(at, from, j)
}

// deliver draws what happens at the door.
func (g *generator) deliver(at, from scan, j *journey) {
	r := g.r
	z := at.zone
	out := j.out
	if out == 0 && r.chance(0.5) {
		out = z.at(j.deliver, 5*hour+30*minute+r.span(0, 2*hour))
	}
	if out != 0 {
		g.scan(at, stepOut, out)
	}
	door := z.at(j.deliver, 8*hour+40*minute+r.span(0, 8*hour+50*minute))
	switch j.outcome {
	case isRefused:
		g.scan(at, stepRefused, door)
		g.scan(at, stepReturning, z.at(j.deliver+1, 10*hour+r.span(0, 4*hour)))
		g.scan(from, stepReturned, from.zone.at((j.deliver+day(r.between(4, 7))).workday(), 9*hour+r.span(0, 5*hour)))
		return
	case arrivesAfterAttempt:
		g.scan(at, stepAttempt, door)
		next := (j.deliver + 1).workday()
		if r.chance(0.5) {
			g.scan(at, stepOut, z.at(next, 5*hour+30*minute+r.span(0, 2*hour)))
		}
		door = z.at(next, 9*hour+r.span(0, 8*hour))
	case arrivesAtPickupPoint:
		g.scan(at, stepAttempt, door)
		g.scan(at, stepPickupPoint, z.at(j.deliver, 17*hour+45*minute+r.span(0, hour)))
		door = z.at((j.deliver + day(r.between(1, 4))).workday(), 10*hour+r.span(0, 8*hour))
	}
	if j.arrival != 0 {
		door = j.arrival
	}
	g.scan(at, stepDelivered, door)
}

// scan adds a step, never before the one ahead of it.
func (g *generator) scan(where scan, s step, at instant) {
	if n := len(g.scans); n > 0 {
		at = max(at, g.scans[n-1].at+7*minute)
	}
	where.step, where.at = s, at
	if where.reason == "" {
		where.reason = s.reason()
	}
	g.scans = append(g.scans, where)
}

// writeShipment writes a shipment whose way stands in g.scans, as far as it has come by now, and notes what became of it.
func (g *generator) writeShipment(o *order, s *shipment, j *journey, k carrier, created instant) {
	c := &g.c
	to := &c.sites[o.site]
	done := 0
	milestone, delay := "", ""
	var changed instant
	for done < len(g.scans) && g.scans[done].at <= g.now {
		sc := &g.scans[done]
		milestone, changed = sc.step.milestone(), sc.at
		switch sc.step {
		case stepPickedUp:
			s.shipped = sc.at
		case stepDelivered:
			s.delivered = sc.at
		case stepDelay, stepDamaged, stepCustoms, stepLost:
			delay = sc.reason
			s.problem = sc.at
		case stepRefused:
			s.problem = sc.at
		}
		g.writeEvent(s.id, k, sc, "ACTUAL", sc.at+g.r.span(20, 15*minute))
		done++
	}
	end := g.scans[len(g.scans)-1]
	settled := done == len(g.scans)
	arrival := end.at
	if j.outcome == isLost || j.outcome == isRefused {
		arrival = 0
	}
	if arrival != 0 {
		s.late = to.city.zone.day(arrival) > j.promise && (settled || g.today > j.promise || delay != "")
	}
	if !settled && arrival != 0 && s.shipped != 0 && g.r.chance(0.4) {
		g.writeEvent(s.id, k, &end, "ESTIMATED", changed+5*minute)
	}
	weight := g.weigh(s)
	g.writePackages(o, s, k, weight)

	w := g.out.row(tableShipments)
	w.int(c.id)
	w.int(s.id)
	w.int(o.id)
	w.int(to.id)
	w.int(g.warehouses[o.warehouse].id)
	w.int(k.id())
	w.text(g.monthly("DN", created.day()))
	w.text(s.tracking)
	if k == fedex {
		w.text(fmt.Sprintf("%d~%s~FX", 12_000_000_000+s.id, s.tracking))
	} else {
		w.null()
	}
	w.text(k.service(o.express))
	w.text(milestone)
	w.bool(delay != "")
	w.text(delay)
	w.instant(created)
	w.instant(s.shipped)
	w.instant(s.delivered)
	w.date(j.promise)
	if settled || arrival == 0 || s.shipped == 0 {
		for range 6 {
			w.null()
		}
	} else {
		g.writeETA(&w, arrival, to.city.zone, milestone, changed)
	}
	g.writeProof(&w, o, s)
	w.text(c.country.currency.String())
	w.money(g.freightCost(weight, o))
	w.hundredths(weight)
	w.instant(changed)
	w.end()
}

// writeETA writes the six columns that say when a shipment is expected: the day, and from the morning of delivery on
// a window of three hours.
func (g *generator) writeETA(w *row, arrival instant, z *zone, milestone string, observed instant) {
	d := z.day(arrival)
	earliest, latest := z.at(d, 8*hour), z.at(d, 18*hour)
	if milestone == "OUT_FOR_DELIVERY" {
		earliest = (arrival - 90*minute) / (15 * minute) * (15 * minute)
		latest = earliest + 3*hour
	}
	earliest = max(earliest, g.now)
	w.instant(earliest)
	w.instant(max(latest, earliest+15*minute))
	w.text("EXACT")
	w.text(z.name)
	w.text("CARRIER")
	w.instant(observed)
}

func (g *generator) writeProof(w *row, o *order, s *shipment) {
	if s.delivered == 0 {
		w.null()
		w.null()
		w.null()
		return
	}
	name := g.c.contacts[o.contact].name
	if i := strings.LastIndexByte(name, ' '); i >= 0 {
		name = name[i+1:]
	}
	w.text(strings.ToUpper(name))
	w.instant(s.delivered)
	if s.id%5 < 3 {
		w.text("https://pod.example.com/" + s.tracking + ".pdf")
	} else {
		w.null()
	}
}

func (g *generator) writeEvent(shipment int64, k carrier, sc *scan, classifier string, received instant) {
	raw := &g.words[k][sc.step]
	offset := sc.zone.offset(sc.at)
	w := g.out.row(tableEvents)
	w.int(g.c.id)
	w.int(g.next(tableEvents))
	w.int(shipment)
	w.text(sc.step.milestone())
	w.text(classifier)
	w.text(raw[0])
	w.text(raw[1])
	w.instant(sc.at)
	w.wallClock(sc.at, offset)
	w.int(offset / 60)
	w.text(sc.place)
	w.text(sc.country)
	w.text(sc.reason)
	w.instant(min(received, g.now))
	w.end()
}

// weigh is the weight of a shipment's goods with their packaging, in hundredths of a kilogram.
func (g *generator) weigh(s *shipment) int64 {
	weight := int64(30)
	for i := s.firstLine; i < s.lastLine; i++ {
		l := &g.c.lines[i]
		weight += g.catalogue.products[l.product].weight * l.quantity
	}
	return weight
}

// freightCost is what the company pays the carrier, in the customer's currency.
func (g *generator) freightCost(weight int64, o *order) cents {
	cost := 420 + float64(weight)*0.22
	if g.warehouses[o.warehouse].country != g.c.country.Code {
		cost *= 1.6
	}
	if o.express {
		cost *= 2.1
	}
	return cents(cost * g.c.country.currency.rate())
}

// writePackages spreads a shipment over parcels of at most thirty kilograms, ten at the most.
func (g *generator) writePackages(o *order, s *shipment, k carrier, weight int64) {
	const most = 3000
	n := min((weight+most-1)/most, 10)
	for i := range n {
		tracking := s.tracking
		if i > 0 {
			tracking = g.trackingNumber(k)
		}
		part := weight / n
		if i == 0 {
			part = weight - part*(n-1)
		}
		g.sscc++
		body := []byte(fmt.Sprintf("0%s%09d", g.warehouses[o.warehouse].company, g.sscc))
		size := int64(g.r.between(0, 3))
		w := g.out.row(tablePackages)
		w.int(g.c.id)
		w.int(g.next(tablePackages))
		w.int(s.id)
		w.int(i + 1)
		w.text(tracking)
		w.text(string(append(body, gs1CheckDigit(body))))
		w.hundredths(part)
		w.hundredths(2000 + size*1000)
		w.hundredths(1500 + size*800)
		w.hundredths(1000 + size*700)
		w.end()
	}
}
