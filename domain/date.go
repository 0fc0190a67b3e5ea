package domain

import (
	"fmt"
	"time"
)

// Date is a calendar day without a time and without a zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

const dateLayout = "2006-01-02"

// DateOf is the calendar day of an instant as seen in the instant's own location.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{Year: year, Month: month, Day: day}
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil {
		return Date{}, BadInput("this is not a day; write it as YYYY-MM-DD")
	}
	return DateOf(t), nil
}

// String is the day as YYYY-MM-DD.
func (d Date) String() string { return d.start().Format(dateLayout) }

// Before tells whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.start().Before(other.start()) }

// DaysSince is the number of days from other to d.
func (d Date) DaysSince(other Date) int { return int(d.start().Sub(other.start()) / (24 * time.Hour)) }

// AddDays is the day n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.start().AddDate(0, 0, n)) }

func (d Date) start() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// Scan reads a date column.
func (d *Date) Scan(value any) error {
	t, ok := value.(time.Time)
	if !ok {
		return fmt.Errorf("scan %T as a date", value)
	}
	*d = DateOf(t)
	return nil
}
