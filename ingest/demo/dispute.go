package demo

// dispute is an invoice that the customer does not accept, in whole or in part.
type dispute struct {
	invoice          int
	caseID           int64
	status, reason   string
	note             string
	opened, resolved instant
	amount           cents
}

// dispute lets a few invoices be disputed. It gives the day of payment then, and whether nothing is paid for now.
func (g *generator) dispute(i int, v *invoice, pays day) (day, bool) {
	c, r := &g.c, g.r
	s := &c.shipments[v.shipment]
	chance := 0.011
	if s.problem != 0 {
		chance = 0.06
	}
	// Some customers have an open one, if they have an invoice at all that is recent enough.
	staged := int(c.id)%g.stageEvery(5) == 2 && len(c.disputes) == 0 && v.due+25 > g.today && c.kind != person
	if !staged && (c.kind == person || !r.chance(chance)) {
		return pays, false
	}
	for n := range c.credits {
		if c.credits[n].invoice == i {
			return pays, false
		}
	}
	opened := max(v.issued.start()+r.span(1, 12)*wholeDay+9*hour+r.span(0, 7*hour), s.shipped+wholeDay)
	if staged {
		opened = max(min(opened, g.now-r.span(hour, 3*wholeDay)), v.issued.start()+hour)
	}
	if opened > g.now {
		return pays, false
	}
	d := dispute{invoice: i, status: "OPEN", opened: opened}
	d.reason = r.pick([]string{"PRICE", "PRICE", "QUANTITY", "DUPLICATE", "OTHER"})
	switch {
	case s.outcome == arrivesDamaged:
		d.reason = "DAMAGED"
	case s.problem != 0:
		d.reason = "NOT_RECEIVED"
	}
	d.note = map[string]string{
		"PRICE": "The unit price differs from what was agreed.", "QUANTITY": "Fewer pieces received than invoiced.",
		"DUPLICATE": "Believed to be invoiced twice.", "DAMAGED": "Part of the delivery was unusable.",
		"NOT_RECEIVED": "The delivery had not arrived when the invoice came.",
	}[d.reason]
	d.amount = v.total() * cents(r.between(10, 45)) / 100
	if r.chance(0.2) {
		d.amount = v.total()
	}
	resolved := opened + r.span(3, 38)*wholeDay
	if staged || resolved > g.now {
		c.disputes = append(c.disputes, d)
		return pays, true
	}
	d.resolved, d.status = resolved, "REJECTED"
	if r.chance(0.45) {
		d.status = "ACCEPTED"
		d.amount = min(d.amount, v.total()/2)
		c.credits = append(c.credits, creditNote{invoice: i, returned: -1, issued: resolved.day(),
			reason: "Dispute accepted", amount: d.amount})
	}
	c.disputes = append(c.disputes, d)
	return max(pays, resolved.day()+3), false
}

func (g *generator) writeDispute(d *dispute) {
	c := &g.c
	w := g.out.row(tableDisputes)
	w.int(c.id)
	w.int(g.next(tableDisputes))
	w.int(c.invoices[d.invoice].id)
	w.ref(d.caseID)
	w.text(d.status)
	w.text(d.reason)
	w.text(d.note)
	w.instant(d.opened)
	w.instant(d.resolved)
	w.text(c.country.currency.String())
	w.money(d.amount)
	w.end()
}
