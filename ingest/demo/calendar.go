package demo

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// cents is an amount of money in hundredths of its currency.
type cents int64

// instant is a point in time in seconds since 1970 UTC. Generating handles millions of them, for which time.Time is
// too large and too slow. 0 stands for "not".
type instant int64

// day is a calendar day in days since 1970-01-01. 0 stands for "not".
type day int32

const (
	minute   instant = 60
	hour     instant = 60 * minute
	wholeDay instant = 24 * hour
	yearDays         = 365
	pastDays         = 3 * yearDays
	weekDays         = 7
	monday           = 1
	saturday         = 6
)

func (t instant) day() day { return day(t / wholeDay) }

func (d day) start() instant { return instant(d) * wholeDay }

// weekday counts from 1, Monday, to 7.
func (d day) weekday() int { return (int(d)+3)%weekDays + 1 }

// workday is d itself, or the Monday after a weekend.
func (d day) workday() day {
	if w := d.weekday(); w >= saturday {
		return d + day(weekDays+monday-w)
	}
	return d
}

// addWorkdays goes n working days on.
func (d day) addWorkdays(n int) day {
	for d = d.workday(); n > 0; n-- {
		d = (d + 1).workday()
	}
	return d
}

// civil is the date of d in the Gregorian calendar.
func (d day) civil() (year, month, dayOfMonth int) {
	// Years are counted from March, so that the leap day comes last and months follow one formula.
	z := int(d) + 719468
	era := z / 146097
	doe := z - era*146097
	yoe := (doe - doe/1460 + doe/36524 - doe/146096) / 365
	doy := doe - (365*yoe + yoe/4 - yoe/100)
	mp := (5*doy + 2) / 153
	dayOfMonth = doy - (153*mp+2)/5 + 1
	month = mp + 3
	year = yoe + era*400
	if month > 12 {
		month -= 12
		year++
	}
	return year, month, dayOfMonth
}

func (d day) append(b []byte) []byte {
	y, m, dm := d.civil()
	b = strconv.AppendInt(b, int64(y), 10)
	return append(b, '-', byte('0'+m/10), byte('0'+m%10), '-', byte('0'+dm/10), byte('0'+dm%10))
}

func (t instant) append(b []byte) []byte {
	d := t.day()
	b = d.append(b)
	s := int(t - d.start())
	h, m, s := s/3600, s/60%60, s%60
	return append(b, ' ', byte('0'+h/10), byte('0'+h%10), ':', byte('0'+m/10), byte('0'+m%10), ':', byte('0'+s/10), byte('0'+s%10))
}

// zone knows a time zone's offset from UTC over the generated years.
type zone struct {
	name string
	// offsets[i] holds, in seconds, from untils[i-1] on and until untils[i].
	untils  []instant
	offsets []int64
}

func newZone(name string, from, to day) (*zone, error) {
	location, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("time zone %s: %w", name, err)
	}
	z := &zone{name: name}
	for at := from.start(); at < to.start(); {
		t := time.Unix(int64(at), 0).In(location)
		_, offset := t.Zone()
		_, end := t.ZoneBounds()
		until := instant(math.MaxInt64)
		if !end.IsZero() {
			until = instant(end.Unix())
		}
		z.untils = append(z.untils, until)
		z.offsets = append(z.offsets, int64(offset))
		at = until
	}
	return z, nil
}

// offset is the zone's distance from UTC at t, in seconds.
func (z *zone) offset(t instant) int64 {
	// From the end, since most of what happens is recent.
	for i := len(z.untils) - 1; i > 0; i-- {
		if t >= z.untils[i-1] {
			return z.offsets[i]
		}
	}
	return z.offsets[0]
}

// at is the instant at which clocks in the zone show the given seconds after midnight of d.
func (z *zone) at(d day, clock instant) instant {
	local := d.start() + clock
	return local - instant(z.offset(local-instant(z.offsets[0])))
}

// day is the calendar day in the zone at t.
func (z *zone) day(t instant) day { return (t + instant(z.offset(t))).day() }

// season spreads orders over the days before the present: more each year, few at weekends, little in August and a peak
// before Christmas.
type season struct {
	first day
	// upTo[i] is the share of orders placed before the end of day first+i.
	upTo []float64
}

func newSeason(today day) season {
	byMonth := [12]float64{0.92, 0.95, 1.06, 1.00, 0.98, 1.00, 0.90, 0.72, 1.05, 1.12, 1.30, 1.08}
	byWeekday := [weekDays + 1]float64{0, 1.15, 1.12, 1.08, 1.05, 0.95, 0.30, 0.22}
	const yearlyGrowth = 1.08
	s := season{first: today - pastDays, upTo: make([]float64, pastDays)}
	var sum float64
	for i := range s.upTo {
		d := s.first + day(i)
		_, month, _ := d.civil()
		sum += byMonth[month-1] * byWeekday[d.weekday()] * math.Pow(yearlyGrowth, float64(i)/yearDays)
		s.upTo[i] = sum
	}
	for i := range s.upTo {
		s.upTo[i] /= sum
	}
	return s
}

// before is the share of orders placed before d.
func (s season) before(d day) float64 {
	i := int(d - s.first)
	if i <= 0 {
		return 0
	}
	return s.upTo[min(i, len(s.upTo))-1]
}

// pick is the day on which the share of orders comes to u.
func (s season) pick(u float64) day {
	lo, hi := 0, len(s.upTo)-1
	for lo < hi {
		mid := (lo + hi) / 2
		if s.upTo[mid] > u {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return s.first + day(lo)
}
