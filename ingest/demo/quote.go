package demo

// quoteOrder makes the quote that an order followed and gives its id.
func (g *generator) quoteOrder(o *order) int64 {
	quoted := o.placed - g.r.span(20*hour, 12*wholeDay)
	return g.writeQuote("ACCEPTED", quoted, quoted.day()+30, g.c.lines[o.firstLine:o.lastLine])
}

// makeQuotes makes quotes that have not become orders, or never will.
func (g *generator) makeQuotes() {
	c, r := &g.c, g.r
	if c.kind == person || c.closed != 0 {
		return
	}
	n := r.IntN(2)
	if len(c.orders) > 8 {
		n += len(c.orders) / 12
	}
	for range n {
		age := instant(r.ExpFloat64() * float64(120*wholeDay))
		quoted := g.now - age - 3*hour
		if quoted < c.created.start() || quoted < g.today.start()-instant(pastDays)*wholeDay {
			continue
		}
		until := quoted.day() + 30
		status := "EXPIRED"
		switch {
		case until >= g.today && r.chance(0.15):
			status = "DRAFT"
		case until >= g.today:
			status = "SENT"
		case r.chance(0.5):
			status = "DECLINED"
		}
		first := len(c.lines)
		g.makeLines(quoted.day(), false)
		g.writeQuote(status, quoted, until, c.lines[first:])
		c.lines = c.lines[:first]
	}
}

func (g *generator) writeQuote(status string, quoted instant, until day, lines []line) int64 {
	c := &g.c
	id := g.next(tableQuotes)
	var total cents
	for i := range lines {
		l := &lines[i]
		p := &g.catalogue.products[l.product]
		total += l.amount()
		w := g.out.row(tableQuoteLines)
		w.int(c.id)
		w.int(g.next(tableQuoteLines))
		w.int(id)
		w.int(int64(i + 1))
		w.int(p.id)
		w.text(p.name)
		w.int(l.quantity)
		w.text(p.unit)
		w.money(l.price)
		w.money(l.amount())
		w.end()
	}
	w := g.out.row(tableQuotes)
	w.int(c.id)
	w.int(id)
	w.int(c.contacts[0].id)
	w.ref(c.manager)
	w.text(g.monthly("QU", quoted.day()))
	w.text(status)
	w.instant(quoted)
	w.date(until)
	w.text(c.country.currency.String())
	w.money(total)
	w.end()
	return id
}
