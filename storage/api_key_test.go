package storage_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

func TestAPIKeys(t *testing.T) {
	ctx := t.Context()
	pool := storage.New(storagetest.New(t).SQL())
	now := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	hash := make([]byte, 32)

	_, err := pool.APIKeyByPrefix(ctx, "aaaa")
	require.Equal(t, domain.CodeNotFound, domain.ErrorCode(err))
	_, err = pool.RevokeAPIKey(ctx, "aaaa", now)
	require.Equal(t, domain.CodeNotFound, domain.ErrorCode(err))
	keys, err := pool.APIKeys(ctx)
	require.NoError(t, err)
	require.Empty(t, keys)

	made := &storage.APIKey{Name: "One", Prefix: "aaaa", Hash: hash, Grants: []string{"sales:read", "*"}}
	require.NoError(t, pool.CreateAPIKey(ctx, made))
	require.NotZero(t, made.ID)
	require.False(t, made.CreatedAt.IsZero(), "the database's clock")
	until := now.Add(time.Hour)
	bound := &storage.APIKey{Name: "Two", Prefix: "bbbb", Hash: hash, Grants: []string{"*"}, Organisations: []int64{4, 2}, CreatedAt: now, ExpiresAt: &until}
	require.NoError(t, pool.CreateAPIKey(ctx, bound))
	keys, err = pool.APIKeys(ctx)
	require.NoError(t, err)
	require.Len(t, keys, 2)
	require.Equal(t, []string{"sales:read", "*"}, keys[0].Grants)
	require.Empty(t, keys[0].Organisations)
	require.Nil(t, keys[0].LastUsedAt)
	require.Equal(t, []int64{4, 2}, keys[1].Organisations)
	require.True(t, until.Equal(*keys[1].ExpiresAt))

	for name, bad := range map[string]storage.APIKey{
		"a prefix that is there": {Name: "x", Prefix: "aaaa", Hash: hash, Grants: []string{"*"}},
		"no name":                {Prefix: "cccc", Hash: hash, Grants: []string{"*"}},
		"no grants":              {Name: "x", Prefix: "cccc", Hash: hash, Grants: []string{}},
		"a short hash":           {Name: "x", Prefix: "cccc", Hash: hash[:31], Grants: []string{"*"}},
		"a prefix with a mark":   {Name: "x", Prefix: "cc_c", Hash: hash, Grants: []string{"*"}},
		"an end before it began": {Name: "x", Prefix: "cccc", Hash: hash, Grants: []string{"*"}, CreatedAt: now, ExpiresAt: &now},
	} {
		require.Error(t, pool.CreateAPIKey(ctx, &bad), name)
	}

	used := func() time.Time {
		key, err := pool.APIKeyByPrefix(ctx, "aaaa")
		require.NoError(t, err)
		return *key.LastUsedAt
	}
	require.NoError(t, pool.TouchAPIKey(ctx, made.ID, now))
	require.NoError(t, pool.TouchAPIKey(ctx, made.ID, now.Add(59*time.Second)))
	require.True(t, now.Equal(used()), "at most once a minute")
	require.NoError(t, pool.TouchAPIKey(ctx, made.ID, now.Add(time.Minute)))
	require.True(t, now.Add(time.Minute).Equal(used()))
	require.NoError(t, pool.TouchAPIKey(ctx, made.ID, now))
	require.True(t, now.Add(time.Minute).Equal(used()), "a late note does not turn the time back")

	revoked, err := pool.RevokeAPIKey(ctx, "aaaa", now)
	require.NoError(t, err)
	require.True(t, now.Equal(*revoked.RevokedAt))
	revoked, err = pool.RevokeAPIKey(ctx, "aaaa", now.Add(time.Hour))
	require.NoError(t, err)
	require.True(t, now.Equal(*revoked.RevokedAt), "the first revocation counts")
}

func TestDirectory(t *testing.T) {
	ctx := t.Context()
	db := storagetest.New(t).SQL()
	pool := storage.New(db)
	_, err := pool.DemoPeople(ctx)
	require.Equal(t, domain.CodeNotFound, domain.ErrorCode(err))
	_, err = db.ExecContext(ctx, `
INSERT INTO organisations (id, parent_id, code, name, currency) VALUES (1, NULL, 'ALL', 'All', 'EUR'), (2, 1, 'DE', 'Germany', 'EUR'), (3, 1, 'FR', 'France', 'EUR');
INSERT INTO users (id, organisation_id, name, email, active, source, external_id) VALUES
    (1, 2, 'Ada', 'Ada@Example.com', true, 'hr', 'E1'),
    (2, 2, 'Bob', 'bob@example.com', false, 'hr', 'E2'),
    (3, 2, 'Cid', 'twice@example.com', true, 'hr', 'E3'),
    (4, 3, 'Dot', 'twice@example.com', true, 'crm', 'E3'),
    (5, 3, 'Eve', 'eve@example.com', true, 'crm', 'E1-x');
INSERT INTO customers (organisation_id, account_manager_id, number, name, currency, source) VALUES
    (2, 3, 'C-1', 'One', 'EUR', 'demo'), (3, 4, 'C-2', 'Two', 'EUR', 'demo'), (3, 4, 'C-3', 'Three', 'EUR', 'demo');`)
	require.NoError(t, err)

	rows, err := pool.OrganisationsByCode(ctx, []string{"DE", "XX", "fr", "\x00", "ALL", "DE"})
	require.NoError(t, err)
	require.Equal(t, map[string]int64{"DE": 2, "ALL": 1}, rows)
	units, err := pool.UnitsByCode(ctx, []string{"DE", "XX", "fr", "\x00"})
	require.NoError(t, err)
	require.Equal(t, []int64{2}, units)
	units, err = pool.UnitsByCode(ctx, []string{"ALL", "DE"})
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2, 3}, units, "with all below")
	units, err = pool.UnitsBelow(ctx, 1)
	require.NoError(t, err)
	require.Equal(t, []int64{1, 2, 3}, units)

	for reference, want := range map[string]int64{
		"ada@example.com": 1, "ADA@EXAMPLE.COM": 1, "E1": 1, "eve@example.com": 5, "E1-x": 5,
		"bob@example.com": 0, "E2": 0, "twice@example.com": 0, "E3": 0, "e1": 0, "": 0, "nobody@example.com": 0, "a@b\x00": 0, "%": 0, "ada@example.com ": 0,
	} {
		user, err := pool.UserByReference(ctx, reference)
		if want == 0 {
			require.Equal(t, domain.CodeNotFound, domain.ErrorCode(err), "%q", reference)
			continue
		}
		require.NoError(t, err, reference)
		require.Equal(t, want, user.Row, reference)
		require.True(t, user.Active)
	}

	for number, want := range map[string]bool{"C-1": true, "c-1": true, "C-4": false, "": false, "C-1\x00": false} {
		row, err := pool.CustomerRowByNumber(ctx, number)
		if want {
			require.NoError(t, err, number)
			require.NotZero(t, row)
		} else {
			require.Equal(t, domain.CodeNotFound, domain.ErrorCode(err), "%q", number)
		}
	}

	people, err := pool.DemoPeople(ctx)
	require.NoError(t, err)
	require.Equal(t, "ALL", people.RootCode)
	require.Equal(t, "FR", people.UnitCode)
	require.Equal(t, "Dot", people.ManagerName)
	require.Equal(t, "eve@example.com", *people.AgentEmail)
}
