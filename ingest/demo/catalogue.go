package demo

import (
	"fmt"
	"math"
	"strings"
)

// product is what selling one needs to know.
type product struct {
	id          int64
	name, unit  string
	weight      int64 // In hundredths of a kilogram.
	prices      [currencyCount]cents
	breaks      bool // Cheaper in quantity.
	segmented   bool // Has prices for segments of its own.
	unavailable bool
}

// catalogue is what can be bought, the most popular products first.
type catalogue struct {
	products []product
	// newYear is the day from which the current lists hold; before it, lists were lower.
	newYear day
}

// lastYearPercent is how far the previous lists were below the current ones.
const lastYearPercent = 4

// price is what one piece costs by the lists: the segment's price where there is one, else the list's with its quantity
// breaks, at the lists that held on d.
func (c *catalogue) price(p *product, cur currency, s segment, quantity int64, d day) cents {
	v := p.prices[cur]
	if d < c.newYear {
		v = v.less(lastYearPercent)
	}
	if p.segmented && s.discount() > 0 {
		return v.less(s.discount())
	}
	if p.breaks {
		off := int64(0)
		for _, b := range quantityBreaks() {
			if quantity >= b.quantity {
				off = b.percent
			}
		}
		v = v.less(off)
	}
	return v
}

// popular draws a product; the first are drawn far more often than the last.
func (c *catalogue) popular(r *random) int {
	return int(math.Pow(r.Float64(), 2.2) * float64(len(c.products)))
}

// productCount grows with the customers: 300 for a look around, 5,000 for fifty thousand customers.
func productCount(customers int) int {
	return min(max(300, customers/10), 20_000)
}

// writeCatalogue makes categories, products, prices and stock.
func (g *generator) writeCatalogue() {
	g.r.restart(streamCatalogue, 0)
	year, _, _ := g.today.civil()
	newYear := g.today
	for y, _, _ := newYear.civil(); y == year; y, _, _ = (newYear - 1).civil() {
		newYear--
	}
	g.catalogue.newYear = newYear

	type leaf struct {
		category int64
		line     *productLine
		specs    [][]string // The name, then its values.
	}
	var leaves []leaf
	for i, d := range g.world.assortment.Departments {
		top := g.writeCategory(0, d.Code, d.Name, i)
		for j, gr := range d.Groups {
			middle := g.writeCategory(top, fmt.Sprintf("%s-%02d", d.Code, j+1), gr.Name, j)
			for k := range gr.Lines {
				line := &gr.Lines[k]
				id := g.writeCategory(middle, line.Code, line.Name, k)
				leaves = append(leaves, leaf{category: id, line: line, specs: parseSpecs(line.Specs)})
			}
		}
	}
	n := productCount(g.customers)
	g.catalogue.products = make([]product, n)
	for i := range n {
		l := leaves[i%len(leaves)]
		g.writeProduct(&g.catalogue.products[i], l.category, l.line, l.specs, i/len(leaves), i)
	}
}

func parseSpecs(lines []string) [][]string {
	specs := make([][]string, 0, len(lines))
	for _, line := range lines {
		name, values, _ := strings.Cut(line, ": ")
		specs = append(specs, append([]string{name}, strings.Split(values, " | ")...))
	}
	return specs
}

func (g *generator) writeCategory(parent int64, code, name string, position int) int64 {
	id := g.next(tableCategories)
	w := g.out.row(tableCategories)
	w.int(id)
	w.ref(parent)
	w.text(code)
	w.text(name)
	w.int(int64(position + 1))
	w.end()
	return id
}

// writeProduct makes the round-th product of a line, which is the rank-th of all.
func (g *generator) writeProduct(p *product, category int64, line *productLine, specs [][]string, round, rank int) {
	r := g.r
	p.id = g.next(tableProducts)
	p.unit = line.Unit
	if p.unit == "" {
		p.unit = "EA"
	}
	// Values run through all combinations before one comes again; the larger values cost and weigh more.
	name := line.Noun
	var json strings.Builder
	json.WriteByte('{')
	place, level := round, 0.0
	for _, spec := range specs {
		values := spec[1:]
		value := values[place%len(values)]
		level += float64(place%len(values)) / float64(len(values))
		place /= len(values)
		name += " " + value
		fmt.Fprintf(&json, "%q: %q, ", spec[0], value)
	}
	level /= float64(len(specs))
	brand := g.world.assortment.Brands[(round+int(category))%len(g.world.assortment.Brands)]
	fmt.Fprintf(&json, "%q: %q}", "Brand", brand)
	if place > 0 {
		name += fmt.Sprintf(" series %d", place+1)
	}
	p.name = brand + " " + name

	base := scale(line.Price, 0.7*level+0.3*r.Float64())
	for c := range currencyCount {
		p.prices[c] = c.list(base)
	}
	p.weight = int64(math.Ceil(scale(line.Weight, level) * 100))
	p.breaks = base < 60
	p.segmented = rank%4 == 0

	status, replacement := "ACTIVE", int64(0)
	switch {
	case rank > 50 && rank%43 == 0:
		status, replacement, p.unavailable = "DISCONTINUED", p.id-int64(r.between(1, 20)), true
	case rank > 50 && rank%37 == 0:
		status, replacement = "PHASING_OUT", p.id-int64(r.between(1, 20))
	}
	side := 4 + math.Cbrt(float64(p.weight)/100)*14
	created := (g.today - pastDays - day(r.between(30, 1500))).start() + 9*hour
	sku := fmt.Sprintf("%s-%05d", line.Code, 10_000+round*7+r.IntN(7))

	w := g.out.row(tableProducts)
	w.int(p.id)
	w.int(category)
	w.ref(replacement)
	w.text(sku)
	w.text(p.name)
	w.text(fmt.Sprintf("%s from our %s range, supplied per %s.", line.Noun, strings.ToLower(line.Name), unitWord(p.unit)))
	w.text(p.unit)
	w.hundredths(p.weight)
	w.hundredths(int64(side * 130))
	w.hundredths(int64(side * 90))
	w.hundredths(int64(side * 60))
	w.text(json.String())
	w.text(fmt.Sprintf(`[{"kind": "IMAGE", "url": "https://media.example.com/product/%s.jpg", "title": %q}, `+
		`{"kind": "DATASHEET", "url": "https://media.example.com/datasheet/%s.pdf", "title": "Data sheet"}]`, sku, p.name, sku))
	w.text(status)
	w.instant(created)
	w.instant(created + r.span(0, g.now-created))
	w.end()
	g.writePrices(p)
	g.writeStock(p, rank)
}

func unitWord(unit string) string {
	switch unit {
	case "M":
		return "metre"
	case "BX":
		return "box"
	case "BD":
		return "bundle"
	case "PR":
		return "pair"
	case "RL":
		return "roll"
	default:
		return "piece"
	}
}

func scale(bounds [2]float64, share float64) float64 {
	return bounds[0] + (bounds[1]-bounds[0])*share
}

func (g *generator) writePrices(p *product) {
	first := g.today - pastDays - 2*yearDays
	for c := range currencyCount {
		lists := [2]struct {
			amount   cents
			from, to day
		}{{p.prices[c].less(lastYearPercent), first, g.catalogue.newYear - 1}, {p.prices[c], g.catalogue.newYear, 0}}
		for _, l := range lists {
			g.writePrice(p.id, "", c, 1, l.amount, l.from, l.to)
			if p.breaks {
				for _, b := range quantityBreaks() {
					g.writePrice(p.id, "", c, b.quantity, l.amount.less(b.percent), l.from, l.to)
				}
			}
			if !p.segmented {
				continue
			}
			for s := range segmentCount {
				if s.discount() > 0 {
					g.writePrice(p.id, s.String(), c, 1, l.amount.less(s.discount()), l.from, l.to)
				}
			}
		}
	}
}

func (g *generator) writePrice(product int64, segment string, c currency, quantity int64, amount cents, from, to day) {
	w := g.out.row(tablePrices)
	w.int(g.next(tablePrices))
	w.int(product)
	if segment == "" {
		w.text("LIST")
	} else {
		w.text("SEGMENT")
	}
	w.text(segment)
	w.text(c.String())
	w.int(quantity)
	w.money(amount)
	w.date(from)
	w.date(to)
	w.end()
}

// writeStock spreads a product over the warehouses: popular ones lie everywhere, some have run out and are on their way.
func (g *generator) writeStock(p *product, rank int) {
	r := g.r
	for i := range g.warehouses {
		if i > 0 && (rank+i)%3 == 0 && rank > len(g.catalogue.products)/10 {
			continue
		}
		onHand := int64(r.between(0, 400))
		if r.chance(0.12) {
			onHand = 0
		}
		w := g.out.row(tableStock)
		w.int(g.next(tableStock))
		w.int(p.id)
		w.int(g.warehouses[i].id)
		w.int(onHand)
		w.int(onHand * int64(r.IntN(40)) / 100)
		w.instant(g.now - r.span(hour, 20*wholeDay))
		w.end()
		if p.unavailable || onHand > 60 && !r.chance(0.1) {
			continue
		}
		w = g.out.row(tableInbound)
		w.int(g.next(tableInbound))
		w.int(p.id)
		w.int(g.warehouses[i].id)
		w.int(int64(r.between(2, 40) * 10))
		w.date((g.today + day(r.between(1, 45))).workday())
		w.text(fmt.Sprintf("PUR-%06d", 400_000+p.id*8+int64(i)))
		w.end()
	}
}
