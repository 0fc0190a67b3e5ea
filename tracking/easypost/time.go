package easypost

import (
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// clock reads a time as it is written. What is no time is none.
func clock(text tracking.Text) tracking.Time { return tracking.Clock(text) }

// at reads the time of a scan. EasyPost turns it into UTC where it knows enough of the place to tell the zone; where it does not, it writes
// the carrier's local time and calls that UTC (https://docs.easypost.com/docs/trackers).
func (d *detail) at() tracking.Time {
	t := clock(d.Time)
	if d.Location.tellsZone() {
		return t
	}
	return withoutFallback(t)
}

// tellsZone tells whether the place is enough for a time zone: a city or a postal code alone is not.
func (l *location) tellsZone() bool {
	if l.City != "" {
		return l.State != "" || l.Country != ""
	}
	return l.Zip != "" && (l.State != "" || l.Country != "")
}

// withoutFallback takes an offset of zero for what it mostly is: nobody knew it.
func withoutFallback(t tracking.Time) tracking.Time {
	if t.Offset != nil && *t.Offset == 0 {
		return t.WithoutOffset()
	}
	return t
}

// estimate reads a day or moment of delivery. Its zone would be that of the destination, which the text never has. Midnight stands for the day.
func estimate(text tracking.Text) tracking.Time {
	t := withoutFallback(clock(text))
	if !t.IsZero() && t.Local.Equal(t.Local.Truncate(24*time.Hour)) {
		return t.DayOnly()
	}
	return t
}

// local is the estimate as the carrier gives it at the destination, a day and perhaps a time of day.
func (c *carriage) local() tracking.Time {
	if c.EstDateLocal != "" && c.EstTimeLocal != "" {
		t := estimate(c.EstDateLocal + "T" + c.EstTimeLocal)
		if !t.IsZero() {
			return t
		}
	}
	return estimate(c.EstDateLocal)
}

// etas are the promise, what was expected at each scan, and what is expected now, all of them the carrier's.
func etas(t *tracker, at time.Time) []tracking.Eta {
	var list []tracking.Eta
	add := func(when tracking.Time, source domain.EtaSource, observed time.Time) {
		if !when.IsZero() {
			list = append(list, tracking.AtEta(when, source, observed))
		}
	}
	add(estimate(t.Carriage.Guaranteed), domain.EtaPromised, at)
	for i := range t.Details {
		said := t.Details[i].at()
		if !said.IsZero() && said.Sort().Before(at) {
			add(estimate(t.Details[i].EstDelivery), domain.EtaByCarrier, said.Sort())
		}
	}
	now := t.Carriage.local()
	if now.IsZero() {
		now = estimate(t.EstDelivery)
	}
	add(now, domain.EtaByCarrier, at)
	return list
}
