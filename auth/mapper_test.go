package auth_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
)

func TestViewers(t *testing.T) {
	key := newEdDSA(t, "k")
	p := newProvider(t, key.public(t))
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}})
	// Claims that another role's scope is made of must not widen or narrow this one's.
	all := map[string]any{
		"units": []string{"DE", "FR"}, "email": "ada@example.com", "customer_number": 100001, "scope": "sales:read shipments:read", "name": "Ada",
	}
	type m = map[string]any
	for _, test := range []struct {
		name    string
		changes m
		want    domain.Viewer
		refused string
	}{
		{"admin", m{"role": "admin"}, domain.Viewer{Role: domain.RoleAdmin}, ""},
		{"analyst", m{"role": []string{"analyst"}}, domain.Viewer{Role: domain.RoleAnalyst}, ""},
		{"the first rule counts", m{"role": []string{"agent", "other", "admin"}}, domain.Viewer{Role: domain.RoleAdmin}, ""},
		{"no name", m{"role": "admin", "name": nil}, domain.Viewer{Role: domain.RoleAdmin, Name: "u-1"}, ""},
		{"agent", m{"role": "agent"}, domain.Viewer{Role: domain.RoleAgent, Organisations: []int64{2, 3}, UserRow: 7}, ""},
		{"agent of one unit", m{"role": "agent", "units": "FR", "email": nil}, domain.Viewer{Role: domain.RoleAgent, Organisations: []int64{3}}, ""},
		{"agent of the own unit", m{"role": "agent", "units": nil}, domain.Viewer{Role: domain.RoleAgent, Organisations: []int64{3, 103}, UserRow: 7}, ""},
		{"agent of the top", m{"role": "agent", "units": "ALL", "email": nil}, domain.Viewer{Role: domain.RoleAgent, Organisations: []int64{1, 2, 3}}, ""},
		{"agent of unknown units too", m{"role": "agent", "units": []string{"DE", "XX"}}, domain.Viewer{Role: domain.RoleAgent, Organisations: []int64{2}, UserRow: 7}, ""},
		{"agent of unknown units", m{"role": "agent", "units": []string{"XX"}}, domain.Viewer{}, "no organisation unit that is known"},
		{"agent of nothing", m{"role": "agent", "units": nil, "email": nil}, domain.Viewer{}, "no organisation unit"},
		{"agent who left", m{"role": "agent", "email": "bob@example.com"}, domain.Viewer{}, "no employee"},
		{"sales", m{"role": "sales", "name": nil}, domain.Viewer{Role: domain.RoleSales, UserRow: 7, Name: "Ada of the directory"}, ""},
		{"sales who left", m{"role": "sales", "email": "bob@example.com"}, domain.Viewer{}, "no employee"},
		{"sales without address", m{"role": "sales", "email": nil}, domain.Viewer{}, "no employee"},
		{"sales with two addresses", m{"role": "sales", "email": []string{"ada@example.com", "bob@example.com"}}, domain.Viewer{}, "no employee"},
		{"sales, address not verified", m{"role": "sales", "email_verified": false}, domain.Viewer{}, "not verified"},
		{"sales, address not verified, as text", m{"role": "sales", "email_verified": "false"}, domain.Viewer{}, "not verified"},
		{"sales, address verified", m{"role": "sales", "email_verified": true}, domain.Viewer{Role: domain.RoleSales, UserRow: 7}, ""},
		{"customer", m{"role": "customer"}, domain.Viewer{Role: domain.RoleCustomer, CustomerRow: 42}, ""},
		{"customer, number as text", m{"role": "customer", "customer_number": "100001"}, domain.Viewer{Role: domain.RoleCustomer, CustomerRow: 42}, ""},
		{"customer of nobody", m{"role": "customer", "customer_number": nil}, domain.Viewer{}, "no customer"},
		{"customer of an unknown one", m{"role": "customer", "customer_number": 5}, domain.Viewer{}, "no customer"},
		{"customer of two", m{"role": "customer", "customer_number": []int{100001, 5}}, domain.Viewer{}, "no customer"},
		{"integration", m{"role": "app"}, domain.Viewer{Role: domain.RoleIntegration, Organisations: []int64{2, 3}, Grants: []string{"sales:read", "shipments:read"}}, ""},
		{"integration, grants as list", m{"role": "app", "scope": []string{"*"}, "units": "DE"}, domain.Viewer{Role: domain.RoleIntegration, Organisations: []int64{2}, Grants: []string{"*"}}, ""},
		{"integration without grants", m{"role": "app", "scope": " "}, domain.Viewer{}, "grants nothing"},
		{"integration without units", m{"role": "app", "units": nil}, domain.Viewer{}, "no organisation unit"},
		{"integration of unknown units", m{"role": "app", "units": "XX"}, domain.Viewer{}, "no organisation unit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			claims := p.claims(all)
			for name, value := range test.changes {
				claims[name] = value
			}
			token := key.sign(t, claims)
			if test.refused != "" {
				requireRefused(t, gate, token, test.refused)
				return
			}
			test.want.Subject = p.URL + "#u-1"
			if test.want.Name == "" {
				test.want.Name = "Ada"
			}
			got, _, err := gate.Authenticate(t.Context(), token)
			require.NoError(t, err)
			require.Equal(t, test.want, got)
		})
	}
}

func TestNestedClaims(t *testing.T) {
	key := newEdDSA(t, "k")
	p := newProvider(t, key.public(t))
	type m = map[string]any
	for pointer, claims := range map[string]m{
		"/realm_access/roles":        {"realm_access": m{"roles": []string{"x", "admin"}}},
		"/a~1b/1/c~0d":               {"a/b": []any{1, m{"c~d": "admin"}}},
		"https://vigie.example/role": {"https://vigie.example/role": "admin"},
	} {
		cfg := p.config()
		cfg.Claims.Role = pointer
		gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{cfg}})
		claims["role"] = nil
		viewer, _, err := gate.Authenticate(t.Context(), key.sign(t, p.claims(claims)))
		require.NoError(t, err, pointer)
		require.Equal(t, domain.RoleAdmin, viewer.Role, pointer)
	}
	for _, pointer := range []string{"/realm_access/roles/x", "/realm_access/roles/-1", "/realm_access/roles/9", "/realm_access", "/", "/sub/x"} {
		cfg := p.config()
		cfg.Claims.Role = pointer
		gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{cfg}})
		requireRefused(t, gate, key.sign(t, p.claims(m{"realm_access": m{"roles": []string{"admin"}}})), "no role")
	}
}

func TestDirectoryIsRemembered(t *testing.T) {
	key := newEdDSA(t, "k")
	p, rows, now := newProvider(t, key.public(t)), &people{}, newClock()
	gate := newGate(t, auth.Config{Issuers: []auth.IssuerConfig{p.config()}, Directory: rows, Now: now.Now})
	token := key.sign(t, p.claims(map[string]any{"role": "sales", "email": "ada@example.com"}))
	ask := func() error {
		_, _, err := gate.Authenticate(t.Context(), token)
		return err
	}
	require.NoError(t, ask())
	require.NoError(t, ask())
	require.Equal(t, 1, rows.asked)
	rows.fail = &domain.Error{Code: domain.CodeUnavailable, Message: "the database cannot be reached", Err: errors.New("refused")}
	require.NoError(t, ask())
	now.Advance(time.Minute)
	require.Equal(t, domain.CodeUnavailable, domain.ErrorCode(ask()))
	rows.fail = nil
	require.NoError(t, ask(), "a failure is not remembered")
	require.Equal(t, 3, rows.asked)
}
