package demo

// line is a line of an order or, before there is an order, of a quote.
type line struct {
	id       int64
	product  int
	quantity int64
	shipped  bool
	price    cents
	tax      cents
}

func (l *line) amount() cents { return l.price * cents(l.quantity) }

// makeLines draws what is ordered on a day and at which prices.
func (g *generator) makeLines(d day, several bool) {
	c, r := &g.c, g.r
	n := 1
	more := 0.745
	if c.kind == person {
		more = 0.42
	}
	for n < 14 && r.chance(more) || several && n < 2 {
		n++
	}
	first := len(c.lines)
	for range n {
		var p int
		if r.chance(0.7) {
			p = c.favourites[r.IntN(len(c.favourites))]
		} else {
			p = g.catalogue.popular(r)
		}
		repeated := false
		for i := first; i < len(c.lines); i++ {
			repeated = repeated || c.lines[i].product == p
		}
		if repeated && len(c.lines) > first+1 {
			continue // A line fewer, rather than a product twice.
		}
		if repeated {
			p = (p + 1) % len(g.catalogue.products)
		}
		quantity := g.quantity(&g.catalogue.products[p])
		price := c.price(&g.catalogue, p, quantity, d)
		l := line{product: p, quantity: quantity, price: price}
		l.tax = taxOn(l.amount(), c.vat)
		c.lines = append(c.lines, l)
	}
}

// quantity is how many are ordered: many of what is cheap and light, one of what is not.
func (g *generator) quantity(p *product) int64 {
	r := g.r
	most := 4
	switch price := p.prices[eur]; {
	case p.unit == "M":
		return int64(r.between(1, 10) * 10)
	case price < 500:
		most = 40
	case price < 3000:
		most = 12
	}
	if g.c.kind == person {
		most = 1 + most/4
	}
	if p.weight > 1000 {
		most = min(most, 3)
	}
	n := int64(r.between(1, most))
	if n > 10 {
		n = n / 5 * 5
	}
	return n
}

// price is what one piece costs this customer on a day.
func (c *customer) price(cat *catalogue, product int, quantity int64, d day) cents {
	if agreed := c.contract(product, d); agreed != nil {
		return agreed.amount
	}
	return cat.price(&cat.products[product], c.country.currency, c.segment, quantity, d)
}
