package ingest

import (
	"strings"
	"testing"
	"time"

	"github.com/govalues/decimal"
	"pgregory.net/rapid"
)

func normaliserOf(t interface {
	Helper()
	Fatal(...any)
}, m Mapping, c Column) *normaliser {
	t.Helper()
	c.Name = "column"
	m.Files = []File{{Columns: []Column{c}}}
	m.setDefaults()
	n, err := newNormaliser(&m, &m.Files[0].Columns[0])
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestNormalise(t *testing.T) {
	brazil := Mapping{Zone: "America/Sao_Paulo"}
	comma := Mapping{Decimal: ",", Thousands: "."}
	french := Mapping{Decimal: ",", Thousands: " "}
	instants := []string{"2006-01-02 15:04:05", "1/2/2006 15:04"}
	tests := map[string]struct {
		mapping     Mapping
		column      Column
		value       string
		want, wrong string
	}{
		"text as it is":            {column: Column{}, value: " a ", want: " a "},
		"text trimmed":             {column: Column{Trim: true}, value: " a ", want: "a"},
		"text of spaces is none":   {column: Column{Trim: true}, value: "  ", want: ""},
		"text required":            {column: Column{Required: true}, value: "", wrong: "a value is required"},
		"null word":                {mapping: Mapping{Nulls: []string{"NULL"}}, value: "NULL", want: ""},
		"null word required":       {mapping: Mapping{Nulls: []string{"NULL"}}, column: Column{Required: true}, value: "NULL", wrong: "a value is required"},
		"text lower":               {column: Column{Lower: true}, value: "ÀB", want: "àb"},
		"zip padded":               {column: Column{Pad: &Pad{Width: 5, Char: "0"}}, value: "1310", want: "01310"},
		"zip whole":                {column: Column{Pad: &Pad{Width: 5, Char: "0"}}, value: "01310", want: "01310"},
		"text too long":            {column: Column{MaxLength: 2}, value: "éèê", wrong: "longer than 2 characters"},
		"text just right":          {column: Column{MaxLength: 2}, value: "éè", want: "éè"},
		"pattern":                  {column: Column{Pattern: "[A-Z]{2}", Upper: true}, value: "de", want: "DE"},
		"pattern whole":            {column: Column{Pattern: "[A-Z]{2}"}, value: "DEU", wrong: "does not match the pattern"},
		"int":                      {column: Column{Type: Int}, value: " 007 ", want: "7"},
		"int of a data frame":      {column: Column{Type: Int}, value: "4.0", want: "4"},
		"int with fraction":        {column: Column{Type: Int}, value: "4.5", wrong: "not a whole number"},
		"int of letters":           {column: Column{Type: Int}, value: "x", wrong: "not a whole number"},
		"int too large":            {column: Column{Type: Int}, value: "9999999999999999999", wrong: "too large"},
		"int below":                {column: Column{Type: Int, Min: "1", Max: "5"}, value: "0", wrong: "less than 1"},
		"int above":                {column: Column{Type: Int, Min: "1", Max: "5"}, value: "6", wrong: "more than 5"},
		"decimal":                  {column: Column{Type: Decimal}, value: "+0012.50", want: "12.50"},
		"decimal negative":         {column: Column{Type: Decimal}, value: "-.5", want: "-0.5"},
		"decimal sign behind":      {column: Column{Type: Decimal}, value: "12.5-", want: "-12.5"},
		"decimal minus nothing":    {column: Column{Type: Decimal}, value: "-0.00", want: "0.00"},
		"decimal comma":            {mapping: comma, column: Column{Type: Decimal}, value: "1.234,56", want: "1234.56"},
		"decimal odd group":        {mapping: comma, column: Column{Type: Decimal}, value: "1.23,4", wrong: "not a number"},
		"decimal point for comma":  {mapping: Mapping{Decimal: ","}, column: Column{Type: Decimal}, value: "1.5", wrong: "not a number"},
		"decimal hard space":       {mapping: french, column: Column{Type: Decimal}, value: "1\u202f234,5", want: "1234.5"},
		"decimal two marks":        {column: Column{Type: Decimal}, value: "1.2.3", wrong: "not a number"},
		"decimal not a number":     {column: Column{Type: Decimal}, value: "NaN", wrong: "not a number"},
		"decimal exponent":         {column: Column{Type: Decimal}, value: "1e5", wrong: "not a number"},
		"decimal too long":         {column: Column{Type: Decimal}, value: "12345678901234567890", wrong: "more than 19 digits"},
		"date":                     {column: Column{Type: Date}, value: "2018-02-28", want: "2018-02-28"},
		"date that is none":        {column: Column{Type: Date}, value: "2018-02-30", wrong: "not a date in any of the formats 2006-01-02"},
		"date of midnight":         {mapping: brazil, column: Column{Type: Date, Formats: instants}, value: "2018-10-15 00:00:00", want: "2018-10-15"},
		"date of a skipped hour":   {mapping: brazil, column: Column{Type: Date, Formats: instants}, value: "2017-10-15 00:00:00", want: "2017-10-15"},
		"date of a spreadsheet":    {mapping: brazil, column: Column{Type: Date, Formats: instants}, value: "8/9/2018 0:00", want: "2018-08-09"},
		"date of an instant":       {mapping: brazil, column: Column{Type: Date, Formats: []string{time.RFC3339}}, value: "2018-08-09T01:00:00Z", want: "2018-08-08"},
		"time in winter":           {mapping: brazil, column: Column{Type: Timestamp, Formats: instants}, value: "2018-07-01 12:00:00", want: "2018-07-01T12:00:00-03:00"},
		"time in summer":           {mapping: brazil, column: Column{Type: Timestamp, Formats: instants}, value: "1/31/2018 8:05", want: "2018-01-31T08:05:00-02:00"},
		"time of a skipped hour":   {mapping: brazil, column: Column{Type: Timestamp, Formats: instants}, value: "2017-10-15 00:30:00", want: "2017-10-15T01:30:00-02:00"},
		"time with its own offset": {mapping: brazil, column: Column{Type: Timestamp}, value: "2018-07-01T12:00:00+02:00", want: "2018-07-01T12:00:00+02:00"},
		"time without offset":      {mapping: brazil, column: Column{Type: Timestamp}, value: "2018-07-01T12:00:00", wrong: "not a time in any of the formats"},
		"zone of a column":         {mapping: brazil, column: Column{Type: Timestamp, Formats: instants, Zone: "Europe/Paris"}, value: "2018-07-01 12:00:00", want: "2018-07-01T12:00:00+02:00"},
		"time before all years":    {mapping: Mapping{Zone: "Europe/Paris"}, column: Column{Type: Timestamp, Formats: instants}, value: "0001-01-01 00:00:00", wrong: "not a time"},
		"time before, by offset":   {column: Column{Type: Timestamp}, value: "0001-01-01T00:00:00+14:00", wrong: "not a time"},
		"time after all years":     {column: Column{Type: Timestamp}, value: "9999-12-31T23:59:59-12:00", wrong: "not a time"},
		"date before all years":    {mapping: brazil, column: Column{Type: Date, Formats: []string{time.RFC3339}}, value: "0001-01-01T00:00:00Z", wrong: "not a date"},
		"date of the first day":    {mapping: brazil, column: Column{Type: Date}, value: "0001-01-01", want: "0001-01-01"},
		"bool yes":                 {column: Column{Type: Bool}, value: "Y", want: "true"},
		"bool no":                  {column: Column{Type: Bool}, value: "0", want: "false"},
		"bool maybe":               {column: Column{Type: Bool}, value: "maybe", wrong: "not a yes or no"},
		"enum folded":              {column: Column{Type: Enum, Values: []string{"ON_HOLD"}}, value: "on hold", want: "ON_HOLD"},
		"enum unknown":             {column: Column{Type: Enum, Values: []string{"A", "B"}}, value: "C", wrong: "none of A, B"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, wrong := normaliserOf(t, test.mapping, test.column).apply(test.value)
			if got != test.want || (wrong == "") != (test.wrong == "") || !strings.Contains(wrong, test.wrong) {
				t.Errorf("got %q, %q; want %q, %q", got, wrong, test.want, test.wrong)
			}
		})
	}
}

var everyType = []Column{
	{}, {Trim: true, Lower: true, Pad: &Pad{Width: 5, Char: "0"}, MaxLength: 10}, {Upper: true},
	{Type: Int}, {Type: Int, Min: "-5", Max: "100000"}, {Type: Decimal}, {Type: Bool},
	{Type: Date, Formats: []string{"1/2/2006", "2006-01-02 15:04:05"}},
	{Type: Timestamp, Zone: "America/Sao_Paulo", Formats: []string{"2006-01-02 15:04:05", "1/2/2006 15:04"}},
	{Type: Enum, Values: []string{"IN_TRANSIT", "DELIVERED"}},
}

// TestNormaliseTwice: what came out goes in again unchanged, for any value that went in at all.
func TestNormaliseTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := normaliserOf(t, Mapping{}, rapid.SampledFrom(everyType).Draw(t, "column"))
		value := rapid.OneOf(
			rapid.String(),
			rapid.StringMatching(`\s?[-+]?0{0,2}[0-9]{0,6}(\.[0-9]{0,4})?-?`),
			rapid.StringMatching(`(19|20)[0-9]{2}-(0[1-9]|1[0-2])-[0-3][0-9]( [0-2][0-9]:[0-5][0-9]:[0-5][0-9])?`),
			rapid.StringMatching(`[1-9]/[1-3]?[0-9]/20[0-9]{2}( [1-2]?[0-9]:[0-5][0-9])?`),
			rapid.SampledFrom([]string{"in transit", "Delivered", "yes", "0", "true"}),
		).Draw(t, "value")
		once, wrong := n.apply(value)
		if wrong != "" || once == "" {
			return
		}
		twice, wrong := n.apply(once)
		if wrong != "" || twice != once {
			t.Fatalf("%q became %q, then %q (%s)", value, once, twice, wrong)
		}
	})
}

// TestDecimalKeepsItsValue: marks, groups and signs change how a number looks and never what it is.
func TestDecimalKeepsItsValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coefficient := rapid.Int64Range(-999_999_999_999, 999_999_999_999).Draw(t, "coefficient")
		want := decimal.MustNew(coefficient, rapid.IntRange(0, 4).Draw(t, "scale"))
		sign, digits := "", want.String()
		if strings.HasPrefix(digits, "-") {
			sign, digits = "-", digits[1:]
		}
		whole, fraction, _ := strings.Cut(digits, ".")
		grouped := ""
		for len(whole) > 3 {
			grouped = "." + whole[len(whole)-3:] + grouped
			whole = whole[:len(whole)-3]
		}
		text := sign + whole + grouped + "," + fraction
		got, wrong := normaliserOf(t, Mapping{Decimal: ",", Thousands: "."}, Column{Type: Decimal}).apply(text)
		if wrong != "" {
			t.Fatalf("%q: %s", text, wrong)
		}
		if decimal.MustParse(got).Cmp(want) != 0 {
			t.Fatalf("%q became %q, want %s", text, got, want)
		}
	})
}

func FuzzNormalise(f *testing.F) {
	for _, seed := range []string{"", "01310", "-1.234,5", "2018-07-01 12:00:00", "1/31/2018 8:05", "\xff", "NaN", "yes"} {
		f.Add(seed)
	}
	var all []*normaliser
	for _, c := range everyType {
		all = append(all, normaliserOf(f, Mapping{}, c))
	}
	f.Fuzz(func(t *testing.T, value string) {
		for i, n := range all {
			once, wrong := n.apply(value)
			if wrong != "" && once != "" {
				t.Fatalf("column %d: %q is wrong and is %q", i, value, once)
			}
		}
	})
}
