package tracking_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// show is a time in short: the instant in UTC and the offset, or the wall clock, or the day.
func show(t tracking.Time, err error) string {
	switch {
	case err != nil:
		return "error"
	case t.Precision == domain.PrecisionExact:
		return t.Local.Format("2006-01-02T15:04:05.999999999") + t.Instant.Format(" = 01-02T15:04Z")
	case t.Precision == domain.PrecisionNoOffset:
		return t.Local.Format("2006-01-02T15:04:05.999999999") + " ?"
	default:
		return t.Local.Format("2006-01-02") + " (day)"
	}
}

func TestParseISO(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-04T05:06:07Z":                "2026-03-04T05:06:07 = 03-04T05:06Z",
		"2026-03-04T05:06:07+01:00":           "2026-03-04T05:06:07 = 03-04T04:06Z",
		"2026-03-04T05:06:07+0100":            "2026-03-04T05:06:07 = 03-04T04:06Z",
		"2026-03-04T05:06:07-06":              "2026-03-04T05:06:07 = 03-04T11:06Z",
		"2019-11-12T07:41:00+08:30":           "2019-11-12T07:41:00 = 11-11T23:11Z",
		"2026-03-04T05:06:07.123456789-05:00": "2026-03-04T05:06:07.123456789 = 03-04T10:06Z",
		"2026-03-04T05:06:07.5":               "2026-03-04T05:06:07.5 ?",
		"2026-03-04T05:06:07":                 "2026-03-04T05:06:07 ?",
		"2026-03-04 05:06:07":                 "2026-03-04T05:06:07 ?",
		"2026-03-04 05:06:07 +02:00":          "2026-03-04T05:06:07 = 03-04T03:06Z",
		"2026-03-04T05:06":                    "2026-03-04T05:06:00 ?",
		" 2026-03-04 ":                        "2026-03-04 (day)",
		"2026-02-29":                          "error",
		"2026-03-04T25:06:07":                 "error",
		"2026-03-04T05:06:07+99:00":           "error",
		"2026-03-04T05:06:07 MEZ":             "error",
		"0001-01-01T00:00:00":                 "error",
		"04.03.2026":                          "error",
		"":                                    "error",
	} {
		assert.Equal(t, want, show(tracking.ParseISO(text)), text)
	}
}

// A part of a time that cannot be does not spoil the rest.
func TestClock(t *testing.T) {
	for text, want := range map[string]string{
		"2026-03-04T05:06:07+01:00": "2026-03-04T05:06:07 = 03-04T04:06Z",
		"2026-03-04T05:06:07 MEZ":   "2026-03-04T05:06:07 ?",
		"2026-03-04T05:06:07+99:00": "2026-03-04T05:06:07 ?",
		"2026-03-04T25:06:07Z":      "2026-03-04 (day)",
		"2026-03-04T05:6":           "2026-03-04 (day)",
		"2026-03-04T24:00:00+01:00": "2026-03-05T00:00:00 = 03-04T23:00Z",
		"2026-02-30T05:06:07Z":      "none",
		"0001-01-01T00:00:00Z":      "none",
		"0000-00-00 00:00:00":       "none",
		"1767225600":                "none",
		"":                          "none",
	} {
		got := tracking.Clock(tracking.Text(text))
		if got.IsZero() {
			assert.Equal(t, want, "none", text)
			continue
		}
		require.NoError(t, got.Validate())
		assert.Equal(t, want, show(got, nil), text)
	}
}

func TestParseCompact(t *testing.T) {
	for in, want := range map[[3]string]string{
		{"20240423", "091519", ""}:       "2024-04-23T09:15:19 ?",
		{"20240423", "074700", ""}:       "2024-04-23T07:47:00 ?",
		{"20240423", "74700", ""}:        "2024-04-23T07:47:00 ?", // the leading zero lost
		{"20240423", "231553", "-04.00"}: "2024-04-23T23:15:53 = 04-24T03:15Z",
		{"20240423", "231553", "-04:00"}: "2024-04-23T23:15:53 = 04-24T03:15Z",
		{"20240423", "2315", "+0530"}:    "2024-04-23T23:15:00 = 04-23T17:45Z",
		{"2024-04-23", "09:15:19", "Z"}:  "2024-04-23T09:15:19 = 04-23T09:15Z",
		{"20240423", "", ""}:             "2024-04-23 (day)",
		{"20240423", " ", "-04:00"}:      "2024-04-23 (day)",
		{"20240431", "", ""}:             "error",
		{"20240423", "246060", ""}:       "error",
		{"20240423", "091519", "EST"}:    "error",
		{"", "091519", ""}:               "error",
	} {
		assert.Equal(t, want, show(tracking.ParseCompact(in[0], in[1], in[2])), "%q", in)
	}
}

func TestParseCompactUTC(t *testing.T) {
	for in, want := range map[[4]string]string{
		{"20240423", "034100", "20240423", "09:41:00"}: "2024-04-23T03:41:00 = 04-23T09:41Z",
		{"20240423", "231519", "20240424", "031519"}:   "2024-04-23T23:15:19 = 04-24T03:15Z",
		{"20240423", "180000", "20240423", "123000"}:   "2024-04-23T18:00:00 = 04-23T12:30Z",
		{"20240423", "180000", "20240423", "123001"}:   "2024-04-23T18:00:00 ?", // no offset that exists
		{"20240423", "180000", "20240421", "180000"}:   "2024-04-23T18:00:00 ?",
		{"20240423", "180000", "", ""}:                 "2024-04-23T18:00:00 ?",
		{"x", "180000", "20240423", "180000"}:          "error",
	} {
		assert.Equal(t, want, show(tracking.ParseCompactUTC(in[0], in[1], in[2], in[3])), "%q", in)
	}
}

func TestParseOffset(t *testing.T) {
	for text, want := range map[string]int{"Z": 0, "+01:00": 60, "-04.00": -240, "-0430": -270, "+1": 60, "+14": 840, "+8:30": 510} {
		got, err := tracking.ParseOffset(text)
		require.NoError(t, err, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "+", "1", "+99", "+01:60", "+0130x", "++1", "+-1", "UTC", "+1:2:3", "+15:01"} {
		_, err := tracking.ParseOffset(text)
		assert.Error(t, err, text)
	}
}

func TestParseEDIFACT(t *testing.T) {
	for in, want := range map[[2]string]string{
		{"20150820", "102"}:                 "2015-08-20 (day)",
		{"150820", "101"}:                   "2015-08-20 (day)",
		{"201508201020", "203"}:             "2015-08-20T10:20:00 ?",
		{"20150820102030", "204"}:           "2015-08-20T10:20:30 ?",
		{"201508201020+0200", "205"}:        "2015-08-20T10:20:00 = 08-20T08:20Z",
		{"201508201020UTC", "303"}:          "2015-08-20T10:20:00 = 08-20T10:20Z",
		{"20150820102030CET", "304"}:        "2015-08-20T10:20:30 ?",
		{"2015082010", "203"}:               "error",
		{"201508202400", "203"}:             "2015-08-21T00:00:00 ?",
		{"201508202401", "203"}:             "error",
		{"20150820", "203"}:                 "2015-08-20 (day)",      // without the clock that the format has
		{"201508201020", "102"}:             "2015-08-20T10:20:00 ?", // with one that it has not
		{"201508201020", "204"}:             "2015-08-20T10:20:00 ?",
		{"201508201020", ""}:                "2015-08-20T10:20:00 ?",
		{"20150820102030", ""}:              "2015-08-20T10:20:30 ?",
		{"20150820", ""}:                    "2015-08-20 (day)",
		{"150820", ""}:                      "error",
		{"", ""}:                            "error",
		{"2015082020150822", "718"}:         "2015-08-22 (day)",
		{"20150820-20150822", "718"}:        "2015-08-22 (day)",
		{"201508201000201508201200", "719"}: "2015-08-20T12:00:00 ?",
		{"2015", "801"}:                     "error",
		{"20150820", "999"}:                 "error",
		{"20151320", "102"}:                 "error",
	} {
		assert.Equal(t, want, show(tracking.ParseEDIFACT(in[0], in[1])), "%q", in)
	}
}

func TestParseX12(t *testing.T) {
	for in, want := range map[[3]string]string{
		{"20260704", "1330", "LT"}:     "2026-07-04T13:30:00 ?",
		{"20260704", "1330", ""}:       "2026-07-04T13:30:00 ?",
		{"20260704", "1330", "QQ"}:     "2026-07-04T13:30:00 ?",
		{"20260704", "1330", "UT"}:     "2026-07-04T13:30:00 = 07-04T13:30Z",
		{"20260704", "1330", "PT"}:     "2026-07-04T13:30:00 = 07-04T20:30Z", // in summer
		{"20260104", "1330", "PT"}:     "2026-01-04T13:30:00 = 01-04T21:30Z",
		{"20260104", "1330", "MT"}:     "2026-01-04T13:30:00 = 01-04T20:30Z",
		{"20260704", "1330", "CS"}:     "2026-07-04T13:30:00 = 07-04T19:30Z", // standard time, also in summer
		{"20260704", "1330", "CD"}:     "2026-07-04T13:30:00 = 07-04T18:30Z",
		{"20260704", "1330", "NS"}:     "2026-07-04T13:30:00 = 07-04T17:00Z",
		{"20260704", "1330", "AT"}:     "2026-07-04T13:30:00 = 07-04T21:30Z", // Alaska
		{"20260704", "1330", "TT"}:     "2026-07-04T13:30:00 = 07-04T16:30Z", // Atlantic
		{"20260704", "133015", "02"}:   "2026-07-04T13:30:15 = 07-04T11:30Z",
		{"20260704", "13301599", "24"}: "2026-07-04T13:30:15 = 07-04T14:30Z",
		{"260704", "1330", "13"}:       "2026-07-04T13:30:00 = 07-05T01:30Z",
		{"20261101", "0130", "ET"}:     "2026-11-01T01:30:00 ?", // twice that night
		{"20260308", "0230", "ET"}:     "2026-03-08T02:30:00 ?", // not at all that night
		{"20260704", "", "ET"}:         "2026-07-04 (day)",
		{"20260704", "9999", "ET"}:     "error",
		{"20260704", "2400", "LT"}:     "2026-07-05T00:00:00 ?",
		{"20261231", "240000", "UT"}:   "2027-01-01T00:00:00 = 01-01T00:00Z",
		{"July 4", "1330", "ET"}:       "error",
	} {
		assert.Equal(t, want, show(tracking.ParseX12(in[0], in[1], in[2])), "%q", in)
	}
}

func TestFalseOffsets(t *testing.T) {
	brazil, err := tracking.ParseISO("2023-03-09T09:38:00+01:00")
	require.NoError(t, err)
	assert.Equal(t, "2023-03-09T09:38:00 ?", show(brazil.WithoutOffset(), nil))
	assert.Equal(t, "2023-03-09 (day)", show(brazil.DayOnly(), nil))
	assert.Equal(t, "2023-03-09 (day)", show(brazil.DayOnly().WithoutOffset(), nil))
	assert.True(t, tracking.Time{}.DayOnly().IsZero())
	assert.Equal(t, "2023-03-09", brazil.Date().String(), "the day on the wall clock, not in UTC")
}

// However a time is written and read again, nothing is added and nothing is lost.
func TestTimesAreKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		made := anyTime(t)
		require.NoError(t, made.Validate())
		text, err := json.Marshal(made)
		require.NoError(t, err)
		var back tracking.Time
		require.NoError(t, json.Unmarshal(text, &back))
		require.True(t, made.Equal(back), string(text))
		if made.Precision != domain.PrecisionExact {
			require.NotContains(t, string(text), "Z", "a zone stamped on a local time")
		}
	})
	text, err := json.Marshal(tracking.Time{})
	require.NoError(t, err)
	require.Equal(t, "null", string(text))
	var back tracking.Time
	require.NoError(t, json.Unmarshal([]byte("null"), &back))
	for _, wrong := range []string{
		`{"local":"2026-03-04T05:06:07","precision":"EXACT"}`,
		`{"local":"2026-03-04T05:06:07","precision":"NO_OFFSET","offsetMinutes":60}`,
		`{"local":"2026-03-04T05:06:07","offsetMinutes":60,"instant":"2026-03-04T05:06:07Z","precision":"EXACT"}`,
		`{"local":"2026-03-04T05:06:07","precision":"DATE_ONLY"}`, `{"local":"2026-03-04T05:06:07","precision":"SURE"}`, `7`,
	} {
		require.Error(t, json.Unmarshal([]byte(wrong), &back), wrong)
	}
}

func anyTime(t *rapid.T) tracking.Time {
	seconds := rapid.Int64Range(1_760_000_000, 1_760_400_000).Draw(t, "seconds")
	at := time.Unix(seconds, 0).In(time.FixedZone("", rapid.SampledFrom([]int{0, 3600, -18000, 19800}).Draw(t, "offset")))
	switch rapid.IntRange(0, 3).Draw(t, "precision") {
	case 0:
		return tracking.NoOffset(at)
	case 1:
		return tracking.Day(domain.DateOf(at))
	default:
		return tracking.Exact(at)
	}
}

func FuzzTimes(f *testing.F) {
	f.Add("2026-03-04T05:06:07+01:00", "74700", "-04.00")
	f.Add("20260704", "1330", "PT")
	f.Add("201508201020", "203", "NT")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		for _, parse := range []func() (tracking.Time, error){
			func() (tracking.Time, error) { return tracking.ParseISO(a) },
			func() (tracking.Time, error) { return tracking.ParseCompact(a, b, c) },
			func() (tracking.Time, error) { return tracking.ParseCompactUTC(a, b, a, c) },
			func() (tracking.Time, error) { return tracking.ParseEDIFACT(a, b) },
			func() (tracking.Time, error) { return tracking.ParseX12(a, b, c) },
		} {
			got, err := parse()
			if err == nil && (got.IsZero() || got.Validate() != nil) {
				t.Fatalf("%q %q %q give %+v: %v", a, b, c, got, got.Validate())
			}
		}
	})
}
