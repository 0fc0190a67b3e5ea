package storage

import "errors"

// cell is one column of a row as Postgres writes it.
type cell struct {
	text string
	null bool
}

// sizeOfCells is how much text is in cells, in bytes.
func sizeOfCells(cells []cell) int64 {
	size := 0
	for i := range cells {
		size += len(cells[i].text)
	}
	return int64(size)
}

var (
	errNoComposite = errors.New("a row is not in parentheses")
	errOpenQuote   = errors.New("a column's quotes are not closed")
	errStrayQuote  = errors.New("a column has a quote, a backslash or a parenthesis in the wrong place")
)

// parseComposite takes a composite value apart, in the text form that Postgres gives it (its manual's section "Composite Type Input and Output
// Syntax"): columns between parentheses and commas, NULL as nothing at all, in quotes where they need it, with quotes and backslashes
// doubled there. The cells are appended to cells and hold parts of text, or of what is kept in an arena.
func parseComposite(text string, cells []cell, kept *arena) ([]cell, error) {
	if len(text) < 2 || text[0] != '(' || text[len(text)-1] != ')' {
		return cells, errNoComposite
	}
	if len(text) == 2 {
		return cells, nil // Postgres writes a row of no columns like one of a single NULL; nobody asks for either.
	}
	rest := text[1:]
	for {
		one, after, err := parseCell(rest, kept)
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
func parseCell(rest string, kept *arena) (cell, string, error) {
	if rest != "" && rest[0] == '"' {
		return parseQuoted(rest[1:], kept)
	}
	for i := range len(rest) {
		c := rest[i]
		if c > ',' && c != '\\' {
			continue // Most are.
		}
		switch c {
		case ',', ')':
			return cell{text: rest[:i], null: i == 0}, rest[i:], nil
		case '"', '\\', '(':
			return cell{}, "", errStrayQuote
		}
	}
	return cell{}, "", errNoComposite
}

// parseQuoted reads a column behind its opening quote.
func parseQuoted(rest string, kept *arena) (cell, string, error) {
	doubled := false
	for i := 0; i < len(rest); i++ {
		c := rest[i]
		if c != '"' && c != '\\' {
			continue
		}
		if i+1 >= len(rest) {
			return cell{}, "", errOpenQuote
		}
		if rest[i+1] == c {
			doubled = true
			i++
			continue
		}
		if c == '\\' || rest[i+1] != ',' && rest[i+1] != ')' {
			return cell{}, "", errStrayQuote
		}
		text := rest[:i]
		if doubled {
			text = kept.undouble(text)
		}
		return cell{text: text}, rest[i+1:], nil
	}
	return cell{}, "", errOpenQuote
}
