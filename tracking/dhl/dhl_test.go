package dhl_test

import (
	"errors"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/dhl"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

func TestParse(t *testing.T) { trackingtest.Run(t, dhl.Code, dhl.Parse, "testdata") }

func FuzzParse(f *testing.F) { trackingtest.Fuzz(f, dhl.Parse, "testdata") }

// payload answers as DHL does, with a file.
func payload(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return raw
}

func handler(t testing.TB, name string, status int) http.Handler {
	raw := payload(t, name)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("DHL-API-Key") != secret || r.URL.Path != "/track/shipments" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/problem+json;charset=UTF-8")
		w.WriteHeader(status)
		_, _ = w.Write(raw)
	})
}

const secret = "demo-key-of-nobody"

func start(t *testing.T, url string, timeout time.Duration, now func() time.Time) tracking.Carrier {
	t.Helper()
	client, err := dhl.New(dhl.Options{Key: secret, BaseURL: url, Timeout: timeout, Now: now})
	require.NoError(t, err)
	return client
}

func TestFaults(t *testing.T) {
	trackingtest.Faults(t, trackingtest.Client{
		New:     start,
		Handler: handler(t, "paket_delivered.json", http.StatusOK),
		Number:  tracking.Number{Number: "00340434198765432104"},
		Secrets: []string{secret},
	})
}

func TestTrack(t *testing.T) {
	day := domain.Date{Year: 2026, Month: time.February, Day: 18}
	later := domain.Date{Year: 2026, Month: time.March, Day: 2}
	for _, test := range []struct {
		name, file string
		status     int
		number     tracking.Number
		query      string
		outcome    domain.TrackingOutcome
		found      []string
	}{
		{
			"one", "paket_delivered.json", http.StatusOK, tracking.Number{Number: "00340434198765432104", PostalCode: "28195", Service: "parcel-de"},
			"language=en&limit=50&recipientPostalCode=28195&service=parcel-de&trackingNumber=00340434198765432104",
			domain.TrackingFound, []string{"00340434198765432104"},
		},
		{
			"a product is no division", "express_customs.json", http.StatusOK, tracking.Number{Number: "3318810025", Service: "DHL Express"},
			"language=en&limit=50&trackingNumber=3318810025", domain.TrackingFound, []string{"3318810025"},
		},
		{
			"a reference of several", "freight_several.json", http.StatusOK, tracking.Number{Number: "PO-2026/7"},
			"language=en&limit=50&trackingNumber=PO-2026%2F7", domain.TrackingAmbiguous, []string{"127990001", "127990002"},
		},
		{
			"by unique id", "freight_several.json", http.StatusOK, tracking.Number{Number: "PO-2026/7", UniqueID: "dsc/127990002"},
			"language=en&limit=50&trackingNumber=PO-2026%2F7", domain.TrackingFound, []string{"127990002"},
		},
		{
			"by its own number", "freight_several.json", http.StatusOK, tracking.Number{Number: "127990001"},
			"language=en&limit=50&trackingNumber=127990001", domain.TrackingFound, []string{"127990001"},
		},
		{
			"by ship date", "freight_several.json", http.StatusOK, tracking.Number{Number: "PO-2026/7", ShipDate: &day},
			"language=en&limit=50&trackingNumber=PO-2026%2F7", domain.TrackingFound, []string{"127990001"},
		},
		{
			"nine under one reference", "nine_under_one_reference.json", http.StatusOK, tracking.Number{Number: "PO-4711"},
			"language=en&limit=50&trackingNumber=PO-4711", domain.TrackingAmbiguous, []string{
				"FR-771201", "FR-771202", "FR-771203", "771204", "FR-771205", "FR-771206", "FR-771207", "FR-771208", "FR-771209",
			},
		},
		{
			"one of nine", "nine_under_one_reference.json", http.StatusOK, tracking.Number{Number: "PO-4711", UniqueID: "dgf/FR-771207"},
			"language=en&limit=50&trackingNumber=PO-4711", domain.TrackingFound, []string{"FR-771207"},
		},
		{
			"used again", "number_used_again.json", http.StatusOK, tracking.Number{Number: "00340434200000000019"},
			"language=en&limit=50&trackingNumber=00340434200000000019", domain.TrackingAmbiguous,
			[]string{"00340434200000000019", "00340434200000000019"},
		},
		{
			"used again, of this year", "number_used_again.json", http.StatusOK, tracking.Number{Number: "00340434200000000019", ShipDate: &later},
			"language=en&limit=50&trackingNumber=00340434200000000019", domain.TrackingFound, []string{"00340434200000000019"},
		},
		{
			"gone", "freight_several.json", http.StatusOK, tracking.Number{Number: "PO-2026/7", UniqueID: "dsc/1"},
			"language=en&limit=50&trackingNumber=PO-2026%2F7", domain.TrackingNotFound, nil,
		},
		{
			"not yet", "problem_404.json", http.StatusNotFound, tracking.Number{Number: "3318810025"},
			"language=en&limit=50&trackingNumber=3318810025", domain.TrackingNotFound, nil,
		},
		{
			"no number", "problem_400.json", http.StatusBadRequest, tracking.Number{Number: "?"},
			"language=en&limit=50&trackingNumber=%3F", domain.TrackingInvalid, nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := trackingtest.NewServer(t, handler(t, test.file, test.status))
			results, err := start(t, server.URL, 0, nil).Track(t.Context(), []tracking.Number{test.number})
			require.NoError(t, err)
			require.Len(t, results, 1)
			assert.Equal(t, test.number.Number, results[0].Number)
			assert.Equal(t, test.outcome, results[0].Outcome)
			var found []string
			for _, report := range results[0].Reports {
				found = append(found, report.Number)
			}
			assert.Equal(t, test.found, found)
			require.Len(t, server.Requests(), 1)
			assert.Equal(t, test.query, server.Requests()[0].Query)
		})
	}
}

func TestTrackTakesOneNumber(t *testing.T) {
	client := start(t, "http://127.0.0.1:1", 0, nil)
	for _, numbers := range [][]tracking.Number{nil, {{Number: "1"}, {Number: "2"}}} {
		_, err := client.Track(t.Context(), numbers)
		var failure *tracking.Error
		require.True(t, errors.As(err, &failure))
		assert.Equal(t, tracking.ErrBadRequest, failure.Code)
	}
}

func TestNew(t *testing.T) {
	_, err := dhl.New(dhl.Options{})
	require.Error(t, err, "no key")
	_, err = dhl.New(dhl.Options{Key: secret, BaseURL: "http://api-eu.dhl.com"})
	require.Error(t, err, "the key in the clear")
	client, err := dhl.New(dhl.Options{Key: secret, Limits: &tracking.Limits{CallsPerDay: 5000, NumbersPerCall: 7}})
	require.NoError(t, err)
	assert.Equal(t, tracking.Limits{NumbersPerCall: 1, CallsPerDay: 5000}, client.Limits())
	assert.Equal(t, "dhl", client.Code())
	assert.Equal(t, "DHL", client.Name())
}

func BenchmarkParse(b *testing.B) {
	trackingtest.Benchmark(b, dhl.Parse, payload(b, "paket_delivered.json"))
}
