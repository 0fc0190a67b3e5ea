package ingest

import (
	"fmt"
	"strings"
)

// hopelessValues is how many values of a date column must be wrong, with none right, before the whole column
// counts as written in a format that the mapping does not know.
const hopelessValues = 3

// tally counts what is wrong with a file, to tell single bad rows from a broken file. It remembers one example
// for each kind of mistake, so it stays small however large the file.
type tally struct {
	columns []columnTally
	kinds   map[kind]*mistake
}

type columnTally struct {
	name      string
	time      bool // a date or a timestamp
	good, bad int64
	wrong     string
	example   string
}

type kind struct{ column, what string }

type mistake struct {
	rows    int64
	example string
}

func newTally(b *binding) *tally {
	t := &tally{kinds: map[kind]*mistake{}}
	for _, n := range b.normalisers {
		t.columns = append(t.columns, columnTally{name: n.column, time: n.time})
	}
	return t
}

// value counts one value of a column.
func (t *tally) value(column int, value, wrong string) {
	c := &t.columns[column]
	switch {
	case !c.time || value == "":
	case wrong == "":
		c.good++
	default:
		c.bad++
		c.wrong, c.example = wrong, value
	}
}

// row counts one rejected row.
func (t *tally) row(problems []problem) {
	for _, p := range problems {
		k := kind{column: p.column, what: p.what}
		m, ok := t.kinds[k]
		if !ok {
			m = &mistake{example: p.value}
			t.kinds[k] = m
		}
		m.rows++
	}
}

// verdict is a *BrokenFileError when the file as a whole cannot be meant to be imported with this mapping.
func (t *tally) verdict(src *source, allowRejects bool) error {
	r := src.report
	if allowRejects || r.Rejected == 0 {
		return nil
	}
	for _, c := range t.columns {
		if c.time && c.good == 0 && c.bad >= hopelessValues {
			return &BrokenFileError{File: src.name, Column: c.name, Reason: fmt.Sprintf(
				"none of its %d values could be read: %s is %s", c.bad, quote(c.example), c.wrong)}
		}
	}
	if r.Rejected*2 <= r.Rows {
		return nil
	}
	k, m := t.commonest()
	reason := fmt.Sprintf("%d of %d rows are bad, so the file is not what the mapping describes; most often (%d rows): %s",
		r.Rejected, r.Rows, m.rows, k.what)
	if m.example != "" {
		reason += ", for example " + quote(m.example)
	}
	return &BrokenFileError{File: src.name, Column: k.column, Reason: reason}
}

// commonest returns the mistake that most rows have; between equals the first by name, so that a message does
// not change from run to run.
func (t *tally) commonest() (kind, *mistake) {
	var worst kind
	most := &mistake{}
	for k, m := range t.kinds {
		if m.rows > most.rows || m.rows == most.rows && strings.Compare(k.column+k.what, worst.column+worst.what) < 0 {
			worst, most = k, m
		}
	}
	return worst, most
}
