package demo

import (
	"cmp"
	"fmt"
	"slices"
)

// dueItem is money that the customer sends for an invoice on a day.
type dueItem struct {
	day     day
	invoice int
	amount  cents
}

// settle lets the customer return goods, dispute invoices and pay, and writes what comes of it.
func (g *generator) settle() {
	c := &g.c
	g.makeReturns()
	g.dues = g.dues[:0]
	for i := range c.orders {
		if o := &c.orders[i]; o.prepaid {
			g.prepay(i, o)
		}
	}
	for i := range c.invoices {
		if v := &c.invoices[i]; !c.orders[v.order].prepaid {
			g.owe(i, v)
		}
	}
	g.payDues()
	g.writeInvoices()
	g.writeReturns()
	g.writeCreditNotes()
}

// prepay pays an order when it is placed, and gives back what its credit notes say.
func (g *generator) prepay(i int, o *order) {
	if o.status == "UNAVAILABLE" || o.cancelled != 0 && o.shipped == 0 {
		return // The card was never charged.
	}
	p := g.pay(i, o.placed+g.r.span(20, 3*minute), o.total(), g.prepaidMethod())
	for k := o.firstInvoice; k < o.lastInvoice; k++ {
		g.allocate(p, k, g.c.invoices[k].total(), o.placed)
		for n := range g.c.credits {
			note := &g.c.credits[n]
			if note.invoice != k {
				continue
			}
			at := min(note.issued.start()+10*hour, g.now)
			refund := g.pay(-1, at, -note.amount, g.prepaidMethod())
			g.allocate(refund, k, -note.amount, at)
			g.c.invoices[k].credited += note.amount
		}
	}
}

// owe decides when an invoice on terms is paid, and in how many parts.
func (g *generator) owe(i int, v *invoice) {
	c, r := &g.c, g.r
	s := &c.shipments[v.shipment]
	if s.credited == 0 && !s.replaced && s.problem != 0 && (s.outcome == isLost || s.outcome == isRefused) {
		return // Nobody pays for what did not come.
	}
	pays := max(v.due+g.paymentDelay(), v.issued+1)
	var frozen bool
	pays, frozen = g.dispute(i, v, pays)
	for n := range c.credits {
		note := &c.credits[n]
		switch {
		case note.invoice != i:
		case note.issued <= pays || frozen:
			v.credited += note.amount
			v.changed = max(v.changed, note.issued.start()+10*hour)
		default:
			note.invoice = -1 // Paid already: it waits for another invoice.
		}
	}
	open := v.balance()
	never := r.chance([payerCount]float64{0, 0.002, 0.006, 0.05}[c.payer])
	switch {
	case frozen || open == 0:
	case c.stopped != 0 && pays >= c.stopped:
	case !c.overdue && v.due < g.today && v.due+150 >= g.today && int(c.id)%g.stageEvery(5) == int(g.today-v.due-1)/30:
		c.overdue = true // A customer for each class of age.
	case never:
		if v.due+260 < g.today {
			v.writtenOff = true
			v.changed = (v.due + 250).start() + 12*hour
		}
	case pays >= g.today && v.issued+10 < g.today && int(c.id)%g.stageEvery(3) == 1 && !c.partly:
		c.partly = true
		part := open * cents(r.between(30, 70)) / 100
		g.dues = append(g.dues, dueItem{g.today - 9, i, part}, dueItem{pays + day(r.between(15, 60)), i, open - part})
	case r.chance(0.035):
		part := open * cents(r.between(30, 70)) / 100
		g.dues = append(g.dues, dueItem{pays, i, part}, dueItem{pays + day(r.between(15, 60)), i, open - part})
	default:
		g.dues = append(g.dues, dueItem{pays, i, open})
	}
}

// paymentDelay is how many days after the due date somebody pays, before it where negative.
func (g *generator) paymentDelay() day {
	switch r := g.r; g.c.payer {
	case payerSlow:
		return day(3 + r.ExpFloat64()*9)
	case payerLate:
		return day(15 + r.ExpFloat64()*38)
	default:
		return day(r.between(-5, 2))
	}
}

// payDues turns what is sent into payments: one for each invoice, or for those who collect one a week for all.
func (g *generator) payDues() {
	c, r := &g.c, g.r
	for i := range g.dues {
		d := &g.dues[i].day
		*d = d.workday()
		if c.collects {
			*d += day(5 - d.weekday()) // On Friday.
		}
	}
	slices.SortStableFunc(g.dues, func(a, b dueItem) int { return cmp.Compare(a.day, b.day) })
	for start := 0; start < len(g.dues); {
		d := g.dues[start].day
		end := start + 1
		sum := g.dues[start].amount
		for ; c.collects && end < len(g.dues) && g.dues[end].day == d; end++ {
			sum += g.dues[end].amount
		}
		if d >= g.today {
			return
		}
		if r.chance(0.004) {
			sum += cents(r.between(1, 5000)) // Somebody mistyped; the rest stays with us.
		}
		at := min(c.country.zone.at(d, 8*hour+r.span(0, 8*hour)), g.now-hour)
		p := g.pay(-1, at, sum, g.termsMethod())
		for _, due := range g.dues[start:end] {
			g.allocate(p, due.invoice, due.amount, at)
		}
		start = end
	}
}

func (g *generator) prepaidMethod() string {
	methods := []string{"CREDIT_CARD", "CREDIT_CARD", "CREDIT_CARD", "DEBIT_CARD", "DEBIT_CARD", "OTHER", "VOUCHER"}
	if g.c.country.Code == "BR" {
		methods = []string{"BANK_SLIP", "CREDIT_CARD", "CREDIT_CARD"}
	}
	return g.r.pick(methods)
}

func (g *generator) termsMethod() string {
	switch g.c.country.Code {
	case "US", "FR", "GB":
		return g.r.pick([]string{"BANK_TRANSFER", "BANK_TRANSFER", "BANK_TRANSFER", "CHEQUE"})
	case "BR":
		return g.r.pick([]string{"BANK_SLIP", "BANK_TRANSFER"})
	default:
		return g.r.pick([]string{"BANK_TRANSFER", "BANK_TRANSFER", "BANK_TRANSFER", "DIRECT_DEBIT"})
	}
}

// pay writes a payment and gives its id.
func (g *generator) pay(order int, at instant, amount cents, method string) int64 {
	c := &g.c
	id := g.next(tablePayments)
	w := g.out.row(tablePayments)
	w.int(c.id)
	w.int(id)
	if order >= 0 {
		w.int(c.orders[order].id)
	} else {
		w.null()
	}
	w.text(fmt.Sprintf("PAY-%07d", id))
	w.text(method)
	if method == "CREDIT_CARD" && c.country.Code == "BR" && amount > 20_000 {
		w.int(int64(g.r.between(2, 10)))
	} else {
		w.null()
	}
	w.instant(at)
	w.text(c.country.currency.String())
	w.money(amount)
	w.instant(at)
	w.end()
	return id
}

// allocate puts part of a payment to an invoice.
func (g *generator) allocate(payment int64, invoice int, amount cents, at instant) {
	v := &g.c.invoices[invoice]
	v.paid += amount
	v.changed = max(v.changed, at)
	w := g.out.row(tableAllocations)
	w.int(g.c.id)
	w.int(g.next(tableAllocations))
	w.int(payment)
	w.int(v.id)
	w.money(amount)
	w.end()
}
