package main

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/ingest/demo"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// commandApp is what a command that works on the database gets.
func commandApp(url, dir string) (*app, func() string) {
	env, stdout, stderr := testEnvironment(nil)
	cfg := &Config{Database: databaseConfig{DatabaseURL: url, DataDir: dir, PoolSize: 4, ConnectTimeout: time.Second}}
	a := &app{cfg: cfg, env: env, log: slog.New(slog.NewTextHandler(stderr, nil))}
	return a, func() string {
		defer stdout.Reset()
		return stdout.String()
	}
}

func TestKeyCommands(t *testing.T) {
	t.Parallel()
	db := storagetest.New(t)
	pool := storage.New(db.SQL())
	_, err := pool.DB().ExecContext(t.Context(), "INSERT INTO organisations (id, code, name, currency) VALUES (5, 'DE', 'Germany', 'EUR')")
	require.NoError(t, err)
	a, printed := commandApp(db.URL, t.TempDir())
	var later time.Duration
	gate, err := auth.New(auth.Config{Keys: pool, Now: func() time.Time { return time.Now().Add(later) }})
	require.NoError(t, err)
	defer gate.Close()

	wrong := &keyCreateCommand{Name: "x", Grant: []string{"*"}, Organisation: []string{"DE", "XX"}}
	require.ErrorContains(t, wrong.Run(t.Context(), a), `"XX"`, "a unit that is missing must not widen the key")
	create := &keyCreateCommand{Name: "Warehouse", Grant: []string{"sales:read"}, Organisation: []string{"DE", "DE"}, TTL: time.Hour}
	require.NoError(t, create.Run(t.Context(), a))
	key := strings.TrimSuffix(printed(), "\n")
	viewer, expiry, err := gate.Authenticate(t.Context(), key)
	require.NoError(t, err, "the key stands alone on standard output")
	assert.Equal(t, []int64{5}, viewer.Organisations)
	assert.WithinDuration(t, time.Now().Add(time.Hour), expiry, time.Minute)

	require.NoError(t, (&keyListCommand{}).Run(t.Context(), a))
	list := printed()
	prefix := strings.Split(key, "_")[1]
	assert.Contains(t, list, prefix)
	assert.Contains(t, list, "active until")
	assert.Contains(t, list, " DE ")
	assert.NotContains(t, list, strings.Split(key, "_")[2])

	require.NoError(t, (&keyRevokeCommand{Prefix: prefix}).Run(t.Context(), a))
	later = 5 * time.Second
	_, _, err = gate.Authenticate(t.Context(), key)
	assert.True(t, auth.Refused(err), "%v", err)
	printed()
	require.NoError(t, (&keyListCommand{}).Run(t.Context(), a))
	assert.Contains(t, printed(), "revoked")
	require.Error(t, (&keyRevokeCommand{Prefix: "aaaaaaaa"}).Run(t.Context(), a))
}

// TestKeyCreateRefusesWhatIsEmpty stands for a script whose variable is not set: a key without units sees all of them.
func TestKeyCreateRefusesWhatIsEmpty(t *testing.T) {
	env, _, _ := testEnvironment(nil)
	for _, flags := range [][]string{
		{"--grant", "sales:read", "--organisation", ""},
		{"--grant", "sales:read", "--organisation="},
		{"--grant", "sales:read", "--organisation", "DE", "--organisation", " "},
		{"--grant", "sales:read", "--organisation", "DE,"},
		{"--grant", ""},
	} {
		_, err := parse(&Config{}, append([]string{"key", "create", "--name", "x"}, flags...), env)
		assert.ErrorContains(t, err, "a value is empty", flags)
	}
	var cfg Config
	_, err := parse(&cfg, []string{"key", "create", "--name", "x", "--grant", "a:read,b:read", "--grant=c:read", "--organisation", "DE,FR", "--organisation", "IT"}, env)
	require.NoError(t, err)
	assert.Equal(t, codes{"a:read", "b:read", "c:read"}, cfg.Key.Create.Grant)
	assert.Equal(t, codes{"DE", "FR", "IT"}, cfg.Key.Create.Organisation)
}

func TestKeyCreateValidation(t *testing.T) {
	good := keyCreateCommand{Name: "x", Grant: []string{"sales:read", "*"}}
	require.NoError(t, good.Validate())
	for _, bad := range []keyCreateCommand{
		{Name: " ", Grant: []string{"*"}},
		{Name: "x", Grant: []string{"sales"}},
		{Name: "x", Grant: []string{"sales:read "}},
		{Name: "x", Grant: []string{"*"}, TTL: -time.Second},
	} {
		require.Error(t, bad.Validate(), "%+v", bad)
	}
	now := time.Now()
	past := now.Add(-time.Second)
	assert.Contains(t, keyState(&storage.APIKey{ExpiresAt: &past}, now), "expired")
	assert.Equal(t, "active", keyState(&storage.APIKey{}, now))
	assert.Equal(t, "all", unitsOf(&storage.APIKey{}, nil))
	assert.Equal(t, "DE #7", unitsOf(&storage.APIKey{Organisations: []int64{5, 7}}, map[int64]string{5: "DE"}))
}

func TestTokenCommand(t *testing.T) {
	t.Parallel()
	db, dir := storagetest.New(t), t.TempDir()
	pool := storage.New(db.SQL())
	token := func(a *app, persona string) error {
		return (&tokenCommand{Persona: persona, TTL: time.Hour}).Run(t.Context(), a)
	}
	usual, _ := commandApp(db.URL, defaultDataDir)
	require.ErrorContains(t, token(usual, "admin"), "--data-dir", "production has no demo")
	a, printed := commandApp(db.URL, dir)
	require.ErrorIs(t, token(a, "admin"), auth.ErrNoDemoIssuer)
	issuer, err := auth.NewDemoIssuer(dir)
	require.NoError(t, err)
	require.ErrorContains(t, token(a, "admin"), "no demo data")
	require.Empty(t, printed())

	_, err = demo.Load(t.Context(), pool.DB(), demo.Options{Customers: 40, Seed: demoSeed, Now: time.Now()})
	require.NoError(t, err)
	gate, err := auth.New(auth.Config{Demo: issuer, Directory: pool})
	require.NoError(t, err)
	defer gate.Close()
	for _, role := range domain.Roles() {
		require.NoError(t, token(a, strings.ToLower(string(role))))
		viewer, _, err := gate.Authenticate(t.Context(), strings.TrimSuffix(printed(), "\n"))
		require.NoError(t, err, role)
		assert.Equal(t, role, viewer.Role)
		assert.Positive(t, accountsOf(t, pool, viewer), "%s sees something", role)
	}
}

// accountsOf counts the customers that the viewer's scope is bound to.
func accountsOf(t *testing.T, pool *storage.Pool, viewer domain.Viewer) int {
	t.Helper()
	condition, argument := "$1::bigint IS NOT NULL", int64(1)
	switch viewer.Role {
	case domain.RoleAgent:
		condition, argument = "organisation_id = $1", viewer.Organisations[0]
	case domain.RoleSales:
		condition, argument = "account_manager_id = $1", viewer.UserRow
	case domain.RoleCustomer:
		condition, argument = "customer_id = $1 AND number = '"+demoCustomerNumber+"'", viewer.CustomerRow
	}
	var count int
	require.NoError(t, pool.DB().QueryRowContext(context.Background(), "SELECT count(*) FROM customers WHERE "+condition, argument).Scan(&count))
	return count
}
