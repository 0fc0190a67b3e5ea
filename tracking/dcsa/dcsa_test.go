package dcsa_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/dcsa"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

var (
	_ tracking.Carrier = (*dcsa.Client)(nil)
	_ tracking.Webhook = (*dcsa.Webhook)(nil)
)

const secret = "demo-key-of-nobody"

func TestParse(t *testing.T) { trackingtest.Run(t, dcsa.Code, dcsa.Parse, "testdata/events") }

func FuzzParse(f *testing.F) { trackingtest.Fuzz(f, dcsa.Parse, "testdata/events") }

func payload(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("testdata/" + name)
	require.NoError(t, err)
	return raw
}

func webhook(t testing.TB, secrets ...string) *dcsa.Webhook {
	t.Helper()
	var keys [][]byte
	for _, secret := range secrets {
		keys = append(keys, []byte(secret))
	}
	w, err := dcsa.NewWebhook("", keys...)
	require.NoError(t, err)
	return w
}

// pushed gives a bundle's reports in the form of an answer, which is what trackingtest tests.
func pushed(t testing.TB) tracking.Parser {
	w := webhook(t, secret)
	return func(raw []byte, at time.Time) ([]tracking.Result, error) {
		push, err := w.Parse(raw, at)
		if err != nil || len(push.Reports) == 0 {
			return nil, err
		}
		return []tracking.Result{{Outcome: domain.TrackingFound, Reports: push.Reports}}, nil
	}
}

func TestPush(t *testing.T) { trackingtest.Run(t, dcsa.Code, pushed(t), "testdata/push") }

func FuzzPush(f *testing.F) { trackingtest.Fuzz(f, pushed(f), "testdata/push") }

// The state that a customer sees, and when it should arrive, worked out by hand from the payloads.
func TestState(t *testing.T) {
	type want struct {
		milestone domain.Milestone
		reason    domain.ExceptionReason
		delayed   bool
		eta       string
		changes   int
	}
	for name, journeys := range map[string]map[string]want{
		"delivered.json": {"NRDU1234560 NB26000117": {domain.MilestoneDelivered, "", true, "", 0}},
		"underway.json":  {"NRDU7654321 NB26000200": {domain.MilestoneInTransit, "", true, "2026-03-23T05:00:00Z", 1}},
		"planned.json":   {"NB26000201 NB26000201": {domain.MilestoneLabelCreated, "", false, "2026-04-20T10:00:00Z", 0}},
		"booking_of_two.json": {
			"NRDU1111110 NB26000300": {domain.MilestoneDelivered, "", false, "", 0},
			"NRDU2222220 NB26000300": {domain.MilestoneException, domain.ReasonCustomsHold, false, "", 0},
		},
		"container_used_again.json": {
			"NRDU9999990 NB25000900": {domain.MilestoneDelivered, "", false, "", 0},
			"NRDU9999990 NB26000400": {domain.MilestoneInTransit, "", false, "2026-02-20T08:00:00Z", 0},
			"NRDU9999990 ":           {domain.MilestoneUnknown, "", false, "", 0},
		},
		"retracted.json":            {"NRDU9090905 NB26000909": {domain.MilestoneInTransit, "", false, "2026-02-25T14:00:00Z", 0}},
		"metadata_and_payload.json": {"NRDU9090905 NB26000909": {domain.MilestoneInTransit, "", false, "", 0}},
		"cancelled.json":            {"CBR-1 CBR-1": {domain.MilestoneCancelled, "", false, "", 0}},
	} {
		results, err := dcsa.Parse(payload(t, "events/"+name), trackingtest.ReceivedAt())
		require.NoError(t, err, name)
		require.Len(t, results, 1)
		require.Len(t, results[0].Reports, len(journeys), name)
		for _, report := range results[0].Reports {
			want, known := journeys[report.Number+" "+report.UniqueID]
			require.True(t, known, "%s: %s %s", name, report.Number, report.UniqueID)
			state, etas := tracking.Reduce(report.Events), tracking.Etas(report.Etas)
			assert.Equal(t, want.milestone, state.Milestone, name)
			assert.Equal(t, want.reason, state.Reason, name)
			assert.Equal(t, want.delayed, state.Delayed, name)
			assert.Equal(t, want.changes, etas.Changes, name)
			if want.eta != "" {
				require.NotNil(t, etas.Latest, name)
				assert.Equal(t, want.eta, etas.Latest.Latest.Instant.Format(time.RFC3339), name)
			}
		}
	}
}

// A second time changes nothing, also where one event comes by push and by pull.
func TestPushAndPullAgree(t *testing.T) {
	pulled, err := dcsa.Parse(payload(t, "events/underway.json"), trackingtest.ReceivedAt())
	require.NoError(t, err)
	push, err := webhook(t, secret).Parse(payload(t, "push/bundle.json"), trackingtest.ReceivedAt())
	require.NoError(t, err)
	require.Len(t, push.Reports, 1)
	_, changed := tracking.Merge(pulled[0].Reports[0].Events, push.Reports[0].Events)
	assert.Empty(t, changed)
}

func TestVerify(t *testing.T) {
	body := payload(t, "push/bundle.json")
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	right := hex.EncodeToString(mac.Sum(nil))
	w := webhook(t, "the secret before", secret)
	for name, test := range map[string]struct {
		header []string
		body   []byte
		ok     bool
	}{
		"right":            {[]string{"sha256=" + right}, body, true},
		"in capitals":      {[]string{" SHA256=" + right}, body, true},
		"without a method": {[]string{right}, body, false},
		"another method":   {[]string{"sha512=" + right}, body, false},
		"none":             {nil, body, false},
		"two":              {[]string{"sha256=" + right, "sha256=" + right}, body, false},
		"another body":     {[]string{"sha256=" + right}, append([]byte(" "), body...), false},
		"cut off":          {[]string{"sha256=" + right[:62]}, body, false},
		"no digits":        {[]string{"sha256=zz" + right[2:]}, body, false},
	} {
		err := w.Verify(http.Header{"Notification-Signature": test.header}, test.body, trackingtest.ReceivedAt())
		if test.ok {
			assert.NoError(t, err, name)
			continue
		}
		var failure *tracking.Error
		require.True(t, errors.As(err, &failure), name)
		assert.Equal(t, tracking.ErrUnauthenticated, failure.Code, name)
	}
	_, err := dcsa.NewWebhook("x")
	require.Error(t, err)
	_, err = dcsa.NewWebhook("x", []byte{})
	require.Error(t, err)
}

func start(t *testing.T, url string, timeout time.Duration, now func() time.Time) tracking.Carrier {
	t.Helper()
	client, err := dcsa.New(dcsa.Options{
		Code: "nord", BaseURL: url, Authorize: tracking.Key{Header: "API-Key", Value: secret}, Timeout: timeout, Now: now,
		Header: http.Header{"Consumer-Key": {"vigie"}},
	})
	require.NoError(t, err)
	return client
}

func handler(t testing.TB, name string, status int) http.Handler {
	raw := payload(t, "events/"+name)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("API-Key") != secret || r.Header.Get("Consumer-Key") != "vigie" || r.URL.Path != "/v2/events" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = w.Write(raw)
	})
}

func TestFaults(t *testing.T) {
	trackingtest.Faults(t, trackingtest.Client{
		New: start, Handler: handler(t, "delivered.json", http.StatusOK), Number: tracking.Number{Number: "NRDU1234560"}, Secrets: []string{secret},
	})
}

func TestTrack(t *testing.T) {
	day := domain.Date{Year: 2026, Month: time.February, Day: 1}
	for _, test := range []struct {
		name, file string
		status     int
		number     tracking.Number
		query      string
		outcome    domain.TrackingOutcome
		found      int
	}{
		{
			"a container", "delivered.json", 200,
			tracking.Number{Number: "NRDU1234560"}, "equipmentReference=NRDU1234560&limit=100",
			domain.TrackingFound, 1,
		},
		{
			"a booking", "planned.json", 200,
			tracking.Number{Number: "NB26000201"}, "carrierBookingReference=NB26000201&limit=100",
			domain.TrackingFound, 1,
		},
		{
			"a booking of two", "booking_of_two.json", 200,
			tracking.Number{Number: "NB26000300", UniqueID: "NB26000300"}, "carrierBookingReference=NB26000300&limit=100",
			domain.TrackingAmbiguous, 2,
		},
		{
			"a bill of lading", "delivered.json", 200,
			tracking.Number{Number: "B/L 1", Service: "TRD"}, "limit=100&transportDocumentReference=B%2FL+1",
			domain.TrackingFound, 1,
		},
		{
			"used again", "container_used_again.json", 200,
			tracking.Number{Number: "NRDU9999990"}, "equipmentReference=NRDU9999990&limit=100",
			domain.TrackingAmbiguous, 3,
		},
		{
			"used again, by booking", "container_used_again.json", 200,
			tracking.Number{Number: "NRDU9999990", UniqueID: "NB25000900"}, "equipmentReference=NRDU9999990&limit=100",
			domain.TrackingFound, 1,
		},
		{
			"by date", "booking_of_two.json", 200,
			tracking.Number{Number: "NRDU1111110", ShipDate: &day}, "equipmentReference=NRDU1111110&limit=100",
			domain.TrackingFound, 1,
		},
		{
			"no events", "none.json", 200,
			tracking.Number{Number: "NRDU1234560"}, "equipmentReference=NRDU1234560&limit=100",
			domain.TrackingNotFound, 0,
		},
		{
			"not yet", "error_404.json", 404,
			tracking.Number{Number: "NRDU1234560"}, "equipmentReference=NRDU1234560&limit=100",
			domain.TrackingNotFound, 0,
		},
		{
			"no number", "error_400.json", 400,
			tracking.Number{Number: "?"}, "carrierBookingReference=%3F&limit=100",
			domain.TrackingInvalid, 0,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := trackingtest.NewServer(t, handler(t, test.file, test.status))
			results, err := start(t, server.URL, 0, nil).Track(t.Context(), []tracking.Number{test.number})
			require.NoError(t, err)
			require.Len(t, results, 1)
			assert.Equal(t, test.outcome, results[0].Outcome)
			assert.Len(t, results[0].Reports, test.found)
			require.Len(t, server.Requests(), 1)
			assert.Equal(t, test.query, server.Requests()[0].Query)
		})
	}
}

// pages serves the events of a payload three at a time, with the header that link makes of a cursor.
func pages(t *testing.T, name string, link func(cursor int) string) http.Handler {
	var events []json.RawMessage
	require.NoError(t, json.Unmarshal(payload(t, "events/"+name), &events))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := 0
		if cursor := r.URL.Query().Get("cursor"); cursor != "" {
			var err error
			from, err = strconv.Atoi(cursor)
			if err != nil {
				w.WriteHeader(http.StatusInternalServerError)
				return
			}
		}
		to := min(from+3, len(events))
		if to < len(events) {
			w.Header().Set("Next-Page", link(to))
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(events[from:to])
	})
}

func TestPages(t *testing.T) {
	whole, err := dcsa.Parse(payload(t, "events/delivered.json"), trackingtest.ReceivedAt())
	require.NoError(t, err)
	number := []tracking.Number{{Number: "NRDU1234560"}}
	for name, link := range map[string]func(int) string{
		"a cursor":                strconv.Itoa,
		"a link":                  func(to int) string { return "https://elsewhere.example/v2/events?limit=3&cursor=" + strconv.Itoa(to) },
		"a link in brackets":      func(to int) string { return "</v2/events?cursor=" + strconv.Itoa(to) + ">" },
		"a link that is relative": func(to int) string { return "?cursor=" + strconv.Itoa(to) },
	} {
		server := trackingtest.NewServer(t, pages(t, "delivered.json", link))
		results, err := start(t, server.URL, 0, trackingtest.ReceivedAt).Track(t.Context(), number)
		require.NoError(t, err, name)
		assert.Equal(t, whole[0].Reports, results[0].Reports, name)
		assert.Len(t, server.Requests(), 6, name)
		assert.Zero(t, server.Strayed())
	}
	for name, link := range map[string]func(int) string{
		"the same page again": func(int) string { return "3" },
		"pages without end":   func(to int) string { return strconv.Itoa(to-2) + "&x=" + strconv.Itoa(to) },
	} {
		server := trackingtest.NewServer(t, pages(t, "delivered.json", link))
		_, err := start(t, server.URL, 0, nil).Track(t.Context(), number)
		var failure *tracking.Error
		if name == "the same page again" {
			require.True(t, errors.As(err, &failure), name)
			assert.Equal(t, tracking.ErrBadResponse, failure.Code)
			assert.Len(t, server.Requests(), 2, name)
		} else {
			// Neither a cursor nor a link with one: there is nothing to follow.
			require.NoError(t, err)
			assert.Len(t, server.Requests(), 1, name)
		}
	}
}

// However many pages a carrier claims to have, there is an end.
func TestEndlessPages(t *testing.T) {
	page := payload(t, "events/one_event.json")
	count := 0
	server := trackingtest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		count++
		w.Header().Set("Next-Page", strconv.Itoa(count))
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(page)
	}))
	_, err := start(t, server.URL, time.Minute, nil).Track(t.Context(), []tracking.Number{{Number: "NRDU5555550"}})
	var failure *tracking.Error
	require.True(t, errors.As(err, &failure))
	assert.Equal(t, tracking.ErrBadResponse, failure.Code)
	assert.False(t, failure.Temporary)
	assert.Len(t, server.Requests(), 50)
}

// A failure in the middle is one of the whole call: half of a journey would look like all of it.
func TestFailureOnALaterPage(t *testing.T) {
	first := pages(t, "delivered.json", strconv.Itoa)
	server := trackingtest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("cursor") == "6" {
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		first.ServeHTTP(w, r)
	}))
	results, err := start(t, server.URL, 0, trackingtest.ReceivedAt).Track(t.Context(), []tracking.Number{{Number: "NRDU1234560"}})
	var failure *tracking.Error
	require.True(t, errors.As(err, &failure))
	assert.Empty(t, results)
	assert.Equal(t, tracking.ErrRateLimited, failure.Code)
	require.NotNil(t, failure.RetryAt)
	assert.True(t, failure.RetryAt.Equal(trackingtest.ReceivedAt().Add(30*time.Second)))
}

func TestNew(t *testing.T) {
	key := tracking.Key{Header: "API-Key", Value: secret}
	_, err := dcsa.New(dcsa.Options{BaseURL: "https://api.example.com"})
	require.Error(t, err, "no credentials")
	_, err = dcsa.New(dcsa.Options{Authorize: key})
	require.Error(t, err, "no address")
	_, err = dcsa.New(dcsa.Options{Authorize: key, BaseURL: "http://api.example.com"})
	require.Error(t, err, "the key in the clear")
	limits := &tracking.Limits{CallsPerDay: 9, NumbersPerCall: 7}
	client, err := dcsa.New(dcsa.Options{Authorize: key, BaseURL: "https://api.example.com", Limits: limits})
	require.NoError(t, err)
	assert.Equal(t, tracking.Limits{NumbersPerCall: 1, CallsPerDay: 9}, client.Limits())
	assert.Equal(t, "dcsa", client.Code())
	assert.Equal(t, "DCSA", client.Name())
	_, err = client.Track(t.Context(), nil)
	require.Error(t, err)
}

func BenchmarkParse(b *testing.B) {
	trackingtest.Benchmark(b, dcsa.Parse, payload(b, "events/delivered.json"))
}
