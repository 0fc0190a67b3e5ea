package auth_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// fakeKeys is a KeyStore in memory.
type fakeKeys struct {
	mu      sync.Mutex
	asked   int
	touched []time.Time
	fail    error
	keys    map[string]*storage.APIKey
	// hold, where set, keeps TouchAPIKey back until it is closed.
	hold chan struct{}
}

func (f *fakeKeys) APIKeyByPrefix(_ context.Context, prefix string) (*storage.APIKey, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked++
	if f.fail != nil {
		return nil, f.fail
	}
	key := f.keys[prefix]
	if key == nil {
		return nil, &domain.Error{Code: domain.CodeNotFound, Message: "no such key"}
	}
	return key, nil
}

func (f *fakeKeys) TouchAPIKey(ctx context.Context, _ int64, at time.Time) error {
	if f.hold != nil {
		select {
		case <-f.hold:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.touched = append(f.touched, at)
	return f.fail
}

// newKey puts a key into the store and returns what its owner gets.
func newKey(key storage.APIKey) (*fakeKeys, string) {
	prefix, hash, token := auth.NewSecret()
	key.Prefix, key.Hash, key.Units = prefix, hash, key.Organisations
	return &fakeKeys{keys: map[string]*storage.APIKey{prefix: &key}}, token
}

func TestAPIKeyLifecycle(t *testing.T) {
	store := storage.New(storagetest.New(t).SQL())
	db, now := store.DB(), newClock()
	_, err := db.ExecContext(t.Context(), "INSERT INTO organisations (id, code, name, currency) VALUES (5, 'DE', 'Germany', 'EUR')")
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), "INSERT INTO organisations (id, parent_id, code, name, currency) VALUES (6, 5, 'DE-N', 'North', 'EUR'), (7, 6, 'DE-HH', 'Hamburg', 'EUR')")
	require.NoError(t, err)
	prefix, hash, token := auth.NewSecret()
	until := present.Add(24 * time.Hour)
	made := &storage.APIKey{
		Name: "Warehouse", Prefix: prefix, Hash: hash, Grants: []string{"sales:read"}, Organisations: []int64{5}, CreatedAt: present, ExpiresAt: &until,
	}
	require.NoError(t, store.CreateAPIKey(t.Context(), made))

	gate := newGate(t, auth.Config{Keys: store, Now: now.Now})
	viewer, expiry, err := gate.Authenticate(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, domain.Viewer{
		Subject: "key:1", Name: "Warehouse", Role: domain.RoleIntegration, Organisations: []int64{5, 6, 7}, Grants: []string{"sales:read"},
	}, viewer)
	require.True(t, until.Equal(expiry))

	// Half a minute later nothing is written, a minute later it is.
	now.Advance(30 * time.Second)
	_, _, err = gate.Authenticate(t.Context(), token)
	require.NoError(t, err)
	now.Advance(30 * time.Second)
	_, _, err = gate.Authenticate(t.Context(), token)
	require.NoError(t, err)
	gate.Close()
	stored, err := store.APIKeyByPrefix(t.Context(), prefix)
	require.NoError(t, err)
	require.NotNil(t, stored.LastUsedAt)
	require.True(t, present.Add(time.Minute).Equal(*stored.LastUsedAt), "%v", stored.LastUsedAt)

	gate = newGate(t, auth.Config{Keys: store, Now: now.Now})
	_, err = store.RevokeAPIKey(t.Context(), prefix, now.Now())
	require.NoError(t, err)
	requireRefused(t, gate, token, "revoked")
	var whole int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM api_keys k WHERE position($1 IN k::text) > 0",
		strings.TrimPrefix(token, "vk_"+prefix+"_")).Scan(&whole))
	require.Zero(t, whole, "the secret is nowhere in the table")
}

func TestAPIKeysRefused(t *testing.T) {
	past := present
	revoked := present.Add(-time.Hour)
	_, foreign := newKey(storage.APIKey{})
	for _, test := range []struct {
		name, message string
		key           storage.APIKey
		change        func(token string) string
		asks          bool
	}{
		{"expired this instant", "has expired", storage.APIKey{ExpiresAt: &past}, nil, true},
		{"revoked", "was revoked", storage.APIKey{RevokedAt: &revoked}, nil, true},
		{"another's secret", "not valid", storage.APIKey{RevokedAt: &revoked}, func(token string) string { return token[:12] + foreign[12:] }, true},
		{"unknown prefix", "not valid", storage.APIKey{}, func(string) string { return foreign }, true},
		{"no secret", "not valid", storage.APIKey{}, func(token string) string { return token[:12] }, false},
		{"secret cut short", "not valid", storage.APIKey{}, func(token string) string { return token[:len(token)-1] }, false},
		{"secret too long", "not valid", storage.APIKey{}, func(token string) string { return token + "a" }, false},
		{"capitals", "not valid", storage.APIKey{}, func(token string) string { return "vk_" + strings.ToUpper(token[3:]) }, false},
		{"SQL for a prefix", "not valid", storage.APIKey{}, func(token string) string { return "vk_' OR 1=1" + token[11:] }, false},
		{"mark alone", "not valid", storage.APIKey{}, func(string) string { return "vk_" }, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			store, token := newKey(test.key)
			gate := newGate(t, auth.Config{Keys: store})
			if test.change != nil {
				token = test.change(token)
			}
			requireRefused(t, gate, token, test.message)
			gate.Close()
			require.Empty(t, store.touched, "a key that is refused was not used")
			require.Equal(t, test.asks, store.asked > 0)
		})
	}
}

func TestAPIKeyDatabaseDown(t *testing.T) {
	store, token := newKey(storage.APIKey{ID: 1})
	store.fail = &domain.Error{Code: domain.CodeUnavailable, Message: "the database cannot be reached"}
	gate := newGate(t, auth.Config{Keys: store})
	_, _, err := gate.Authenticate(t.Context(), token)
	require.Equal(t, domain.CodeUnavailable, domain.ErrorCode(err))
}

// A database that does not take the notes holds no request up, and failing notes are told without secrets.
func TestLastUseIsApart(t *testing.T) {
	store, token := newKey(storage.APIKey{ID: 1})
	store.hold = make(chan struct{})
	var log bytes.Buffer
	now := newClock()
	gate := newGate(t, auth.Config{
		Keys: store, Now: now.Now, Timing: auth.Timing{LastUseEvery: time.Nanosecond},
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	for range 1000 {
		now.Advance(time.Second)
		_, _, err := gate.Authenticate(t.Context(), token)
		require.NoError(t, err)
	}
	close(store.hold)
	gate.Close()
	require.NotEmpty(t, store.touched)
	require.LessOrEqual(t, len(store.touched), 257, "what does not fit is lost")

	store.fail = errors.New("disk full")
	store.touched = nil
	writer := newGate(t, auth.Config{Keys: touchOnly{store}, Now: now.Now, Log: slog.New(slog.NewTextHandler(&log, nil))})
	_, _, err := writer.Authenticate(t.Context(), token)
	require.NoError(t, err)
	writer.Close()
	require.Contains(t, log.String(), "disk full")
	require.NotContains(t, log.String(), token[12:])
}

// touchOnly finds keys although writing fails.
type touchOnly struct{ *fakeKeys }

func (f touchOnly) APIKeyByPrefix(_ context.Context, prefix string) (*storage.APIKey, error) {
	return f.keys[prefix], nil
}

func TestSecretsDiffer(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		prefix, hash, token := auth.NewSecret()
		require.Regexp(t, `^vk_[a-z2-7]{8}_[a-z2-7]{52}$`, token)
		require.Contains(t, token, prefix)
		require.Len(t, hash, 32)
		require.False(t, seen[prefix] || seen[string(hash)])
		seen[prefix], seen[string(hash)] = true, true
	}
}
