package demo

// goodsReturn is goods that came back from the customer, or are to.
type goodsReturn struct {
	id       int64
	order    int
	line     int
	quantity int64
	status   string
	reason   string
	asked    instant
	received instant
	refund   cents
}

// makeReturns lets some of what was delivered come back, and gives back the money for what never arrived.
func (g *generator) makeReturns() {
	c, r := &g.c, g.r
	for i := range c.invoices {
		v := &c.invoices[i]
		s := &c.shipments[v.shipment]
		if s.credited != 0 {
			c.credits = append(c.credits, creditNote{invoice: i, returned: -1, issued: s.credited,
				reason: "Goods not delivered", amount: v.total()})
			continue
		}
		chance := 0.024
		switch {
		case s.outcome == arrivesDamaged:
			chance = 0.7
		case c.kind == person:
			chance = 0.055
		}
		if s.delivered == 0 || !r.chance(chance) {
			continue
		}
		asked := s.delivered + r.span(6*hour, 18*wholeDay)
		if asked > g.now-hour {
			continue
		}
		g.makeReturn(i, v, s, asked)
	}
}

func (g *generator) makeReturn(i int, v *invoice, s *shipment, asked instant) {
	c, r := &g.c, g.r
	ret := goodsReturn{id: g.next(tableReturns), order: v.order, asked: asked, status: "REQUESTED"}
	ret.line = r.between(v.firstLine, v.lastLine-1)
	l := &c.lines[ret.line]
	ret.quantity = l.quantity
	ret.reason = r.pick([]string{"NOT_NEEDED", "NOT_NEEDED", "WRONG_ITEM", "DEFECTIVE", "OTHER"})
	if s.outcome == arrivesDamaged {
		ret.reason = "DAMAGED"
	} else if s.late && r.chance(0.4) {
		ret.reason = "LATE"
	}
	if r.chance(0.4) {
		ret.quantity = 1 + r.Int64N(l.quantity)
	}
	refund := l.price * cents(ret.quantity)
	tax := taxOn(refund, c.vat)
	if ret.quantity == l.quantity {
		tax = l.tax
	}
	rejected := r.chance(0.08)
	approved := asked + r.span(3*hour, 2*wholeDay)
	sent := approved + r.span(wholeDay, 5*wholeDay)
	received := sent + r.span(wholeDay, 5*wholeDay)
	refunded := received.day() + day(r.between(1, 6))
	switch {
	case approved > g.now:
	case rejected:
		ret.status = "REJECTED"
	case sent > g.now:
		ret.status = "APPROVED"
	case received > g.now:
		ret.status = "IN_TRANSIT"
	case refunded >= g.today:
		ret.status, ret.received = "RECEIVED", received
	default:
		ret.status, ret.received, ret.refund = "REFUNDED", received, refund+tax
		c.credits = append(c.credits, creditNote{invoice: i, returned: len(c.returns), issued: refunded,
			reason: "Return", amount: ret.refund})
	}
	c.returns = append(c.returns, ret)
}

func (g *generator) writeReturns() {
	c := &g.c
	notes := map[string]string{
		"DAMAGED": "Packaging crushed, contents unusable.", "WRONG_ITEM": "Another product than ordered was in the box.",
		"DEFECTIVE": "Does not work out of the box.", "LATE": "Bought elsewhere in the meantime.",
	}
	for i := range c.returns {
		ret := &c.returns[i]
		w := g.out.row(tableReturns)
		w.int(c.id)
		w.int(ret.id)
		w.int(c.orders[ret.order].id)
		w.text(g.monthly("RMA", ret.asked.day()))
		w.text(ret.status)
		w.text(ret.reason)
		w.text(notes[ret.reason])
		w.instant(ret.asked)
		w.instant(ret.received)
		w.text(c.country.currency.String())
		if ret.refund != 0 {
			w.money(ret.refund)
		} else {
			w.null()
		}
		w.end()
		w = g.out.row(tableReturnLines)
		w.int(c.id)
		w.int(g.next(tableReturnLines))
		w.int(ret.id)
		w.int(c.lines[ret.line].id)
		w.int(ret.quantity)
		w.end()
	}
}
