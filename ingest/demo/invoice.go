package demo

// invoice is an invoice with what was taken off it.
type invoice struct {
	id                  int64
	order, shipment     int
	firstLine, lastLine int
	freight             cents
	issued, due         day
	net, tax            cents
	paid, credited      cents
	writtenOff          bool
	changed             instant
}

func (v *invoice) total() cents { return v.net + v.tax }

func (v *invoice) balance() cents { return v.total() - v.paid - v.credited }

func (v *invoice) status() string {
	switch {
	case v.credited == v.total():
		return "CANCELLED" // Nothing of it stands any more.
	case v.balance() == 0:
		return "PAID"
	case v.writtenOff:
		return "WRITTEN_OFF"
	case v.balance() == v.total():
		return "OPEN"
	default:
		return "PARTLY_PAID"
	}
}

// creditNote gives money back; it stands open where no invoice is left to take it off.
type creditNote struct {
	invoice  int // -1 for none.
	returned int // The place of the return that it is for, or -1.
	issued   day
	reason   string
	amount   cents
}

// invoiceOrder invoices what was sent of an order, each shipment by itself, freight with the first.
func (g *generator) invoiceOrder(o *order) {
	c, r := &g.c, g.r
	o.firstInvoice = len(c.invoices)
	freight := o.freight
	for i := o.firstShipment; i < o.lastShipment; i++ {
		s := &c.shipments[i]
		late := day(r.IntN(10) / 7)
		if s.shipped == 0 || s.replacement {
			continue
		}
		v := invoice{order: len(c.orders) - 1, shipment: i, firstLine: s.firstLine, lastLine: s.lastLine, freight: freight}
		v.issued = g.warehouses[o.warehouse].zone.day(s.shipped) + late
		if v.issued >= g.today {
			continue
		}
		freight = 0
		v.id = g.next(tableInvoices)
		v.due = v.issued + c.terms
		v.net, v.tax = v.freight, taxOn(v.freight, c.vat)
		for j := v.firstLine; j < v.lastLine; j++ {
			v.net += c.lines[j].amount()
			v.tax += c.lines[j].tax
		}
		v.changed = max(v.issued.start()+17*hour, s.shipped)
		c.invoices = append(c.invoices, v)
	}
	o.lastInvoice = len(c.invoices)
}

func (g *generator) writeInvoices() {
	c := &g.c
	for i := range c.invoices {
		v := &c.invoices[i]
		w := g.out.row(tableInvoices)
		w.int(c.id)
		w.int(v.id)
		w.int(c.orders[v.order].id)
		w.text(g.monthly("INV", v.issued))
		w.text(v.status())
		w.date(v.issued)
		w.date(v.due)
		w.text(c.country.currency.String())
		w.money(v.net)
		w.money(v.tax)
		w.money(v.total())
		w.money(v.paid)
		w.money(v.credited)
		w.instant(min(v.issued.start()+17*hour, g.now))
		w.instant(min(v.changed, g.now))
		w.end()
		for j := v.firstLine; j < v.lastLine; j++ {
			l := &c.lines[j]
			p := &g.catalogue.products[l.product]
			g.writeInvoiceLine(v, j-v.firstLine+1, l.id, p.id, p.name, l.quantity, l.price, l.tax)
		}
		if v.freight > 0 {
			g.writeInvoiceLine(v, v.lastLine-v.firstLine+1, 0, 0, "Freight", 1, v.freight, taxOn(v.freight, c.vat))
		}
	}
}

func (g *generator) writeInvoiceLine(v *invoice, number int, orderLine, product int64, text string, quantity int64, price, tax cents) {
	w := g.out.row(tableInvoiceLines)
	w.int(g.c.id)
	w.int(g.next(tableInvoiceLines))
	w.int(v.id)
	w.int(int64(number))
	w.ref(orderLine)
	w.ref(product)
	w.text(text)
	w.int(quantity)
	w.money(price)
	w.money(tax)
	w.money(price * cents(quantity))
	w.end()
}

func (g *generator) writeCreditNotes() {
	c := &g.c
	for i := range c.credits {
		n := &c.credits[i]
		w := g.out.row(tableCreditNotes)
		w.int(c.id)
		w.int(g.next(tableCreditNotes))
		if n.invoice >= 0 {
			w.int(c.invoices[n.invoice].id)
		} else {
			w.null()
		}
		if n.returned >= 0 {
			w.int(c.returns[n.returned].id)
		} else {
			w.null()
		}
		w.text(g.monthly("CN", n.issued))
		w.date(n.issued)
		w.text(n.reason)
		w.text(c.country.currency.String())
		w.money(n.amount)
		w.end()
	}
}
