package aftership_test

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/aftership"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

func TestParse(t *testing.T) { trackingtest.Run(t, aftership.Code, aftership.Parse, "testdata") }

func FuzzParse(f *testing.F) { trackingtest.Fuzz(f, aftership.Parse, "testdata") }

func payload(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return raw
}

const secret = "demo-key-of-nobody"

// handler answers as AfterShip does, with a file.
func handler(t testing.TB, name string, status int) http.Handler {
	raw := payload(t, name)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if r.Header.Get("as-api-key") != secret || r.URL.Path != "/tracking/2025-07/trackings" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("X-RateLimit-Reset", strconv.FormatInt(trackingtest.ReceivedAt().Add(time.Second).Unix(), 10))
		w.WriteHeader(status)
		_, _ = w.Write(raw)
	})
}

func start(t *testing.T, url string, timeout time.Duration, now func() time.Time) tracking.Carrier {
	t.Helper()
	client, err := aftership.New(aftership.Options{Key: secret, BaseURL: url, Timeout: timeout, Now: now})
	require.NoError(t, err)
	return client
}

func TestFaults(t *testing.T) {
	trackingtest.Faults(t, trackingtest.Client{
		New:     start,
		Handler: handler(t, "v4_delivered.json", http.StatusOK),
		Number:  tracking.Number{Number: "7489012345"},
		Secrets: []string{secret},
	})
}

// summary is outcome, code and number of each result, with the ids of its reports.
func summary(results []tracking.Result) []string {
	var lines []string
	for _, result := range results {
		line := string(result.Outcome) + " " + result.Number
		if result.Code != "" {
			line += " " + result.Code
		}
		for _, report := range result.Reports {
			line += " " + report.UniqueID
		}
		lines = append(lines, line)
	}
	return lines
}

func TestTrack(t *testing.T) {
	day := domain.Date{Year: 2025, Month: time.November, Day: 1}
	for _, test := range []struct {
		name, file string
		status     int
		numbers    []tracking.Number
		asked      string
		want       []string
	}{
		{
			"number by number", "list_2025.json", http.StatusOK,
			[]tracking.Number{{Number: "123456789"}, {Number: "9405500000000000000007"}, {Number: "JD014600000000001"}, {Number: "X1"}, {Number: "a,b"}},
			"123456789,9405500000000000000007,JD014600000000001,X1",
			[]string{
				"FOUND 123456789 aa04", "AMBIGUOUS 9405500000000000000007 aa01 aa02", "NOT_FOUND JD014600000000001 Pending", "NOT_FOUND X1",
				"INVALID a,b",
			},
		},
		{
			"used again, by id", "list_2025.json", http.StatusOK, []tracking.Number{{Number: "9405500000000000000007", UniqueID: "aa02"}},
			"9405500000000000000007", []string{"FOUND 9405500000000000000007 aa02"},
		},
		{
			"used again, by ship date", "list_2025.json", http.StatusOK, []tracking.Number{{Number: "9405500000000000000007", ShipDate: &day}},
			"9405500000000000000007", []string{"FOUND 9405500000000000000007 aa01"},
		},
		{
			"two couriers, one known", "list_2025.json", http.StatusOK, []tracking.Number{{Number: "JJD123", Service: "royal-mail"}},
			"JJD123", []string{"FOUND JJD123 aa06"},
		},
		{
			"two couriers, none of them", "list_2025.json", http.StatusOK, []tracking.Number{{Number: "JJD123", Service: "Standard"}},
			"JJD123", []string{"AMBIGUOUS JJD123 aa05 aa06"},
		},
		{"not known", "empty_list.json", http.StatusOK, []tracking.Number{{Number: "X1"}}, "X1", []string{"NOT_FOUND X1"}},
		{"no number", "error_4005.json", http.StatusBadRequest, []tracking.Number{{Number: "?"}}, "?", []string{"INVALID ? 4005"}},
		{"nothing to ask", "empty_list.json", http.StatusOK, []tracking.Number{{Number: ""}}, "", []string{"INVALID "}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := trackingtest.NewServer(t, handler(t, test.file, test.status))
			results, err := start(t, server.URL, 0, trackingtest.ReceivedAt).Track(t.Context(), test.numbers)
			require.NoError(t, err)
			assert.Equal(t, test.want, summary(results))
			if test.asked == "" {
				assert.Empty(t, server.Requests())
				return
			}
			require.Len(t, server.Requests(), 1)
			query, err := url.ParseQuery(server.Requests()[0].Query)
			require.NoError(t, err)
			assert.Equal(t, url.Values{
				"tracking_numbers": {test.asked}, "limit": {"200"}, "created_at_min": {"2025-11-04T05:06:07Z"},
			}, query)
		})
	}
}

func failureOf(t *testing.T, client tracking.Carrier, numbers ...tracking.Number) *tracking.Error {
	t.Helper()
	results, err := client.Track(t.Context(), numbers)
	assert.Empty(t, results)
	var failure *tracking.Error
	require.True(t, errors.As(err, &failure))
	return failure
}

func TestTrackRefusals(t *testing.T) {
	client := start(t, "http://127.0.0.1:1", 0, nil)
	assert.Equal(t, tracking.ErrBadRequest, failureOf(t, client).Code)
	assert.Equal(t, tracking.ErrBadRequest, failureOf(t, client, make([]tracking.Number, 51)...).Code)

	for _, test := range []struct {
		file    string
		status  int
		numbers string
	}{
		{"error_4005.json", http.StatusBadRequest, "1 2"}, // nobody knows which
		{"error_404.json", http.StatusNotFound, "1"},      // an address that does not exist
		{"error_4001.json", http.StatusBadRequest, "1"},
	} {
		server := trackingtest.NewServer(t, handler(t, test.file, test.status))
		var numbers []tracking.Number
		for _, number := range strings.Fields(test.numbers) {
			numbers = append(numbers, tracking.Number{Number: number})
		}
		failure := failureOf(t, start(t, server.URL, 0, nil), numbers...)
		assert.Equal(t, tracking.ErrBadRequest, failure.Code, test.file)
		assert.Equal(t, test.status, failure.Status, test.file)
		assert.Equal(t, aftership.Code, failure.Carrier, test.file)
	}
}

// AfterShip tells when it counts anew by the Unix time, not with Retry-After.
func TestRateLimit(t *testing.T) {
	server := trackingtest.NewServer(t, handler(t, "error_429.json", http.StatusTooManyRequests))
	failure := failureOf(t, start(t, server.URL, 0, trackingtest.ReceivedAt), tracking.Number{Number: "1"})
	assert.Equal(t, tracking.ErrRateLimited, failure.Code)
	require.NotNil(t, failure.RetryAt)
	assert.True(t, failure.RetryAt.Equal(trackingtest.ReceivedAt().Add(time.Second)))
}

func TestNew(t *testing.T) {
	_, err := aftership.New(aftership.Options{})
	require.Error(t, err, "no key")
	_, err = aftership.New(aftership.Options{Key: secret, BaseURL: "http://api.aftership.com"})
	require.Error(t, err, "the key in the clear")
	client, err := aftership.New(aftership.Options{Key: secret, Limits: &tracking.Limits{CallsPerSecond: 5, NumbersPerCall: 70}})
	require.NoError(t, err)
	assert.Equal(t, tracking.Limits{NumbersPerCall: 50, CallsPerSecond: 5}, client.Limits())
	assert.Equal(t, "aftership", client.Code())
	assert.Equal(t, "AfterShip", client.Name())
}

// What becomes of the events together.
func TestState(t *testing.T) {
	for file, want := range map[string]tracking.State{
		"v4_delivered.json":   {Milestone: domain.MilestoneDelivered},
		"problems.json":       {Milestone: domain.MilestoneReturning, Delayed: true, DelayReason: domain.ReasonWeather},
		"returned.json":       {Milestone: domain.MilestoneReturned},
		"expired.json":        {Milestone: domain.MilestoneExpired},
		"odd_kinds.json":      {Milestone: domain.MilestoneDelivered},
		"no_checkpoints.json": {Milestone: domain.MilestoneOutForDelivery},
	} {
		results, err := aftership.Parse(payload(t, file), trackingtest.ReceivedAt())
		require.NoError(t, err)
		got := tracking.Reduce(results[0].Reports[0].Events)
		assert.Equal(t, want.Milestone, got.Milestone, file)
		assert.Equal(t, want.Reason, got.Reason, file)
		assert.Equal(t, want.Delayed, got.Delayed, file)
		assert.Equal(t, want.DelayReason, got.DelayReason, file)
	}
}

func BenchmarkParse(b *testing.B) {
	trackingtest.Benchmark(b, aftership.Parse, payload(b, "v4_delivered.json"))
}
