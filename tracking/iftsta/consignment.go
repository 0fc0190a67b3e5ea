package iftsta

import (
	"strconv"
	"strings"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// consignment is what a message says about one.
type consignment struct {
	number     string
	references references
	equipment  string // a container
	etas       []tracking.Eta
	statuses   []*status

	places   map[string]tracking.Place // by qualifier of LOC (3227) or role of NAD (3035)
	weight   *domain.Decimal
	pieces   int      // as counted by the sender
	packages int      // of GID, in the status that is being read
	most     int      // the greatest of those
	numbers  []string // of packages
}

// mostNumbers bounds the numbers of packages that are kept.
const mostNumbers = 10_000

// read reads what is said of the goods. It stands before the first status or, in later directories, behind one, and may be repeated
// with each.
func (c *consignment) read(segment tracking.Segment, decimal byte) {
	switch segment.Tag() {
	case "LOC":
		// Behind a status, a location is where that happened.
		if len(c.statuses) == 0 {
			c.keep("LOC"+segment.Get(1, 0), location(segment))
		}
	case "NAD":
		c.keep("NAD"+segment.Get(1, 0), address(segment))
	case "CNT":
		c.count(segment, decimal)
	case "GID":
		pieces, err := strconv.ParseUint(segment.Get(2, 0), 10, 20)
		if err == nil {
			c.packages += int(pieces)
			c.most = max(c.most, c.packages)
		}
	case "GIN":
		c.identify(segment)
	case "EQD":
		if c.equipment == "" && segment.Get(1, 0) == "CN" {
			c.equipment = segment.Get(2, 0)
		}
	}
}

func (c *consignment) keep(role string, place tracking.Place) {
	if place == (tracking.Place{}) || len(c.places) >= 100 {
		return
	}
	if c.places == nil {
		c.places = map[string]tracking.Place{}
	}
	c.places[role] = place
}

// count reads CNT: 7 is the gross weight, 8 and 11 count pieces (data element 6069).
func (c *consignment) count(segment tracking.Segment, decimal byte) {
	value := segment.Get(1, 1)
	switch segment.Get(1, 0) {
	case "7":
		if decimal == ',' || strings.Count(value, ",") == 1 && !strings.Contains(value, ".") {
			value = strings.ReplaceAll(value, ",", ".")
		}
		unit := segment.Get(1, 2)
		if unit == "" {
			unit = "KGM"
		}
		c.weight = tracking.Kilograms(value, unit)
	case "8", "11":
		pieces, err := strconv.ParseUint(value, 10, 31)
		if err == nil {
			c.pieces = int(pieces)
		}
	}
}

// identify reads GIN+BJ: serial shipping container codes, one by one or as the ends of a range, of which the ends are kept.
func (c *consignment) identify(segment tracking.Segment) {
	if segment.Get(1, 0) != "BJ" {
		return
	}
	for _, identity := range segment[2:] {
		for _, number := range identity {
			number = strings.TrimSpace(number)
			if number != "" && len(c.numbers) < mostNumbers && !c.has(number) {
				c.numbers = append(c.numbers, number)
			}
		}
	}
}

// has tells whether the number is among the last ones: statuses repeat the same packages.
func (c *consignment) has(number string) bool {
	for i := len(c.numbers) - 1; i >= max(0, len(c.numbers)-100); i-- {
		if c.numbers[i] == number {
			return true
		}
	}
	return false
}

// describe puts what is known of the goods into the report.
func (c *consignment) describe(report *tracking.Report) {
	first := func(place *tracking.Place, roles ...string) {
		for _, role := range roles {
			found, known := c.places[role]
			if known {
				*place = found
				return
			}
		}
	}
	// Ship from, despatch party, consignor; place of departure, of receipt, port of loading.
	first(&report.Origin, "NADSF", "NADPW", "NADCZ", "LOC5", "LOC88", "LOC9")
	// Delivery party, ship to, consignee; place of delivery, of destination, port of discharge.
	first(&report.Destination, "NADDP", "NADST", "NADCN", "LOC7", "LOC8", "LOC11")
	if c.weight != nil {
		report.WeightKg = c.weight
	}
	report.Pieces = max(report.Pieces, c.pieces)
	if c.pieces == 0 {
		report.Pieces = max(report.Pieces, c.most)
	}
	if len(c.numbers) > 0 {
		report.PieceNumbers = c.numbers
	}
}

// location reads LOC: a code, which is of UN/LOCODE where the agency is UN/ECE (6) or it looks like one, and a name.
func location(segment tracking.Segment) tracking.Place {
	code, name := segment.Get(2, 0), segment.Get(2, 3)
	place := tracking.Place{Code: code, Text: tracking.PlaceText(name)}
	if place.Text == "" {
		place.Text = tracking.PlaceText(code)
	}
	if len(code) == 5 && (segment.Get(2, 2) == "6" || segment.Get(2, 2) == "" && segment.Get(2, 1) == "") {
		place.Country = tracking.Country(code[:2])
	}
	return place
}

// address reads the town of NAD, and not the names.
func address(segment tracking.Segment) tracking.Place {
	country := tracking.Country(segment.Get(9, 0))
	return tracking.Place{Text: tracking.PlaceText(segment.Get(6, 0), country), PostalCode: segment.Get(8, 0), Country: country}
}
