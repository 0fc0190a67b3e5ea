package demo

import (
	"embed"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"
)

//go:embed data/*.yaml
var data embed.FS

// world is the ground that everything stands on: countries with their people and towns, and the catalogue's pattern.
type world struct {
	countries []*country
	// weights is the running sum of the countries' weights.
	weights    []int
	zones      map[string]*zone
	assortment catalogueFile
}

// country holds what makes an address, a name or a number look like it comes from there.
type country struct {
	Code         string         `yaml:"code"`
	Unit         string         `yaml:"unit"`
	Language     string         `yaml:"language"`
	Currency     string         `yaml:"currency"`
	TimeZone     string         `yaml:"time_zone"`
	VAT          int64          `yaml:"vat"` // In hundredths of a per cent.
	Weight       int            `yaml:"weight"`
	Phones       []string       `yaml:"phones"`
	Mobiles      []string       `yaml:"mobiles"`
	VATNumber    string         `yaml:"vat_number"`
	LegalForms   []string       `yaml:"legal_forms"`
	Sectors      []string       `yaml:"sectors"`
	PublicBodies []string       `yaml:"public_bodies"`
	Address      string         `yaml:"address"`
	Streets      []string       `yaml:"streets"`
	FirstNames   []string       `yaml:"first_names"`
	LastNames    []string       `yaml:"last_names"`
	Carriers     map[string]int `yaml:"carriers"`
	CityRows     [][]string     `yaml:"cities"`

	cities   []city
	carriers []carrierShare
	currency currency
	zone     *zone
}

type city struct {
	name, postalCode, region string
	latitude, longitude      float64
	zone                     *zone
	// place is how a carrier writes it.
	place string
}

type carrierShare struct {
	carrier carrier
	upTo    int
}

type catalogueFile struct {
	Brands      []string     `yaml:"brands"`
	Departments []department `yaml:"departments"`
}

type department struct {
	Name   string  `yaml:"name"`
	Code   string  `yaml:"code"`
	Groups []group `yaml:"groups"`
}

type group struct {
	Name  string        `yaml:"name"`
	Lines []productLine `yaml:"lines"`
}

type productLine struct {
	Name   string     `yaml:"name"`
	Code   string     `yaml:"code"`
	Noun   string     `yaml:"noun"`
	Unit   string     `yaml:"unit"`
	Price  [2]float64 `yaml:"price"`
	Weight [2]float64 `yaml:"weight"`
	Specs  []string   `yaml:"specs"`
}

func newWorld(today day) (*world, error) {
	w := &world{zones: map[string]*zone{}}
	err := readYAML("data/countries.yaml", &w.countries)
	if err != nil {
		return nil, err
	}
	err = readYAML("data/catalogue.yaml", &w.assortment)
	if err != nil {
		return nil, err
	}
	var sum int
	for _, c := range w.countries {
		err = w.complete(c, today)
		if err != nil {
			return nil, fmt.Errorf("country %s: %w", c.Code, err)
		}
		sum += c.Weight
		w.weights = append(w.weights, sum)
	}
	return w, nil
}

func readYAML(name string, v any) error {
	text, err := data.ReadFile(name)
	if err != nil {
		return err
	}
	err = yaml.UnmarshalWithOptions(text, v, yaml.DisallowUnknownField())
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// complete derives what is quicker to use than the file's form.
func (w *world) complete(c *country, today day) error {
	var err error
	c.zone, err = w.zone(c.TimeZone, today)
	if err != nil {
		return err
	}
	c.currency, err = parseCurrency(c.Currency)
	if err != nil {
		return err
	}
	for _, row := range c.CityRows {
		if len(row) < 5 {
			return fmt.Errorf("city %v: five fields needed", row)
		}
		town := city{name: row[0], postalCode: row[3], region: row[4], zone: c.zone, place: row[0] + ", " + c.Code}
		town.latitude, err = strconv.ParseFloat(row[1], 64)
		if err != nil {
			return fmt.Errorf("city %s: %w", row[0], err)
		}
		town.longitude, err = strconv.ParseFloat(row[2], 64)
		if err != nil {
			return fmt.Errorf("city %s: %w", row[0], err)
		}
		if len(row) > 5 {
			town.zone, err = w.zone(row[5], today)
			if err != nil {
				return err
			}
		}
		c.cities = append(c.cities, town)
	}
	var sum int
	for _, code := range slices.Sorted(maps.Keys(c.Carriers)) { // Sorted: a map's order would change the result.
		k, err := parseCarrier(code)
		if err != nil {
			return err
		}
		sum += c.Carriers[code]
		c.carriers = append(c.carriers, carrierShare{carrier: k, upTo: sum})
	}
	return nil
}

// zone covers the generated years, with room for customers who are older than their orders.
func (w *world) zone(name string, today day) (*zone, error) {
	z, ok := w.zones[name]
	if ok {
		return z, nil
	}
	z, err := newZone(name, today-12*yearDays, today+2*yearDays)
	if err != nil {
		return nil, err
	}
	w.zones[name] = z
	return z, nil
}

// country draws one by weight.
func (w *world) country(r *random) *country {
	n := r.IntN(w.weights[len(w.weights)-1])
	for i, upTo := range w.weights {
		if n < upTo {
			return w.countries[i]
		}
	}
	return w.countries[0]
}

func (c *country) carrier(r *random) carrier {
	n := r.IntN(c.carriers[len(c.carriers)-1].upTo)
	for _, s := range c.carriers {
		if n < s.upTo {
			return s.carrier
		}
	}
	return c.carriers[0].carrier
}

// taxOn is the tax on an amount, rounded half up as invoices do.
func taxOn(amount cents, rate int64) cents {
	return (amount*cents(rate) + 5000) / 10000
}

// slug is a name as it stands in an internet domain.
func slug(name string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(name) {
		plain := transliterate(r)
		if plain == "" {
			dash = b.Len() > 0
			continue
		}
		if dash {
			b.WriteByte('-')
			dash = false
		}
		b.WriteString(plain)
	}
	return b.String()
}

// transliterate gives a lower-case letter or a digit in plain Latin, and nothing for other characters.
func transliterate(r rune) string {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return string(r)
	case strings.ContainsRune("àáâãå", r):
		return "a"
	case strings.ContainsRune("èéêëę", r):
		return "e"
	case strings.ContainsRune("ìíîïı", r):
		return "i"
	case strings.ContainsRune("òóôõøő", r):
		return "o"
	case strings.ContainsRune("ùúû", r):
		return "u"
	}
	switch r {
	case 'ä':
		return "ae"
	case 'ö':
		return "oe"
	case 'ü':
		return "ue"
	case 'ß':
		return "ss"
	case 'ą':
		return "a"
	case 'ç', 'ć':
		return "c"
	case 'ł':
		return "l"
	case 'ñ', 'ń':
		return "n"
	case 'ś':
		return "s"
	case 'ź', 'ż':
		return "z"
	}
	return ""
}
