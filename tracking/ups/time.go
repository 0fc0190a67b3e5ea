package ups

import (
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// moment is a time as UPS writes it: the wall clock, and beside it the same moment in UTC, the offset, both or neither.
type moment struct {
	date, clock, utcDate, utcClock, offset tracking.Text
}

// read makes the best of it. What the offset and the time in UTC say has to agree: where it does not, the wall clock alone is believed.
func (m moment) read() tracking.Time {
	local, err := tracking.ParseCompact(string(m.date), digits(m.clock), "")
	if err != nil {
		return m.withoutClock()
	}
	if local.Precision != domain.PrecisionNoOffset {
		return local
	}
	told, err := tracking.ParseCompact(string(m.date), digits(m.clock), string(m.offset))
	if err != nil {
		told = local
	}
	if m.utcDate == "" || m.utcClock == "" {
		return told
	}
	worked, err := tracking.ParseCompactUTC(string(m.date), digits(m.clock), string(m.utcDate), digits(m.utcClock))
	if err != nil || told.Precision == domain.PrecisionExact && !told.Equal(worked) {
		return local
	}
	return worked
}

// withoutClock is for a wall clock that is missing or cannot be read: the time in UTC is a time, and the day is better than nothing.
func (m moment) withoutClock() tracking.Time {
	utc, err := tracking.ParseCompact(string(m.utcDate), digits(m.utcClock), "Z")
	if err == nil && utc.Precision == domain.PrecisionExact {
		return utc
	}
	day, err := tracking.ParseDay(string(m.date))
	if err != nil {
		return tracking.Time{}
	}
	return day
}

// digits is a clock of six digits from one that lost its zeros, as numbers do: 74700 is 07:47:00.
func digits(clock tracking.Text) string {
	text := string(clock)
	if text == "" || len(text) >= 6 || text[0] == '0' && len(text) > 1 || strings.Trim(text, "0123456789") != "" {
		return text
	}
	return strings.Repeat("0", 6-len(text)) + text
}

// arrival is when a package should come: on a day, between two clocks of it or until one. The package's dates and clocks have no zone.
func arrival(date, start, end tracking.Text, at time.Time) []tracking.Eta {
	day, err := tracking.ParseDay(string(date))
	if err != nil {
		return nil
	}
	latest, err := tracking.ParseCompact(string(date), digits(end), "")
	if err != nil || latest.Precision == domain.PrecisionDateOnly {
		return []tracking.Eta{tracking.AtEta(day, domain.EtaByCarrier, at)}
	}
	eta := tracking.Eta{Latest: &latest, Source: domain.EtaByCarrier, ObservedAt: at.UTC()}
	earliest, err := tracking.ParseCompact(string(date), digits(start), "")
	// A window that ends before it begins says nothing of its beginning.
	if err == nil && earliest.Precision == domain.PrecisionNoOffset && !earliest.Local.After(latest.Local) {
		eta.Earliest = &earliest
	}
	return []tracking.Eta{eta}
}
