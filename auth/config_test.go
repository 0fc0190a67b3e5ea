package auth_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
)

const goodFile = `issuers:
  - issuer: https://id.example.com
    audience: vigie
    roles: [{ value: boss, role: ADMIN }]
`

func TestParseIssuers(t *testing.T) {
	issuers, err := auth.ParseIssuers([]byte(goodFile))
	require.NoError(t, err)
	require.Equal(t, []auth.IssuerConfig{{
		Issuer: "https://id.example.com", Audience: "vigie", Algorithms: []string{"RS256", "ES256", "EdDSA"}, ClockSkew: 30 * time.Second,
		Claims: auth.ClaimMap{Role: "role", Name: "name"}, Roles: []auth.RoleRule{{Value: "boss", Role: domain.RoleAdmin}},
	}}, issuers)

	issuers, err = auth.ParseIssuers([]byte(`{"issuers": [{"issuer": "http://127.0.0.1:9000/realms/x", "audience": "vigie", "clock_skew": "5s",
		"algorithms": ["PS512"], "jwks_url": "http://localhost/keys", "claims": {"role": "/a/b", "customer": "c"}, "roles": [{"value": "x", "role": "CUSTOMER"}]}]}`))
	require.NoError(t, err, "JSON will do")
	require.Equal(t, 5*time.Second, issuers[0].ClockSkew)

	for _, test := range []struct{ old, replaced, want string }{
		{goodFile, "", "no issuers"},
		{goodFile, "issuers: []", "no issuers"},
		{"audience: vigie", "audiance: vigie", "audiance"},
		{"audience: vigie", "", "audience is missing"},
		{"https://id.example.com", "http://id.example.com", "https://"},
		{"https://id.example.com", "ftp://id.example.com", "https://"},
		{"https://id.example.com", "id.example.com", "it must be a URL"},
		{"https://id.example.com", "https://me@id.example.com", "neither a user"},
		{"https://id.example.com", "https://id.example.com#x", "nor a fragment"},
		{"audience: vigie", "audience: vigie\n    jwks_url: http://id.example.com/keys", "jwks_url"},
		{"audience: vigie", "audience: vigie\n    algorithms: [none]", `algorithm "none"`},
		{"audience: vigie", "audience: vigie\n    algorithms: [RS256, HS256]", `algorithm "HS256"`},
		{"audience: vigie", "audience: vigie\n    clock_skew: 1h", "clock_skew"},
		{"audience: vigie", "audience: vigie\n    clock_skew: -1s", "clock_skew"},
		{"roles: [{ value: boss, role: ADMIN }]", "", "roles are missing"},
		{"role: ADMIN", "role: admin", `role "admin"`},
		{"value: boss", "value: ''", "no value"},
		{"role: ADMIN", "role: SALES", "claims.user"},
		{"role: ADMIN", "role: AGENT", "claims.organisations"},
		{"role: ADMIN", "role: CUSTOMER", "claims.customer"},
		{"role: ADMIN", "role: INTEGRATION", "claims.grants"},
		{goodFile, goodFile + strings.TrimPrefix(goodFile, "issuers:\n"), "configured twice"},
	} {
		_, err := auth.ParseIssuers([]byte(strings.Replace(goodFile, test.old, test.replaced, 1)))
		require.ErrorContains(t, err, test.want, test.replaced)
	}
}

func TestLoadIssuers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "issuers.yaml")
	_, err := auth.LoadIssuers(path)
	require.ErrorIs(t, err, os.ErrNotExist)
	require.NoError(t, os.WriteFile(path, []byte(goodFile), 0o600))
	issuers, err := auth.LoadIssuers(path)
	require.NoError(t, err)
	require.Len(t, issuers, 1)
}

// The examples of the documentation are read as a person would use them.
func TestDocumentedExamples(t *testing.T) {
	text, err := os.ReadFile("../docs/authentication.md")
	require.NoError(t, err)
	examples := regexp.MustCompile("(?s)```(?:yaml|json)\n(.*?)```").FindAllStringSubmatch(string(text), -1)
	issuers := 0
	for _, example := range examples {
		if !strings.Contains(example[1], "issuers") {
			continue
		}
		_, err = auth.ParseIssuers([]byte(example[1]))
		require.NoError(t, err, example[1])
		issuers++
	}
	require.GreaterOrEqual(t, issuers, 3)
}

func TestNewRefusesBadConfiguration(t *testing.T) {
	_, err := auth.New(auth.Config{Issuers: []auth.IssuerConfig{{Issuer: "https://id.example.com"}}, Directory: &people{}})
	require.ErrorContains(t, err, "audience")
	_, err = auth.New(auth.Config{Issuers: []auth.IssuerConfig{{Issuer: "https://id.example.com"}}})
	require.ErrorContains(t, err, "directory")
	gate := newGate(t, auth.Config{})
	key := newEdDSA(t, "k")
	requireRefused(t, gate, key.sign(t, newProvider(t, key.public(t)).claims(nil)), "issuer that is not accepted")
}
