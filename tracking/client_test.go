package tracking_test

import (
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

func newClient(t *testing.T, url string, change func(*tracking.ClientOptions)) *tracking.Client {
	t.Helper()
	options := tracking.ClientOptions{Carrier: "x", BaseURL: url, Now: trackingtest.ReceivedAt}
	if change != nil {
		change(&options)
	}
	client, err := tracking.NewClient(options)
	require.NoError(t, err)
	return client
}

// answer serves one body.
func answer(status int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	})
}

func failure(t *testing.T, err error) *tracking.Error {
	t.Helper()
	var failed *tracking.Error
	require.ErrorAs(t, err, &failed)
	return failed
}

func TestNewClientKeepsSecretsOffTheWire(t *testing.T) {
	for url, fine := range map[string]bool{
		"https://api.example": true, "https://api.example/v2": true, "http://127.0.0.1:9": true, "http://[::1]:9": true, "http://localhost:9": true,
		"http://api.example": false, "ftp://api.example": false, "https://": false, "": false, "https://user:pass@api.example": false,
		"https://api.example?key=1": false, "http://127.0.0.1.example": false,
	} {
		_, err := tracking.NewClient(tracking.ClientOptions{Carrier: "x", BaseURL: url})
		assert.Equal(t, fine, err == nil, url)
	}
}

func TestDo(t *testing.T) {
	server := trackingtest.NewServer(t, answer(http.StatusMultiStatus, "application/vnd.x+json; charset=UTF-8", `{"a": 1}`))
	client := newClient(t, server.URL+"/v1/", func(o *tracking.ClientOptions) { o.Authorize = tracking.Key{Header: "X-Key", Value: "k"} })
	response, err := client.Do(t.Context(), tracking.Request{
		Method: http.MethodPost, Path: "/track", Query: map[string][]string{"n": {"a b"}}, Header: http.Header{"X-Trans": {"7"}},
		Body: []byte("{}"), ContentType: "application/json",
	})
	require.NoError(t, err)
	assert.Equal(t, http.StatusMultiStatus, response.Status)
	assert.Equal(t, `{"a": 1}`, string(response.Body))
	assert.Equal(t, trackingtest.ReceivedAt(), response.ReceivedAt)
	sent := server.Requests()[0]
	assert.Equal(t, "POST /v1/track n=a+b {}", sent.Method+" "+sent.Path+" "+sent.Query+" "+string(sent.Body))
	assert.Equal(t, "k", sent.Header.Get("X-Key"))
	assert.Equal(t, "7", sent.Header.Get("X-Trans"))
	assert.Equal(t, "application/json", sent.Header.Get("Content-Type"))
}

func TestDoReadsCharacterSets(t *testing.T) {
	for contentType, want := range map[string]string{
		"application/json; charset=iso-8859-1":   `{"a": "Kø"}`,
		"application/json; charset=windows-1252": `{"a": "Kø"}`,
		"application/json":                       "", "application/json; charset=koi8-r": "", "text/html": "", "": "", "application/jsonx": "",
	} {
		server := trackingtest.NewServer(t, answer(http.StatusOK, contentType, "{\"a\": \"K\xf8\"}"))
		response, err := newClient(t, server.URL, nil).Do(t.Context(), tracking.Request{Path: "/"})
		if want == "" {
			assert.Equal(t, tracking.ErrBadResponse, failure(t, err).Code, contentType)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, want, string(response.Body))
	}
}

// A small body can be a large one: the bound holds behind the decompression that net/http asks for.
func TestDoBoundsWhatIsCompressed(t *testing.T) {
	server := trackingtest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Encoding", "gzip")
		packed := gzip.NewWriter(w)
		_, _ = io.WriteString(packed, strings.Repeat(" ", 5000)+"{}")
		_ = packed.Close()
	}))
	small := newClient(t, server.URL, func(o *tracking.ClientOptions) { o.MaxBody = 5001 })
	_, err := small.Do(t.Context(), tracking.Request{Path: "/"})
	assert.Equal(t, tracking.ErrBadResponse, failure(t, err).Code)
	enough := newClient(t, server.URL, func(o *tracking.ClientOptions) { o.MaxBody = 5002 })
	_, err = enough.Do(t.Context(), tracking.Request{Path: "/"})
	require.NoError(t, err)
}

func TestDoStatuses(t *testing.T) {
	for status, want := range map[int]tracking.ErrorCode{
		200: "", 207: "", 400: "", 404: "", 422: "", 304: tracking.ErrBadResponse, 401: tracking.ErrUnauthenticated, 403: tracking.ErrUnauthenticated,
		408: tracking.ErrUnavailable, 429: tracking.ErrRateLimited, 500: tracking.ErrUnavailable, 503: tracking.ErrUnavailable,
	} {
		server := trackingtest.NewServer(t, answer(status, "application/json", ""))
		client := newClient(t, server.URL, nil)
		_, err := client.Do(t.Context(), tracking.Request{Path: "/"})
		if want == "" {
			assert.NoError(t, err, status)
			continue
		}
		failed := failure(t, err)
		assert.Equal(t, want, failed.Code, status)
		assert.Equal(t, status, failed.Status)
		assert.Equal(t, status == 408 || status == 429 || status >= 500, failed.Temporary, status)
		response, err := client.Do(t.Context(), tracking.Request{Path: "/", Keep: []int{status}})
		require.NoError(t, err)
		assert.Equal(t, status, response.Status)
	}
}

func TestRetryAfter(t *testing.T) {
	for header, want := range map[string]string{
		"90": "2026-03-04T05:07:37Z", "0": "2026-03-04T05:06:07Z", "1.5": "2026-03-04T05:06:08Z", "Wed, 04 Mar 2026 06:00:00 GMT": "2026-03-04T06:00:00Z",
		"": "", "soon": "", "-5": "", "NaN": "", "1e30": "", "999999999": "", "Wed, 04 Mar 2099 06:00:00 GMT": "",
	} {
		server := trackingtest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
		}))
		_, err := newClient(t, server.URL, nil).Do(t.Context(), tracking.Request{Path: "/"})
		got := ""
		if at := failure(t, err).RetryAt; at != nil {
			got = at.Format(time.RFC3339)
		}
		assert.Equal(t, want, got, header)
	}
}

func TestRedirects(t *testing.T) {
	server := trackingtest.NewServer(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path) < 4 {
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
			return
		}
		answer(http.StatusOK, "application/json", "{}").ServeHTTP(w, r)
	}))
	client := newClient(t, server.URL, nil)
	_, err := client.Do(t.Context(), tracking.Request{Path: "/"})
	require.NoError(t, err, "three on the same host")
	none := newClient(t, server.URL, func(o *tracking.ClientOptions) { o.Redirects = -1 })
	_, err = none.Do(t.Context(), tracking.Request{Path: "/"})
	assert.Equal(t, tracking.ErrBadResponse, failure(t, err).Code)
}

func TestErrors(t *testing.T) {
	request := tracking.Request{Path: "/track/SECRET", Query: map[string][]string{"n": {"SECRET"}}}
	_, err := newClient(t, "http://127.0.0.1:1", nil).Do(t.Context(), request)
	failed := failure(t, err)
	assert.Equal(t, tracking.ErrUnavailable, failed.Code)
	assert.True(t, failed.Temporary)
	assert.NotContains(t, err.Error(), "SECRET", "addresses hold tracking numbers")
	assert.Equal(t, domain.CodeUnavailable, domain.ErrorCode(err))
	assert.Equal(t, domain.TrackingUnavailable, failed.Outcome())
	assert.Equal(t, domain.TrackingRateLimited, (&tracking.Error{Code: tracking.ErrRateLimited}).Outcome())
	assert.Equal(t, domain.CodeTimeout, domain.ErrorCode(&tracking.Error{Code: tracking.ErrTimeout}))

	_, err = newClient(t, "http://127.0.0.1:1", nil).Do(t.Context(), tracking.Request{Path: "/%zz"})
	assert.Equal(t, tracking.ErrBadRequest, failure(t, err).Code)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = newClient(t, "http://127.0.0.1:1", nil).Do(ctx, tracking.Request{Path: "/"})
	require.ErrorIs(t, err, context.Canceled)

	client := newClient(t, "http://127.0.0.1:1", nil)
	explained := failure(t, client.Explain(&tracking.Response{Status: 200}, tracking.BadResponse("odd", nil)))
	assert.Equal(t, "x: BAD_RESPONSE (HTTP 200): odd", explained.Error())
	explained = failure(t, client.Explain(&tracking.Response{Status: 200}, errors.New("odd")))
	assert.Equal(t, tracking.ErrBadResponse, explained.Code)
}
