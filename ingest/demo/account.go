package demo

import (
	"fmt"
	"strings"
)

// writeAccount writes the customer and what belongs to the account itself.
func (g *generator) writeAccount(i int, parent int64) {
	c, r := &g.c, g.r
	created := c.created.start() + 9*hour + r.span(0, 7*hour)
	w := g.out.row(tableCustomers)
	w.int(c.id)
	w.int(c.unit.id)
	w.ref(parent)
	w.ref(c.manager)
	w.int(c.level)
	w.text(fmt.Sprintf("C-%06d", 100_000+c.id))
	w.text(c.name)
	w.text(c.legal)
	w.text(c.email)
	w.text(c.phone)
	w.text(c.kind.String())
	w.text(c.segment.String())
	w.text(c.status)
	w.text(c.country.Language)
	w.text(c.country.zone.name)
	w.text(c.country.Code)
	w.text(c.country.currency.String())
	if c.payer == payerPrepaid {
		w.null()
	} else {
		w.money(g.creditLimit())
	}
	w.text(g.tags(i, parent))
	w.text(Source)
	w.instant(created)
	w.instant(created + r.span(0, g.now-created))
	w.end()

	if c.kind != person {
		vat := r.pattern(c.country.VATNumber)
		if c.country.Code == "FR" {
			vat = "FR" + r.pattern("## #########")
		}
		g.writeReference("VAT", strings.ReplaceAll(vat, " ", ""))
		g.writeReference("ERP", fmt.Sprintf("D%07d", 2_000_000+c.id*3))
	}
	if c.segment == keyAccount || c.segment == reseller {
		body := []byte(r.pattern("4399^#######"))
		g.writeReference("GLN", string(append(body, gs1CheckDigit(body))))
	}
	for k := range c.contacts {
		g.writeContact(k)
	}
	for k := range c.sites {
		g.writeSite(k)
	}
	for k := range c.contracts {
		a := &c.contracts[k]
		w = g.out.row(tableContractPrices)
		w.int(c.id)
		w.int(g.next(tableContractPrices))
		w.int(g.catalogue.products[a.product].id)
		w.text(c.country.currency.String())
		w.int(1)
		w.money(a.amount)
		w.date(a.from)
		if r.chance(0.5) {
			w.date(g.today + day(r.between(20, 400)))
		} else {
			w.null() // Until further notice.
		}
		w.end()
	}
}

// creditLimit is what their business of a few weeks comes to, generously or not, in whole hundreds.
func (g *generator) creditLimit() cents {
	c, r := &g.c, g.r
	var year cents
	for k := range c.orders {
		if c.orders[k].placed > g.now-yearDays*wholeDay {
			year += c.orders[k].total()
		}
	}
	weeks := cents(r.between(5, 16))
	return max(year*weeks/52/10_000*10_000, 100_000)
}

// tags are what people stick to an account, as the database writes an array.
func (g *generator) tags(i int, parent int64) string {
	c, r := &g.c, g.r
	var tags []string
	if c.segment == keyAccount {
		tags = append(tags, "key-account")
	}
	if parent != 0 || i%groupEvery == 0 && c.kind == company {
		tags = append(tags, "group")
	}
	if c.payer == payerLate {
		tags = append(tags, "slow-payer")
	}
	if r.chance(0.06) {
		tags = append(tags, r.pick([]string{"newsletter", "pilot", "framework-agreement", "edi", "no-substitutes", "call-before-delivery"}))
	}
	return "{" + strings.Join(tags, ",") + "}"
}

func (g *generator) writeReference(system, value string) {
	w := g.out.row(tableReferences)
	w.int(g.c.id)
	w.int(g.next(tableReferences))
	w.text(system)
	w.text(value)
	w.end()
}

func (g *generator) writeContact(k int) {
	p := &g.c.contacts[k]
	w := g.out.row(tableContacts)
	w.int(g.c.id)
	w.int(p.id)
	w.text(p.name)
	w.text(p.email)
	w.text(p.phone)
	w.text(p.role)
	w.text(g.c.country.Language)
	w.bool(k == 0)
	w.end()
}

func (g *generator) writeSite(k int) {
	c, r := &g.c, g.r
	s := &c.sites[k]
	name, windows, instructions := s.city.name, "[]", ""
	if c.kind != person {
		opens, closes := r.between(6, 9), r.between(15, 18)
		days := make([]string, 0, 5)
		for weekday := 1; weekday <= 5; weekday++ {
			until := closes
			if weekday == 5 {
				until = closes - 2
			}
			days = append(days, fmt.Sprintf(`{"weekday": %d, "opens": "%02d:00", "closes": "%02d:00"}`, weekday, opens, until))
		}
		windows = "[" + strings.Join(days, ", ") + "]"
		if k > 0 {
			name += " " + r.pick([]string{"warehouse", "plant", "branch", "workshop"})
		} else {
			name += " main site"
		}
		if r.chance(0.3) {
			instructions = r.pick([]string{"Report at gate 2.", "Tail lift needed.", "No deliveries between 12:00 and 13:00.",
				"Call the goods-in desk half an hour ahead.", "Unloading at the rear ramp only."})
		}
	}
	w := g.out.row(tableSites)
	w.int(c.id)
	w.int(s.id)
	w.text(fmt.Sprintf("S%02d", k+1))
	w.text(name)
	w.text("SHIP_TO")
	w.text(s.street)
	w.null()
	w.text(s.code)
	w.text(s.city.name)
	w.text(s.city.region)
	w.text(s.country)
	// Somewhere within a few kilometres of the town's centre.
	w.float(s.city.latitude + (r.Float64()-0.5)*0.08)
	w.float(s.city.longitude + (r.Float64()-0.5)*0.12)
	w.text(s.city.zone.name)
	w.text(instructions)
	w.text(windows)
	w.bool(k == 0)
	w.end()
}
