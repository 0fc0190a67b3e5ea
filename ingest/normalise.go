package ingest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/govalues/decimal"
)

// Type is what a column holds. Whatever the type, staging tables hold text: SQL casts it, and the cast cannot
// fail because the value was checked before.
type Type string

// The types of a column and what staging tables hold for them.
const (
	Text      Type = "text"
	Int       Type = "int"       // digits with a sign
	Decimal   Type = "decimal"   // digits with a point
	Date      Type = "date"      // 2006-01-02
	Timestamp Type = "timestamp" // 2006-01-02T15:04:05-03:00, the offset always there
	Bool      Type = "bool"      // true or false
	Enum      Type = "enum"      // one of the column's values, as the mapping writes it
)

// problem is what is wrong with a value: a class of mistake, the same for every value that has it, and the value.
type problem struct {
	column string
	what   string
	value  string
}

func (p problem) String() string {
	if p.value == "" {
		return p.what
	}
	return p.what + ": " + quote(p.value)
}

// convert makes the staging table's form of a value that is not empty, or says in what way it is wrong.
type convert func(value string) (normal, wrong string)

// normaliser checks and normalises the values of one column.
type normaliser struct {
	column   string
	required bool
	trim     bool
	time     bool // a date or a timestamp
	nulls    []string
	convert  convert
}

// apply returns the normal form, empty for no value. When wrong is not empty the row must be rejected.
func (n *normaliser) apply(value string) (normal, wrong string) {
	if n.trim {
		value = strings.TrimSpace(value)
	}
	if value != "" && slices.Contains(n.nulls, value) {
		value = ""
	}
	if value == "" {
		if n.required {
			return "", "a value is required"
		}
		return "", ""
	}
	return n.convert(value)
}

func newNormaliser(m *Mapping, c *Column) (*normaliser, error) {
	n := &normaliser{column: c.Name, required: c.Required, trim: c.Trim || c.Type != Text, nulls: m.Nulls,
		time: c.Type == Date || c.Type == Timestamp}
	var err error
	switch c.Type {
	case Text:
		n.convert, err = newText(c)
	case Int:
		n.convert, err = bounded(c, newInt(m))
	case Decimal:
		n.convert, err = bounded(c, newDecimal(m))
	case Date, Timestamp:
		n.convert, err = newTime(c)
	case Bool:
		n.convert = convertBool
	case Enum:
		n.convert, err = newEnum(c)
	default:
		err = fmt.Errorf("type %q is none of text, int, decimal, date, timestamp, bool, enum", c.Type)
	}
	return n, err
}

func newText(c *Column) (convert, error) {
	if c.Lower && c.Upper {
		return nil, fmt.Errorf("lower and upper exclude each other")
	}
	if c.Pad != nil && (c.Pad.Width < 1 || utf8.RuneCountInString(c.Pad.Char) != 1) {
		return nil, fmt.Errorf("pad needs a width and one character")
	}
	var pattern *regexp.Regexp
	if c.Pattern != "" {
		var err error
		pattern, err = regexp.Compile("^(?:" + c.Pattern + ")$")
		if err != nil {
			return nil, fmt.Errorf("pattern: %w", err)
		}
	}
	unlike := "does not match the pattern " + c.Pattern
	tooLong := fmt.Sprintf("longer than %d characters", c.MaxLength)
	return func(value string) (string, string) {
		if c.Pad != nil {
			missing := c.Pad.Width - utf8.RuneCountInString(value)
			value = strings.Repeat(c.Pad.Char, max(missing, 0)) + value
		}
		if c.Lower {
			value = strings.ToLower(value)
		}
		if c.Upper {
			value = strings.ToUpper(value)
		}
		if c.MaxLength > 0 && len(value) > c.MaxLength && utf8.RuneCountInString(value) > c.MaxLength {
			return "", tooLong
		}
		if pattern != nil && !pattern.MatchString(value) {
			return "", unlike
		}
		return value, ""
	}, nil
}

func convertBool(value string) (string, string) {
	switch strings.ToLower(value) {
	case "true", "t", "yes", "y", "1":
		return "true", ""
	case "false", "f", "no", "n", "0":
		return "false", ""
	}
	return "", "not a yes or no (true, false, yes, no, 1, 0)"
}

func newEnum(c *Column) (convert, error) {
	if len(c.Values) == 0 {
		return nil, fmt.Errorf("an enum needs values")
	}
	known := make(map[string]string, len(c.Values))
	for _, v := range c.Values {
		known[headerKey(v)] = v
	}
	wrong := "none of " + strings.Join(c.Values, ", ")
	return func(value string) (string, string) {
		normal, ok := known[value]
		if !ok {
			normal, ok = known[headerKey(value)]
		}
		if !ok {
			return "", wrong
		}
		return normal, ""
	}, nil
}

// newInt accepts a fraction of zeros, which is how spreadsheets and data frames write whole numbers of a column
// that has gaps.
func newInt(m *Mapping) convert {
	number := newDecimal(m)
	return func(value string) (string, string) {
		normal, wrong := number(value)
		whole, fraction, _ := strings.Cut(normal, ".")
		if wrong != "" || strings.Trim(fraction, "0") != "" {
			return "", "not a whole number"
		}
		_, err := strconv.ParseInt(whole, 10, 64)
		if err != nil {
			return "", "too large for a whole number"
		}
		if whole == "-0" {
			whole = "0"
		}
		return whole, ""
	}
}

// bounded adds the column's min and max.
func bounded(c *Column, number convert) (convert, error) {
	if c.Min == "" && c.Max == "" {
		return number, nil
	}
	low, high := c.Min, c.Max
	if low == "" {
		low = high
	}
	if high == "" {
		high = low
	}
	lowest, err := decimal.Parse(low)
	if err != nil {
		return nil, fmt.Errorf("min %q: %w", low, err)
	}
	highest, err := decimal.Parse(high)
	if err != nil {
		return nil, fmt.Errorf("max %q: %w", high, err)
	}
	return func(value string) (string, string) {
		normal, wrong := number(value)
		if wrong != "" {
			return "", wrong
		}
		d, err := decimal.Parse(normal)
		if err != nil {
			return "", "not a number"
		}
		if c.Min != "" && d.Cmp(lowest) < 0 {
			return "", "less than " + c.Min
		}
		if c.Max != "" && d.Cmp(highest) > 0 {
			return "", "more than " + c.Max
		}
		return normal, ""
	}, nil
}
