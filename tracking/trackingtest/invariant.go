package trackingtest

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// holds tests what is true of every parser and payload.
func holds(t *testing.T, parse tracking.Parser, raw []byte) {
	t.Helper()
	Holds(t, parse, raw)
	given := bytes.Clone(raw)
	first := Normalise(parse(given, ReceivedAt()))
	require.Equal(t, string(raw), string(given), "a parser changes nothing")
	require.Equal(t, string(first), string(Normalise(parse(raw, ReceivedAt()))), "the same bytes give the same results")
	holdsOdd(t, parse, raw)
	for _, part := range []int{0, 1, len(raw) / 4, len(raw) / 2, len(raw) - 1} {
		Holds(t, parse, raw[:min(max(part, 0), len(raw))])
	}
}

// Holds gives raw to parse and tests that what comes back is an *Error or valid results: it is the body of every carrier's fuzz target.
func Holds(t testing.TB, parse tracking.Parser, raw []byte) {
	t.Helper()
	results, err := parse(raw, ReceivedAt())
	if err != nil {
		Refused(t, err)
		require.Empty(t, results, "results beside an error")
		return
	}
	for _, result := range results {
		switch result.Outcome {
		case domain.TrackingFound, domain.TrackingAmbiguous:
			require.NotEmpty(t, result.Reports, "found, and nothing reported")
		case domain.TrackingNotFound, domain.TrackingInvalid, domain.TrackingRateLimited, domain.TrackingUnavailable:
			require.Empty(t, result.Reports, "not found, and something reported")
		default:
			t.Fatalf("the outcome %q is not in use", result.Outcome)
		}
		ValidReports(t, result.Reports)
	}
}

// Refused tests that a parser's error is of the right kind.
func Refused(t testing.TB, err error) {
	t.Helper()
	var failure *tracking.Error
	require.True(t, errors.As(err, &failure), "a parser's error is a *tracking.Error: %v", err)
	require.NotEmpty(t, failure.Code)
}

// ValidReports tests reports for what the rest of the program relies on.
func ValidReports(t testing.TB, reports []tracking.Report) {
	t.Helper()
	for i := range reports {
		report := &reports[i]
		require.True(t, plain(report.Number) && plain(report.UniqueID), "numbers go through Plain: %q %q", report.Number, report.UniqueID)
		assert.True(t, report.ReceivedAt.Equal(ReceivedAt()), "SetKeys was not called with the time of receipt")
		for j := range report.Events {
			validEvent(t, &report.Events[j])
		}
		for j := range report.Etas {
			validEta(t, &report.Etas[j])
		}
		require.NoError(t, report.Shipped.Validate())
		if report.Proof != nil {
			require.NoError(t, report.Proof.At.Validate())
		}
		state := tracking.Reduce(report.Events)
		require.True(t, state.Milestone.Known())
		require.GreaterOrEqual(t, report.Pieces, 0)
	}
}

func validEvent(t testing.TB, event *tracking.Event) {
	t.Helper()
	require.NoError(t, event.Time.Validate())
	require.True(t, event.Milestone.Known(), "the milestone %q is not in use", event.Milestone)
	require.True(t, event.Reason == "" || event.Reason.Known(), "the reason %q is not in use", event.Reason)
	require.Contains(t, []domain.MilestoneState{domain.StateActual, domain.StateEstimated, domain.StatePlanned}, event.Classifier)
	require.Equal(t, tracking.Country(event.Place.Country), event.Place.Country, "a country is two capitals or nothing")
	require.True(t, plain(event.RawCode), "a raw code goes through Plain: %q", event.RawCode)
	require.True(t, plain(event.RawText), "raw text goes through Plain: %q", event.RawText)
	require.True(t, plain(event.Place.Text), "the text of a place goes through PlaceText or Plain: %q", event.Place.Text)
	require.NotEmpty(t, event.Key, "SetKeys was not called")
	require.False(t, event.RawCode == "" && event.RawText == "" && event.ID == "", "an event that repeats nothing of what the carrier said")
}

func plain(text string) bool {
	tidy := text == strings.Join(strings.Fields(text), " ") && !strings.ContainsFunc(text, unicode.IsControl)
	return tidy && utf8.ValidString(text) && len(text) <= 500
}

func validEta(t testing.TB, eta *tracking.Eta) {
	t.Helper()
	require.NotNil(t, eta.Known(), "an estimate without a time")
	for _, end := range []*tracking.Time{eta.Earliest, eta.Latest} {
		if end != nil {
			require.False(t, end.IsZero(), "no time is nil, not the zero Time")
			require.NoError(t, end.Validate())
		}
	}
	require.Contains(t, []domain.EtaSource{domain.EtaByCarrier, domain.EtaByAggregator, domain.EtaPromised}, eta.Source)
	require.False(t, eta.ObservedAt.IsZero())
	if eta.Zone != "" {
		_, err := time.LoadLocation(eta.Zone)
		require.NoError(t, err, "a zone is an IANA name")
	}
}
