package storage_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/storage"
)

func TestParseComposite(t *testing.T) {
	text := func(s string) *string { return &s }
	for given, want := range map[string][]*string{
		`(1)`:                     {text("1")},
		`()`:                      {},
		`(,)`:                     {nil, nil},
		`("")`:                    {text("")},
		`("",,"")`:                {text(""), nil, text("")},
		`(1,a b,"c,d","(e)")`:     {text("1"), text("a b"), text("c,d"), text("(e)")},
		`("say ""yes""")`:         {text(`say "yes"`)},
		`("a\\b","\\\\","""")`:    {text(`a\b`), text(`\\`), text(`"`)},
		"(\"two\nlines\",ü,東京,😀)": {text("two\nlines"), text("ü"), text("東京"), text("😀")},
		`("{1,""a b"",NULL}")`:    {text(`{1,"a b",NULL}`)},
		`("{""k"": ""v\\""w""}")`: {text(`{"k": "v\"w"}`)},
	} {
		got, err := storage.ParseComposite(given)
		require.NoError(t, err, given)
		require.Equal(t, len(want), len(got), given)
		require.EqualValues(t, want, append([]*string{}, got...), given)
	}
	for _, given := range []string{
		``, `(`, `)`, `1`, `(1`, `1)`, `(1,`, `("a)`, `("a"b)`, `(a"b)`, `(a(b)`, `(a)b)`, `("a"),)`, `("a\b")`, `("a\")`, `(a\b)`, `(")`, `("a""`, `(1)(2)`,
	} {
		_, err := storage.ParseComposite(given)
		require.Error(t, err, given)
	}
}

// TestParseCompositeOfPostgres reads what Postgres itself writes.
func TestParseCompositeOfPostgres(t *testing.T) {
	_, db := newStore(t)
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Ptr(rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.SampledFrom([]rune(`",\() '`+"\n\tä{}")), 0, 8, -1)), true), 3, 3).Draw(t, "values")
		args := make([]any, len(values))
		for i, value := range values {
			args[i] = value
			if value != nil {
				*value = strings.ToValidUTF8(strings.ReplaceAll(*value, "\x00", ""), "")
			}
		}
		var text string
		require.NoError(t, db.QueryRowContext(context.Background(), "SELECT ROW($1::text, $2::text, $3::text)::text", args...).Scan(&text))
		got, err := storage.ParseComposite(text)
		require.NoError(t, err, text)
		require.Equal(t, values, got, text)
	})
}

// FuzzParseComposite holds that whatever is accepted is the same after it is written and read again.
func FuzzParseComposite(f *testing.F) {
	for _, seed := range []string{`(1,,"")`, `("a""b\\c",d)`, `("`, `(a,"b"c)`, `(1))`, `(\)`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		columns, err := storage.ParseComposite(given)
		if err != nil {
			return
		}
		again, err := storage.ParseComposite(writeComposite(columns))
		require.NoError(t, err)
		require.Equal(t, columns, again)
	})
}

func writeComposite(columns []*string) string {
	parts := make([]string, len(columns))
	for i, column := range columns {
		if column != nil {
			parts[i] = `"` + strings.NewReplacer(`"`, `""`, `\`, `\\`).Replace(*column) + `"`
		}
	}
	return "(" + strings.Join(parts, ",") + ")"
}
