package auth_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
)

func TestDemoIssuer(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	_, err := auth.OpenDemoIssuer(dir)
	require.ErrorIs(t, err, auth.ErrNoDemoIssuer)

	// Several processes may start at once: they end up with one key.
	issuers := make([]*auth.DemoIssuer, 8)
	var group sync.WaitGroup
	for i := range issuers {
		group.Go(func() {
			made, err := auth.NewDemoIssuer(dir)
			if err == nil {
				issuers[i] = made
			}
		})
	}
	group.Wait()
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 1, "nothing half-made is left")
	info, err := files[0].Info()
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	opened, err := auth.OpenDemoIssuer(dir)
	require.NoError(t, err)
	gate := newGate(t, auth.Config{Demo: opened})
	personas := []auth.Persona{
		{Subject: "agent", Name: "A", Role: domain.RoleAgent, Organisations: []string{"FR"}, User: "ada@example.com"},
		{Subject: "sales", Name: "S", Role: domain.RoleSales, User: "ada@example.com"},
		{Subject: "analyst", Name: "B", Role: domain.RoleAnalyst},
		{Subject: "customer", Name: "C", Role: domain.RoleCustomer, Customer: "100001"},
		{Subject: "integration", Name: "I", Role: domain.RoleIntegration, Organisations: []string{"DE"}, Grants: []string{"sales:read"}},
		{Subject: "admin", Name: "R", Role: domain.RoleAdmin},
	}
	for i, persona := range personas {
		require.NotNil(t, issuers[i])
		token, err := issuers[i].Sign(persona, present, time.Hour)
		require.NoError(t, err)
		viewer, expiry, err := gate.Authenticate(t.Context(), token)
		require.NoError(t, err, persona.Subject)
		require.Equal(t, persona.Role, viewer.Role)
		require.Equal(t, persona.Name, viewer.Name)
		require.Equal(t, "urn:vigie:demo#"+persona.Subject, viewer.Subject)
		require.True(t, scoped(viewer), "%+v", viewer)
		require.Equal(t, present.Add(time.Hour).Unix(), expiry.Unix())
	}

	old, err := opened.Sign(personas[5], present.Add(-2*time.Hour), time.Hour)
	require.NoError(t, err)
	requireRefused(t, gate, old, "expired")
	elsewhere, err := auth.NewDemoIssuer(t.TempDir())
	require.NoError(t, err)
	foreign, err := elsewhere.Sign(personas[5], present, time.Hour)
	require.NoError(t, err)
	requireRefused(t, gate, foreign, "not valid")
	without := newGate(t, auth.Config{})
	requireRefused(t, without, foreign, "issuer that is not accepted")
}

func TestDemoIssuerRefusesUnsafeFiles(t *testing.T) {
	dir := t.TempDir()
	_, err := auth.NewDemoIssuer(dir)
	require.NoError(t, err)
	path := filepath.Join(dir, "demo-issuer.pem")
	require.NoError(t, os.Chmod(path, 0o640))
	_, err = auth.NewDemoIssuer(dir)
	require.ErrorContains(t, err, "nobody but its owner")
	require.NoError(t, os.Chmod(path, 0o600))

	require.NoError(t, os.WriteFile(path, []byte("nonsense"), 0o600))
	_, err = auth.NewDemoIssuer(dir)
	require.ErrorContains(t, err, "holds no key")
	require.NoError(t, os.WriteFile(path, []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), 0o600))
	_, err = auth.NewDemoIssuer(dir)
	require.ErrorContains(t, err, "no Ed25519 key")

	require.NoError(t, os.Rename(path, path+".moved"))
	require.NoError(t, os.Symlink(path+".moved", path))
	_, err = auth.NewDemoIssuer(dir)
	require.ErrorContains(t, err, "must be a file")
}
