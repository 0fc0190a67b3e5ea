package tracking

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// errTime says nothing of the text, which may be anything.
var errTime = errors.New("this is no time in a known format")

// The years that a shipment can have. What is outside is a placeholder, such as 0001-01-01.
const (
	firstYear = 1980
	lastYear  = 2199
)

// ParseISO reads the forms of ISO 8601 and RFC 3339 that carriers send: a date; a date and a time with T or a blank between them, to the
// minute or with up to nine digits of a second; followed by Z, +01:00, +0100, +01, or by nothing. Without an offset the result is NO_OFFSET.
func ParseISO(text string) (Time, error) {
	text = strings.TrimSpace(text)
	if len(text) == len(dayLayout) {
		return ParseDay(text)
	}
	if len(text) < len("2006-01-02T15:04") || text[10] != 'T' && text[10] != 't' && text[10] != ' ' {
		return Time{}, errTime
	}
	clock, offset, err := splitOffset(text[11:])
	if err != nil {
		return Time{}, err
	}
	local, err := parseFirst(text[:10]+"T"+clock, localLayout, "2006-01-02T15:04")
	if err != nil {
		return Time{}, err
	}
	return withOffset(local, offset), nil
}

// Clock reads as much of a time of ISO 8601 as makes sense: without an offset that cannot be, without a time of day that cannot be. What is no
// date is no time.
func Clock(text Text) Time {
	said := strings.TrimSpace(string(text))
	for _, length := range []int{len(said), len("2006-01-02T15:04:05"), len(dayLayout)} {
		if length > len(said) {
			continue
		}
		t, err := ParseISO(said[:length])
		if err == nil {
			return t
		}
	}
	return Time{}
}

// ParseDay reads 2006-01-02 or 20060102 as DATE_ONLY.
func ParseDay(text string) (Time, error) {
	local, err := parseFirst(strings.TrimSpace(text), dayLayout, "20060102")
	if err != nil {
		return Time{}, err
	}
	return Day(domain.DateOf(local)), nil
}

// ParseCompact reads a date such as 20240423, a clock such as 231553, 2315 or 74700 (the leading zero lost), and an offset such as -04:00,
// -0400 or -04.00. Without a clock the result is DATE_ONLY, without an offset NO_OFFSET.
func ParseCompact(date, clock, offset string) (Time, error) {
	if strings.TrimSpace(clock) == "" {
		return ParseDay(date)
	}
	local, err := compactLocal(date, clock)
	if err != nil {
		return Time{}, err
	}
	if strings.TrimSpace(offset) == "" {
		return NoOffset(local), nil
	}
	minutes, err := ParseOffset(offset)
	if err != nil {
		return Time{}, err
	}
	return withOffset(local, &minutes), nil
}

// ParseCompactUTC is ParseCompact for a wall clock beside the same moment in UTC, with colons or without: the offset follows from both.
// Where they do not make an offset that exists (whole quarters of an hour, at most 14 hours) the wall clock alone is kept.
func ParseCompactUTC(date, clock, utcDate, utcClock string) (Time, error) {
	local, err := compactLocal(date, clock)
	if err != nil {
		return Time{}, err
	}
	utc, err := compactLocal(utcDate, utcClock)
	if err != nil {
		return NoOffset(local), nil
	}
	apart := local.Sub(utc)
	if apart%(15*time.Minute) != 0 || apart.Abs() > 14*time.Hour {
		return NoOffset(local), nil
	}
	minutes := int(apart / time.Minute)
	return withOffset(local, &minutes), nil
}

func compactLocal(date, clock string) (time.Time, error) {
	date = strings.ReplaceAll(strings.TrimSpace(date), "-", "")
	clock = strings.ReplaceAll(strings.TrimSpace(clock), ":", "")
	if len(clock)%2 == 1 {
		clock = "0" + clock
	}
	return parseFirst(date+clock, "20060102150405", "200601021504")
}

// ParseOffset reads an offset from UTC in minutes: Z, +01:00, -0400, +08:30, -04.00, +1, at most 15 hours.
func ParseOffset(text string) (int, error) {
	text = strings.TrimSpace(text)
	if text == "Z" || text == "z" {
		return 0, nil
	}
	if len(text) < 2 || text[0] != '+' && text[0] != '-' {
		return 0, errTime
	}
	hours, minutes, found := strings.Cut(strings.ReplaceAll(text[1:], ".", ":"), ":")
	if !found && len(hours) > 2 {
		hours, minutes = hours[:len(hours)-2], hours[len(hours)-2:]
	}
	h, m := digits(hours, 2), 0
	if minutes != "" {
		m = digits(minutes, 2)
	}
	total := h*60 + m
	if h < 0 || m < 0 || m > 59 || total > 15*60 {
		return 0, errTime
	}
	if text[0] == '-' {
		total = -total
	}
	return total, nil
}

// digits is a number of at most most digits, or -1.
func digits(text string, most int) int {
	if text == "" || len(text) > most {
		return -1
	}
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return -1
	}
	return int(n)
}

// splitOffset parts a clock from the offset behind it; nil where there is none.
func splitOffset(text string) (string, *int, error) {
	at := strings.IndexAny(text, "Zz+-")
	if at < 0 {
		return text, nil, nil
	}
	minutes, err := ParseOffset(text[at:])
	if err != nil {
		return "", nil, err
	}
	return strings.TrimSpace(text[:at]), &minutes, nil
}

func withOffset(local time.Time, offset *int) Time {
	if offset == nil {
		return NoOffset(local)
	}
	instant := local.Add(-time.Duration(*offset) * time.Minute)
	return Time{Local: local, Offset: offset, Instant: &instant, Precision: domain.PrecisionExact}
}

// parseFirst reads text in the first layout that fits.
func parseFirst(text string, layouts ...string) (time.Time, error) {
	for _, layout := range layouts {
		t, err := time.Parse(layout, text)
		if err != nil {
			t, err = parseMidnight(layout, text)
		}
		if err == nil && t.Year() >= firstYear && t.Year() <= lastYear {
			return t, nil
		}
	}
	return time.Time{}, errTime
}

// parseMidnight reads 24 o'clock, the end of a day, which ISO 8601 and EDI know and Go does not. Layouts have fixed widths before the hour.
func parseMidnight(layout, text string) (time.Time, error) {
	at := strings.Index(layout, "15")
	if at < 0 || len(text) < at+2 || text[at:at+2] != "24" || strings.Trim(text[at+2:], "0:.") != "" {
		return time.Time{}, errTime
	}
	t, err := time.Parse(layout, text[:at]+"00"+text[at+2:])
	return t.AddDate(0, 0, 1), err
}
