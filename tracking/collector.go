package tracking

import (
	"fmt"
	"strconv"
	"time"
)

// What a file may amount to. Whoever has more splits it.
const (
	MaxEvents   = 200_000 // events of all its reports, and reports
	maxWarnings = 100     // those that are told one by one
)

// Collector puts the contents of a file together: one report for each journey, in the order in which the journeys first appear.
type Collector struct {
	reports  []*Report
	journeys map[[2]string]*Report
	events   int
	warnings []string
	silent   int
}

// Report is the report of a journey, a new one where there is none yet.
func (c *Collector) Report(number, uniqueID string) *Report {
	key := [2]string{number, uniqueID}
	report, known := c.journeys[key]
	if known {
		return report
	}
	if c.journeys == nil {
		c.journeys = map[[2]string]*Report{}
	}
	report = &Report{Number: number, UniqueID: uniqueID}
	c.journeys[key] = report
	c.reports = append(c.reports, report)
	return report
}

// Add adds an event to a report, and fails where the file holds more than fits.
func (c *Collector) Add(report *Report, event Event) error {
	c.events++
	if c.events > MaxEvents || len(c.reports) > MaxEvents {
		return &Error{Code: ErrBadResponse, Detail: fmt.Sprintf("more than %d events", MaxEvents)}
	}
	report.Events = append(report.Events, event)
	return nil
}

// Warn notes what was odd and could be read all the same. Of more than a hundred warnings, the others are only counted.
func (c *Collector) Warn(format string, args ...any) {
	if len(c.warnings) >= maxWarnings {
		c.silent++
		return
	}
	c.warnings = append(c.warnings, fmt.Sprintf(format, args...))
}

// CheckCount warns where a count that the file gives is not what was counted: senders count as they like. position is that of the segment.
func (c *Collector) CheckCount(position int, what, told string, counted int) {
	number, err := strconv.Atoi(told)
	if err != nil || number != counted {
		c.Warn("segment %d: %s counted wrong, there are %d", position, what, counted)
	}
}

// CheckReference warns where the reference at the end of something is another than at its beginning.
func (c *Collector) CheckReference(position int, what, last, first string) {
	if last != first {
		c.Warn("segment %d: %s has another reference than the beginning", position, what)
	}
}

// Batch is all that was collected, with the keys of events. Reports that say nothing are left out.
func (c *Collector) Batch(at time.Time) Batch {
	batch := Batch{Warnings: c.warnings}
	if c.silent > 0 {
		batch.Warnings = append(batch.Warnings, fmt.Sprintf("and %d more", c.silent))
	}
	for _, report := range c.reports {
		if len(report.Events) == 0 && len(report.Etas) == 0 {
			continue
		}
		report.SetKeys(at)
		batch.Reports = append(batch.Reports, *report)
	}
	return batch
}
