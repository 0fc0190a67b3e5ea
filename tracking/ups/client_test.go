package ups_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
	"github.com/vigie-dev/vigie/tracking/ups"
)

const (
	id        = "demo-id-of-nobody"
	secret    = "demo-secret-of-nobody"
	token     = "demo-token-of-nobody"
	tokenPath = "/security/v1/oauth/token"
)

// serve answers as UPS does: a token for the credentials, a file for the token. The life of a token is a string.
func serve(t testing.TB, file string, status int) http.Handler {
	raw := payload(t, file)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		user, password, _ := r.BasicAuth()
		switch {
		case r.URL.Path == tokenPath && user == id && password == secret && r.PostFormValue("grant_type") == "client_credentials":
			_, _ = w.Write([]byte(`{"token_type": "Bearer", "access_token": "` + token + `", "expires_in": "14399", "status": "approved"}`))
		case r.Header.Get("Authorization") != "Bearer "+token || r.Header.Get("transId") == "" || r.Header.Get("transactionSrc") != "vigie":
			w.WriteHeader(http.StatusUnauthorized)
		default:
			w.WriteHeader(status)
			_, _ = w.Write(raw)
		}
	})
}

func connect(t *testing.T, url string, timeout time.Duration, now func() time.Time) *ups.Client {
	t.Helper()
	client, err := ups.New(ups.Options{ID: id, Secret: secret, BaseURL: url, Timeout: timeout, Now: now})
	require.NoError(t, err)
	return client
}

func TestFaults(t *testing.T) {
	trackingtest.Faults(t, trackingtest.Client{
		New: func(t *testing.T, url string, timeout time.Duration, now func() time.Time) tracking.Carrier {
			return connect(t, url, timeout, now)
		},
		Handler:   serve(t, trackDir+"/delivered.json", http.StatusOK),
		Number:    tracking.Number{Number: "1Z88V7E10398127454"},
		TokenPath: tokenPath,
		Secrets:   []string{id, secret, token},
	})
}

func TestTrack(t *testing.T) {
	day := domain.Date{Year: 2025, Month: time.November, Day: 3}
	for _, test := range []struct {
		name, file string
		status     int
		number     tracking.Number
		path       string
		outcome    domain.TrackingOutcome
		found      []string
	}{
		{
			"one of several pieces", "multi_piece.json", http.StatusOK, tracking.Number{Number: "1Z88V7E16898127489"},
			"1Z88V7E16898127489", domain.TrackingFound, []string{"1Z88V7E16898127489"},
		},
		{
			"used again", "number_used_again.json", http.StatusOK, tracking.Number{Number: "1Z88V7E10398127507"},
			"1Z88V7E10398127507", domain.TrackingAmbiguous, []string{"GRAZ, AT", "LINZ, AT"},
		},
		{
			"used again, by ship date", "number_used_again.json", http.StatusOK, tracking.Number{Number: "1Z88V7E10398127507", ShipDate: &day},
			"1Z88V7E10398127507", domain.TrackingFound, []string{"LINZ, AT"},
		},
		{
			"used again, by postal code", "number_used_again.json", http.StatusOK, tracking.Number{Number: "1Z88V7E10398127507", PostalCode: "8010"},
			"1Z88V7E10398127507", domain.TrackingFound, []string{"GRAZ, AT"},
		},
		{
			"not yet, with 200", "warning_not_found.json", http.StatusOK, tracking.Number{Number: "1Z88V7E10398127525"},
			"1Z88V7E10398127525", domain.TrackingNotFound, nil,
		},
		{
			"not yet, with 404", "error_not_found.json", http.StatusNotFound, tracking.Number{Number: "1Z88V7E10398127525"},
			"1Z88V7E10398127525", domain.TrackingNotFound, nil,
		},
		{
			"not yet, with 404 and another code", "error_other.json", http.StatusNotFound, tracking.Number{Number: "1Z88V7E10398127525"},
			"1Z88V7E10398127525", domain.TrackingNotFound, nil,
		},
		{
			"no number", "error_invalid.json", http.StatusBadRequest, tracking.Number{Number: "1Z/../%?8"},
			"1Z%2F..%2F%25%3F8", domain.TrackingInvalid, nil,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := trackingtest.NewServer(t, serve(t, trackDir+"/"+test.file, test.status))
			results, err := connect(t, server.URL, 0, nil).Track(t.Context(), []tracking.Number{test.number})
			require.NoError(t, err)
			require.Len(t, results, 1)
			assert.Equal(t, test.number.Number, results[0].Number)
			assert.Equal(t, test.outcome, results[0].Outcome)
			var found []string
			for _, report := range results[0].Reports {
				name := report.Destination.Text
				if name == "" {
					name = report.Number
				}
				found = append(found, name)
			}
			assert.Equal(t, test.found, found)
			requests := server.Requests()
			require.Len(t, requests, 2, "a token and an answer")
			asked := url.URL{Path: requests[1].Path}
			wanted, err := url.Parse("/api/track/v1/details/" + test.path)
			require.NoError(t, err)
			assert.Equal(t, wanted.Path, asked.Path)
			assert.Equal(t, "locale=en_US", requests[1].Query)
		})
	}
}

// One token serves many calls, and each call has an identity of its own.
func TestTokenIsKept(t *testing.T) {
	server := trackingtest.NewServer(t, serve(t, trackDir+"/delivered.json", http.StatusOK))
	client := connect(t, server.URL, 0, nil)
	for range 3 {
		_, err := client.Track(t.Context(), []tracking.Number{{Number: "1Z88V7E10398127454"}})
		require.NoError(t, err)
	}
	requests := server.Requests()
	require.Len(t, requests, 4)
	identities := map[string]bool{}
	for _, request := range requests[1:] {
		identities[request.Header.Get("transId")] = true
	}
	assert.Len(t, identities, 3)
}

func TestTrackWithoutACall(t *testing.T) {
	client := connect(t, "http://127.0.0.1:1", 0, nil)
	for _, number := range []string{"", "..", "1Z1234", strings.Repeat("1", 35)} {
		results, err := client.Track(t.Context(), []tracking.Number{{Number: number}})
		require.NoError(t, err)
		assert.Equal(t, []tracking.Result{{Number: number, Outcome: domain.TrackingInvalid}}, results)
	}
	for _, numbers := range [][]tracking.Number{nil, {{Number: "1"}, {Number: "2"}}} {
		_, err := client.Track(t.Context(), numbers)
		assert.Equal(t, tracking.ErrBadRequest, codeOf(t, err))
	}
}

// A wrong address of ours is no answer about the number.
func TestTrackRefused(t *testing.T) {
	for file, status := range map[string]int{"error_other.json": http.StatusBadRequest, "error_none.json": http.StatusNotFound} {
		server := trackingtest.NewServer(t, serve(t, trackDir+"/"+file, status))
		results, err := connect(t, server.URL, 0, nil).Track(t.Context(), []tracking.Number{{Number: "1Z88V7E10398127525"}})
		assert.Empty(t, results)
		require.Error(t, err, file)
		assert.Contains(t, []tracking.ErrorCode{tracking.ErrBadRequest, tracking.ErrBadResponse}, codeOf(t, err))
		assert.NotContains(t, err.Error(), "1Z88V7E10398127525")
	}
}

func codeOf(t *testing.T, err error) tracking.ErrorCode {
	t.Helper()
	var failure *tracking.Error
	require.True(t, errors.As(err, &failure), "%v", err)
	assert.Equal(t, ups.Code, failure.Carrier)
	return failure.Code
}

func TestNew(t *testing.T) {
	for name, options := range map[string]ups.Options{
		"no id": {Secret: secret}, "no secret": {ID: id}, "the secret in the clear": {ID: id, Secret: secret, BaseURL: "http://onlinetools.ups.com"},
	} {
		_, err := ups.New(options)
		require.Error(t, err, name)
		assert.NotContains(t, err.Error(), secret)
	}
	client, err := ups.New(ups.Options{ID: id, Secret: secret, Account: "A1B2C3", Limits: &tracking.Limits{CallsPerDay: 5000, NumbersPerCall: 7}})
	require.NoError(t, err)
	assert.Equal(t, tracking.Limits{NumbersPerCall: 1, CallsPerDay: 5000}, client.Limits())
	assert.Equal(t, "ups", client.Code())
	assert.Equal(t, "UPS", client.Name())
}

// subscriptions answers as Track Alert does.
func subscriptions(status int, answer string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == tokenPath {
			_, _ = w.Write([]byte(`{"access_token": "` + token + `", "expires_in": "14399"}`))
			return
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(answer))
	})
}

func TestSubscribe(t *testing.T) {
	to := ups.Destination{URL: "https://desk.example/hooks/ups", Credential: "demo-credential-of-nobody"}
	numbers := []string{"1Z88V7E10398127454", "1Z88"}
	for _, test := range []struct {
		name   string
		status int
		answer string
		want   *ups.Subscription
	}{
		{
			"some", http.StatusOK, `{"validTrackingNumbers": ["1Z88V7E10398127454"], "invalidTrackingNumbers": ["1Z88"]}`,
			&ups.Subscription{Accepted: numbers[:1], Refused: numbers[1:]},
		},
		{
			"none", http.StatusBadRequest, `{"response": {"errors": [{"code": "VSS210"}]}, "invalidTrackingNumbers": ["1Z88V7E10398127454", "1Z88"]}`,
			&ups.Subscription{Refused: numbers},
		},
		{"refused", http.StatusBadRequest, `{"response": {"errors": [{"code": "VSS500"}]}}`, nil},
		{"nothing said", http.StatusOK, `{}`, nil},
		{"another format", http.StatusOK, `[]`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			server := trackingtest.NewServer(t, subscriptions(test.status, test.answer))
			got, err := connect(t, server.URL, 0, trackingtest.ReceivedAt).Subscribe(t.Context(), to, numbers)
			if test.want == nil {
				require.Error(t, err)
				assert.NotContains(t, err.Error(), to.Credential)
				codeOf(t, err)
				return
			}
			require.NoError(t, err)
			test.want.Until = trackingtest.ReceivedAt().Add(14 * 24 * time.Hour)
			assert.Equal(t, test.want, got)
			request := server.Requests()[1]
			assert.Equal(t, "/api/track/v1/subscription/standard/package", request.Path)
			assert.Equal(t, http.MethodPost, request.Method)
			want := `{"locale": "en_US", "countryCode": "US", "trackingNumberList": ["1Z88V7E10398127454", "1Z88"], "destination":
				{"url": "https://desk.example/hooks/ups", "credentialType": "Bearer", "credential": "demo-credential-of-nobody"}}`
			assert.JSONEq(t, want, string(request.Body))
		})
	}
}

func TestSubscribeWithoutACall(t *testing.T) {
	client := connect(t, "http://127.0.0.1:1", 0, nil)
	to := ups.Destination{URL: "https://desk.example/hooks/ups", Credential: "demo-credential-of-nobody"}
	for name, try := range map[string]struct {
		to      ups.Destination
		numbers []string
	}{
		"no numbers": {to, nil}, "too many": {to, make([]string, 101)},
		"in the clear":  {ups.Destination{URL: "http://desk.example", Credential: to.Credential}, []string{"1Z88V7E10398127454"}},
		"no credential": {ups.Destination{URL: to.URL}, []string{"1Z88V7E10398127454"}},
	} {
		_, err := client.Subscribe(t.Context(), try.to, try.numbers)
		assert.Equal(t, tracking.ErrBadRequest, codeOf(t, err), name)
	}
}
