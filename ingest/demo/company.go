package demo

import "fmt"

// unit is a branch of the company: an organisation with its own people.
type unit struct {
	id      int64
	sales   []int64 // The ids of those who manage accounts.
	service []int64 // The ids of those who answer customers.
}

// warehouse is where shipments start.
type warehouse struct {
	id      int64
	country string
	zone    *zone
	place   string
	company string // What stands before the serial number in the SSCCs that it gives out.
}

// The company's warehouses, by their place in the list.
const (
	warehouseHamburg = iota
	warehouseLille
	warehouseBirmingham
	warehouseVenlo
	warehouseAtlanta
	warehouseSaoPaulo
)

// warehouseFor is the warehouse that serves a country.
func warehouseFor(country string) int {
	switch country {
	case "FR", "ES", "IT":
		return warehouseLille
	case "GB":
		return warehouseBirmingham
	case "NL", "BE":
		return warehouseVenlo
	case "US":
		return warehouseAtlanta
	case "BR":
		return warehouseSaoPaulo
	default:
		return warehouseHamburg
	}
}

// writeCompany makes the organisation, its people, what it promises, where its goods lie and who carries them.
func (g *generator) writeCompany() error {
	g.r.restart(streamCompany, 0)
	head := g.next(tableOrganisations)
	w := g.out.row(tableOrganisations)
	w.int(head)
	w.null()
	w.text("OSTERWALD")
	w.text("Osterwald Group")
	w.null()
	w.text("EUR")
	w.text("Europe/Berlin")
	w.end()

	for _, c := range g.world.countries {
		if c.Unit != c.Code {
			continue
		}
		u := unit{id: g.next(tableOrganisations)}
		w = g.out.row(tableOrganisations)
		w.int(u.id)
		w.int(head)
		w.text("OSTERWALD-" + c.Code)
		w.text("Osterwald " + c.LegalForms[0] + " (" + c.Code + ")")
		w.text(c.Code)
		w.text(c.Currency)
		w.text(c.TimeZone)
		w.end()
		// Somebody manages about 150 accounts, and two answer for three who sell.
		accounts := g.customers * c.Weight / g.world.weights[len(g.world.weights)-1]
		for range min(max(2, accounts/150), 60) {
			u.sales = append(u.sales, g.writeUser(c, u.id, "Sales "+c.Code))
		}
		for range min(max(2, accounts/220), 40) {
			u.service = append(u.service, g.writeUser(c, u.id, "Customer service "+c.Code))
		}
		g.writeUser(c, u.id, "Finance "+c.Code)
		g.units[c.Code] = u
	}
	g.writeServiceLevels()
	g.writeCarriers()
	return g.writeWarehouses()
}

func (g *generator) writeUser(c *country, organisation int64, team string) int64 {
	id := g.next(tableUsers)
	name := g.r.pick(c.FirstNames) + " " + g.r.pick(c.LastNames)
	w := g.out.row(tableUsers)
	w.int(id)
	w.int(organisation)
	w.text(name)
	w.text(fmt.Sprintf("%s.%d@osterwald.example", mailName(name), id))
	w.text(g.r.pattern(g.r.pick(c.Phones)))
	w.text(team)
	w.bool(true)
	w.end()
	return id
}

// The service levels, by id.
const (
	levelStandard = iota + 1
	levelPlus
	levelPremium
	levelPublic
)

func (g *generator) writeServiceLevels() {
	levels := []struct {
		code, name, description, otif string
		lead, followUp                int64
	}{
		{"STANDARD", "Standard", "Catalogue lead times, follow-up twice a year.", "0.92", 4, 180},
		{"PLUS", "Plus", "Priority picking, follow-up every quarter.", "0.95", 3, 90},
		{"PREMIUM", "Premium", "Reserved stock, a named contact, follow-up every month.", "0.98", 2, 30},
		{"PUBLIC", "Public sector", "Framework agreement with agreed lead times.", "0.95", 5, 120},
	}
	for _, l := range levels {
		w := g.out.row(tableServiceLevels)
		w.int(g.next(tableServiceLevels))
		w.text(l.code)
		w.text(l.name)
		w.text(l.description)
		w.text(l.otif)
		w.int(l.lead)
		w.int(l.followUp)
		w.end()
	}
}

func (g *generator) writeCarriers() {
	for c := range carrierCount {
		w := g.out.row(tableCarriers)
		w.int(g.next(tableCarriers))
		w.text(c.code())
		w.text(c.name())
		w.text(c.trackingURL())
		w.end()
	}
}

func (g *generator) writeWarehouses() error {
	list := []struct{ code, name, city, country, zone, company string }{
		warehouseHamburg:    {"HAM", "Hamburg distribution centre", "Hamburg", "DE", "Europe/Berlin", "0401234"},
		warehouseLille:      {"LIL", "Lille distribution centre", "Lille", "FR", "Europe/Paris", "0301234"},
		warehouseBirmingham: {"BHX", "Birmingham warehouse", "Birmingham", "GB", "Europe/London", "0501234"},
		warehouseVenlo:      {"VEN", "Venlo hub", "Venlo", "NL", "Europe/Amsterdam", "0871234"},
		warehouseAtlanta:    {"ATL", "Atlanta warehouse", "Atlanta", "US", "America/New_York", "0611234"},
		warehouseSaoPaulo:   {"GRU", "Guarulhos warehouse", "Guarulhos", "BR", "America/Sao_Paulo", "0789123"},
	}
	for _, l := range list {
		z, err := g.world.zone(l.zone, g.today)
		if err != nil {
			return err
		}
		id := g.next(tableWarehouses)
		g.warehouses = append(g.warehouses, warehouse{id: id, country: l.country, zone: z,
			place: l.city + ", " + l.country, company: l.company})
		w := g.out.row(tableWarehouses)
		w.int(id)
		w.int(g.units[l.country].id)
		w.text(l.code)
		w.text(l.name)
		w.text(l.city)
		w.text(l.country)
		w.text(l.zone)
		w.end()
	}
	return nil
}
