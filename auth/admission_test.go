package auth_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// judged is how often the store was asked.
func (f *fakeKeys) judged() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.asked
}

// revoke ends the store's keys.
func (f *fakeKeys) revoke() {
	f.mu.Lock()
	defer f.mu.Unlock()
	at := present
	for prefix, key := range f.keys {
		ended := *key
		ended.RevokedAt = &at
		f.keys[prefix] = &ended
	}
}

func TestAPIKeyIsAskedForEveryFiveSeconds(t *testing.T) {
	store, token := newKey(storage.APIKey{ID: 1, Name: "Warehouse", Grants: []string{"sales:read"}})
	now := newClock()
	gate := newGate(t, auth.Config{Keys: store, Now: now.Now})
	for range 100 {
		now.Advance(100 * time.Millisecond)
		viewer, _, err := gate.Authenticate(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, "Warehouse", viewer.Name)
	}
	require.Equal(t, 2, store.judged(), "10 s of uses")

	store.revoke()
	now.Advance(4900 * time.Millisecond)
	requireRefused(t, gate, token, "revoked")
	now.Advance(-time.Second)
	requireRefused(t, gate, token, "revoked")
}

// A key that expires within the five seconds is refused on time; so is every use when the clock is turned back to before it was judged.
func TestAPIKeyIsNotRememberedBeyondItsEnd(t *testing.T) {
	until := present.Add(2 * time.Second)
	store, token := newKey(storage.APIKey{ID: 1, ExpiresAt: &until})
	now := newClock()
	gate := newGate(t, auth.Config{Keys: store, Now: now.Now})
	_, _, err := gate.Authenticate(t.Context(), token)
	require.NoError(t, err)
	now.Advance(-time.Hour)
	_, _, err = gate.Authenticate(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, 2, store.judged(), "it was not judged then")
	now.Advance(time.Hour + 2*time.Second)
	requireRefused(t, gate, token, "expired")
}

// TestRevokedKeyIsRefusedInTime uses and revokes a key at any times: from five seconds after the end on, it is refused.
func TestRevokedKeyIsRefusedInTime(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		store, token := newKey(storage.APIKey{ID: 1})
		now := newClock()
		gate := newGate(t, auth.Config{Keys: store, Now: now.Now})
		defer gate.Close()
		var revoked time.Time
		for range rapid.IntRange(1, 30).Draw(r, "steps") {
			now.Advance(time.Duration(rapid.Int64Range(0, int64(3*time.Second)).Draw(r, "pause")))
			if revoked.IsZero() && rapid.IntRange(0, 9).Draw(r, "event") == 0 {
				store.revoke()
				revoked = now.Now()
			}
			_, _, err := gate.Authenticate(t.Context(), token)
			late := !revoked.IsZero() && now.Now().Sub(revoked) >= 5*time.Second
			if err != nil && revoked.IsZero() || err == nil && late {
				r.Fatalf("%v after %v", err, now.Now().Sub(revoked))
			}
		}
	})
}

// Half a minute of uses from memory are noted as those from the database are: at most once a minute, and at the time of the use.
func TestRememberedUsesAreNoted(t *testing.T) {
	store, token := newKey(storage.APIKey{ID: 1})
	now := newClock()
	gate := newGate(t, auth.Config{Keys: store, Now: now.Now, Timing: auth.Timing{AdmitKeyFor: time.Hour}})
	for range 180 {
		_, _, err := gate.Authenticate(t.Context(), token)
		require.NoError(t, err)
		now.Advance(time.Second)
	}
	gate.Close()
	require.Equal(t, []time.Time{present, present.Add(time.Minute), present.Add(2 * time.Minute)}, store.touched)
	require.Equal(t, 1, store.judged())
}

func TestTokenIsRememberedForAMinute(t *testing.T) {
	key := newEdDSA(t, "k")
	p, now, directory := newProvider(t, key.public(t)), newClock(), &people{}
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}, Now: now.Now, Directory: directory})
	sales := map[string]any{"role": "sales", "email": "ada@example.com"}
	first := key.sign(t, p.claims(sales))
	in := func(token string) {
		t.Helper()
		_, _, err := gate.Authenticate(t.Context(), token)
		require.NoError(t, err)
	}
	in(first)
	now.Advance(40 * time.Second)
	sales["jti"] = "another token of the same employee"
	second := key.sign(t, p.claims(sales))
	in(second)
	require.Equal(t, 1, directory.asked)

	// The employee leaves. What is known of them is forgotten a minute after it was read, whichever token it was read for.
	directory.fail = &domain.Error{Code: domain.CodeNotFound, Message: "nobody"}
	now.Advance(19 * time.Second)
	in(first)
	in(second)
	now.Advance(time.Second)
	requireRefused(t, gate, first, "no employee")
	requireRefused(t, gate, second, "no employee")
}

func TestTokenIsNotRememberedBeyondItsEnd(t *testing.T) {
	key := newEdDSA(t, "k")
	p, now := newProvider(t, key.public(t)), newClock()
	cfg := p.config()
	cfg.ClockSkew = time.Second
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{cfg}, Now: now.Now})
	token := key.sign(t, p.claims(map[string]any{"exp": present.Add(10 * time.Second).Unix()}))
	for range 11 {
		_, _, err := gate.Authenticate(t.Context(), token)
		require.NoError(t, err, now.Now())
		now.Advance(time.Second)
	}
	requireRefused(t, gate, token, "expired")
}

// slowKeys is a KeyStore that answers when the test lets it.
type slowKeys struct {
	*fakeKeys
	asking atomic.Int32
	answer chan struct{}
}

func (s *slowKeys) APIKeyByPrefix(ctx context.Context, prefix string) (*storage.APIKey, error) {
	s.asking.Add(1)
	select {
	case <-s.answer:
		return s.fakeKeys.APIKeyByPrefix(ctx, prefix)
	case <-ctx.Done():
		return nil, &domain.Error{Code: domain.CodeTimeout, Message: "the database took too long", Err: ctx.Err()}
	}
}

func TestOneJudgementAtATime(t *testing.T) {
	for name, fail := range map[string]error{"good": nil, "no database": &domain.Error{Code: domain.CodeUnavailable, Message: "away"}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				inner, token := newKey(storage.APIKey{ID: 1})
				inner.fail = fail
				store := &slowKeys{fakeKeys: inner, answer: make(chan struct{})}
				gate := newGate(t, auth.Config{Keys: store, Now: time.Now})
				var callers sync.WaitGroup
				for range 100 {
					callers.Go(func() {
						_, _, err := gate.Authenticate(t.Context(), token)
						assert.Equal(t, domain.ErrorCode(fail), domain.ErrorCode(err))
					})
				}
				synctest.Wait() // All have come.
				close(store.answer)
				callers.Wait()
				assert.EqualValues(t, 1, store.asking.Load())

				// A failure is not remembered.
				store.mu.Lock()
				store.fail = nil
				store.mu.Unlock()
				_, _, err := gate.Authenticate(t.Context(), token)
				require.NoError(t, err)
				gate.Close()
			})
		})
	}
}

// TestCallerWhoGoesHoldsNobodyUp has the one go who asks for all.
func TestCallerWhoGoesHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner, token := newKey(storage.APIKey{ID: 1})
		store := &slowKeys{fakeKeys: inner, answer: make(chan struct{})}
		gate := newGate(t, auth.Config{Keys: store, Now: time.Now})
		ctx, leave := context.WithCancel(t.Context())
		var callers sync.WaitGroup
		callers.Go(func() {
			_, _, err := gate.Authenticate(ctx, token)
			assert.Error(t, err)
		})
		synctest.Wait()
		for range 10 {
			callers.Go(func() {
				_, _, err := gate.Authenticate(t.Context(), token)
				assert.NoError(t, err)
			})
		}
		hasty, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _, err := gate.Authenticate(hasty, token)
		assert.Equal(t, domain.CodeUnavailable, domain.ErrorCode(err), "whoever waits need not wait longer than its request")
		leave()
		synctest.Wait() // The next one asks.
		assert.EqualValues(t, 2, store.asking.Load())
		close(store.answer)
		callers.Wait()
		gate.Close()
	})
}

// TestOldJudgementIsNotShared: whoever came while a judgement took longer than it counts has another made.
func TestOldJudgementIsNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inner, token := newKey(storage.APIKey{ID: 1})
		store := &slowKeys{fakeKeys: inner, answer: make(chan struct{})}
		gate := newGate(t, auth.Config{Keys: store, Now: time.Now})
		var callers sync.WaitGroup
		for range 2 {
			callers.Go(func() {
				_, _, err := gate.Authenticate(t.Context(), token)
				assert.NoError(t, err)
			})
			synctest.Wait()
		}
		time.Sleep(6 * time.Second) // On the bubble's clock.
		close(store.answer)
		callers.Wait()
		assert.EqualValues(t, 2, store.asking.Load())
		gate.Close()
	})
}

// TestRecheckForgets: what a websocket's recheck finds counts for the requests, too.
func TestRecheckForgets(t *testing.T) {
	store, token := newKey(storage.APIKey{ID: 1})
	gate := newGate(t, auth.Config{Keys: store})
	socket, _, err := auth.Init(gate)(t.Context(), map[string]any{"token": token})
	require.NoError(t, err)
	store.revoke()
	_, _, err = gate.Authenticate(t.Context(), token)
	require.NoError(t, err, "within five seconds")
	require.True(t, auth.Refused(auth.Recheck(socket)))
	requireRefused(t, gate, token, "revoked")
}

func TestRefusedTokensAreNotRemembered(t *testing.T) {
	store, token := newKey(storage.APIKey{ID: 1})
	for prefix := range store.keys {
		// Another letter in the middle of the secret: the last one holds but a bit of it.
		other := "a"
		if token[20:21] == other {
			other = "b"
		}
		wrong := token[:20] + other + token[21:]
		require.True(t, strings.HasPrefix(wrong, "vk_"+prefix+"_"))
		gate := newGate(t, auth.Config{Keys: store})
		for range 3 {
			requireRefused(t, gate, wrong, "not valid")
		}
		require.Equal(t, 3, store.judged())
		_, _, err := gate.Authenticate(t.Context(), token)
		require.NoError(t, err)
		requireRefused(t, gate, wrong, "not valid")
	}
}

// TestManyTokens admits more credentials than are remembered, each as its own bearer.
func TestManyTokens(t *testing.T) {
	key := newEdDSA(t, "k")
	p := newProvider(t, key.public(t))
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}})
	tokens := make([]string, 10_050)
	for i := range tokens {
		tokens[i] = key.sign(t, p.claims(jwt.MapClaims{"sub": "u" + strconv.Itoa(i)}))
	}
	for i, token := range tokens {
		viewer, _, err := gate.Authenticate(t.Context(), token)
		require.NoError(t, err)
		require.Equal(t, p.URL+"#u"+strconv.Itoa(i), viewer.Subject)
	}
	for _, i := range []int{0, 49, 50, 10_049} {
		viewer, _, err := gate.Authenticate(t.Context(), tokens[i])
		require.NoError(t, err)
		require.Equal(t, p.URL+"#u"+strconv.Itoa(i), viewer.Subject)
	}
}

// TestConcurrentAdmissions has many bearers come while keys are revoked and the clock goes on; nobody is taken for another.
func TestConcurrentAdmissions(t *testing.T) {
	store, now := &fakeKeys{keys: map[string]*storage.APIKey{}}, newClock()
	var tokens []string
	for id := range int64(20) {
		more, token := newKey(storage.APIKey{ID: id + 1, Name: strconv.FormatInt(id, 10)})
		for prefix, key := range more.keys {
			store.keys[prefix] = key
		}
		tokens = append(tokens, token)
	}
	gate := newGate(t, auth.Config{Keys: store, Now: now.Now})
	var callers sync.WaitGroup
	var ending atomic.Bool
	for caller := range 8 {
		callers.Go(func() {
			for round := range 50 {
				for id, token := range tokens {
					viewer, _, err := gate.Authenticate(t.Context(), token)
					refused := auth.Refused(err) && ending.Load()
					if !refused && (err != nil || viewer.Name != strconv.Itoa(id)) {
						t.Errorf("the bearer of key %d is %q: %v", id, viewer.Name, err)
						return
					}
				}
				now.Advance(time.Second)
				if caller == 0 && round == 40 {
					ending.Store(true)
					store.revoke()
				}
			}
		})
	}
	callers.Wait()
	now.Advance(5 * time.Second)
	for _, token := range tokens {
		requireRefused(t, gate, token, "revoked")
	}
}

// TestJudgementThatPanics leaves nobody waiting.
func TestJudgementThatPanics(t *testing.T) {
	store, token := newKey(storage.APIKey{ID: 1})
	broken := &panicking{fakeKeys: store}
	broken.panics.Store(true)
	gate := newGate(t, auth.Config{Keys: broken})
	require.Panics(t, func() { _, _, _ = gate.Authenticate(t.Context(), token) })
	broken.panics.Store(false)
	_, _, err := gate.Authenticate(t.Context(), token)
	require.NoError(t, err)
}

type panicking struct {
	*fakeKeys
	panics atomic.Bool
}

func (p *panicking) APIKeyByPrefix(ctx context.Context, prefix string) (*storage.APIKey, error) {
	if p.panics.Load() {
		panic(errors.New("a mistake"))
	}
	return p.fakeKeys.APIKeyByPrefix(ctx, prefix)
}
