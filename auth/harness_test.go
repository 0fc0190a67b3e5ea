package auth_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

// present is where the tests' clocks begin.
var present = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

// clock is a time that tests move by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: present} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// provider is an OpenID Connect issuer on this machine.
type provider struct {
	*httptest.Server

	mu      sync.Mutex
	set     []byte
	down    bool
	fetches int
	// hold, where set, keeps answers back until it is closed.
	hold chan struct{}
	// reached hears of every fetch that begins.
	reached chan struct{}
}

func newProvider(t testing.TB, keys ...jwkset.JWK) *provider {
	p := &provider{reached: make(chan struct{}, 1000)}
	p.publish(t, keys...)
	p.Server = httptest.NewServer(http.HandlerFunc(p.answer))
	t.Cleanup(p.Server.Close)
	return p
}

func (p *provider) answer(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	set, down, hold := p.set, p.down, p.hold
	if r.URL.Path == "/keys" {
		p.fetches++
	}
	p.mu.Unlock()
	switch {
	case down:
		http.Error(w, "down", http.StatusInternalServerError)
	case r.URL.Path == "/.well-known/openid-configuration":
		_ = json.NewEncoder(w).Encode(map[string]string{"issuer": p.URL, "jwks_uri": p.URL + "/keys"})
	case r.URL.Path == "/keys":
		select {
		case p.reached <- struct{}{}:
		default: // A test that fails must not hang here as well.
		}
		if hold != nil {
			<-hold
		}
		_, _ = w.Write(set)
	default:
		http.NotFound(w, r)
	}
}

func (p *provider) publish(t testing.TB, keys ...jwkset.JWK) {
	t.Helper()
	var set jwkset.JWKSMarshal
	for _, key := range keys {
		set.Keys = append(set.Keys, key.Marshal())
	}
	text, err := json.Marshal(set)
	require.NoError(t, err)
	p.publishText(text)
}

func (p *provider) publishText(text []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.set = text
}

func (p *provider) setDown(down bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = down
}

func (p *provider) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.fetches
}

// config accepts the provider's tokens.
func (p *provider) config() auth.IssuerConfig {
	return auth.IssuerConfig{
		Issuer:   p.URL,
		Audience: "vigie",
		Claims: auth.ClaimMap{
			Organisations: "units", User: "email", Customer: "customer_number", Grants: "scope",
		},
		Roles: []auth.RoleRule{
			{Value: "admin", Role: domain.RoleAdmin}, {Value: "agent", Role: domain.RoleAgent}, {Value: "sales", Role: domain.RoleSales},
			{Value: "analyst", Role: domain.RoleAnalyst}, {Value: "customer", Role: domain.RoleCustomer}, {Value: "app", Role: domain.RoleIntegration},
		},
	}
}

// claims are those of a good token, with changes; a nil takes a claim away.
func (p *provider) claims(changes map[string]any) jwt.MapClaims {
	c := jwt.MapClaims{
		"iss": p.URL, "aud": "vigie", "sub": "u-1", "role": "admin", "name": "Ada",
		"iat": present.Unix(), "exp": present.Add(time.Hour).Unix(),
	}
	maps.Copy(c, changes)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

// signer is a private key with its id.
type signer struct {
	id      string
	method  jwt.SigningMethod
	private crypto.Signer
}

func newEdDSA(t testing.TB, id string) signer {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return signer{id, jwt.SigningMethodEdDSA, private}
}

func newES256(t testing.TB, id string) signer {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return signer{id, jwt.SigningMethodES256, private}
}

func newRS256(t testing.TB, id string, bits int) signer {
	private, err := rsa.GenerateKey(rand.Reader, bits)
	require.NoError(t, err)
	return signer{id, jwt.SigningMethodRS256, private}
}

// public is the key as the issuer publishes it.
func (s signer) public(t testing.TB) jwkset.JWK {
	key, err := jwkset.NewJWKFromKey(s.private.Public(), jwkset.JWKOptions{
		Metadata: jwkset.JWKMetadataOptions{KID: s.id, ALG: jwkset.ALG(s.method.Alg()), USE: jwkset.UseSig},
	})
	require.NoError(t, err)
	return key
}

// sign makes a token; headers are added, a nil takes one away.
func (s signer) sign(t testing.TB, claims jwt.Claims, headers ...map[string]any) string {
	token := jwt.NewWithClaims(s.method, claims)
	token.Header["kid"] = s.id
	for _, more := range headers {
		maps.Copy(token.Header, more)
	}
	maps.DeleteFunc(token.Header, func(_ string, v any) bool { return v == nil })
	signed, err := token.SignedString(s.private)
	require.NoError(t, err)
	return signed
}

// people is a Directory of a few rows.
type people struct {
	mu    sync.Mutex
	asked int
	fail  error
}

func (p *people) ask() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	return p.fail
}

func (p *people) UnitsByCode(_ context.Context, codes []string) ([]int64, error) {
	var found []int64
	for row, code := range []string{"", "ALL", "DE", "FR"} {
		if row > 0 && (slices.Contains(codes, code) || slices.Contains(codes, "ALL")) {
			found = append(found, int64(row))
		}
	}
	return found, p.ask()
}

// UnitsBelow has one more unit below the first.
func (p *people) UnitsBelow(_ context.Context, unit int64) ([]int64, error) {
	return []int64{unit, unit + 100}, p.ask()
}

func (p *people) UserByReference(_ context.Context, reference string) (*domain.User, error) {
	err := p.ask()
	if err != nil {
		return nil, err
	}
	if reference != "ada@example.com" {
		return nil, &domain.Error{Code: domain.CodeNotFound, Message: "nobody"}
	}
	return &domain.User{Row: 7, OrganisationRow: 3, Name: "Ada of the directory"}, nil
}

func (p *people) CustomerRowByNumber(_ context.Context, number string) (int64, error) {
	err := p.ask()
	if err == nil && number != "100001" {
		err = &domain.Error{Code: domain.CodeNotFound, Message: "nobody"}
	}
	return 42, err
}

// newGate opens a gate that is closed with the test. What the configuration leaves open gets a value fit for tests.
func newGate(t testing.TB, cfg auth.Config) *auth.Gate {
	t.Helper()
	if cfg.Directory == nil {
		cfg.Directory = &people{}
	}
	if cfg.Now == nil {
		cfg.Now = newClock().Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	gate, err := auth.New(cfg)
	require.NoError(t, err)
	t.Cleanup(gate.Close)
	return gate
}

func requireRefused(t testing.TB, gate auth.Authenticator, token, message string) {
	t.Helper()
	viewer, expiry, err := gate.Authenticate(t.Context(), token)
	require.Error(t, err)
	require.True(t, auth.Refused(err), "%v", err)
	require.Zero(t, viewer)
	require.Zero(t, expiry)
	var known *domain.Error
	require.ErrorAs(t, err, &known)
	require.Contains(t, known.Message, message)
}
