package ingest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Forms that need no declaration, because they mean the same everywhere.
const (
	isoDate      = time.DateOnly
	isoTimestamp = time.RFC3339 // read with fractions of a second, too
)

// newTime reads dates and timestamps. A value without an offset is local in the column's zone. A date column may be
// given as a timestamp: its day is the local one.
func newTime(c *Column) (convert, error) {
	zone, err := loadZone(c.Zone)
	if err != nil {
		return nil, err
	}
	kind, own := "date", isoDate
	if c.Type == Timestamp {
		kind, own = "time", isoTimestamp
	}
	formats := slices.Clone(c.Formats)
	if !slices.Contains(formats, own) {
		formats = append(formats, own)
	}
	for _, format := range formats {
		err = checkFormat(format)
		if err != nil {
			return nil, err
		}
	}
	wrong := fmt.Sprintf("not a %s in any of the formats %s", kind, strings.Join(formats, " | "))
	return func(value string) (string, string) {
		for _, format := range formats {
			t, err := time.Parse(format, value)
			if err != nil || !inYears(t) {
				continue
			}
			normal, ok := normalTime(t, c.Type, hasOffset(format), zone)
			if ok {
				return normal, ""
			}
		}
		return "", wrong
	}, nil
}

// normalTime writes a date or an instant. It fails where an offset or a zone moves it out of the years that it has to be in.
func normalTime(t time.Time, kind Type, offset bool, zone *time.Location) (string, bool) {
	if kind == Date {
		// The day needs no zone, and in some the midnight that many files write does not exist.
		if offset {
			t = t.In(zone)
		}
		return t.Format(isoDate), inYears(t)
	}
	if !offset {
		t = local(t, zone)
	}
	return formatInstant(t), inYears(t.UTC())
}

// inYears tells whether a time is in the years that both Postgres and the API can write.
func inYears(t time.Time) bool { return t.Year() >= 1 && t.Year() <= 9999 }

// local reads a wall clock in a zone. A time that the zone skips, in the night when its clocks go forward, is read
// with the offset of the day before; of a time that comes twice, one is taken.
func local(wall time.Time, zone *time.Location) time.Time {
	t := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), wall.Nanosecond(), zone)
	_, offset := t.Zone()
	if t.Unix()+int64(offset) == wall.Unix() {
		return t
	}
	_, offset = t.AddDate(0, 0, -1).Zone()
	return wall.Add(-time.Duration(offset) * time.Second).In(zone)
}

// formatInstant writes the offset out. Local mean time of long ago has an offset with seconds, which the text form
// cannot hold: it is written in UTC.
func formatInstant(t time.Time) string {
	_, offset := t.Zone()
	if offset%60 != 0 {
		t = t.UTC()
	}
	return t.Format(time.RFC3339Nano)
}

// hasOffset tells whether values of a format say their offset from UTC themselves.
func hasOffset(format string) bool {
	return strings.Contains(format, "Z07") || strings.Contains(format, "-07")
}

// checkFormat finds formats written in another notation, such as YYYY-MM-DD, which would match nothing.
func checkFormat(format string) error {
	day := time.Date(2019, time.November, 23, 0, 0, 0, 0, time.UTC)
	back, err := time.Parse(format, day.Format(format))
	if err != nil || back.Year() != day.Year() || back.YearDay() != day.YearDay() {
		return fmt.Errorf("format %q holds no full date; write it as the day 2 January 2006, 15:04:05 would be written", format)
	}
	return nil
}
