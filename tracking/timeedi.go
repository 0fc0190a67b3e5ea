package tracking

import (
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// ParseEDIFACT reads the value of a DTM segment in its format (data element 2379 of UN/EDIFACT): 101 and 102 are days, 201, 203 and 204 wall
// clocks, 205 and 303 to 304 carry a zone behind the clock, which is read where it is an offset and otherwise left out. Of 718 and 719, periods,
// it is the end. Digits that are fewer or more than the format has, and those without a format, are read by how many they are.
func ParseEDIFACT(value, format string) (Time, error) {
	layouts := map[string]string{
		"101": "060102", "102": "20060102", "201": "0601021504", "203": "200601021504", "204": "20060102150405",
		"205": "200601021504", "303": "200601021504", "304": "20060102150405",
	}
	layout, known := layouts[format]
	if format == "718" || format == "719" {
		_, end, found := strings.Cut(value, "-")
		if half := len(value) / 2; !found && len(value)%2 == 0 {
			end = value[half:]
		}
		return ParseEDIFACT(end, "")
	}
	if digits := allDigits(value); digits && (format == "" || known && len(value) != len(layout)) {
		layout, known = map[int]string{8: "20060102", 12: "200601021504", 14: "20060102150405"}[len(value)]
	}
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

func allDigits(text string) bool { return text != "" && strings.Trim(text, "0123456789") == "" }

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
	zone, known := x12Zones[code[0]]
	if !known {
		return NoOffset(local)
	}
	return x12Daylight(local, code, zone)
}

// x12North is a zone of North America: its standard time in minutes ahead of UTC, and the location that changes its clocks, nil where this
// machine does not know it.
type x12North struct {
	standard int
	location *time.Location
}

// x12Zones is by the first letter of a code. Loading a location reads a file, so it is done once.
var x12Zones = map[byte]x12North{
	'A': x12Location(-9*60, "America/Anchorage"), 'C': x12Location(-6*60, "America/Chicago"), 'E': x12Location(-5*60, "America/New_York"),
	'H': x12Location(-10*60, "Pacific/Honolulu"), 'M': x12Location(-7*60, "America/Denver"), 'N': x12Location(-210, "America/St_Johns"),
	'P': x12Location(-8*60, "America/Los_Angeles"), 'T': x12Location(-4*60, "America/Halifax"),
}

func x12Location(standard int, name string) x12North {
	location, err := time.LoadLocation(name)
	if err != nil {
		location = nil
	}
	return x12North{standard, location}
}

func x12Daylight(local time.Time, code string, zone x12North) Time {
	minutes := zone.standard
	switch {
	case code[1] == 'S':
		return withOffset(local, &minutes)
	case code[1] == 'D':
		minutes += 60
		return withOffset(local, &minutes)
	case code[1] == 'T' && zone.location != nil:
		return InZone(local, zone.location)
	default:
		return NoOffset(local)
	}
}
