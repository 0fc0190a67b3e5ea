package demo

// order is an order with what came of it so far.
type order struct {
	id            int64
	number        string
	site, contact int
	status        string
	quote         int64
	prepaid       bool
	express       bool
	warehouse     int
	scene         scene

	placed, confirmed, shipped, delivered, cancelled instant
	requested, promised, deliveredOn                 day
	// planned is when it is to be handed to the carrier.
	planned day
	// lines and shipments are where its own begin and end among the customer's.
	firstLine, lastLine         int
	firstShipment, lastShipment int
	firstInvoice, lastInvoice   int

	goods, freight, tax cents
}

func (o *order) total() cents { return o.goods + o.freight + o.tax }

// fate is what becomes of an order that nobody staged.
type fate int

const (
	fateNormal fate = iota
	fateCancelled
	fateUnavailable
	fateOnHold
)

// makeOrder makes the customer's k-th order, with its shipments and invoices, as far as it has come.
func (g *generator) makeOrder(k int) {
	c, r := &g.c, g.r
	d := c.days[k]
	c.orders = append(c.orders, order{id: g.next(tableOrders), number: g.orders.number(d)})
	o := &c.orders[len(c.orders)-1]
	if k == c.liveAt {
		o.scene = c.live
	}
	o.site = r.IntN(len(c.sites))
	o.contact = r.IntN(min(len(c.contacts), 2))
	o.prepaid = c.payer == payerPrepaid
	o.express = r.chance(0.08)
	o.warehouse = warehouseFor(c.country.Code)
	if c.country.Code == "GB" && r.chance(0.15) || o.scene == sceneCustoms && c.country.Code == "GB" {
		o.warehouse = warehouseHamburg
	}
	o.placed = g.placedAt(d, c.sites[o.site].city.zone)

	o.firstLine = len(c.lines)
	g.makeLines(d, o.scene == scenePartlyShipped)
	o.lastLine = len(c.lines)
	for i := o.firstLine; i < o.lastLine; i++ {
		c.lines[i].id = g.next(tableOrderLines)
		o.goods += c.lines[i].amount()
		o.tax += c.lines[i].tax
	}
	o.freight = g.freight(o)
	o.tax += taxOn(o.freight, c.vat)

	if c.kind != person && o.scene == sceneNone && r.chance(0.14) {
		o.quote = g.quoteOrder(o)
	}
	g.fulfil(o)
	g.invoiceOrder(o)
	g.writeOrder(o)
}

// placedAt is a time of day on d: office hours mostly, evenings for people at home, and never after the present.
func (g *generator) placedAt(d day, z *zone) instant {
	r := g.r
	clock := 7*hour + 30*minute + r.span(0, 9*hour+30*minute)
	if g.c.kind == person {
		clock = 7*hour + r.span(0, 16*hour)
	}
	at := z.at(d, clock)
	if at > g.now-20*minute {
		at = g.now - r.span(20*minute, 3*hour)
	}
	return at
}

// freight is what delivery costs the customer; large orders go free.
func (g *generator) freight(o *order) cents {
	rate := g.c.country.currency.rate()
	base := 690.0
	if o.express {
		base = 1890
	} else if float64(o.goods) > 25_000*rate {
		return 0
	}
	return cents(base*rate/10) * 10
}

// fulfil takes an order from confirmation to delivery, as far as that lies before the present.
func (g *generator) fulfil(o *order) {
	c, r := &g.c, g.r
	o.firstShipment = len(c.shipments)
	o.lastShipment = o.firstShipment
	o.confirmed = o.placed + r.span(20*minute, 5*hour)
	if c.kind == person {
		o.confirmed = o.placed + r.span(2*minute, 15*minute)
	}
	wh := &g.warehouses[o.warehouse]
	o.planned = g.pickDay(o.confirmed, wh.zone)
	if o.scene != sceneNone {
		g.stage(o)
		return
	}
	o.planned = o.planned.addWorkdays(r.IntN(2))
	transit := g.transit(o)
	slack := 1
	if r.chance(0.15) {
		slack = 0
	}
	o.promised = o.planned.addWorkdays(transit + slack)
	if r.chance(0.35) {
		o.requested = o.promised + day(r.between(-2, 4))
	}

	fate := fateNormal
	switch u := r.Float64(); {
	case u < 0.024:
		fate = fateCancelled
	case u < 0.027:
		fate = fateUnavailable
	case u < 0.06:
		fate = fateOnHold
	}
	ship := o.planned
	if r.chance(0.014) {
		ship = ship.addWorkdays(r.between(2, 7)) // Picking fell behind, or goods were not there.
	}
	switch {
	case o.confirmed > g.now:
		o.confirmed = 0
		o.status = "PLACED"
	case fate == fateCancelled && o.confirmed+2*hour < g.now:
		o.cancelled = min(o.confirmed+r.span(hour, 30*hour), g.now-hour, o.planned.start()+8*hour)
		o.cancelled = max(o.cancelled, o.confirmed+10*minute)
		o.status = "CANCELLED"
	case fate == fateUnavailable && ship < g.today:
		o.status = "UNAVAILABLE"
	case fate == fateOnHold && ship >= g.today-1:
		o.status = "ON_HOLD"
	default:
		g.shipAll(o, ship, transit)
		g.conclude(o, ship)
	}
}

// pickDay is the day on which a warehouse can hand over what was confirmed at an instant.
func (g *generator) pickDay(confirmed instant, z *zone) day {
	d := z.day(confirmed)
	if confirmed > z.at(d, 12*hour) {
		d++
	}
	return d.workday()
}

// transit is how many working days the way takes.
func (g *generator) transit(o *order) int {
	r := g.r
	days := 1
	switch c := g.c.country.Code; {
	case c == "US":
		days = r.between(2, 4)
	case c == "BR":
		days = r.between(2, 6)
	case c != g.warehouses[o.warehouse].country:
		days = r.between(2, 3)
	case r.chance(0.4):
		days = 2
	}
	if o.express {
		days = max(1, days/2)
	}
	return days
}

// conclude derives the order's state from its shipments.
func (g *generator) conclude(o *order, ship day) {
	c := &g.c
	if o.cancelled != 0 {
		o.status = "CANCELLED"
	}
	open, arrived := 0, 0
	var credited day
	for i := o.firstShipment; i < o.lastShipment; i++ {
		s := &c.shipments[i]
		if s.shipped == 0 {
			continue
		}
		if o.shipped == 0 {
			o.shipped = s.shipped
		}
		for j := s.firstLine; j < s.lastLine; j++ {
			c.lines[j].shipped = true
		}
		switch {
		case s.delivered != 0:
			arrived++
			o.delivered = max(o.delivered, s.delivered)
		case !s.replaced:
			open++
		}
		credited = max(credited, s.credited)
	}
	missing := false
	for i := o.firstLine; i < o.lastLine; i++ {
		missing = missing || !c.lines[i].shipped
	}
	if open > 0 || missing {
		o.delivered = 0
	}
	if o.status == "" && o.shipped != 0 && open == 0 && arrived == 0 && !missing {
		o.status = "CANCELLED" // All its parts came back.
		o.cancelled = credited.start() + 9*hour
	}
	if o.status != "" {
		return
	}
	switch {
	case o.shipped == 0 && ship > g.today+1:
		o.status = "CONFIRMED"
	case o.shipped == 0:
		o.status = "PROCESSING"
	case missing:
		o.status = "PARTLY_SHIPPED"
	case o.delivered == 0:
		o.status = "SHIPPED"
	default:
		o.status = "DELIVERED"
		o.deliveredOn = c.sites[o.site].city.zone.day(o.delivered)
	}
}

func (g *generator) writeOrder(o *order) {
	c, r := &g.c, g.r
	currency := c.country.currency.String()
	channel := "WEB"
	if c.kind != person {
		channel = r.pick([]string{"WEB", "WEB", "EDI", "EDI", "EMAIL", "PHONE", "SALES_REP"})
	} else if r.chance(0.15) {
		channel = "MARKETPLACE"
	}
	w := g.out.row(tableOrders)
	w.int(c.id)
	w.int(o.id)
	w.int(c.sites[o.site].id)
	w.int(c.contacts[o.contact].id)
	w.ref(o.quote)
	w.text(o.number)
	w.text(g.poNumber())
	w.text(o.status)
	w.text(channel)
	w.text(c.country.Code)
	w.instant(o.placed)
	w.instant(o.confirmed)
	w.instant(o.shipped)
	w.instant(o.delivered)
	w.instant(o.cancelled)
	w.date(o.requested)
	w.date(o.promised)
	w.date(o.deliveredOn)
	w.text(currency)
	w.money(o.goods)
	w.money(o.freight)
	w.money(o.tax)
	w.money(o.total())
	w.instant(o.placed)
	w.instant(max(o.placed, o.confirmed, o.shipped, o.delivered, o.cancelled))
	w.end()

	shipBy := instant(0)
	if o.planned != 0 {
		shipBy = g.warehouses[o.warehouse].zone.at(o.planned, 18*hour)
	}
	for i := o.firstLine; i < o.lastLine; i++ {
		l := &c.lines[i]
		p := &g.catalogue.products[l.product]
		w = g.out.row(tableOrderLines)
		w.int(c.id)
		w.int(l.id)
		w.int(o.id)
		w.int(int64(i - o.firstLine + 1))
		w.int(p.id)
		w.text(p.name)
		w.int(l.quantity)
		if l.shipped {
			w.int(l.quantity)
		} else {
			w.int(0)
		}
		w.text(p.unit)
		w.text(currency)
		w.money(l.price)
		w.money(l.amount())
		w.instant(shipBy)
		w.end()
	}
}

// poNumber is the customer's own number for an order, in one of the shapes that purchasing systems give.
func (g *generator) poNumber() string {
	r := g.r
	if g.c.kind == person {
		return ""
	}
	year, _, _ := g.today.civil()
	switch (g.c.id + int64(g.seed%5)) % 5 {
	case 0:
		return r.pattern("45########")
	case 1:
		return r.pattern("PO-^#####")
	case 2:
		return r.pattern("PO^###-##")
	case 3:
		return r.pattern("B" + string(rune('0'+year/10%10)) + "#-^####")
	default:
		if r.chance(0.3) {
			return ""
		}
		return r.pattern("^#####/" + r.pick([]string{"01", "02", "A", "B"}))
	}
}
