package storage

import (
	"errors"
	"strings"
)

// cell is one column of a row as Postgres writes it.
type cell struct {
	text string
	null bool
}

var (
	errNoComposite = errors.New("a row is not in parentheses")
	errOpenQuote   = errors.New("a column's quotes are not closed")
	errStrayQuote  = errors.New("a column has a quote, a backslash or a parenthesis in the wrong place")
)

// parseComposite takes a composite value apart, in the text form that Postgres gives it (its manual's section "Composite Type Input and Output
// Syntax"): columns between parentheses and commas, NULL as nothing at all, in quotes where they need it, with quotes and backslashes
// doubled there. The cells are appended to cells and hold parts of text.
func parseComposite(text string, cells []cell) ([]cell, error) {
	if len(text) < 2 || text[0] != '(' || text[len(text)-1] != ')' {
		return cells, errNoComposite
	}
	if len(text) == 2 {
		return cells, nil // Postgres writes a row of no columns like one of a single NULL; nobody asks for either.
	}
	rest := text[1:]
	for {
		one, after, err := parseCell(rest)
		if err != nil {
			return cells, err
		}
		cells = append(cells, one)
		if after[0] == ',' {
			rest = after[1:]
			continue
		}
		if len(after) > 1 {
			return cells, errStrayQuote
		}
		return cells, nil
	}
}

// parseCell reads one column, and gives what stands behind it, which begins with a comma or a closing parenthesis.
func parseCell(rest string) (cell, string, error) {
	if rest != "" && rest[0] == '"' {
		return parseQuoted(rest[1:])
	}
	for i := range len(rest) {
		switch rest[i] {
		case ',', ')':
			return cell{text: rest[:i], null: i == 0}, rest[i:], nil
		case '"', '\\', '(':
			return cell{}, "", errStrayQuote
		}
	}
	return cell{}, "", errNoComposite
}

// parseQuoted reads a column behind its opening quote.
func parseQuoted(rest string) (cell, string, error) {
	doubled := false
	for i := 0; i < len(rest); i++ {
		if rest[i] != '"' && rest[i] != '\\' {
			continue
		}
		if i+1 >= len(rest) {
			return cell{}, "", errOpenQuote
		}
		if rest[i+1] == rest[i] {
			doubled = true
			i++
			continue
		}
		if rest[i] == '\\' || rest[i+1] != ',' && rest[i+1] != ')' {
			return cell{}, "", errStrayQuote
		}
		text := rest[:i]
		if doubled {
			text = undouble(text)
		}
		return cell{text: text}, rest[i+1:], nil
	}
	return cell{}, "", errOpenQuote
}

// undouble makes one of every two quotes and backslashes.
func undouble(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for i := 0; i < len(text); i++ {
		b.WriteByte(text[i])
		if text[i] == '"' || text[i] == '\\' {
			i++
		}
	}
	return b.String()
}
