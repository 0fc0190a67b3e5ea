package demo

// talk is one exchange with a customer.
type talk struct {
	contact, user, order, caseID int64
	channel                      string
	outbound                     bool
	subject, body                string
	rating                       int
	at                           instant
}

func (g *generator) writeInteraction(t talk) {
	if t.at > g.now {
		return
	}
	direction := "INBOUND"
	answered := instant(0)
	switch {
	case t.outbound:
		direction = "OUTBOUND"
	case t.channel == "EMAIL" || t.channel == "PORTAL" || t.channel == "CHAT":
		answered = t.at + g.r.span(10*minute, 26*hour)
		if answered > g.now {
			answered = 0
		}
	}
	w := g.out.row(tableInteractions)
	w.int(g.c.id)
	w.int(g.next(tableInteractions))
	w.ref(t.contact)
	w.ref(t.user)
	w.ref(t.order)
	w.ref(t.caseID)
	w.text(t.channel)
	w.text(direction)
	w.text(t.subject)
	w.text(t.body)
	w.ref(int64(t.rating))
	w.instant(t.at)
	w.instant(answered)
	w.end()
}

// talkAbout makes what is said about the customer's i-th order when all goes well.
func (g *generator) talkAbout(i int) {
	c, r := &g.c, g.r
	o := &c.orders[i]
	if r.chance(0.13) {
		subjects := []string{"Delivery date of {number}?", "Change of delivery address, {number}", "Order confirmation {number}",
			"Invoice copy for {number}", "Tracking link for {number}"}
		g.writeInteraction(talk{
			contact: c.contacts[o.contact].id, user: c.unit.service[r.IntN(len(c.unit.service))], order: o.id,
			channel: r.pick([]string{"EMAIL", "EMAIL", "CALL", "CALL", "CHAT", "PORTAL"}),
			subject: fill(r.pick(subjects), "number", o.number), at: o.placed + r.span(2*hour, 3*wholeDay),
		})
	}
	if o.status != "DELIVERED" || c.kind != person || !r.chance(0.16) {
		return
	}
	late := o.deliveredOn > o.promised
	rating, body := 5, r.pick([]string{"Fast and well packed.", "As described.", "Gladly again.", ""})
	switch {
	case late && r.chance(0.7):
		rating, body = r.between(1, 3), r.pick([]string{"Came much later than promised.", "Nobody told me about the delay."})
	case r.chance(0.35):
		rating, body = r.between(3, 4), r.pick([]string{"Fine, the box was too large.", "Good, delivery could be quicker.", ""})
	}
	g.writeInteraction(talk{
		contact: c.contacts[o.contact].id, order: o.id, channel: "REVIEW", subject: "Review of " + o.number,
		body: body, rating: rating, at: o.delivered + r.span(5*hour, 9*wholeDay),
	})
}

// smallTalk makes the calls and visits by which an account is kept.
func (g *generator) smallTalk() {
	c, r := &g.c, g.r
	if c.manager == 0 {
		return
	}
	since := max(c.created, g.today-pastDays)
	until := g.today
	if c.closed != 0 {
		until = c.closed
	}
	if since >= until {
		return
	}
	n := int(r.ExpFloat64()*1.5) + len(c.orders)/10
	for range n {
		d := (since + day(r.IntN(int(until-since)))).workday()
		t := talk{contact: c.contacts[r.IntN(len(c.contacts))].id, user: c.manager, outbound: true,
			at: c.country.zone.at(d, 8*hour+30*minute+r.span(0, 8*hour))}
		switch r.IntN(5) {
		case 0:
			t.channel = "VISIT"
			t.subject = r.pick([]string{"Visit on site", "Annual review", "Product demonstration"})
			t.body = r.pick([]string{"Plans to extend the line next year.", "Happy with delivery, asks for better prices in quantity.",
				"Met the new purchasing lead.", "Compared offers; we are close on price, ahead on service."})
		case 1, 2:
			t.channel = "CALL"
			t.subject = r.pick([]string{"Follow-up call", "Price enquiry", "New project", "Stock question"})
			t.body = r.pick([]string{"Will send a list of parts.", "Asked for a quote by the end of the week.", "Not reached, left a message.", ""})
		default:
			t.channel, t.outbound = "EMAIL", r.chance(0.4)
			t.subject = r.pick([]string{"Quote request", "Data sheets", "Forecast for the next quarter", "New contact person", "Price list"})
		}
		g.writeInteraction(t)
	}
}

// makeFollowUps makes what the account manager did lately and has to do next: overdue for some, today for others.
func (g *generator) makeFollowUps() {
	c, r := &g.c, g.r
	if c.manager == 0 || c.closed != 0 {
		return
	}
	titles := []string{"Check in by telephone", "Send the new price list", "Follow up the last quote", "Plan a visit",
		"Ask about the next project", "Review the contract prices"}
	at := func(d day) instant { return c.country.zone.at(d.workday(), 9*hour) + r.span(0, 15)*30*minute }
	for range r.IntN(3) {
		due := at(max(g.today-day(r.between(10, 400)), c.created+1))
		if due > g.now-wholeDay {
			continue
		}
		done := min(due+r.span(-wholeDay, 4*wholeDay), g.now-hour)
		g.writeFollowUp(r.pick(titles), "", due, done, c.manager, 0, max(due-r.span(5, 40)*wholeDay, c.created.start()))
	}
	if !r.chance(0.7) {
		return
	}
	d := g.today + day(r.between(-12, 25))
	due := at(d)
	if c.id%9 == 0 { // Today, whatever day it is.
		due = g.now + 9*hour + r.span(0, 15)*30*minute
	}
	g.writeFollowUp(r.pick(titles), r.pick([]string{"Prefers the morning.", "Has asked for it.", ""}), due, 0, c.manager, 0,
		max(g.now-r.span(13, 40)*wholeDay, c.created.start()))
}

func (g *generator) writeFollowUp(title, note string, due, done instant, assignee, caseID int64, created instant) {
	status := "OPEN"
	if done != 0 {
		status = "DONE"
	}
	w := g.out.row(tableFollowUps)
	w.int(g.c.id)
	w.int(g.next(tableFollowUps))
	w.int(assignee)
	w.ref(caseID)
	w.text(title)
	w.text(note)
	w.text(status)
	w.instant(due)
	w.instant(done)
	w.instant(created)
	w.end()
}
