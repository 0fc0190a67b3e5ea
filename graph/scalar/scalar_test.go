package scalar_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/govalues/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/scalar"
)

// written is the text of a scalar in JSON.
func written(t require.TestingT, m graphql.Marshaler) string {
	var raw bytes.Buffer
	m.MarshalGQL(&raw)
	var text string
	require.NoError(t, json.Unmarshal(raw.Bytes(), &text), "%s is no JSON string", &raw)
	return text
}

func TestDecimalsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := decimal.MustNew(rapid.Int64Range(-1e18, 1e18).Draw(t, "digits"), rapid.IntRange(0, 18).Draw(t, "scale"))
		back, err := scalar.UnmarshalDecimal(written(t, scalar.MarshalDecimal(d)))
		require.NoError(t, err)
		require.Equal(t, d, back, "digits and scale both")
	})
}

func TestDecimalInput(t *testing.T) {
	for _, test := range []struct {
		input any
		want  string
	}{
		{"12.50", "12.50"}, {"-0.1", "-0.1"}, {"0", "0"}, {int64(7), "7"}, {json.Number("7"), "7"}, {json.Number("-7"), "-7"}, {"9999999999999999999", "9999999999999999999"},
	} {
		d, err := scalar.UnmarshalDecimal(test.input)
		require.NoError(t, err, "%v", test.input)
		assert.Equal(t, test.want, d.String())
	}
	for _, bad := range []any{
		nil, 12.5, float64(12), json.Number("12.5"), json.Number("1e3"), json.Number("12345678901234567890"), "", " ", "1,5", "abc", "NaN", "Inf", "0x1F", "1 2", "12345678901234567890", true, []any{}, "\x00",
	} {
		_, err := scalar.UnmarshalDecimal(bad)
		assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), "%v", bad)
	}
}

func TestDatesComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := domain.DateOf(time.Date(rapid.IntRange(1, 9998).Draw(t, "year"), 1, 1, 0, 0, 0, 0, time.UTC)).AddDays(rapid.IntRange(0, 365).Draw(t, "days"))
		back, err := scalar.UnmarshalDate(written(t, scalar.MarshalDate(d)))
		require.NoError(t, err)
		require.Equal(t, d, back)
	})
}

func TestDateInput(t *testing.T) {
	for _, bad := range []any{nil, 20260301, "", "2026-3-1", "2026-02-29", "2026-13-01", "2026-03-01T00:00:00Z", "01.03.2026", "infinity", " 2026-03-01"} {
		_, err := scalar.UnmarshalDate(bad)
		assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), "%v", bad)
	}
}

func TestInstantsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		offset := rapid.IntRange(-14*60, 14*60).Draw(t, "offset") * 60
		at := time.Unix(rapid.Int64Range(-60_000_000_000, 250_000_000_000).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).
			In(time.FixedZone("", offset))
		back, err := scalar.UnmarshalDateTime(written(t, scalar.MarshalDateTime(at)))
		require.NoError(t, err)
		require.True(t, at.Equal(back), "%s came back as %s", at, back)
		_, was := at.Zone()
		_, is := back.Zone()
		require.Equal(t, was, is, "the offset is kept")
	})
}

func TestInstantInput(t *testing.T) {
	for _, bad := range []any{nil, 1, "", "2026-03-01", "2026-03-01T00:00:00", "2026-03-01 00:00:00Z", "2026-02-30T00:00:00Z", "0000-12-31T23:00:00Z", "2026-03-01T24:00:00Z", "now", true} {
		_, err := scalar.UnmarshalDateTime(bad)
		assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), "%v", bad)
	}
}

func TestIDInput(t *testing.T) {
	id := domain.OwnedID(domain.KindOrder, 7, 9)
	back, err := scalar.UnmarshalID(written(t, scalar.MarshalID(id)))
	require.NoError(t, err)
	assert.Equal(t, id, back)
	for _, bad := range []any{nil, 1, json.Number("1"), int64(1), "", "1"} {
		_, err := scalar.UnmarshalID(bad)
		assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), "%v", bad)
	}
}

func FuzzUnmarshalDateTime(f *testing.F) {
	for _, seed := range []string{"2026-03-01T14:05:00Z", "2026-03-01T14:05:00.123456789+05:30", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00", "", "2026-03-01"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := scalar.UnmarshalDateTime(text)
		if err != nil {
			assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
			return
		}
		back, err := scalar.UnmarshalDateTime(written(t, scalar.MarshalDateTime(at)))
		require.NoError(t, err)
		assert.True(t, at.Equal(back))
	})
}

func FuzzUnmarshalDecimal(f *testing.F) {
	for _, seed := range []string{"12.50", "-0", "1e5", "1e-30", ".5", "5.", "+1", "9999999999999999999", "0.0000000000000000001", "NaN", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := scalar.UnmarshalDecimal(text)
		if err != nil {
			assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
			return
		}
		back, err := scalar.UnmarshalDecimal(written(t, scalar.MarshalDecimal(d)))
		require.NoError(t, err)
		assert.Equal(t, d, back)
	})
}
