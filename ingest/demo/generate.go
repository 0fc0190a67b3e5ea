package demo

import (
	"fmt"
	"time"
)

// batchBytes is about how large a batch grows before it is handed over.
const batchBytes = 4 << 20

// generator makes the company row by row, always in the same order.
type generator struct {
	world     *world
	words     *wording
	customers int
	seed      uint64
	// today is the present day and now its first instant in UTC.
	today day
	now   instant

	r          *random // Restarted for each subject.
	stride     int
	season     season
	catalogue  catalogue
	units      map[string]unit
	warehouses []warehouse

	out    *batch
	ids    [tableCount]int64
	orders orderNumbers
	months map[string]map[int]int
	// sscc and parcels count what was labelled.
	sscc, parcels int64
	// c is the customer who is being made; its slices are used again for the next one.
	c customer
	// scans and dues are where a shipment's way and a customer's debts are worked out.
	scans []scan
	dues  []dueItem
}

func newGenerator(customers int, seed uint64, now time.Time) (*generator, error) {
	today := instant(now.UTC().Unix()).day()
	w, err := newWorld(today)
	if err != nil {
		return nil, err
	}
	return &generator{
		world: w, words: newWording(), customers: customers, seed: seed,
		today: today, now: today.start(),
		r: newRandom(seed), stride: stride(customers), season: newSeason(today),
		units: map[string]unit{}, out: &batch{}, months: map[string]map[int]int{},
	}, nil
}

// generate makes everything and hands it over batch by batch.
func (g *generator) generate(send func(*batch) error) error {
	err := g.writeCompany()
	if err != nil {
		return err
	}
	g.writeCatalogue()
	g.numberOrders()
	for i := range g.customers {
		g.makeCustomer(i)
		if g.out.size() < batchBytes && i < g.customers-1 {
			continue
		}
		g.out.customers = i + 1
		err = send(g.out)
		if err != nil {
			return err
		}
		g.out = &batch{}
	}
	return nil
}

// next gives out the next id of a table: 1, 2, 3 in the order of generation.
func (g *generator) next(t table) int64 {
	g.ids[t]++
	return g.ids[t]
}

// monthly gives out a document number that counts within a month, such as INV-202607-00482.
func (g *generator) monthly(prefix string, d day) string {
	y, m, _ := d.civil()
	months := g.months[prefix]
	if months == nil {
		months = map[int]int{}
		g.months[prefix] = months
	}
	months[y*100+m]++
	return fmt.Sprintf("%s-%04d%02d-%05d", prefix, y, m, months[y*100+m])
}

// orderNumbers gives orders numbers that count through the year in the order of their days, as an order desk's do,
// although orders are made customer by customer.
type orderNumbers struct {
	first day
	next  []int
}

// numberOrders goes through everybody's order days once, to know how many orders were placed before each day.
func (g *generator) numberOrders() {
	g.orders = orderNumbers{first: g.season.first, next: make([]int, pastDays+1)}
	perDay := make([]int, pastDays+1)
	var days []day
	for i := range g.customers {
		days = g.plan(i, days[:0]).days
		for _, d := range days {
			perDay[d-g.orders.first]++
		}
	}
	count, year := 0, 0
	for i, n := range perDay {
		y, _, _ := (g.orders.first + day(i)).civil()
		if y != year {
			count, year = 0, y
		}
		g.orders.next[i] = count + 1
		count += n
	}
}

func (n *orderNumbers) number(d day) string {
	y, _, _ := d.civil()
	i := d - n.first
	number := fmt.Sprintf("SO-%04d-%06d", y, n.next[i])
	n.next[i]++
	return number
}
