package auth_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// admitted is the context of a request with the token.
func admitted(t *testing.T, gate auth.Authenticator, token string) context.Context {
	t.Helper()
	var ctx context.Context
	handler := auth.Middleware(gate)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { ctx = r.Context() }))
	request := httptest.NewRequest(http.MethodGet, "/graphql", nil)
	request.Header.Set("Authorization", "Bearer "+token)
	handler.ServeHTTP(httptest.NewRecorder(), request)
	require.NotNil(t, ctx)
	return ctx
}

// TestRecheck revokes a key under a websocket and under a request that are on their way.
func TestRecheck(t *testing.T) {
	store, token := newKey(storage.APIKey{ID: 1, Name: "Warehouse", Grants: []string{"sales:read"}})
	gate := newGate(t, auth.Config{Keys: store, Now: newClock().Now})
	socket, _, err := auth.Init(gate)(t.Context(), map[string]any{"token": token})
	require.NoError(t, err)
	contexts := map[string]context.Context{"socket": socket, "request": admitted(t, gate, token)}
	change := func(change func()) {
		store.mu.Lock()
		defer store.mu.Unlock()
		change()
	}
	var key *storage.APIKey
	for _, key = range store.keys {
	}
	for name, ctx := range contexts {
		require.NoError(t, auth.Recheck(ctx), name)
	}
	change(func() { store.fail = errors.New("the database is down") })
	for name, ctx := range contexts {
		require.Error(t, auth.Recheck(ctx), name)
		require.False(t, auth.Refused(auth.Recheck(ctx)), "%s: an outage says nothing about the token", name)
	}
	change(func() { store.fail, key.Grants = nil, []string{"sales:read", "finance:read"} })
	for name, ctx := range contexts {
		require.True(t, auth.Refused(auth.Recheck(ctx)), "%s: what is open has the grants from before", name)
	}
	revokedAt := present
	change(func() { key.Grants, key.RevokedAt = []string{"sales:read"}, &revokedAt })
	for name, ctx := range contexts {
		require.True(t, auth.Refused(auth.Recheck(ctx)), name)
	}
}

func TestRecheckWithoutToken(t *testing.T) {
	require.NoError(t, auth.Recheck(t.Context()))
	require.NoError(t, auth.Recheck(auth.With(t.Context(), domain.Viewer{Name: "development"}, present)))
}

// stuck is a KeyStore that answers when it is told to stop.
type stuck struct{}

func (stuck) APIKeyByPrefix(ctx context.Context, _ string) (*storage.APIKey, error) {
	<-ctx.Done()
	return nil, &domain.Error{Code: domain.CodeTimeout, Message: "the database took too long", Err: ctx.Err()}
}

func (stuck) TouchAPIKey(context.Context, int64, time.Time) error { return nil }

// TestJudgementHasABound asks with a context that never ends, as that of a websocket.
func TestJudgementHasABound(t *testing.T) {
	gate := newGate(t, auth.Config{Keys: stuck{}, Timing: auth.Timing{JudgeWithin: time.Millisecond}})
	_, _, token := auth.NewSecret()
	_, _, err := gate.Authenticate(context.Background(), token)
	require.Equal(t, domain.CodeTimeout, domain.ErrorCode(err))
}
