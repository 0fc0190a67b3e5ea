package tracking

import (
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// ParseEDIFACT reads the value of a DTM segment in its format (data element 2379 of UN/EDIFACT): 101 and 102 are days, 201, 203 and 204 wall
// clocks, 205 and 303 to 304 carry a zone behind the clock, which is read where it is an offset and otherwise left out.
func ParseEDIFACT(value, format string) (Time, error) {
	layouts := map[string]string{
		"101": "060102", "102": "20060102", "201": "0601021504", "203": "200601021504", "204": "20060102150405",
		"205": "200601021504", "303": "200601021504", "304": "20060102150405",
	}
	layout, known := layouts[format]
	if !known || len(value) < len(layout) {
		return Time{}, errTime
	}
	local, err := parseFirst(value[:len(layout)], layout)
	if err != nil {
		return Time{}, err
	}
	rest := value[len(layout):]
	switch {
	case len(layout) <= len("20060102"):
		return Day(domain.DateOf(local)), nil
	case rest == "":
		return NoOffset(local), nil
	}
	minutes, err := ediZone(rest)
	if err != nil {
		return NoOffset(local), nil
	}
	return withOffset(local, &minutes), nil
}

// ediZone reads an offset, or UTC by its names.
func ediZone(text string) (int, error) {
	if text == "UTC" || text == "GMT" {
		return 0, nil
	}
	return ParseOffset(text)
}

// ParseX12 reads a date (CCYYMMDD or YYMMDD), a time (HHMM, HHMMSS, with up to two decimals of a second) and a zone code (data element 623 of
// ASC X12). Local time (LT), no code and an unknown code give NO_OFFSET. PT, MT, CT, ET, AT (Alaska), TT (Atlantic), NT
// and HT name a zone of North America with its daylight saving, and with S or D for T its standard or daylight time; 01 to 12 are hours ahead
// of UTC, 13 to 24 hours behind it (24 is one).
func ParseX12(date, clock, zone string) (Time, error) {
	layout := "20060102"
	if len(date) == 6 {
		layout = "060102"
	}
	if clock == "" {
		day, err := parseFirst(date, layout)
		if err != nil {
			return Time{}, err
		}
		return Day(domain.DateOf(day)), nil
	}
	if len(clock) > len("150405") {
		clock = clock[:6]
	}
	local, err := parseFirst(date+clock, layout+"150405", layout+"1504")
	if err != nil {
		return Time{}, err
	}
	return x12Zone(local, strings.TrimSpace(zone)), nil
}

func x12Zone(local time.Time, code string) Time {
	if code == "UT" || code == "GM" {
		zero := 0
		return withOffset(local, &zero)
	}
	if hours := digits(code, 2); len(code) == 2 && 1 <= hours && hours <= 24 {
		minutes := hours * 60
		if hours > 12 {
			minutes = (hours - 25) * 60
		}
		return withOffset(local, &minutes)
	}
	if len(code) != 2 {
		return NoOffset(local)
	}
	// Hours behind UTC in standard time, and the zone that changes its clocks.
	zones := map[byte]struct {
		behind int
		name   string
	}{
		'A': {9, "America/Anchorage"}, 'C': {6, "America/Chicago"}, 'E': {5, "America/New_York"}, 'H': {10, "Pacific/Honolulu"},
		'M': {7, "America/Denver"}, 'N': {0, "America/St_Johns"}, 'P': {8, "America/Los_Angeles"}, 'T': {4, "America/Halifax"},
	}
	zone, known := zones[code[0]]
	if !known {
		return NoOffset(local)
	}
	return x12Daylight(local, code, zone.behind, zone.name)
}

func x12Daylight(local time.Time, code string, behind int, name string) Time {
	// Newfoundland stands between the hours.
	standard := -behind * 60
	if code[0] == 'N' {
		standard = -210
	}
	switch code[1] {
	case 'S':
		return withOffset(local, &standard)
	case 'D':
		standard += 60
		return withOffset(local, &standard)
	case 'T':
		location, err := time.LoadLocation(name)
		if err != nil {
			return NoOffset(local)
		}
		return InZone(local, location)
	default:
		return NoOffset(local)
	}
}
