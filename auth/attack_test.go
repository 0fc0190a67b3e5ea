package auth_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
)

// segment is a part of a token.
func segment(t testing.TB, value any) string {
	text, err := json.Marshal(value)
	require.NoError(t, err)
	return base64.RawURLEncoding.EncodeToString(text)
}

func TestAttacks(t *testing.T) {
	rsaKey, edKey, ecKey := newRS256(t, "rsa", 2048), newEdDSA(t, "ed"), newES256(t, "ec")
	weak := newRS256(t, "weak", 1024)
	p := newProvider(t, rsaKey.public(t), edKey.public(t), ecKey.public(t), weak.public(t))
	other := newProvider(t, newEdDSA(t, "ed").public(t))
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config(), other.config()}})
	good := p.claims(nil)
	stranger := newEdDSA(t, "ed")

	for _, key := range []signer{rsaKey, edKey, ecKey} {
		viewer, _, err := gate.Authenticate(t.Context(), key.sign(t, good))
		require.NoError(t, err, "without a good token the others prove nothing")
		require.Equal(t, p.URL+"#u-1", viewer.Subject)
	}

	none := jwt.NewWithClaims(jwt.SigningMethodNone, good)
	none.Header["kid"] = "rsa"
	unsigned, err := none.SignedString(jwt.UnsafeAllowNoneSignatureType)
	require.NoError(t, err)
	public, err := x509.MarshalPKIXPublicKey(rsaKey.private.Public())
	require.NoError(t, err)
	hmac := func(secret []byte) string {
		token := jwt.NewWithClaims(jwt.SigningMethodHS256, good)
		token.Header["kid"] = "rsa"
		signed, err := token.SignedString(secret)
		require.NoError(t, err)
		return signed
	}
	valid := edKey.sign(t, good)
	parts := strings.Split(valid, ".")
	with := func(changes map[string]any) string { return edKey.sign(t, p.claims(changes)) }
	header := func(changes map[string]any) string { return edKey.sign(t, good, changes) }
	strangerKey := map[string]any{"jwk": stranger.public(t).Marshal()}

	for _, test := range []struct{ name, token, message string }{
		{"empty", "", "no token"},
		{"garbage", "not a token", "not valid"},
		{"dots", "..", "not valid"},
		{"many dots", strings.Repeat(".", 10_000), "not valid"},
		{"NUL bytes", "\x00.\x00.\x00", "not valid"},
		{"huge", "ey" + strings.Repeat("a", 1<<20), "too long"},
		{"deeply nested claims", parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("[", 9000))) + ".x", "not valid"},
		{"claims are null", parts[0] + "." + segment(t, nil) + "." + parts[2], "who issued"},
		{"claims are a list", parts[0] + "." + segment(t, []int{1}) + "." + parts[2], "not valid"},
		{"header is null", segment(t, nil) + "." + parts[1] + "." + parts[2], "not valid"},
		{"no signature", parts[0] + "." + parts[1] + ".", "not valid"},
		{"padded base64", parts[0] + "." + parts[1] + "." + parts[2] + "==", "not valid"},
		{"appended", valid + ".more", "not valid"},
		{"claims swapped", parts[0] + "." + segment(t, p.claims(map[string]any{"sub": "other"})) + "." + parts[2], "not valid"},
		{"none", unsigned, "not valid"},
		{"None", segment(t, map[string]any{"alg": "None", "kid": "rsa"}) + "." + parts[1] + ".", "not valid"},
		{"alg is a number", segment(t, map[string]any{"alg": 1, "kid": "rsa"}) + "." + parts[1] + ".", "not valid"},
		{"no alg", segment(t, map[string]any{"kid": "rsa"}) + "." + parts[1] + ".", "not valid"},
		{"HS256 with the public key, DER", hmac(public), "not valid"},
		{"HS256 with the public key, PEM", hmac(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})), "not valid"},
		{"HS256 with nothing", hmac([]byte{}), "not valid"},
		{"algorithm not allowed", signer{"rsa", jwt.SigningMethodRS512, rsaKey.private}.sign(t, good), "not valid"},
		{"algorithm of another key", signer{"rsa", jwt.SigningMethodEdDSA, edKey.private}.sign(t, good), "not valid"},
		{"key too short", weak.sign(t, good), "not valid"},
		{"stranger's key under a known id", stranger.sign(t, good), "not valid"},
		{"stranger's key in the header", stranger.sign(t, good, strangerKey), "not valid"},
		{"stranger's key in the header, no id", stranger.sign(t, good, strangerKey, map[string]any{"kid": nil}), "not valid"},
		{"link to the stranger's keys", stranger.sign(t, good, map[string]any{"jku": other.URL + "/keys", "x5u": other.URL}), "not valid"},
		{"no kid", header(map[string]any{"kid": nil}), "not valid"},
		{"empty kid", header(map[string]any{"kid": ""}), "not valid"},
		{"kid is a list", header(map[string]any{"kid": []string{"ed"}}), "not valid"},
		{"kid is a path", header(map[string]any{"kid": "../../../../dev/null"}), "not valid"},
		{"kid is a URL", header(map[string]any{"kid": other.URL + "/keys"}), "not valid"},
		{"kid is SQL", header(map[string]any{"kid": "ed' OR 1=1 --"}), "not valid"},
		{"kid has another case", header(map[string]any{"kid": "ED"}), "not valid"},
		{"kid is huge", header(map[string]any{"kid": strings.Repeat("k", 9000)}), "not valid"},
		{"critical extension", header(map[string]any{"crit": []string{"b64"}, "b64": false}), "not valid"},
		{"no issuer", with(map[string]any{"iss": nil}), "who issued"},
		{"issuer is a list", with(map[string]any{"iss": []string{p.URL}}), "who issued"},
		{"unknown issuer", with(map[string]any{"iss": "https://id.example.com"}), "issuer that is not accepted"},
		{"issuer with a slash more", with(map[string]any{"iss": p.URL + "/"}), "issuer that is not accepted"},
		{"key of another issuer, same id", with(map[string]any{"iss": other.URL}), "not valid"},
		{"the demo's issuer where there is none", with(map[string]any{"iss": "urn:vigie:demo"}), "issuer that is not accepted"},
		{"no audience", with(map[string]any{"aud": nil}), "not valid"},
		{"empty audience", with(map[string]any{"aud": ""}), "not valid"},
		{"wrong audience", with(map[string]any{"aud": "other"}), "another audience"},
		{"wrong audiences", with(map[string]any{"aud": []string{"other", "vigie2"}}), "another audience"},
		{"no subject", with(map[string]any{"sub": nil}), "whose it is"},
		{"empty subject", with(map[string]any{"sub": ""}), "whose it is"},
		{"no expiry", with(map[string]any{"exp": nil}), "not valid"},
		{"expiry is a text", with(map[string]any{"exp": "never"}), "not valid"},
		{"expiry is past all numbers", with(map[string]any{"exp": json.Number("1e999")}), "has expired"},
		{"expired", with(map[string]any{"exp": present.Add(-time.Minute).Unix()}), "has expired"},
		{"expired at the edge of the skew", with(map[string]any{"exp": present.Add(-30 * time.Second).Unix()}), "has expired"},
		{"not yet valid", with(map[string]any{"nbf": present.Add(time.Minute).Unix()}), "not valid yet"},
		{"issued tomorrow", with(map[string]any{"iat": present.Add(24 * time.Hour).Unix()}), "not valid yet"},
		{"no role", with(map[string]any{"role": nil}), "no role"},
		{"unknown role", with(map[string]any{"role": "ADMIN"}), "no role"},
		{"role is an object", with(map[string]any{"role": map[string]any{"admin": true}}), "no role"},
		{"an API key", "vk_aaaaaaaa_" + strings.Repeat("a", 52), "not accepted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			requireRefused(t, gate, test.token, test.message)
		})
	}
}

func TestSkewAndExpiry(t *testing.T) {
	key := newEdDSA(t, "k")
	p := newProvider(t, key.public(t))
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}})
	for name, changes := range map[string]map[string]any{
		"expired within the skew":  {"exp": present.Add(-29 * time.Second).Unix()},
		"begins within the skew":   {"nbf": present.Add(29 * time.Second).Unix()},
		"one of several audiences": {"aud": []string{"other", "vigie"}},
	} {
		want := p.claims(changes)
		_, expiry, err := gate.Authenticate(t.Context(), key.sign(t, want))
		require.NoError(t, err, name)
		require.Equal(t, want["exp"], expiry.Unix(), name)
	}
}

func TestTwoIssuersWithOneKeyID(t *testing.T) {
	first, second := newEdDSA(t, "same"), newEdDSA(t, "same")
	one, two := newProvider(t, first.public(t)), newProvider(t, second.public(t))
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{one.config(), two.config()}})
	for _, test := range []struct {
		key  signer
		from *provider
		good bool
	}{{first, one, true}, {second, two, true}, {first, two, false}, {second, one, false}} {
		viewer, _, err := gate.Authenticate(t.Context(), test.key.sign(t, test.from.claims(nil)))
		if test.good {
			require.NoError(t, err)
			require.Equal(t, test.from.URL+"#u-1", viewer.Subject)
		} else {
			require.True(t, auth.Refused(err))
		}
	}
}
