package laposte

import (
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// home is where the offsets of La Poste are true. It writes that of Paris on events of other countries, too, over their local time.
const home = "FR"

// Events that by their code can only be in the country that the journey began in, or ends in.
var (
	beforeLeaving = map[string]bool{"DR1": true, "PC1": true, "ET2": true}
	afterArriving = map[string]bool{"ET3": true, "MD2": true, "AG1": true, "DI0": true, "DI1": true}
	goingBack     = map[string]bool{"RE1": true, "DI2": true}
)

// stay is which part of a journey was in France for certain: all of it, what happened until a moment, or what happened since one. Moments
// are wall clocks; nil is never.
type stay struct {
	all          bool
	until, since *time.Time
}

// stayOf works it out from the countries that are named and the events. Where no country is named, nothing is certain.
func stayOf(s *shipment) stay {
	origin, arrival := tracking.Country(string(s.Context.OriginCountry)), tracking.Country(string(s.Context.ArrivalCountry))
	if domestic(s, origin, arrival) {
		return stay{all: true}
	}
	var found stay
	for i := range s.Events {
		code, at := string(s.Events[i].Code), clock(s.Events[i].Date)
		if at.IsZero() {
			continue
		}
		if origin == home && beforeLeaving[code] && (found.until == nil || at.Local.After(*found.until)) {
			found.until = &at.Local
		}
		if arrival == home && afterArriving[code] && (found.since == nil || at.Local.Before(*found.since)) {
			found.since = &at.Local
		}
	}
	for i := range s.Events {
		if goingBack[string(s.Events[i].Code)] {
			// Then it has left France again, nobody knows when.
			found.since = nil
		}
	}
	return found
}

// domestic tells whether a country is named, and none but France.
func domestic(s *shipment, origin, arrival string) bool {
	named := origin == home || arrival == home
	abroad := origin != "" && origin != home || arrival != "" && arrival != home
	for i := range s.Timeline {
		country := tracking.Country(string(s.Timeline[i].Country))
		named = named || country == home
		abroad = abroad || country != "" && country != home
	}
	return named && !abroad
}

// believe takes the offset off times that may be those of another country.
func (f stay) believe(t tracking.Time) tracking.Time {
	switch {
	case t.Precision != domain.PrecisionExact:
		return t
	case f.all || f.until != nil && !t.Local.After(*f.until) || f.since != nil && !t.Local.Before(*f.since):
		return t
	default:
		return t.WithoutOffset()
	}
}

// clock reads a time as it is written. What is no time is none: the event is worth keeping all the same.
func clock(text tracking.Text) tracking.Time { return tracking.Clock(text) }

// etas leaves out the delivery, which La Poste writes into the estimate afterwards. Midnight stands for the day.
func etas(s *shipment, f stay, at time.Time) []tracking.Eta {
	estimate := clock(s.EstimDate)
	delivered := clock(s.DeliveryDate)
	if estimate.IsZero() || !delivered.IsZero() && estimate.Equal(delivered) {
		return nil
	}
	if estimate.Local.Equal(estimate.Local.Truncate(24 * time.Hour)) {
		estimate = estimate.DayOnly()
	}
	eta := tracking.AtEta(estimate, domain.EtaByCarrier, at)
	// The hours of the day, where they are known, are a window on it.
	from, to := clock(s.EstimFrom), clock(s.EstimTo)
	if from.Date() == estimate.Date() && to.Date() == estimate.Date() && from.Local.Before(to.Local) {
		eta.Earliest, eta.Latest = &from, &to
	}
	if !f.all && tracking.Country(string(s.Context.ArrivalCountry)) != home {
		earliest, latest := eta.Earliest.WithoutOffset(), eta.Latest.WithoutOffset()
		eta.Earliest, eta.Latest = &earliest, &latest
	}
	return []tracking.Eta{eta}
}
