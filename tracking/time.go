package tracking

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// Time is when something happened or should happen, with what is known of it kept apart: a wall clock without an offset is no instant, and
// never becomes one by stamping a zone on it. Make it with the functions of this package. The zero Time is no time.
type Time struct {
	// Local is the wall clock at the place, in the fields of a time in UTC; of DATE_ONLY, the day at midnight. It is no instant.
	Local time.Time
	// Offset is the offset from UTC in minutes that the carrier gave, or that follows from what it gave; nil where unknown.
	Offset *int
	// Instant is in UTC; nil where unknown.
	Instant   *time.Time
	Precision domain.TimePrecision // "" of the zero Time
}

// Exact is a time of which the instant is known, with the wall clock and offset of t's location.
func Exact(t time.Time) Time {
	_, seconds := t.Zone()
	offset := seconds / 60
	instant := t.UTC()
	return Time{Local: wallClock(t), Offset: &offset, Instant: &instant, Precision: domain.PrecisionExact}
}

// NoOffset is the wall clock that t shows, wherever t is.
func NoOffset(t time.Time) Time {
	return Time{Local: wallClock(t), Precision: domain.PrecisionNoOffset}
}

// Day is a calendar day.
func Day(d domain.Date) Time {
	return Time{Local: time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC), Precision: domain.PrecisionDateOnly}
}

// InZone is the wall clock that t shows, read in zone. In the hour that a zone repeats or leaves out when clocks change, the wall clock
// alone does not tell the instant, and NoOffset is what remains.
func InZone(t time.Time, zone *time.Location) Time {
	local := wallClock(t)
	in := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), local.Nanosecond(), zone)
	unique := wallClock(in).Equal(local)
	for _, shift := range []time.Duration{-time.Hour, -30 * time.Minute, 30 * time.Minute, time.Hour} {
		unique = unique && !wallClock(in.Add(shift)).Equal(local)
	}
	if !unique {
		return NoOffset(local)
	}
	return Exact(in)
}

// wallClock is what a clock in t's location shows, as the fields of a time in UTC.
func wallClock(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
}

// IsZero tells whether there is no time at all.
func (t Time) IsZero() bool { return t.Precision == "" }

// WithoutOffset is t without its offset, for offsets that are known to be false.
func (t Time) WithoutOffset() Time {
	if t.Precision != domain.PrecisionExact {
		return t
	}
	return NoOffset(t.Local)
}

// DayOnly is the day of t on the wall clock, for times of day that are known to be made up.
func (t Time) DayOnly() Time {
	if t.IsZero() {
		return t
	}
	return Day(domain.DateOf(t.Local))
}

// Date is the day on the wall clock.
func (t Time) Date() domain.Date { return domain.DateOf(t.Local) }

// Sort is for putting times in order and for nothing else: the instant, or the wall clock as if it were UTC.
func (t Time) Sort() time.Time {
	if t.Instant != nil {
		return *t.Instant
	}
	return t.Local
}

// Equal tells whether all that is known of both times is the same.
func (t Time) Equal(other Time) bool {
	return t.Precision == other.Precision && t.Local.Equal(other.Local) && t.identity() == other.identity() && offsetsEqual(t.Offset, other.Offset)
}

func offsetsEqual(a, b *int) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// identity is what of a time identifies an event: the instant; else what there is.
func (t Time) identity() string {
	switch {
	case t.IsZero():
		return ""
	case t.Instant != nil:
		return t.Instant.Format(time.RFC3339Nano)
	case t.Precision == domain.PrecisionDateOnly:
		return t.Local.Format(dayLayout)
	default:
		return t.Local.Format(localLayout)
	}
}

const (
	dayLayout   = "2006-01-02"
	localLayout = "2006-01-02T15:04:05.999999999"
)

type timeJSON struct {
	Local     string               `json:"local,omitempty"`
	Offset    *int                 `json:"offsetMinutes,omitempty"`
	Instant   *time.Time           `json:"instant,omitempty"`
	Precision domain.TimePrecision `json:"precision"`
}

// MarshalJSON writes the parts apart, the wall clock without a zone.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	layout := localLayout
	if t.Precision == domain.PrecisionDateOnly {
		layout = dayLayout
	}
	return json.Marshal(timeJSON{t.Local.Format(layout), t.Offset, t.Instant, t.Precision})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (t *Time) UnmarshalJSON(raw []byte) error {
	*t = Time{}
	if string(raw) == "null" {
		return nil
	}
	var parts timeJSON
	err := json.Unmarshal(raw, &parts)
	if err != nil {
		return fmt.Errorf("read a time: %w", err)
	}
	layout := localLayout
	if parts.Precision == domain.PrecisionDateOnly {
		layout = dayLayout
	}
	local, err := time.Parse(layout, parts.Local)
	if err != nil {
		return fmt.Errorf("read a wall clock: %w", err)
	}
	read := Time{Local: local, Offset: parts.Offset, Instant: parts.Instant, Precision: parts.Precision}
	err = read.Validate()
	if err != nil {
		return err
	}
	*t = read
	return nil
}

// Validate tells what is wrong with a time that was not made by the functions of this package.
func (t Time) Validate() error {
	known := t.Offset != nil && t.Instant != nil
	unknown := t.Offset == nil && t.Instant == nil
	switch {
	case t.IsZero():
		return nil
	case t.Precision == domain.PrecisionExact && !known:
		return fmt.Errorf("an EXACT time needs an instant and an offset")
	case t.Precision == domain.PrecisionExact && !t.Local.Equal(t.Instant.Add(time.Duration(*t.Offset)*time.Minute)):
		return fmt.Errorf("instant, offset and wall clock do not fit together")
	case t.Precision != domain.PrecisionExact && !unknown:
		return fmt.Errorf("a %s time has neither instant nor offset", t.Precision)
	case t.Precision == domain.PrecisionDateOnly && !t.Local.Equal(t.Local.Truncate(24*time.Hour)):
		return fmt.Errorf("a DATE_ONLY time has no time of day")
	case t.Precision != domain.PrecisionExact && t.Precision != domain.PrecisionNoOffset && t.Precision != domain.PrecisionDateOnly:
		return fmt.Errorf("a precision that is not in use")
	default:
		return nil
	}
}
