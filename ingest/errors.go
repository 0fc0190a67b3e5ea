package ingest

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// BrokenFileError says why a file cannot be imported at all. Nothing was written to the database.
type BrokenFileError struct {
	File   string
	Line   int64  // physical line, from 1; 0 when the whole file is meant
	Byte   int64  // place in the file, from 1; 0 when the line says enough
	Column string // empty when no single column is to blame
	Reason string
}

// Error is one sentence that starts with the place.
func (e *BrokenFileError) Error() string {
	var b strings.Builder
	b.WriteString(e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ", line %d", e.Line)
	}
	if e.Byte > 0 {
		fmt.Fprintf(&b, " (byte %d of the file)", e.Byte)
	}
	if e.Column != "" {
		fmt.Fprintf(&b, ", column %s", e.Column)
	}
	b.WriteString(": ")
	b.WriteString(e.Reason)
	return b.String()
}

// shownRunes is how much of a bad value a reason repeats.
const shownRunes = 40

// quote shows a value in a reason: in quotes, on one line, shortened.
func quote(value string) string {
	if utf8.RuneCountInString(value) > shownRunes {
		value = string([]rune(value)[:shownRunes]) + "…"
	}
	return fmt.Sprintf("%q", value)
}
