package demo

import "fmt"

// serviceCase is a problem that somebody at the service desk looks after.
type serviceCase struct {
	id               int64
	order            int
	shipment         int
	kind, priority   string
	title, text      string
	opened, resolved instant
}

// makeHistory makes what was said between the customer and the company, and what is to be done next.
func (g *generator) makeHistory() {
	c := &g.c
	for i := range c.shipments {
		g.makeShipmentCase(i)
	}
	for i := range c.returns {
		ret := &c.returns[i]
		if g.r.chance(0.5) {
			kind := "OTHER"
			switch ret.reason {
			case "WRONG_ITEM", "DAMAGED":
				kind = ret.reason
			}
			g.openCase(serviceCase{order: ret.order, shipment: -1, kind: kind, priority: "NORMAL",
				title: "Return for " + c.orders[ret.order].number, opened: ret.asked})
		}
	}
	for i := range c.disputes {
		d := &c.disputes[i]
		if d.status == "OPEN" || g.r.chance(0.4) {
			v := &c.invoices[d.invoice]
			d.caseID = g.openCase(serviceCase{order: v.order, shipment: -1, kind: "BILLING", priority: "NORMAL",
				title: "Disputed invoice for " + c.orders[v.order].number, text: d.note, opened: d.opened,
				resolved: d.resolved})
		}
		g.writeDispute(d)
	}
	for i := range c.orders {
		g.talkAbout(i)
	}
	g.smallTalk()
	g.makeFollowUps()
}

// makeShipmentCase opens a case where a shipment went wrong in a way that makes people call.
func (g *generator) makeShipmentCase(i int) {
	c, r := &g.c, g.r
	s := &c.shipments[i]
	k := serviceCase{order: s.order, shipment: i, priority: "HIGH"}
	chance := 0.0
	switch {
	case s.outcome == isLost && s.problem != 0:
		chance, k.kind, k.priority = 1, "LOST", "URGENT"
		k.title = "Parcel " + s.tracking + " cannot be found"
		k.text = "The carrier has opened an inquiry. The customer asks for a replacement."
	case s.outcome == arrivesDamaged && s.problem != 0:
		chance, k.kind = 0.9, "DAMAGED"
		k.title = "Parcel " + s.tracking + " damaged on the way"
		k.text = "The carrier repacked the parcel. Photographs were asked for."
	case s.outcome == isRefused && s.problem != 0:
		chance, k.kind = 0.6, "OTHER"
		k.title = "Delivery refused for " + c.orders[s.order].number
	case s.late:
		chance, k.kind, k.priority = 0.3, "LATE", "NORMAL"
		k.title = "Late delivery of " + c.orders[s.order].number
		k.text = "The customer asks when the goods will come."
		if c.segment == keyAccount {
			chance, k.priority = 0.6, "HIGH"
		}
	case s.delivered != 0:
		chance, k.kind, k.priority = 0.008, "MISSING", "NORMAL"
		k.title = "Contents incomplete, " + c.orders[s.order].number
		if r.chance(0.5) {
			k.kind, k.title, k.priority = "QUESTION", "Question on data sheet, "+c.orders[s.order].number, "LOW"
		}
	}
	if !r.chance(chance) {
		return
	}
	switch {
	case s.problem != 0:
		k.opened = s.problem + r.span(hour, 30*hour)
	case s.delivered != 0:
		k.opened = s.delivered + r.span(hour, 30*hour)
	default:
		k.opened = g.now - r.span(hour, 30*hour)
	}
	if k.opened > g.now {
		k.opened = g.now - r.span(10*minute, 40*minute)
	}
	k.opened = max(k.opened, s.shipped)
	g.openCase(k)
}

// openCase writes a case with the calls around it and gives its id.
func (g *generator) openCase(k serviceCase) int64 {
	c, r := &g.c, g.r
	k.id = g.next(tableCases)
	length := map[string]instant{"URGENT": 3, "HIGH": 5, "NORMAL": 9, "LOW": 14}[k.priority] * wholeDay
	resolved := k.opened + r.span(3*hour, length)
	if k.kind == "BILLING" {
		resolved = k.resolved
		if resolved == 0 {
			resolved = g.now + 1
		}
	}
	status := "OPEN"
	switch {
	case resolved > g.now:
		resolved = 0
		if r.chance(0.35) {
			status = "PENDING"
		}
	case resolved < g.now-14*wholeDay:
		status = "CLOSED"
	default:
		status = "RESOLVED"
	}
	agent := c.unit.service[r.IntN(len(c.unit.service))]
	contact := c.contacts[r.IntN(len(c.contacts))].id
	y, _, _ := k.opened.day().civil()
	w := g.out.row(tableCases)
	w.int(c.id)
	w.int(k.id)
	w.int(contact)
	w.int(c.orders[k.order].id)
	if k.shipment >= 0 {
		w.int(c.shipments[k.shipment].id)
	} else {
		w.null()
	}
	w.int(agent)
	w.text(fmt.Sprintf("CS-%04d-%06d", y, k.id))
	w.text(k.title)
	w.text(k.text)
	w.text(k.kind)
	w.text(k.priority)
	w.text(status)
	w.instant(k.opened)
	w.instant(k.opened + length)
	w.instant(resolved)
	w.instant(k.opened)
	w.instant(max(k.opened, resolved))
	w.end()

	channel := r.pick([]string{"CALL", "EMAIL", "EMAIL", "CHAT", "PORTAL"})
	g.writeInteraction(talk{contact: contact, user: agent, order: c.orders[k.order].id, caseID: k.id, channel: channel,
		subject: k.title, body: k.text, at: k.opened})
	if resolved != 0 {
		g.writeInteraction(talk{contact: contact, user: agent, order: c.orders[k.order].id, caseID: k.id, channel: "EMAIL",
			outbound: true, subject: "Re: " + k.title, body: "Settled; the customer was told.", at: resolved})
	} else if r.chance(0.7) {
		due := max(k.opened+r.span(4*hour, 3*wholeDay), g.now-2*wholeDay)
		g.writeFollowUp("Call back about "+k.title, "", due, 0, agent, k.id, k.opened)
	}
	c.cases = append(c.cases, k)
	return k.id
}
