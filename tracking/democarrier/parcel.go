package democarrier

import (
	"slices"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// The carriers that are played, by the codes of their adapters.
const (
	DHL     = "dhl"
	UPS     = "ups"
	FedEx   = "fedex"
	LaPoste = "laposte"
)

// Carriers lists them.
func Carriers() []string { return []string{DHL, UPS, FedEx, LaPoste} }

// Fate is what is to become of a parcel.
type Fate string

// The fates.
const (
	OnTime      Fate = "ON_TIME"
	Early       Fate = "EARLY"        // a day or two before the promise, where there is time for that
	Late        Fate = "LATE"         // delayed once or twice, each time announced on the morning of the day it was expected
	Attempted   Fate = "ATTEMPTED"    // nobody at home; delivered on the next day
	PickupPoint Fate = "PICKUP_POINT" // nobody at home; fetched from a shop some days later
	CustomsHold Fate = "CUSTOMS_HOLD" // held for two days, then delivered late; only across a border
	Returned    Fate = "RETURNED"     // refused at the door, and back with the shipper some days later
	Lost        Fate = "LOST"         // no news for days, then a search
)

// Fates lists them.
func Fates() []Fate {
	return []Fate{OnTime, Early, Late, Attempted, PickupPoint, CustomsHold, Returned, Lost}
}

// Place is a town. Zone is its IANA time zone.
type Place struct {
	City       string `json:"city,omitempty"`
	PostalCode string `json:"postalCode,omitempty"`
	Country    string `json:"country"` // ISO 3166-1 alpha-2
	Zone       string `json:"zone"`
}

// Parcel is one parcel to move. Parcels travel on all days of the week.
type Parcel struct {
	Carrier    string
	Number     string // with a right check digit, where the carrier's numbers have one
	ShippedAt  time.Time
	PromisedOn domain.Date // at the destination
	From       Place       // the zero Place is a town in the carrier's own country
	To         Place
	Fate       Fate
	// UniqueID is FedEx' identity of the journey; "" is made up.
	UniqueID string
	// Past is what the carrier has told already, oldest first: its journey begins with that. Where it has come so far that its fate is decided,
	// such as to the van, Fate does not count.
	Past []Past
}

// Past is a scan of the past.
type Past struct {
	Milestone domain.Milestone
	Reason    domain.ExceptionReason // "" where everything went as planned
	At        time.Time
}

// parcel is a Parcel that was checked, with its zones.
type parcel struct {
	Parcel
	from, to *time.Location
}

func homeOf(carrier string) Place {
	switch carrier {
	case UPS:
		return Place{City: "Köln", PostalCode: "51147", Country: "DE", Zone: "Europe/Berlin"}
	case FedEx:
		return Place{City: "Lille", PostalCode: "59000", Country: "FR", Zone: "Europe/Paris"}
	case LaPoste:
		return Place{City: "Lyon", PostalCode: "69002", Country: "FR", Zone: "Europe/Paris"}
	default:
		return Place{City: "Leipzig", PostalCode: "04103", Country: "DE", Zone: "Europe/Berlin"}
	}
}

// check refuses a parcel that its carrier could not have, without repeating its number.
func check(p Parcel) (*parcel, error) {
	if !belongs(p.Carrier, p.Number) {
		return nil, domain.BadInput("a demo parcel's number is not one of its carrier's, or its check digit is wrong")
	}
	if !slices.Contains(Fates(), p.Fate) {
		return nil, domain.BadInput("a demo parcel has an unknown fate")
	}
	if p.ShippedAt.IsZero() || p.PromisedOn == (domain.Date{}) {
		return nil, domain.BadInput("a demo parcel needs the time it was shipped and the day it was promised for")
	}
	if p.From == (Place{}) {
		p.From = homeOf(p.Carrier)
	}
	if p.Fate == CustomsHold && p.From.Country == p.To.Country {
		return nil, domain.BadInput("a demo parcel that crosses no border cannot be held in customs")
	}
	from, err := zone(p.From)
	if err != nil {
		return nil, err
	}
	to, err := zone(p.To)
	if err != nil {
		return nil, err
	}
	return &parcel{Parcel: p, from: from, to: to}, nil
}

func zone(place Place) (*time.Location, error) {
	location, err := time.LoadLocation(place.Zone)
	if err != nil || place.Zone == "" || tracking.Country(place.Country) != place.Country || place.Country == "" {
		return nil, domain.BadInput("a demo parcel's places need a country of two capitals and an IANA time zone")
	}
	return location, nil
}

func belongs(carrier, number string) bool {
	return slices.Contains(Carriers(), carrier) && slices.ContainsFunc(tracking.Detect(number), func(c tracking.Candidate) bool {
		return c.Carrier == carrier
	})
}
