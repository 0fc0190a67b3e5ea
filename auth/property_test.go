package auth_test

import (
	"crypto"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
)

// Whatever a stranger writes into a token, and with whichever key and algorithm it is signed: it opens nothing.
func TestStrangersNeverAuthenticate(t *testing.T) {
	known := []signer{newEdDSA(t, "ed"), newES256(t, "ec"), newRS256(t, "rsa", 2048)}
	p := newProvider(t, known[0].public(t), known[1].public(t), known[2].public(t))
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}})
	strangers := []crypto.Signer{newEdDSA(t, "").private, newES256(t, "").private, newRS256(t, "", 2048).private}
	methods := [][]jwt.SigningMethod{
		{jwt.SigningMethodEdDSA},
		{jwt.SigningMethodES256},
		{jwt.SigningMethodRS256, jwt.SigningMethodRS512, jwt.SigningMethodPS256},
	}
	rapid.Check(t, func(r *rapid.T) {
		which := rapid.IntRange(0, 2).Draw(r, "key")
		method := rapid.SampledFrom(methods[which]).Draw(r, "method")
		claims := p.claims(map[string]any{
			"sub":  rapid.String().Draw(r, "subject"),
			"role": rapid.SampledFrom([]any{"admin", "agent", []string{"admin"}, nil}).Draw(r, "role"),
			"aud":  rapid.SampledFrom([]any{"vigie", []string{"vigie", "x"}, nil}).Draw(r, "audience"),
			"exp":  present.Unix() + rapid.Int64Range(-1e6, 1e9).Draw(r, "life"),
		})
		kid := rapid.OneOf(rapid.SampledFrom([]string{"ed", "ec", "rsa", ""}), rapid.String()).Draw(r, "kid")
		token := signer{kid, method, strangers[which]}.sign(t, claims)
		if rapid.Bool().Draw(r, "other alg") {
			parts := strings.Split(token, ".")
			alg := rapid.SampledFrom([]string{"EdDSA", "ES256", "RS256", "HS256", "none", "NONE", ""}).Draw(r, "alg")
			parts[0] = segment(t, map[string]any{"alg": alg, "kid": kid, "typ": "JWT"})
			token = strings.Join(parts, ".")
		}
		viewer, _, err := gate.Authenticate(t.Context(), token)
		if err == nil || !auth.Refused(err) || viewer.Subject != "" {
			r.Fatalf("%v is in, or not refused: %v", viewer, err)
		}
	})
}

// A good token with any one character changed is no good.
func TestChangedTokensNeverAuthenticate(t *testing.T) {
	for _, key := range []signer{newEdDSA(t, "ed"), newES256(t, "ec"), newRS256(t, "rsa", 2048)} {
		p := newProvider(t, key.public(t))
		gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}})
		token := key.sign(t, p.claims(nil))
		_, _, err := gate.Authenticate(t.Context(), token)
		require.NoError(t, err)
		const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= "
		rapid.Check(t, func(r *rapid.T) {
			at := rapid.IntRange(0, len(token)-1).Draw(r, "at")
			with := alphabet[rapid.IntRange(0, len(alphabet)-1).Draw(r, "with")]
			if with == token[at] {
				return
			}
			changed := token[:at] + string(with) + token[at+1:]
			_, _, err := gate.Authenticate(t.Context(), changed)
			if err == nil {
				r.Fatalf("position %d of %d may be %q", at, len(token), with)
			}
		})
	}
}

// fuzzKey is the same in every process, since fuzzing runs in several.
func fuzzKey() signer {
	seed := make([]byte, 32)
	copy(seed, "a key for the fuzz target alone")
	return signer{"k", jwt.SigningMethodEdDSA, ed25519.NewKeyFromSeed(seed)}
}

// FuzzAuthenticate looks for a text that panics, that is let in although nobody signed it, or whose error is of another kind.
func FuzzAuthenticate(f *testing.F) {
	key := fuzzKey()
	p := newProvider(f, key.public(f))
	gate := newGate(f, auth.Config{Issuers: []auth.IssuerConfig{p.config()}, Keys: &fakeKeys{}, Timing: auth.Timing{UnknownKeyEvery: time.Hour}})
	valid := key.sign(f, p.claims(nil))
	parts := strings.Split(valid, ".")
	_, _, fresh := auth.NewSecret()
	for _, token := range []string{
		valid, "", ".", "..", "...", parts[0] + "..", "." + parts[1] + ".", parts[0] + "." + parts[1] + ".", valid + ".", fresh,
		"vk_", "vk__", "vk_a_b", "Bearer " + valid,
		segment(f, map[string]any{"alg": "none"}) + "." + parts[1] + ".",
		segment(f, map[string]any{"alg": "HS256", "kid": "k"}) + "." + parts[1] + "." + parts[2],
		key.sign(f, p.claims(map[string]any{"role": map[string]any{}})),
		key.sign(f, p.claims(map[string]any{"exp": json.Number("1e400")})),
	} {
		f.Add(token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		viewer, _, err := gate.Authenticate(t.Context(), token)
		switch {
		case err == nil && token != valid:
			t.Fatalf("let in: %v", viewer)
		case err != nil && domain.ErrorCode(err) != domain.CodeUnauthenticated:
			t.Fatalf("%v", err)
		case err != nil && len(token) > 20 && strings.Contains(err.Error(), token):
			t.Fatal("the error repeats the token")
		}
	})
}

// FuzzSigned puts any claims under a good signature: what an issuer says may be nonsense, too.
func FuzzSigned(f *testing.F) {
	key := fuzzKey()
	p := newProvider(f, key.public(f))
	gate := newGate(f, auth.Config{Issuers: []auth.IssuerConfig{p.config()}})
	for _, claims := range []string{`{}`, `null`, `[]`, `{"role":"admin"}`, `{"role":["agent"],"units":["DE",{}],"email":7}`, `{"role":"app","scope":[[]]}`} {
		f.Add([]byte(claims))
	}
	f.Fuzz(func(t *testing.T, claims []byte) {
		var values map[string]any
		if json.Unmarshal(claims, &values) != nil || values == nil {
			return
		}
		for name, value := range p.claims(nil) {
			_, given := values[name]
			if !given {
				values[name] = value
			}
		}
		viewer, _, err := gate.Authenticate(t.Context(), key.sign(t, jwt.MapClaims(values)))
		if err == nil && (!viewer.Role.Known() || viewer.Subject == "" || !scoped(viewer)) {
			t.Fatalf("let in without a role or a scope: %+v", viewer)
		}
		if err != nil && domain.ErrorCode(err) != domain.CodeUnauthenticated {
			t.Fatalf("%v", err)
		}
	})
}

// scoped tells whether the viewer has the scope that its role needs, and no other's.
func scoped(v domain.Viewer) bool {
	switch v.Role {
	case domain.RoleAgent:
		return len(v.Organisations) > 0 && v.CustomerRow == 0 && v.Grants == nil
	case domain.RoleSales:
		return v.UserRow != 0 && v.CustomerRow == 0 && v.Grants == nil
	case domain.RoleCustomer:
		return v.CustomerRow != 0 && v.Organisations == nil && v.UserRow == 0 && v.Grants == nil
	case domain.RoleIntegration:
		return len(v.Grants) > 0 && len(v.Organisations) > 0
	default:
		return v.Organisations == nil && v.CustomerRow == 0 && v.Grants == nil
	}
}

func TestNothingSecretInErrors(t *testing.T) {
	key := newEdDSA(t, "k")
	p := newProvider(t, key.public(t))
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}})
	for name, changes := range map[string]map[string]any{
		"expired": {"exp": 5}, "audience": {"aud": "topsecret"}, "issuer": {"iss": "https://topsecret.example"},
		"role": {"role": "topsecret"}, "customer": {"role": "customer", "customer_number": "topsecret"},
		"user": {"role": "sales", "email": "topsecret@example.com"}, "unit": {"role": "agent", "units": "topsecret"},
	} {
		token := key.sign(t, p.claims(changes))
		_, _, err := gate.Authenticate(t.Context(), token)
		require.Error(t, err, name)
		require.NotContains(t, err.Error(), "topsecret", name)
		for part := range strings.SplitSeq(token, ".") {
			require.NotContains(t, err.Error(), part, name)
		}
	}
	_, _, err := gate.Authenticate(t.Context(), base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"topsecret"}`))+".e30.")
	require.NotContains(t, err.Error(), "topsecret")
}
