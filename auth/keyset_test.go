package auth_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
)

// patience bounds the waits for something that must happen; a test that works never spends it.
const patience = 20 * time.Second

func TestRotation(t *testing.T) {
	oldKey, newKey := newEdDSA(t, "old"), newES256(t, "new")
	p, now := newProvider(t, oldKey.public(t)), newClock()
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}, Now: now.Now})
	before, after := oldKey.sign(t, p.claims(nil)), newKey.sign(t, p.claims(nil))
	_, _, err := gate.Authenticate(t.Context(), before)
	require.NoError(t, err)
	require.Equal(t, 1, p.count())

	requireRefused(t, gate, after, "not valid")
	require.Equal(t, 2, p.count(), "an unknown key is asked for")
	p.publish(t, newKey.public(t))
	requireRefused(t, gate, after, "not valid")
	require.Equal(t, 2, p.count(), "but not again at once")
	_, _, err = gate.Authenticate(t.Context(), before)
	require.NoError(t, err)

	now.Advance(31 * time.Second)
	_, _, err = gate.Authenticate(t.Context(), after)
	require.NoError(t, err)
	require.Equal(t, 3, p.count())
	requireRefused(t, gate, before, "not valid")
}

func TestBackgroundRefreshTakesKeysBack(t *testing.T) {
	first, second := newEdDSA(t, "first"), newEdDSA(t, "second")
	p := newProvider(t, first.public(t), second.public(t))
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}, Timing: auth.Timing{RefreshEvery: time.Millisecond}})
	token := first.sign(t, p.claims(nil))
	_, _, err := gate.Authenticate(t.Context(), token)
	require.NoError(t, err)
	p.publish(t, second.public(t))
	require.Eventually(t, func() bool {
		_, _, err = gate.Authenticate(t.Context(), token)
		return err != nil
	}, patience, time.Millisecond)
	require.True(t, auth.Refused(err), "%v", err)
}

func TestIssuerDown(t *testing.T) {
	key, unknown := newEdDSA(t, "k"), newEdDSA(t, "unknown")
	p, now := newProvider(t, key.public(t)), newClock()
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}, Now: now.Now})
	lasting := key.sign(t, p.claims(map[string]any{"exp": present.Add(1000 * time.Hour).Unix()}))
	_, _, err := gate.Authenticate(t.Context(), lasting)
	require.NoError(t, err)

	p.setDown(true)
	_, _, err = gate.Authenticate(t.Context(), unknown.sign(t, p.claims(nil)))
	require.Equal(t, domain.CodeUnavailable, domain.ErrorCode(err), "nobody can say whether the key is good: %v", err)
	_, _, err = gate.Authenticate(t.Context(), lasting)
	require.NoError(t, err, "a known key stays")
	now.Advance(25 * time.Hour)
	_, _, err = gate.Authenticate(t.Context(), lasting)
	require.Equal(t, domain.CodeUnavailable, domain.ErrorCode(err), "but not for ever: %v", err)

	p.setDown(false)
	now.Advance(time.Minute)
	_, _, err = gate.Authenticate(t.Context(), lasting)
	require.NoError(t, err)
}

func TestIssuerDownAtStartComesBackByItself(t *testing.T) {
	key := newEdDSA(t, "k")
	p := newProvider(t, key.public(t))
	p.setDown(true)
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}, Timing: auth.Timing{RetryAfter: time.Millisecond}})
	token := key.sign(t, p.claims(nil))
	_, _, err := gate.Authenticate(t.Context(), token)
	require.Equal(t, domain.CodeUnavailable, domain.ErrorCode(err), "%v", err)
	p.setDown(false)
	require.Eventually(t, func() bool {
		_, _, err := gate.Authenticate(t.Context(), token)
		return err == nil
	}, patience, time.Millisecond)
}

func TestOneFetchAtATime(t *testing.T) {
	key := newEdDSA(t, "k")
	p := newProvider(t, key.public(t))
	p.hold = make(chan struct{})
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}})
	token, ghost := key.sign(t, p.claims(nil)), newEdDSA(t, "ghost").sign(t, p.claims(nil))
	var group sync.WaitGroup
	good := make(chan error, 50)
	for range cap(good) {
		group.Go(func() {
			_, _, err := gate.Authenticate(t.Context(), token)
			good <- err
		})
		group.Go(func() { _, _, _ = gate.Authenticate(t.Context(), ghost) })
	}
	<-p.reached
	close(p.hold)
	group.Wait()
	close(good)
	for err := range good {
		require.NoError(t, err)
	}
	require.LessOrEqual(t, p.count(), 2, "the first fetch, and one for the key that does not exist")
}

func TestSlowIssuerHoldsNobodyUp(t *testing.T) {
	key := newEdDSA(t, "k")
	p := newProvider(t, key.public(t))
	p.hold = make(chan struct{})
	t.Cleanup(func() { close(p.hold) })
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}, Timing: auth.Timing{FetchTimeout: 10 * time.Millisecond}})
	_, _, err := gate.Authenticate(t.Context(), key.sign(t, p.claims(nil)))
	require.Equal(t, domain.CodeUnavailable, domain.ErrorCode(err), "%v", err)
}

// A gate that is closed while somebody waits for a key answers them.
func TestCloseWhileWaiting(t *testing.T) {
	key := newEdDSA(t, "k")
	p := newProvider(t, key.public(t))
	p.hold = make(chan struct{})
	t.Cleanup(func() { close(p.hold) })
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}})
	answered := make(chan error, 1)
	go func() {
		_, _, err := gate.Authenticate(t.Context(), key.sign(t, p.claims(nil)))
		answered <- err
	}()
	<-p.reached
	gate.Close()
	require.Error(t, <-answered)
}

func TestKeySets(t *testing.T) {
	good, ghost := newEdDSA(t, "good"), newEdDSA(t, "ghost")
	marshal := func(key signer, change func(*jwkset.JWKMarshal)) string {
		entry := key.public(t).Marshal()
		change(&entry)
		text, err := json.Marshal(entry)
		require.NoError(t, err)
		return string(text)
	}
	goodEntry := marshal(good, func(*jwkset.JWKMarshal) {})
	for _, test := range []struct{ name, entry string }{
		{"not JSON", `"key"`},
		{"no id", marshal(ghost, func(m *jwkset.JWKMarshal) { m.KID = "" })},
		{"for encryption", marshal(ghost, func(m *jwkset.JWKMarshal) { m.USE = jwkset.UseEnc })},
		{"for signing alone", marshal(ghost, func(m *jwkset.JWKMarshal) { m.KEYOPS = []jwkset.KEYOPS{jwkset.KeyOpsSign} })},
		{"of another algorithm", marshal(ghost, func(m *jwkset.JWKMarshal) { m.ALG = jwkset.AlgES256 })},
		{"broken", marshal(ghost, func(m *jwkset.JWKMarshal) { m.X = "AAAA" })},
		{"of an unknown type", `{"kty":"XYZ","kid":"ghost"}`},
		{"a shared secret", `{"kty":"oct","kid":"ghost","alg":"HS256","k":"c2VjcmV0"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newProvider(t, good.public(t))
			p.publishText([]byte(`{"keys":[` + test.entry + `,` + goodEntry + `]}`))
			gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}})
			_, _, err := gate.Authenticate(t.Context(), good.sign(t, p.claims(nil)))
			require.NoError(t, err, "one bad key does not spoil the set")
			requireRefused(t, gate, ghost.sign(t, p.claims(nil)), "not valid")
		})
	}
}

// What an issuer must not answer: the gate then knows no key, and says that it cannot judge.
func TestBadAnswers(t *testing.T) {
	key := newEdDSA(t, "k")
	entry, err := json.Marshal(key.public(t).Marshal())
	require.NoError(t, err)
	set := `{"keys":[` + string(entry) + `]}`
	for name, answer := range map[string]func(base string, w http.ResponseWriter, r *http.Request){
		"no JSON": func(_ string, w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
		"no keys": func(_ string, w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"keys":[]}`)) },
		"too many keys": func(_ string, w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"keys":[` + strings.Repeat("{},", 200) + `{}]}`))
		},
		"without end": func(_ string, w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, err := w.Write(bytes.Repeat([]byte(" "), 1<<16))
				if err != nil {
					return
				}
			}
		},
		"redirect to a stranger without TLS": func(_ string, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://id.example.com/keys", http.StatusFound)
		},
		"redirect in a circle": func(base string, w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, base+"/again", http.StatusFound)
		},
	} {
		t.Run(name, func(t *testing.T) {
			var base string
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { answer(base, w, r) }))
			t.Cleanup(server.Close)
			base = server.URL
			p := newProvider(t, key.public(t))
			cfg := p.config()
			cfg.JWKSURL = base + "/keys"
			gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{cfg}})
			_, _, err := gate.Authenticate(t.Context(), key.sign(t, p.claims(nil)))
			require.Equal(t, domain.CodeUnavailable, domain.ErrorCode(err), "%v", err)
		})
	}
	t.Run("discovery", func(t *testing.T) {
		for name, document := range map[string]string{
			"another issuer's": `{"issuer":"https://id.example.com","jwks_uri":"SELF/keys"}`,
			"keys without TLS": `{"issuer":"SELF","jwks_uri":"http://id.example.com/keys"}`,
			"keys in a file":   `{"issuer":"SELF","jwks_uri":"file:///etc/passwd"}`,
			"keys nowhere":     `{"issuer":"SELF"}`,
			"not a document":   `[]`,
		} {
			t.Run(name, func(t *testing.T) {
				var base string
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if r.URL.Path == "/keys" {
						_, _ = w.Write([]byte(set))
						return
					}
					_, _ = w.Write([]byte(strings.ReplaceAll(document, "SELF", base)))
				}))
				t.Cleanup(server.Close)
				base = server.URL
				p := &provider{Server: server}
				gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}})
				_, _, err := gate.Authenticate(t.Context(), key.sign(t, p.claims(nil)))
				require.Equal(t, domain.CodeUnavailable, domain.ErrorCode(err), "%v", err)
			})
		}
	})
}
