package ingest

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestLines(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	p := Lines(&out, func() time.Time { return now })
	p.Begin("reading a.csv", 4_000_000)
	for range 4 {
		now = now.Add(2 * time.Second)
		p.Advance(1_000_000)
	}
	p.End()
	want := "reading a.csv: 50% of 4.0 MB\nreading a.csv: 100% of 4.0 MB\nreading a.csv: done in 8.00 s\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestBar(t *testing.T) {
	var out bytes.Buffer
	p := Bar(&out)
	p.Begin("reading a.csv", 1000)
	p.Advance(400)
	p.End()
	p.Begin("running 01_a.sql", 0)
	p.End()
	for _, want := range []string{"reading a.csv", "100%", "running 01_a.sql"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in %q", want, out.String())
		}
	}
}

func TestReportWrite(t *testing.T) {
	r := &Report{
		Mapping: "own",
		Files: []*FileReport{
			{Name: "a.csv", Rows: 1000, Rejected: 2, Absent: []string{"x"}, Unused: []string{"y", "z"}},
			{Name: "b.csv", Missing: true},
		},
		RejectsPath: "own-rejects.csv",
		Duration:    500 * time.Millisecond,
	}
	r.addEntity(EntityReport{Entity: "orders", Inserted: 1, Updated: 2, Unchanged: 3})
	r.addEntity(EntityReport{Entity: "orders", Inserted: 10})
	var out bytes.Buffer
	err := r.Write(&out)
	if err != nil {
		t.Fatal(err)
	}
	want := `   file  rows  accepted  rejected
  a.csv  1000       998         2

  entity  inserted  updated  unchanged
  orders        11        2          3

note: a.csv: without the columns x
note: a.csv: columns that the mapping does not use: "y", "z"
note: b.csv: not in the folder, imported without it
2 rejected rows, with reasons: own-rejects.csv
1000 rows in 0.50 s (2000 rows/s)
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
