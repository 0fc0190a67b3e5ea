package trackingtest

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Client is a carrier's client to be tried by Faults.
type Client struct {
	// New makes a client of the server at baseURL that gives up after timeout and reads the clock now.
	New func(t *testing.T, baseURL string, timeout time.Duration, now func() time.Time) tracking.Carrier
	// Handler answers as the carrier does, well: Number is found.
	Handler http.Handler
	Number  tracking.Number
	// TokenPath is where tokens come from, for carriers that give some. They are asked once more after a 401.
	TokenPath string
	// Secrets must not show in any error, nor may Number.
	Secrets []string
}

// Faults tries a client against a server that misbehaves in every way that Server knows. It has to answer within its timeout with an *Error
// of the right code that tells nothing of the number and the secrets, and to work again at once when the server does.
func Faults(t *testing.T, client Client) {
	t.Helper()
	for fault, want := range map[Fault]tracking.ErrorCode{
		Hang: tracking.ErrTimeout, Drip: tracking.ErrTimeout,
		ServerError: tracking.ErrUnavailable, Truncated: tracking.ErrUnavailable,
		Garbage: tracking.ErrBadResponse, HTML: tracking.ErrBadResponse, Empty: tracking.ErrBadResponse, Huge: tracking.ErrBadResponse,
		WrongEncoding: tracking.ErrBadResponse, NotUTF8: tracking.ErrBadResponse,
		RedirectLoop: tracking.ErrBadResponse, RedirectAway: tracking.ErrBadResponse,
		Unauthorized: tracking.ErrUnauthenticated,
		TooMany:      tracking.ErrRateLimited, TooManyRetryTime: tracking.ErrRateLimited,
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			client.fault(t, fault, want)
		})
	}
	t.Run("canceled", func(t *testing.T) {
		t.Parallel()
		client.canceled(t)
	})
	if client.TokenPath != "" {
		t.Run("401 once", func(t *testing.T) {
			t.Parallel()
			client.renews(t)
		})
	}
}

// patience is the timeout of clients that are expected to run into it, and of those that are not.
func patience(want tracking.ErrorCode) time.Duration {
	if want == tracking.ErrTimeout {
		return 2 * time.Second
	}
	return 10 * time.Second
}

func (c Client) start(t *testing.T, timeout time.Duration) (*Server, tracking.Carrier) {
	t.Helper()
	server := NewServer(t, c.Handler)
	server.Spare(c.TokenPath)
	return server, c.New(t, server.URL, timeout, ReceivedAt)
}

func (c Client) fault(t *testing.T, fault Fault, want tracking.ErrorCode) {
	t.Helper()
	server, carrier := c.start(t, patience(want))
	server.Misbehave(fault, -1)
	results, err := carrier.Track(t.Context(), []tracking.Number{c.Number})
	require.Error(t, err)
	assert.Empty(t, results)
	var failure *tracking.Error
	require.True(t, errors.As(err, &failure), "a whole-call failure is a *tracking.Error: %v", err)
	assert.Equal(t, want, failure.Code, "%v", err)
	assert.Equal(t, carrier.Code(), failure.Carrier)
	assert.NotEqual(t, domain.CodeInternal, domain.ErrorCode(err))
	for _, secret := range append(c.Secrets, c.Number.Number) {
		assert.NotContains(t, err.Error(), secret)
	}
	if fault == TooManyRetryTime {
		require.NotNil(t, failure.RetryAt)
		assert.True(t, failure.RetryAt.Equal(ReceivedAt().Add(RetryAfter)), "%s", failure.RetryAt)
	}
	assert.Zero(t, server.Strayed(), "a redirect to another host was followed")

	server.Misbehave("", 0)
	c.works(t, carrier)
}

func (c Client) works(t *testing.T, carrier tracking.Carrier) {
	t.Helper()
	results, err := carrier.Track(t.Context(), []tracking.Number{c.Number})
	require.NoError(t, err)
	require.Len(t, results, 1)
	assert.Equal(t, c.Number.Number, results[0].Number)
	assert.Equal(t, domain.TrackingFound, results[0].Outcome)
	ValidReports(t, results[0].Reports)
}

// canceled tests that a call ends with its context.
func (c Client) canceled(t *testing.T) {
	t.Helper()
	server, carrier := c.start(t, time.Minute)
	server.Misbehave(Hang, -1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := carrier.Track(ctx, []tracking.Number{c.Number})
		done <- err
	}()
	<-server.Hanging()
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
}

// renews tests that a refused token is replaced once, and once only.
func (c Client) renews(t *testing.T) {
	t.Helper()
	server, carrier := c.start(t, 10*time.Second)
	server.Misbehave(Unauthorized, 1)
	c.works(t, carrier)
	tokens := 0
	for _, request := range server.Requests() {
		if request.Path == c.TokenPath {
			tokens++
		}
	}
	assert.Equal(t, 2, tokens, "a new token after the refused one")
}
