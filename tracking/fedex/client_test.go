package fedex_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/fedex"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

const (
	id        = "demo-id-of-nobody"
	secret    = "demo-secret-of-nobody"
	token     = "demo-token-of-nobody"
	tokenPath = "/oauth/token"
)

// serve answers as FedEx does: a token for the credentials in the form, and raw for the token.
func serve(status int, raw []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json;charset=UTF-8")
		switch {
		case r.URL.Path == tokenPath && r.PostFormValue("client_id") == id && r.PostFormValue("client_secret") == secret:
			_, _ = w.Write([]byte(`{"access_token": "` + token + `", "token_type": "bearer", "expires_in": 3599, "scope": "CXS"}`))
		case r.Header.Get("Authorization") != "Bearer "+token || r.URL.Path != "/track/v1/trackingnumbers" || r.Method != http.MethodPost:
			w.WriteHeader(http.StatusUnauthorized)
		default:
			w.WriteHeader(status)
			_, _ = w.Write(raw)
		}
	})
}

func start(t *testing.T, url string, timeout time.Duration, now func() time.Time) tracking.Carrier {
	t.Helper()
	client, err := fedex.New(fedex.Options{ID: id, Secret: secret, BaseURL: url, Timeout: timeout, Now: now})
	require.NoError(t, err)
	return client
}

func TestFaults(t *testing.T) {
	trackingtest.Faults(t, trackingtest.Client{
		New:       start,
		Handler:   serve(http.StatusOK, payload(t, "delivered.json")),
		Number:    tracking.Number{Number: "794600001231"},
		TokenPath: tokenPath,
		Secrets:   []string{id, secret, token},
	})
}

func numbersOf(texts ...string) []tracking.Number {
	numbers := make([]tracking.Number, len(texts))
	for i, text := range texts {
		numbers[i].Number = text
	}
	return numbers
}

func outcomes(results []tracking.Result) []string {
	var found []string
	for _, result := range results {
		text := fmt.Sprintf("%s %s", result.Number, result.Outcome)
		if result.Code != "" {
			text += " " + result.Code
		}
		for _, report := range result.Reports {
			text += " " + report.UniqueID
		}
		found = append(found, text)
	}
	return found
}

// A batch fails number by number, in the order in which it was asked.
func TestTrackBatch(t *testing.T) {
	server := trackingtest.NewServer(t, serve(http.StatusOK, payload(t, "batch_partial.json")))
	numbers := numbersOf("794600001297", "7946 0000 1253", "", "794600001242", "79460000126", "<script>", "794600001286", "794600001275", "794600009999")
	results, err := start(t, server.URL, 0, nil).Track(t.Context(), numbers)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"794600001297 UNAVAILABLE",
		"7946 0000 1253 FOUND 2461100000~794600001253~FDEG",
		" INVALID",
		"794600001242 NOT_FOUND TRACKING.TRACKINGNUMBER.NOTFOUND",
		"79460000126 INVALID TRACKING.TRACKINGNUMBER.INVALID",
		"<script> INVALID",
		"794600001286 RATE_LIMITED RATE.LIMIT.EXCEEDED",
		"794600001275 UNAVAILABLE SYSTEM.UNAVAILABLE.EXCEPTION",
		"794600009999 UNAVAILABLE",
	}, outcomes(results))
	requests := server.Requests()
	require.Len(t, requests, 2, "a token and one call")
	assert.Equal(t, "en_US", requests[1].Header.Get("X-Locale"))
	var asked struct {
		Scans   bool `json:"includeDetailedScans"`
		Numbers []struct {
			Info map[string]string `json:"trackingNumberInfo"`
		} `json:"trackingInfo"`
	}
	require.NoError(t, json.Unmarshal(requests[1].Body, &asked))
	assert.True(t, asked.Scans)
	assert.Len(t, asked.Numbers, 7, "what is no number is not asked about")
}

func TestTrackNumberUsedAgain(t *testing.T) {
	day := domain.Date{Year: 2025, Month: time.November, Day: 3}
	young, old := "2461120000~794600001300~FX", "2460710000~794600001300~FX"
	for _, test := range []struct {
		name   string
		number tracking.Number
		want   string
		sent   string
	}{
		{"no hint", tracking.Number{}, "AMBIGUOUS " + young + " " + old, `{"trackingNumber": "794600001300"}`},
		{"by ship date", tracking.Number{ShipDate: &day}, "FOUND " + old, `{"trackingNumber": "794600001300"}`},
		{"by postal code", tracking.Number{PostalCode: "3011"}, "FOUND " + young, `{"trackingNumber": "794600001300"}`},
		{
			"by unique id", tracking.Number{UniqueID: old}, "FOUND " + old,
			`{"trackingNumber": "794600001300", "trackingNumberUniqueId": "` + old + `"}`,
		},
		{
			"gone", tracking.Number{UniqueID: "1~794600001300~FX"}, "NOT_FOUND",
			`{"trackingNumber": "794600001300", "trackingNumberUniqueId": "1~794600001300~FX"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := trackingtest.NewServer(t, serve(http.StatusOK, payload(t, "number_used_again.json")))
			test.number.Number = "794600001300"
			results, err := start(t, server.URL, 0, nil).Track(t.Context(), []tracking.Number{test.number})
			require.NoError(t, err)
			assert.Equal(t, []string{"794600001300 " + test.want}, outcomes(results))
			want := `{"includeDetailedScans": true, "trackingInfo": [{"trackingNumberInfo": ` + test.sent + `}]}`
			assert.JSONEq(t, want, string(server.Requests()[1].Body))
		})
	}
}

// Two shipments under one number, of which one is known by its unique id, are two questions and two answers with the same journey in both.
func TestTrackNumberTwice(t *testing.T) {
	var again struct {
		Output struct {
			Results []json.RawMessage `json:"completeTrackResults"`
		} `json:"output"`
	}
	require.NoError(t, json.Unmarshal(payload(t, "delivered.json"), &again))
	again.Output.Results = append(again.Output.Results, again.Output.Results[0])
	twice, err := json.Marshal(again)
	require.NoError(t, err)
	server := trackingtest.NewServer(t, serve(http.StatusOK, twice))
	unique := "2461093000~794600001231~FX"
	numbers := []tracking.Number{{Number: "794600001231"}, {Number: "794600001231", UniqueID: unique}, {Number: "794600001231"}}
	results, err := start(t, server.URL, 0, nil).Track(t.Context(), numbers)
	require.NoError(t, err)
	found := "794600001231 FOUND " + unique
	assert.Equal(t, []string{found, found, found}, outcomes(results))
	assert.Equal(t, 2, strings.Count(string(server.Requests()[1].Body), "trackingNumberInfo"), "the same question is asked once")
}

func TestTrackRefused(t *testing.T) {
	for _, test := range []struct {
		file   string
		status int
		want   tracking.ErrorCode
	}{
		{"error_token.json", http.StatusUnauthorized, tracking.ErrUnauthenticated},
		{"error_token.json", http.StatusOK, tracking.ErrUnauthenticated},
		{"error_forbidden.json", http.StatusForbidden, tracking.ErrUnauthenticated},
		{"error_no_such_path.json", http.StatusNotFound, tracking.ErrBadRequest},
		{"error_internal.json", http.StatusInternalServerError, tracking.ErrUnavailable},
		{"error_unavailable.json", http.StatusOK, tracking.ErrUnavailable},
		{"error_empty.json", http.StatusBadRequest, tracking.ErrBadRequest},
		{"error_none.json", http.StatusBadRequest, tracking.ErrBadResponse},
	} {
		server := trackingtest.NewServer(t, serve(test.status, payload(t, test.file)))
		results, err := start(t, server.URL, 0, nil).Track(t.Context(), numbersOf("794600001231", "794600001242"))
		assert.Empty(t, results)
		failure := failureOf(t, err)
		assert.Equal(t, test.want, failure.Code, test.file)
		assert.Equal(t, test.status, failure.Status, test.file)
		assert.NotContains(t, err.Error(), "794600001231")
	}
	server := trackingtest.NewServer(t, serve(http.StatusBadRequest, payload(t, "error_empty.json")))
	results, err := start(t, server.URL, 0, nil).Track(t.Context(), numbersOf("794600001231"))
	require.NoError(t, err)
	assert.Equal(t, []string{"794600001231 INVALID TRACKING.TRACKINGNUMBER.EMPTY"}, outcomes(results), "the only number is meant")
}

// When the quota of the day is used up, the next day begins at 00:00 GMT; a header knows better.
func TestQuota(t *testing.T) {
	for name, test := range map[string]struct {
		file, after string
		want        *time.Time
	}{
		"quota":  {"error_quota.json", "", new(time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC))},
		"header": {"error_quota.json", "30", new(trackingtest.ReceivedAt().Add(30 * time.Second))},
		"burst":  {"error_unavailable.json", "", nil},
		"page":   {"page.html", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			inner := serve(http.StatusTooManyRequests, payload(t, test.file))
			server := trackingtest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if test.after != "" && r.URL.Path != tokenPath {
					w.Header().Set("Retry-After", test.after)
				}
				inner.ServeHTTP(w, r)
			}))
			_, err := start(t, server.URL, 0, trackingtest.ReceivedAt).Track(t.Context(), numbersOf("794600001231"))
			failure := failureOf(t, err)
			assert.Equal(t, tracking.ErrRateLimited, failure.Code)
			assert.Equal(t, test.want, failure.RetryAt)
		})
	}
}

func failureOf(t *testing.T, err error) *tracking.Error {
	t.Helper()
	var failure *tracking.Error
	require.True(t, errors.As(err, &failure), "%v", err)
	assert.Equal(t, fedex.Code, failure.Carrier)
	return failure
}

func TestTrackWithoutACall(t *testing.T) {
	client := start(t, "http://127.0.0.1:1", 0, nil)
	for _, numbers := range [][]tracking.Number{nil, make([]tracking.Number, 31)} {
		_, err := client.Track(t.Context(), numbers)
		assert.Equal(t, tracking.ErrBadRequest, failureOf(t, err).Code)
	}
	results, err := client.Track(t.Context(), numbersOf("", strings.Repeat("7", 41), "7946\n"))
	require.NoError(t, err)
	for _, result := range results {
		assert.Equal(t, domain.TrackingInvalid, result.Outcome)
	}
}

func TestNew(t *testing.T) {
	for name, options := range map[string]fedex.Options{
		"no id": {Secret: secret}, "no secret": {ID: id}, "the secret in the clear": {ID: id, Secret: secret, BaseURL: "http://apis.fedex.com"},
	} {
		_, err := fedex.New(options)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), secret)
	}
	client, err := fedex.New(fedex.Options{ID: id, Secret: secret, Limits: &tracking.Limits{CallsPerDay: 500, NumbersPerCall: 100}})
	require.NoError(t, err)
	assert.Equal(t, tracking.Limits{NumbersPerCall: 30, CallsPerDay: 500}, client.Limits())
	assert.Equal(t, "fedex", client.Code())
	assert.Equal(t, "FedEx", client.Name())
}
