package ingest

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// Report tells what an import did.
type Report struct {
	Mapping  string
	Source   string
	Files    []*FileReport
	Entities []EntityReport
	// RejectsPath is where the rejected rows were written; empty when there were none.
	RejectsPath string
	Duration    time.Duration
}

// FileReport counts the rows of one file.
type FileReport struct {
	Name     string
	Missing  bool
	Rows     int64
	Rejected int64
	Absent   []string // columns that the mapping knows and the file lacks
	Unused   []string // columns that the mapping does not know
}

// Accepted is how many rows went in.
func (f *FileReport) Accepted() int64 {
	return f.Rows - f.Rejected
}

// EntityReport counts what became of the rows of one kind.
type EntityReport struct {
	Entity    string
	Inserted  int64
	Updated   int64
	Unchanged int64
}

// Rows is how many rows were read in all.
func (r *Report) Rows() int64 {
	var n int64
	for _, f := range r.Files {
		n += f.Rows
	}
	return n
}

// Rejected is how many of them were rejected.
func (r *Report) Rejected() int64 {
	var n int64
	for _, f := range r.Files {
		n += f.Rejected
	}
	return n
}

// RowsPerSecond is the rate of the whole import, SQL included.
func (r *Report) RowsPerSecond() float64 {
	if r.Duration <= 0 {
		return 0
	}
	return float64(r.Rows()) / r.Duration.Seconds()
}

// Warnings are what a person should know although it stopped nothing.
func (r *Report) Warnings() []string {
	var warnings []string
	for _, f := range r.Files {
		if f.Missing {
			warnings = append(warnings, f.Name+": not in the folder, imported without it")
		}
		if len(f.Absent) > 0 {
			warnings = append(warnings, fmt.Sprintf("%s: without the columns %s", f.Name, strings.Join(f.Absent, ", ")))
		}
		if len(f.Unused) > 0 {
			warnings = append(warnings, fmt.Sprintf("%s: columns that the mapping does not use: %s", f.Name, listHeader(f.Unused)))
		}
	}
	return warnings
}

// addEntity adds to what an earlier statement said about the same entity.
func (r *Report) addEntity(e EntityReport) {
	for i := range r.Entities {
		have := &r.Entities[i]
		if have.Entity == e.Entity {
			have.Inserted += e.Inserted
			have.Updated += e.Updated
			have.Unchanged += e.Unchanged
			return
		}
	}
	r.Entities = append(r.Entities, e)
}

// Write prints the report for a person.
func (r *Report) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "file\trows\taccepted\trejected\t")
	for _, f := range r.Files {
		if !f.Missing {
			fmt.Fprintf(t, "%s\t%d\t%d\t%d\t\n", f.Name, f.Rows, f.Accepted(), f.Rejected)
		}
	}
	err := t.Flush()
	if err != nil {
		return err
	}
	fmt.Fprintln(w)
	fmt.Fprintln(t, "entity\tinserted\tupdated\tunchanged\t")
	for _, e := range r.Entities {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t\n", e.Entity, e.Inserted, e.Updated, e.Unchanged)
	}
	err = t.Flush()
	if err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, warning := range r.Warnings() {
		fmt.Fprintln(w, "note: "+warning)
	}
	if r.RejectsPath != "" {
		fmt.Fprintf(w, "%d rejected rows, with reasons: %s\n", r.Rejected(), r.RejectsPath)
	}
	_, err = fmt.Fprintf(w, "%d rows in %.2f s (%.0f rows/s)\n", r.Rows(), r.Duration.Seconds(), r.RowsPerSecond())
	return err
}
