package scalar_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/govalues/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/scalar"
)

// anyText draws texts that JSON has trouble with more often than not, also such that are no UTF-8.
func anyText() *rapid.Generator[string] {
	odd := rapid.SampledFrom([]string{"\x00", "\x1f", "\x7f", "\t", "\n", "\r", "\b", "\f", `"`, `\`, "/", "<", ">", "&", "\u2028", "\u2029", "\ufffd", "\xff", "\xc3", "\xed\xa0\x80", "😀", "ä"})
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(odd, rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })), 0, 8).Draw(t, "parts")
		return strings.Join(parts, "")
	})
}

func TestAppendStringIsWhatJSONHas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := anyText().Draw(t, "text")
		got := scalar.AppendString([]byte("x"), text)
		require.Equal(t, byte('x'), got[0], "what was there stays")
		require.True(t, utf8.Valid(got))

		std, err := json.Marshal(text)
		require.NoError(t, err)
		require.Equal(t, decoded(t, std), decoded(t, got[1:]), "as encoding/json, invalid UTF-8 too")

		var theirs bytes.Buffer
		graphql.MarshalString(text).MarshalGQL(&theirs)
		require.Equal(t, decoded(t, theirs.Bytes()), decoded(t, got[1:]), "as gqlgen")
	})
}

func decoded(t require.TestingT, raw []byte) string {
	var text string
	require.NoError(t, json.Unmarshal(raw, &text), "%q", raw)
	return text
}

func TestAppendFloatIsWhatGqlgenHas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{0, math.Copysign(0, -1), 1e20, 1e21, 1e22, 1e-4, 1e-5, 123456789, math.MaxFloat64, math.SmallestNonzeroFloat64})).Draw(t, "f")
		var theirs bytes.Buffer
		require.NoError(t, graphql.MarshalFloatContext(f).MarshalGQLContext(context.Background(), &theirs))
		got, err := scalar.AppendFloat([]byte("x"), f)
		require.NoError(t, err)
		require.Equal(t, "x"+theirs.String(), string(got))
	})
	for _, none := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		got, err := scalar.AppendFloat([]byte("x"), none)
		require.Error(t, err)
		assert.Equal(t, "x", string(got))
	}
}

// Each marshaler writes what its append function appends, so that both executors answer the same.
func TestAppendIsWhatMarshalWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := domain.OwnedID(domain.KindOrder, rapid.Int64Min(1).Draw(t, "customer"), rapid.Int64Min(1).Draw(t, "row"))
		at := time.Unix(rapid.Int64Range(-60_000_000_000, 250_000_000_000).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).UTC()
		number := decimal.MustNew(rapid.Int64().Draw(t, "digits"), rapid.IntRange(0, 19).Draw(t, "scale"))
		for _, test := range []struct {
			appended []byte
			marshal  graphql.Marshaler
			text     string
		}{
			{scalar.AppendID([]byte("x"), id), scalar.MarshalID(id), ""},
			{scalar.AppendDateTime([]byte("x"), at), scalar.MarshalDateTime(at), at.Format(time.RFC3339Nano)},
			{scalar.AppendDate([]byte("x"), domain.DateOf(at)), scalar.MarshalDate(domain.DateOf(at)), at.Format(time.DateOnly)},
			{scalar.AppendDecimal([]byte("x"), number), scalar.MarshalDecimal(number), number.String()},
		} {
			var written bytes.Buffer
			test.marshal.MarshalGQL(&written)
			require.Equal(t, "x"+written.String(), string(test.appended))
			text := decoded(t, test.appended[1:])
			require.True(t, test.text == "" || test.text == text, "%s is not %s", text, test.text)
		}
	})
}

func TestAppendJSON(t *testing.T) {
	assert.Equal(t, `x{"a":[1]}`, string(scalar.AppendJSON([]byte("x"), json.RawMessage(`{"a":[1]}`))))
	assert.Equal(t, `xnull`, string(scalar.AppendJSON([]byte("x"), nil)))
}

func TestAppendMarshalers(t *testing.T) {
	assert.Equal(t, `x"a\nb"`, string(scalar.AppendMarshaler([]byte("x"), graphql.MarshalString("a\nb"))))
	got, err := scalar.AppendContextMarshaler(t.Context(), []byte("x"), graphql.MarshalFloatContext(1.5))
	require.NoError(t, err)
	assert.Equal(t, `x1.5`, string(got))
	got, err = scalar.AppendContextMarshaler(t.Context(), []byte("x"), graphql.MarshalFloatContext(math.NaN()))
	require.Error(t, err)
	assert.Equal(t, `x`, string(got))
}
