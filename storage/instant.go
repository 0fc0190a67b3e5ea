package storage

import (
	"errors"
	"time"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

var (
	errNoInstant = errors.New("it is not a point in time")
	errNoDay     = errors.New("it is not a day")
)

// parseInstant reads a timestamptz or a timestamp as Postgres writes it in the ISO style, such as 2026-05-01 02:37:39.123+00. Everything else
// than four digits of the year and an offset of zero, or none, is left to lib/pq. Infinity is no point in time.
func parseInstant(text string) (time.Time, error) {
	clock, nanoseconds, plain := parseClock(text)
	if plain {
		return time.Date(clock[0], time.Month(clock[1]), clock[2], clock[3], clock[4], clock[5], nanoseconds, time.UTC), nil
	}
	if text == "" || text[0] < '0' || text[0] > '9' {
		return time.Time{}, errNoInstant
	}
	at, err := pq.ParseTimestamp(time.UTC, text)
	if err != nil {
		return time.Time{}, errNoInstant
	}
	return at, nil
}

// parseClock reads the plain form: year, month, day, hour, minute, second, and nanoseconds.
func parseClock(text string) (clock [6]int, nanoseconds int, plain bool) {
	const layout = "dddd-dd-dd dd:dd:dd"
	if len(text) < len(layout) {
		return clock, 0, false
	}
	field := 0
	for i := range len(layout) {
		c := text[i]
		switch {
		case layout[i] != 'd' && c != layout[i], layout[i] == 'd' && (c < '0' || c > '9'):
			return clock, 0, false
		case layout[i] != 'd':
			field++
		default:
			clock[field] = clock[field]*10 + int(c-'0')
		}
	}
	nanoseconds, rest, ok := parseFraction(text[len(layout):])
	if !ok || rest != "" && rest != "+00" || !possible(clock) {
		return clock, 0, false
	}
	return clock, nanoseconds, true
}

// parseFraction reads what stands behind the seconds, up to nine digits behind a point, and gives the rest.
func parseFraction(text string) (nanoseconds int, rest string, ok bool) {
	if text == "" || text[0] != '.' {
		return 0, text, true
	}
	digits := 0
	for unit := 100_000_000; digits+1 < len(text) && text[digits+1] >= '0' && text[digits+1] <= '9'; digits++ {
		nanoseconds += int(text[digits+1]-'0') * unit
		unit /= 10
	}
	return nanoseconds, text[digits+1:], digits > 0 && digits <= 9
}

// possible tells whether there is such a time. Postgres writes no other, but time.Date would make another of it.
func possible(clock [6]int) bool {
	return possibleDay(clock[0], clock[1], clock[2]) && clock[3] < 24 && clock[4] < 60 && clock[5] < 60
}

func possibleDay(year, month, day int) bool {
	return year >= 1 && month >= 1 && month <= 12 && day >= 1 && (day <= 28 || day <= daysOf(year, month))
}

func daysOf(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// parseDay reads a date as Postgres writes it in the ISO style, such as 2026-05-01.
func parseDay(text string) (domain.Date, error) {
	if len(text) == 10 && text[4] == '-' && text[7] == '-' {
		year, month, day := digits(text[:4]), digits(text[5:7]), digits(text[8:])
		if year >= 0 && month >= 0 && day >= 0 && possibleDay(year, month, day) {
			return domain.Date{Year: year, Month: time.Month(month), Day: day}, nil
		}
	}
	if text == "" || text[0] < '0' || text[0] > '9' {
		return domain.Date{}, errNoDay
	}
	at, err := pq.ParseTimestamp(nil, text)
	if err != nil {
		return domain.Date{}, errNoDay
	}
	return domain.DateOf(at), nil
}

// digits is the number that decimal digits make, or -1 where there is something else.
func digits(text string) int {
	number := 0
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return -1
		}
		number = number*10 + int(text[i]-'0')
	}
	return number
}
