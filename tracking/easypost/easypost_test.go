package easypost_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/easypost"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

// parse reads what was pulled or pushed: folders of payloads have both.
func parse(raw []byte, at time.Time) ([]tracking.Result, error) {
	var head struct {
		Object string `json:"object"`
	}
	if json.Unmarshal(raw, &head) != nil || head.Object != "Event" {
		return easypost.Parse(raw, at)
	}
	return parsePushed(raw, at)
}

func parsePushed(raw []byte, at time.Time) ([]tracking.Result, error) {
	push, err := new(easypost.Webhook).Parse(raw, at)
	if err != nil || len(push.Reports) == 0 {
		return nil, err
	}
	return []tracking.Result{{Outcome: domain.TrackingFound, Reports: push.Reports}}, nil
}

func TestParse(t *testing.T) { trackingtest.Run(t, easypost.Code, parse, "testdata") }

func TestParsePushed(t *testing.T) {
	t.Setenv(trackingtest.SamplesVariable, "")
	trackingtest.Run(t, easypost.Code, parsePushed, "testdata/webhook")
}

func FuzzParse(f *testing.F) { trackingtest.Fuzz(f, easypost.Parse, "testdata") }

func FuzzParsePushed(f *testing.F) { trackingtest.Fuzz(f, parsePushed, "testdata/webhook") }

func payload(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return raw
}

const secret = "demo-key-of-nobody"

// handler answers as EasyPost does, with a file.
func handler(t testing.TB, name string, status int) http.Handler {
	raw := payload(t, name)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		user, password, ok := r.BasicAuth()
		if !ok || user != secret || password != "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_, _ = w.Write(raw)
	})
}

func start(t *testing.T, url string, timeout time.Duration, now func() time.Time) tracking.Carrier {
	t.Helper()
	client, err := easypost.New(easypost.Options{Key: secret, BaseURL: url, Timeout: timeout, Now: now})
	require.NoError(t, err)
	return client
}

func TestFaults(t *testing.T) {
	trackingtest.Faults(t, trackingtest.Client{
		New:     start,
		Handler: handler(t, "delivered_out_of_order.json", http.StatusCreated),
		Number:  tracking.Number{Number: "1ZA880120312345674"},
		Secrets: []string{secret},
	})
}

func TestTrack(t *testing.T) {
	for _, test := range []struct {
		name, file string
		status     int
		number     tracking.Number
		call, body string
		outcome    domain.TrackingOutcome
		code       string
	}{
		{
			"found", "delivered_out_of_order.json", http.StatusCreated, tracking.Number{Number: "1ZA880120312345674", Service: "UPS"},
			"POST /v2/trackers", `{"tracker":{"carrier":"UPS","tracking_code":"1ZA880120312345674"}}`, domain.TrackingFound, "",
		},
		{
			"a product is no carrier", "status_only.json", http.StatusOK, tracking.Number{Number: "EZ9", Service: "Standard parcel"},
			"POST /v2/trackers", `{"tracker":{"tracking_code":"EZ9"}}`, domain.TrackingFound, "",
		},
		{
			"by the id of its tracker", "delivered_out_of_order.json", http.StatusOK, tracking.Number{Number: "1ZA880120312345674", UniqueID: "trk_0a1"},
			"GET /v2/trackers/trk_0a1", "", domain.TrackingFound, "",
		},
		{
			"another journey", "delivered_out_of_order.json", http.StatusOK, tracking.Number{Number: "1ZA880120312345674", UniqueID: "trk_9"},
			"GET /v2/trackers/trk_9", "", domain.TrackingNotFound, "",
		},
		{
			"not yet", "just_made.json", http.StatusCreated, tracking.Number{Number: "1ZA880120312345675"},
			"POST /v2/trackers", `{"tracker":{"tracking_code":"1ZA880120312345675"}}`, domain.TrackingNotFound, "unknown",
		},
		{
			"a fault of EasyPost's", "error_tracker.json", http.StatusOK, tracking.Number{Number: "EZ6000000006"},
			"POST /v2/trackers", `{"tracker":{"tracking_code":"EZ6000000006"}}`, domain.TrackingUnavailable, "error",
		},
		{
			"no number", "error_422.json", http.StatusUnprocessableEntity, tracking.Number{Number: "?"},
			"POST /v2/trackers", `{"tracker":{"tracking_code":"?"}}`, domain.TrackingInvalid, "TRACKER.CREATE.ERROR",
		},
		{
			"gone", "error_404.json", http.StatusNotFound, tracking.Number{Number: "EZ1", UniqueID: "trk_/../1"},
			"GET /v2/trackers/trk_/../1", "", domain.TrackingNotFound, "TRACKER.NOT_FOUND",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := trackingtest.NewServer(t, handler(t, test.file, test.status))
			results, err := start(t, server.URL, 0, nil).Track(t.Context(), []tracking.Number{test.number})
			require.NoError(t, err)
			require.Len(t, results, 1)
			assert.Equal(t, test.number.Number, results[0].Number)
			assert.Equal(t, test.outcome, results[0].Outcome)
			assert.Equal(t, test.code, results[0].Code)
			require.Len(t, server.Requests(), 1)
			request := server.Requests()[0]
			assert.Equal(t, test.call, request.Method+" "+request.Path)
			assert.Equal(t, test.body, string(request.Body))
		})
	}
}

func TestTrackRefusals(t *testing.T) {
	client := start(t, "http://127.0.0.1:1", 0, nil)
	for _, numbers := range [][]tracking.Number{nil, {{Number: "1"}, {Number: "2"}}} {
		_, err := client.Track(t.Context(), numbers)
		var failure *tracking.Error
		require.True(t, errors.As(err, &failure))
		assert.Equal(t, tracking.ErrBadRequest, failure.Code)
	}
	server := trackingtest.NewServer(t, handler(t, "no_trackers.json", http.StatusOK))
	_, err := start(t, server.URL, 0, nil).Track(t.Context(), []tracking.Number{{Number: "1"}})
	var failure *tracking.Error
	require.True(t, errors.As(err, &failure))
	assert.Equal(t, tracking.ErrBadResponse, failure.Code)
}

func TestNew(t *testing.T) {
	_, err := easypost.New(easypost.Options{})
	require.Error(t, err, "no key")
	_, err = easypost.New(easypost.Options{Key: secret, BaseURL: "http://api.easypost.com"})
	require.Error(t, err, "the key in the clear")
	client, err := easypost.New(easypost.Options{Key: secret, Limits: tracking.Limits{CallsPerSecond: 5, NumbersPerCall: 7}})
	require.NoError(t, err)
	assert.Equal(t, tracking.Limits{NumbersPerCall: 1, CallsPerSecond: 5}, client.Limits())
	assert.Equal(t, "easypost", client.Code())
	assert.Equal(t, "EasyPost", client.Name())
}

// What becomes of the events together.
func TestState(t *testing.T) {
	for file, want := range map[string]tracking.State{
		"delivered_out_of_order.json": {Milestone: domain.MilestoneDelivered},
		"false_utc.json":              {Milestone: domain.MilestoneInTransit},
		"problems.json": {
			Milestone: domain.MilestoneException, Reason: domain.ReasonMisrouted, Delayed: true, DelayReason: domain.ReasonWeather,
		},
		"returned.json":    {Milestone: domain.MilestoneReturned},
		"status_only.json": {Milestone: domain.MilestoneOutForDelivery},
	} {
		results, err := easypost.Parse(payload(t, file), trackingtest.ReceivedAt())
		require.NoError(t, err)
		got := tracking.Reduce(results[0].Reports[0].Events)
		assert.Equal(t, want.Milestone, got.Milestone, file)
		assert.Equal(t, want.Reason, got.Reason, file)
		assert.Equal(t, want.Delayed, got.Delayed, file)
		assert.Equal(t, want.DelayReason, got.DelayReason, file)
	}
}

func BenchmarkParse(b *testing.B) {
	trackingtest.Benchmark(b, easypost.Parse, payload(b, "delivered_out_of_order.json"))
}
