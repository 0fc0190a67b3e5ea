package ingest

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// delimiterAuto takes the delimiter from the header.
const delimiterAuto = "auto"

// binding tells, for each column of the mapping, where it is in the file (-1: nowhere) and how to normalise it.
type binding struct {
	fields      int // the header's
	at          []int
	normalisers []*normaliser
	absent      []string // optional columns that the file lacks
	unused      []string // headers that the mapping does not know
}

// headerKey folds what does not tell two headers apart.
func headerKey(name string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return '_'
		}
		return r
	}, strings.ToLower(strings.TrimSpace(name)))
}

// bind reads the header and finds the mapping's columns in it.
func bind(m *Mapping, f *File, r *reader) (*binding, error) {
	rec, err := r.next()
	if errors.Is(err, io.EOF) {
		return nil, r.broken(0, 0, "the file is empty: it has no header")
	}
	if err != nil {
		return nil, err
	}
	found := make(map[string]int, len(rec.fields))
	for i, name := range rec.fields {
		key := headerKey(name)
		if key == "" {
			continue
		}
		_, twice := found[key]
		if twice {
			return nil, &BrokenFileError{File: f.Name, Line: rec.line, Column: quote(name), Reason: "the header names this column twice"}
		}
		found[key] = i
	}
	b := &binding{fields: len(rec.fields)}
	for i := range f.Columns {
		c := &f.Columns[i]
		at, key, err := find(found, c)
		if err != nil {
			return nil, &BrokenFileError{File: f.Name, Line: rec.line, Column: c.Name, Reason: err.Error()}
		}
		if at < 0 && !c.Optional {
			return nil, &BrokenFileError{File: f.Name, Line: rec.line, Column: c.Name,
				Reason: fmt.Sprintf("this required column is missing; the header has %s%s", listHeader(rec.fields), hint(rec, m))}
		}
		if at < 0 {
			b.absent = append(b.absent, c.Name)
		}
		delete(found, key)
		n, err := newNormaliser(m, c)
		if err != nil {
			return nil, err
		}
		b.at, b.normalisers = append(b.at, at), append(b.normalisers, n)
	}
	for _, name := range rec.fields {
		_, left := found[headerKey(name)]
		if left {
			b.unused = append(b.unused, strings.TrimSpace(name))
		}
	}
	return b, nil
}

// find returns where a column is, by its name or one of its other names; two of them in one file cannot both be it.
func find(found map[string]int, c *Column) (int, string, error) {
	at, key := -1, ""
	for _, name := range append([]string{c.Name}, c.Aliases...) {
		i, ok := found[headerKey(name)]
		if !ok {
			continue
		}
		if at >= 0 {
			return 0, "", fmt.Errorf("the header has this column twice, as %s and as %s", key, headerKey(name))
		}
		at, key = i, headerKey(name)
	}
	return at, key, nil
}

// listHeader shows names of a header in a message, the first of many.
func listHeader(fields []string) string {
	var quoted []string
	for _, name := range fields[:min(len(fields), listed)] {
		quoted = append(quoted, quote(strings.TrimSpace(name)))
	}
	if len(fields) > listed {
		quoted = append(quoted, fmt.Sprintf("… (%d in all)", len(fields)))
	}
	return strings.Join(quoted, ", ")
}

// hint guesses at the commonest cause of a missing column: another delimiter.
func hint(rec *record, m *Mapping) string {
	if m.Delimiter == delimiterAuto || len(rec.fields) > 1 {
		return ""
	}
	best := likelyDelimiter(rec.raw)
	if string(best) == m.Delimiter || !strings.ContainsRune(string(rec.raw), rune(best)) {
		return ""
	}
	return fmt.Sprintf("; the file may be delimited by %q where the mapping says %q", string(best), m.Delimiter)
}

// likelyDelimiter is the candidate that the first line has most of outside quotes, a comma when it has none.
func likelyDelimiter(head []byte) byte {
	counts := map[byte]int{}
	quoted := false
	for _, c := range head {
		if c == '"' {
			quoted = !quoted
		}
		if !quoted && (c == '\n' || c == '\r') {
			break
		}
		if !quoted {
			counts[c]++
		}
	}
	best := byte(',')
	for _, candidate := range []byte{';', '\t', '|'} {
		if counts[candidate] > counts[best] {
			best = candidate
		}
	}
	return best
}
