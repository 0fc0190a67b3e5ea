package demo

import (
	"fmt"
	"strings"
)

// kind is what sort of customer it is.
type kind int

const (
	company kind = iota
	person
	publicBody
)

func (k kind) String() string { return [3]string{"COMPANY", "PERSON", "PUBLIC_BODY"}[k] }

// payer is how somebody pays.
type payer int

const (
	payerPrepaid payer = iota
	payerPrompt
	payerSlow
	payerLate
	payerCount
)

// customer is who is being made, with everything that belongs to them, before it is written.
type customer struct {
	plan
	identity
	id      int64
	unit    unit
	segment segment
	manager int64
	level   int64
	status  string
	// email and phone are the account's own.
	email, phone string
	payer        payer
	terms        day // How many days they have to pay.
	collects     bool
	// stopped is since when they have paid nothing, 0 for most.
	stopped day
	// partly and overdue say that an invoice was staged as paid in part, and one as unpaid for long.
	partly, overdue bool

	vat int64
	// favourites are products that they buy again and again.
	favourites []int
	contracts  []contract
	contacts   []contact
	sites      []site
	orders     []order
	lines      []line
	shipments  []shipment
	invoices   []invoice
	disputes   []dispute
	credits    []creditNote
	returns    []goodsReturn
	cases      []serviceCase
}

type contact struct {
	id                       int64
	name, email, phone, role string
}

type site struct {
	id           int64
	city         *city
	country      string
	street, code string
}

// contract is a price that was agreed with the customer.
type contract struct {
	product int
	amount  cents
	from    day
}

// identity is who a customer is, apart from what they do. It can be drawn again from the customer's index alone, which
// is how a subsidiary learns its parent's name.
type identity struct {
	kind    kind
	country *country
	stem    string
	name    string
	legal   string
}

// groupEvery is how often a company is the head of a group, whose members follow at random.
const groupEvery = 25

// identify draws the identity of customer i.
func (g *generator) identify(i int) identity {
	r := g.r
	r.restart(streamIdentity, i)
	id := identity{country: g.world.country(r)}
	switch u := r.Float64(); {
	case i%groupEvery == 0 || u < 0.70:
		id.kind = company
	case u < 0.96:
		id.kind = person
	default:
		id.kind = publicBody
	}
	c := id.country
	switch id.kind {
	case person:
		id.name = r.pick(c.FirstNames) + " " + r.pick(c.LastNames)
	case publicBody:
		id.name = fill(r.pick(c.PublicBodies), "city", c.cities[r.IntN(len(c.cities))].name)
	default:
		id.stem = g.companyStem(c)
		id.name = id.stem + " " + r.pick(c.Sectors)
		id.legal = id.name + " " + r.pick(c.LegalForms)
	}
	return id
}

func (g *generator) companyStem(c *country) string {
	r := g.r
	switch u := r.IntN(10); {
	case u < 4:
		return r.pick(c.LastNames)
	case u < 7:
		return r.pick(c.LastNames) + " & " + r.pick(c.LastNames)
	default:
		first := []string{"Nova", "Ergo", "Alta", "Vero", "Primo", "Loga", "Terra", "Digi", "Omni", "Sola", "Inter", "Astra", "Kali", "Meri", "Pro"}
		last := []string{"tec", "vance", "mont", "dyn", "flux", "norm", "pack", "mat", "line", "core", "plan", "stahl", "volt", "ware"}
		return r.pick(first) + r.pick(last)
	}
}

// makeCustomer makes customer i and all that happened between them and the company, in memory.
func (g *generator) makeCustomer(i int) {
	old := g.c
	g.c = customer{
		contracts: old.contracts[:0], contacts: old.contacts[:0], sites: old.sites[:0], orders: old.orders[:0],
		lines: old.lines[:0], shipments: old.shipments[:0], invoices: old.invoices[:0], disputes: old.disputes[:0],
		credits: old.credits[:0], returns: old.returns[:0], cases: old.cases[:0], favourites: old.favourites[:0],
	}
	c := &g.c
	c.plan = g.plan(i, old.days[:0])
	group := g.identify(i / groupEvery * groupEvery)
	c.identity = g.identify(i)
	c.id = g.next(tableCustomers)
	c.unit = g.units[c.country.Unit]

	r := g.r
	r.restart(streamReach, i)
	mailbox, phone := g.drawReach()
	r.restart(streamSales, i)
	var parent int64
	if c.kind == company && i%groupEvery != 0 && r.chance(0.07) {
		parent = int64(i/groupEvery*groupEvery) + 1
		c.name = group.stem + " " + c.country.cities[r.IntN(len(c.country.cities))].name
		c.legal = c.name + " " + r.pick(c.country.LegalForms)
	}
	g.classify()
	g.makeContacts()
	g.makeReach(mailbox, phone)
	g.makeSites()
	g.makeAssortment()
	for k := range c.days {
		g.makeOrder(k)
	}
	g.settle()
	g.writeAccount(i, parent)
	g.makeQuotes()
	r.restart(streamHistory, i)
	g.makeHistory()
}

// classify decides what the customer is to the company.
func (g *generator) classify() {
	c, r := &g.c, g.r
	orders := len(c.days)
	c.vat = c.country.VAT
	c.payer, c.terms, c.level = payerPrompt, 30, levelStandard
	switch {
	case c.kind == person:
		c.segment, c.payer, c.terms = consumer, payerPrepaid, 0
	case c.kind == publicBody:
		c.segment, c.level, c.terms = publicSector, levelPublic, 30
	case orders > 40:
		c.segment, c.level, c.terms = keyAccount, levelPremium, 45
	case r.chance(0.12):
		c.segment, c.level, c.terms = reseller, levelPlus, 30
	case orders > 9:
		c.segment, c.level = midMarket, levelPlus
	default:
		c.segment, c.terms = smallBusiness, 14
	}
	if c.kind == company {
		switch u := r.Float64(); {
		case u < 0.12 && c.segment == smallBusiness:
			c.payer, c.terms = payerPrepaid, 0
		case u < 0.66:
		case u < 0.92:
			c.payer = payerSlow
		default:
			c.payer = payerLate
		}
		// Across a border inside the union the buyer owes the tax; in the United States resellers are exempt.
		if c.country.Unit != c.country.Code && c.country.currency == eur || c.country.Code == "US" && c.segment == reseller {
			c.vat = 0
		}
	}
	c.collects = c.payer != payerPrepaid && r.chance(0.3)
	if c.kind != person {
		c.manager = c.unit.sales[r.IntN(len(c.unit.sales))]
	}
	switch {
	case orders == 0 && c.closed == 0:
		c.status = "PROSPECT"
	case c.closed != 0:
		c.status = "CLOSED"
	case c.kind == company && c.payer != payerPrepaid && orders > 2 && int(c.id)%g.stageEvery(20) == 10:
		c.status, c.payer = "ON_HOLD", payerLate
		c.stopped = g.today - day(r.between(90, 170))
	default:
		c.status = "ACTIVE"
	}
}

func (g *generator) makeContacts() {
	c, r := &g.c, g.r
	if c.kind == person {
		domain := r.pick([]string{"example.com", "example.org", "example.net"})
		c.contacts = append(c.contacts, contact{
			id: g.next(tableContacts), name: c.name, phone: r.pattern(r.pick(c.country.Mobiles)),
			email: fmt.Sprintf("%s%d@%s", mailName(c.name), 10+c.id*7%9_989, domain),
		})
		return
	}
	domain := c.domain()
	roles := []string{"Purchasing", "Accounts payable", "Goods receiving", "Managing director", "Technical lead"}
	n := 1 + r.IntN(2)
	if len(c.days) > 6 {
		n = r.between(2, 4)
	}
	for k := range n {
		name := r.pick(c.country.FirstNames) + " " + r.pick(c.country.LastNames)
		phone := r.pattern(r.pick(c.country.Phones))
		if k > 0 || r.chance(0.3) {
			phone += r.pattern(" ext. ^##")
		}
		if r.chance(0.25) {
			phone = r.pattern(r.pick(c.country.Mobiles))
		}
		c.contacts = append(c.contacts, contact{
			id: g.next(tableContacts), name: name, role: roles[k], phone: phone, email: mailName(name) + "@" + domain,
		})
	}
}

// domain is where a company's mail goes.
func (c *customer) domain() string { return slug(c.name) + ".example" }

// drawReach draws the general mailbox and the switchboard of a company; some have none.
func (g *generator) drawReach() (mailbox, phone string) {
	r := g.r
	if r.chance(0.9) {
		mailbox = r.pick([]string{"info", "info", "office", "mail"})
	}
	if r.chance(0.9) {
		phone = r.pattern(r.pick(g.c.country.Phones))
	}
	return mailbox, phone
}

// makeReach says how the account itself is reached: a person as the only contact is, a company by what was drawn for it.
func (g *generator) makeReach(mailbox, phone string) {
	c := &g.c
	if c.kind == person {
		c.email, c.phone = c.contacts[0].email, c.contacts[0].phone
		return
	}
	c.phone = phone
	if mailbox != "" {
		c.email = mailbox + "@" + c.domain()
	}
}

// mailName is a person's name as it stands before the @.
func mailName(name string) string { return strings.ReplaceAll(slug(name), "-", ".") }

func (g *generator) makeSites() {
	c, r := &g.c, g.r
	n := 1
	if c.kind != person {
		n = 1 + min(int(r.ExpFloat64()*0.6*(1+float64(len(c.days))/30)), 2)
	}
	for range n {
		town := &c.country.cities[r.IntN(len(c.country.cities))]
		c.sites = append(c.sites, site{
			id: g.next(tableSites), city: town, country: c.country.Code, code: r.pattern(town.postalCode),
			street: r.pattern(fill(c.country.Address, "street", r.pick(c.country.Streets), "number", r.pattern(r.pick([]string{"^", "^", "^#", "1##"})))),
		})
	}
}

// makeAssortment chooses what the customer buys again and again, and what was agreed on it.
func (g *generator) makeAssortment() {
	c, r := &g.c, g.r
	for range r.between(4, 22) {
		c.favourites = append(c.favourites, g.catalogue.popular(r))
	}
	if c.segment != keyAccount && c.segment != midMarket && c.segment != publicSector || !r.chance(0.5) {
		return
	}
	for k := range min(r.between(2, 9), len(c.favourites)) {
		product := c.favourites[k]
		if c.contract(product, g.today) != nil {
			continue
		}
		from := min(max(c.created+day(r.between(10, 200)), g.today-2*yearDays), g.today)
		amount := g.catalogue.products[product].prices[c.country.currency].less(int64(r.between(15, 26)))
		c.contracts = append(c.contracts, contract{product: product, amount: amount, from: from})
	}
}

// contract is what was agreed on a product by d; nil where nothing was.
func (c *customer) contract(product int, d day) *contract {
	for k := range c.contracts {
		if c.contracts[k].product == product && d >= c.contracts[k].from {
			return &c.contracts[k]
		}
	}
	return nil
}
