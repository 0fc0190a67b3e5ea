package tracking_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

// authority gives tokens t1, t2, ... on /token, and answers elsewhere to those who bear the newest.
type authority struct {
	*trackingtest.Server
	given   atomic.Int64
	expires string       // as JSON
	hold    atomic.Value // a channel that the token endpoint waits for
	clock   atomic.Int64
}

func newAuthority(t *testing.T) *authority {
	a := &authority{expires: "3600"}
	a.Server = trackingtest.NewServer(t, a)
	return a
}

func (a *authority) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/token" {
		if hold, ok := a.hold.Load().(chan struct{}); ok {
			<-hold
		}
		body := fmt.Sprintf(`{"access_token": "t%d", "expires_in": %s}`, a.given.Add(1), a.expires)
		answer(http.StatusOK, "application/json", body).ServeHTTP(w, r)
		return
	}
	status := http.StatusOK
	if r.Header.Get("Authorization") != fmt.Sprintf("Bearer t%d", a.given.Load()) {
		status = http.StatusUnauthorized
	}
	answer(status, "application/json", "{}").ServeHTTP(w, r)
}

func (a *authority) now() time.Time {
	return trackingtest.ReceivedAt().Add(time.Duration(a.clock.Load()))
}

// client asks with tokens.
func (a *authority) client(t *testing.T, inForm bool) *tracking.Client {
	plain := newClient(t, a.URL, func(o *tracking.ClientOptions) { o.Now = a.now })
	oauth := tracking.NewOAuth(tracking.OAuthOptions{Client: plain, Path: "/token", ID: "id", Secret: "se&cret", InForm: inForm})
	return newClient(t, a.URL, func(o *tracking.ClientOptions) { o.Authorize = oauth })
}

func ask(ctx context.Context, client *tracking.Client) error {
	_, err := client.Do(ctx, tracking.Request{Path: "/track"})
	return err
}

func TestTokensAreKept(t *testing.T) {
	for _, expires := range []string{"3600", `"3600"`, "3600.5"} {
		a := newAuthority(t)
		a.expires = expires
		client := a.client(t, false)
		for range 3 {
			require.NoError(t, ask(t.Context(), client))
		}
		assert.EqualValues(t, 1, a.given.Load(), expires)
		a.clock.Store(int64(58 * time.Minute))
		require.NoError(t, ask(t.Context(), client))
		assert.EqualValues(t, 1, a.given.Load(), expires)
		a.clock.Store(int64(59*time.Minute + time.Second))
		require.NoError(t, ask(t.Context(), client))
		assert.EqualValues(t, 2, a.given.Load(), "a new one a minute before the end")
	}
	a := newAuthority(t)
	a.expires = "null"
	client := a.client(t, false)
	require.NoError(t, ask(t.Context(), client))
	a.clock.Store(int64(6 * time.Minute))
	require.NoError(t, ask(t.Context(), client))
	assert.EqualValues(t, 2, a.given.Load(), "a life that is not told is short")
}

func TestTokenRequests(t *testing.T) {
	a := newAuthority(t)
	require.NoError(t, ask(t.Context(), a.client(t, false)))
	request := http.Request{Header: a.Requests()[0].Header}
	id, secret, ok := request.BasicAuth()
	assert.Equal(t, "id se&cret true", fmt.Sprint(id, " ", secret, " ", ok))
	assert.Equal(t, "grant_type=client_credentials", string(a.Requests()[0].Body))

	a = newAuthority(t)
	require.NoError(t, ask(t.Context(), a.client(t, true)))
	assert.Equal(t, "client_id=id&client_secret=se%26cret&grant_type=client_credentials", string(a.Requests()[0].Body))
	assert.Empty(t, a.Requests()[0].Header.Get("Authorization"))
}

func TestOneRefreshAtATime(t *testing.T) {
	a := newAuthority(t)
	hold := make(chan struct{})
	a.hold.Store(hold)
	client := a.client(t, false)
	var group sync.WaitGroup
	errs := make(chan error, 20)
	for range 20 {
		group.Go(func() { errs <- ask(t.Context(), client) })
	}
	close(hold)
	group.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	assert.EqualValues(t, 1, a.given.Load())
}

// Who waits for somebody else's refresh still ends in time, and the refresh goes on.
func TestWaitingForATokenEnds(t *testing.T) {
	a := newAuthority(t)
	hold := make(chan struct{})
	a.hold.Store(hold)
	client := a.client(t, false)
	first := make(chan error, 1)
	go func() { first <- ask(t.Context(), client) }()
	require.Eventually(t, func() bool { return len(a.Requests()) == 1 }, 10*time.Second, time.Millisecond)
	ctx, cancel := context.WithCancel(t.Context())
	second := make(chan error, 1)
	go func() { second <- ask(ctx, client) }()
	cancel()
	require.ErrorIs(t, <-second, context.Canceled)
	close(hold)
	require.NoError(t, <-first)
	assert.EqualValues(t, 1, a.given.Load())
}

func TestARefusedTokenIsReplacedOnce(t *testing.T) {
	a := newAuthority(t)
	client := a.client(t, false)
	require.NoError(t, ask(t.Context(), client))
	a.Spare("/token")
	a.Misbehave(trackingtest.Unauthorized, 1)
	require.NoError(t, ask(t.Context(), client))
	assert.EqualValues(t, 2, a.given.Load())

	a.Misbehave(trackingtest.Unauthorized, -1)
	before := len(a.Requests())
	require.Equal(t, tracking.ErrUnauthenticated, failure(t, ask(t.Context(), client)).Code)
	assert.Len(t, a.Requests(), before+3, "asked, a new token, asked again, and no more")
}

func TestTokensThatAreNotGiven(t *testing.T) {
	for body, want := range map[string]tracking.ErrorCode{
		`{}`: tracking.ErrBadResponse, `{"access_token": "a\nb"}`: tracking.ErrBadResponse, `[]`: tracking.ErrBadResponse, ``: tracking.ErrBadResponse,
		`{"access_token": {}}`: tracking.ErrBadResponse,
	} {
		server := trackingtest.NewServer(t, answer(http.StatusOK, "application/json", body))
		oauth := tracking.NewOAuth(tracking.OAuthOptions{Client: newClient(t, server.URL, nil), Path: "/token", ID: "id", Secret: "secret"})
		client := newClient(t, server.URL, func(o *tracking.ClientOptions) { o.Authorize = oauth })
		assert.Equal(t, want, failure(t, ask(t.Context(), client)).Code, body)
	}
	for status, want := range map[int]tracking.ErrorCode{
		400: tracking.ErrUnauthenticated, 401: tracking.ErrUnauthenticated, 429: tracking.ErrRateLimited, 503: tracking.ErrUnavailable,
	} {
		server := trackingtest.NewServer(t, answer(status, "application/json", `{"error": "invalid_client"}`))
		oauth := tracking.NewOAuth(tracking.OAuthOptions{Client: newClient(t, server.URL, nil), Path: "/token", ID: "id", Secret: "secret"})
		client := newClient(t, server.URL, func(o *tracking.ClientOptions) { o.Authorize = oauth })
		err := ask(t.Context(), client)
		assert.Equal(t, want, failure(t, err).Code, status)
		assert.NotContains(t, err.Error(), "secret")
		assert.Len(t, server.Requests(), 1, "without a token there is nothing to ask with")
	}
}
