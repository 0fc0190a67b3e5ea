package laposte_test

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/laposte"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

func TestParse(t *testing.T) { trackingtest.Run(t, laposte.Code, laposte.Parse, "testdata") }

func FuzzParse(f *testing.F) { trackingtest.Fuzz(f, laposte.Parse, "testdata") }

const secret = "demo-key-of-nobody"

func payload(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return raw
}

// handler answers as La Poste does, with a file.
func handler(t testing.TB, name string, status int) http.Handler {
	raw := payload(t, name)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Okapi-Key") != secret || !strings.HasPrefix(r.URL.Path, "/suivi/v2/idships/") {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		if strings.HasSuffix(name, ".html") {
			w.Header().Set("Content-Type", "text/html")
		}
		w.WriteHeader(status)
		_, _ = w.Write(raw)
	})
}

func start(t *testing.T, url string, timeout time.Duration, now func() time.Time) tracking.Carrier {
	t.Helper()
	client, err := laposte.New(laposte.Options{Key: secret, BaseURL: url + "/suivi/v2", Timeout: timeout, Now: now})
	require.NoError(t, err)
	return client
}

func TestFaults(t *testing.T) {
	trackingtest.Faults(t, trackingtest.Client{
		New:     start,
		Handler: handler(t, "domestic_delivered.json", http.StatusOK),
		Number:  tracking.Number{Number: "6A21098765432"},
		Secrets: []string{secret},
	})
}

// summary is outcome, code and number of each result.
func summary(results []tracking.Result) []string {
	var lines []string
	for _, result := range results {
		line := string(result.Outcome) + " " + result.Number
		if result.Code != "" {
			line += " " + result.Code
		}
		lines = append(lines, line)
	}
	return lines
}

func TestTrack(t *testing.T) {
	for _, test := range []struct {
		name, file string
		status     int
		numbers    string
		path       string
		want       []string
	}{
		{
			"one number gives an object", "domestic_delivered.json", http.StatusOK, "6A21098765432",
			"/suivi/v2/idships/6A21098765432", []string{"FOUND 6A21098765432"},
		},
		{
			"one number gives an array", "returned.json", http.StatusOK, "8R45678901234",
			"/suivi/v2/idships/8R45678901234", []string{"FOUND 8R45678901234"},
		},
		{
			"the answer writes it in another way", "domestic_delivered.json", http.StatusOK, "6A2109876543201",
			"/suivi/v2/idships/6A2109876543201", []string{"FOUND 6A2109876543201"},
		},
		{
			"number by number", "batch_207.json", http.StatusMultiStatus,
			"6A2109 12345678901 6A21098765433 6A21098765434 6A21098765436 6A21098765438 6A21098765439 6A21098765440 a,b",
			"/suivi/v2/idships/6A2109,12345678901,6A21098765433,6A21098765434,6A21098765436,6A21098765438,6A21098765439,6A21098765440",
			[]string{
				"INVALID 6A2109 400", "FOUND 12345678901", "FOUND 6A21098765433", "NOT_FOUND 6A21098765434 404", "RATE_LIMITED 6A21098765436 429",
				"NOT_FOUND 6A21098765438 104", "UNAVAILABLE 6A21098765439 200", "UNAVAILABLE 6A21098765440", "INVALID a,b",
			},
		},
		{
			"not yet", "error_404.json", http.StatusNotFound, "6A21098765434",
			"/suivi/v2/idships/6A21098765434", []string{"NOT_FOUND 6A21098765434 404"},
		},
		{
			"no number", "error_400.json", http.StatusBadRequest, "6A21",
			"/suivi/v2/idships/6A21", []string{"INVALID 6A21 400"},
		},
		{
			"a page instead of JSON", "page.html", http.StatusNotFound, "6A21098765434 6A21098765435",
			"/suivi/v2/idships/6A21098765434,6A21098765435", []string{"NOT_FOUND 6A21098765434 404", "NOT_FOUND 6A21098765435 404"},
		},
		{
			"an object about several", "error_400.json", http.StatusBadRequest, "6A21098765434 6A21098765435",
			"/suivi/v2/idships/6A21098765434,6A21098765435", []string{"INVALID 6A21098765434 400", "UNAVAILABLE 6A21098765435"},
		},
		{"nothing to ask", "page.html", http.StatusOK, "6A/../x ?", "", []string{"INVALID 6A/../x", "INVALID ?"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := trackingtest.NewServer(t, handler(t, test.file, test.status))
			var numbers []tracking.Number
			for _, number := range strings.Fields(test.numbers) {
				numbers = append(numbers, tracking.Number{Number: number})
			}
			results, err := start(t, server.URL, 0, nil).Track(t.Context(), numbers)
			require.NoError(t, err)
			assert.Equal(t, test.want, summary(results))
			if test.path == "" {
				assert.Empty(t, server.Requests())
				return
			}
			require.Len(t, server.Requests(), 1)
			assert.Equal(t, test.path, server.Requests()[0].Path)
			assert.Equal(t, "lang=en_GB", server.Requests()[0].Query)
		})
	}
}

// A gateway that refuses the key in JSON of its own is no answer about a number.
func TestGateway(t *testing.T) {
	server := trackingtest.NewServer(t, handler(t, "gateway.json", http.StatusNotFound))
	_, err := start(t, server.URL, 0, nil).Track(t.Context(), []tracking.Number{{Number: "6A21098765434"}})
	var failure *tracking.Error
	require.True(t, errors.As(err, &failure))
	assert.Equal(t, tracking.ErrBadResponse, failure.Code)
	assert.Equal(t, http.StatusNotFound, failure.Status)
}

func TestTrackTakesTenNumbers(t *testing.T) {
	client := start(t, "http://127.0.0.1:1", 0, nil)
	for _, count := range []int{0, 11} {
		_, err := client.Track(t.Context(), make([]tracking.Number, count))
		var failure *tracking.Error
		require.True(t, errors.As(err, &failure))
		assert.Equal(t, tracking.ErrBadRequest, failure.Code)
	}
}

func TestNew(t *testing.T) {
	_, err := laposte.New(laposte.Options{})
	require.Error(t, err, "no key")
	_, err = laposte.New(laposte.Options{Key: secret, BaseURL: "http://api.laposte.fr"})
	require.Error(t, err, "the key in the clear")
	client, err := laposte.New(laposte.Options{Key: secret, Limits: &tracking.Limits{CallsPerDay: 5000, NumbersPerCall: 70}})
	require.NoError(t, err)
	assert.Equal(t, tracking.Limits{NumbersPerCall: 10, CallsPerDay: 5000}, client.Limits())
	assert.Equal(t, "laposte", client.Code())
	assert.Equal(t, "La Poste", client.Name())
}

// What becomes of the events together.
func TestState(t *testing.T) {
	for file, want := range map[string]tracking.State{
		"domestic_delivered.json": {Milestone: domain.MilestoneDelivered},
		"pickup_point.json":       {Milestone: domain.MilestoneAvailableForPickup},
		"outbound_customs.json": {
			Milestone: domain.MilestoneException, Reason: domain.ReasonCustomsDocs, Delayed: true, DelayReason: domain.ReasonCarrierDelay,
		},
		"inbound.json":   {Milestone: domain.MilestoneOutForDelivery},
		"mixed_odd.json": {Milestone: domain.MilestoneOutForDelivery},
		"returned.json":  {Milestone: domain.MilestoneReturned},
	} {
		results, err := laposte.Parse(payload(t, file), trackingtest.ReceivedAt())
		require.NoError(t, err)
		got := tracking.Reduce(results[0].Reports[0].Events)
		assert.Equal(t, want.Milestone, got.Milestone, file)
		assert.Equal(t, want.Reason, got.Reason, file)
		assert.Equal(t, want.Delayed, got.Delayed, file)
		assert.Equal(t, want.DelayReason, got.DelayReason, file)
	}
}

// Dates that are missing, or cannot be, do not take a parcel back.
func TestStateWithoutDates(t *testing.T) {
	results, err := laposte.Parse(payload(t, "mixed_odd.json"), trackingtest.ReceivedAt())
	require.NoError(t, err)
	assert.Equal(t, domain.MilestoneDelivered, tracking.Reduce(results[1].Reports[0].Events).Milestone)
	assert.Equal(t, domain.MilestoneReturned, tracking.Reduce(results[2].Reports[0].Events).Milestone)
}

func BenchmarkParse(b *testing.B) {
	trackingtest.Benchmark(b, laposte.Parse, payload(b, "domestic_delivered.json"))
}
