package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage/embedded"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

const (
	testMapping = `name: ledger
description: One column, for the tests of the command.
currency: EUR
files:
  - name: customers.csv
    table: stage_customers
    columns:
      - { name: number, trim: true, required: true }
`
	testMappingSQL = `INSERT INTO organisations (code, name, currency) VALUES ('L', 'Ledger', 'EUR') ON CONFLICT DO NOTHING;
WITH written AS (
    INSERT INTO customers (organisation_id, number, name, currency, source, external_id)
    SELECT o.id, s.number, s.number, 'EUR', 'ledger', s.number
    FROM stage_customers s, organisations o WHERE o.code = 'L'
    ON CONFLICT DO NOTHING RETURNING 1
)
SELECT 'customers' AS entity, count(*) AS inserted, 0::bigint AS updated, 0::bigint AS unchanged FROM written;
`
)

// importFolders writes a mapping and a folder of input with the given customer numbers.
func importFolders(t *testing.T, csv string) (mapping, input string) {
	t.Helper()
	dir := t.TempDir()
	mapping, input = filepath.Join(dir, "mapping"), filepath.Join(dir, "input")
	for path, text := range map[string]string{
		filepath.Join(mapping, "mapping.yaml"):    testMapping,
		filepath.Join(mapping, "01_customer.sql"): testMappingSQL,
		filepath.Join(input, "customers.csv"):     csv,
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	return mapping, input
}

func TestImport(t *testing.T) {
	t.Parallel()
	db := storagetest.New(t)
	mapping, input := importFolders(t, "number\n0007\n0008\n")
	env, stdout, stderr := testEnvironment(map[string]string{"DATABASE_URL": db.URL})
	rejects := filepath.Join(t.TempDir(), "rejects.csv")
	require.NoError(t, run(t.Context(), []string{"import", "--mapping", mapping, "--rejects", rejects, input}, env))
	assert.Regexp(t, `customers +2 +0 +0`, stdout.String())
	assert.Contains(t, stderr.String(), "customers.csv", "progress is told in lines")
	assert.NotContains(t, stderr.String(), "\r", "no bar where nobody watches")
	assert.NoFileExists(t, rejects)

	require.NoError(t, os.WriteFile(filepath.Join(input, "customers.csv"), []byte("number\n0009\n\"open\n"), 0o644))
	err := run(t.Context(), []string{"import", "--mapping", mapping, input}, env)
	assert.ErrorContains(t, err, "nothing was imported")
	var n int
	require.NoError(t, db.SQL().QueryRow("SELECT count(*) FROM customers").Scan(&n))
	assert.Equal(t, 2, n)
}

// What was imported into a new data directory is what the demo then serves, and more can be imported meanwhile.
func TestDemoServesWhatWasImported(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	variables := map[string]string{"VIGIE_DATA_DIR": dir, "VIGIE_ADDR": "127.0.0.1:0"}
	mapping, input := importFolders(t, "number\n0007\n")
	env, stdout, stderr := testEnvironment(variables)
	require.NoError(t, run(t.Context(), []string{"import", "--mapping", mapping, input}, env), stderr)
	assert.Regexp(t, `customers +1 +0 +0`, stdout.String())

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, log screen
	env.stdout, env.stderr = &out, &log
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, nil, env) }()
	base := out.address(t)
	assert.NotContains(t, out.String(), "demo data")
	assert.Contains(t, out.String(), "embedded database")

	_, input = importFolders(t, "number\n0008\n")
	while, stdout, stderr := testEnvironment(variables)
	require.NoError(t, run(t.Context(), []string{"import", "--mapping", mapping, input}, while), stderr)
	assert.Regexp(t, `customers +1 +0 +0`, stdout.String())
	status, _ := get(t, base+"/readyz")
	assert.Equal(t, 200, status, "the server goes on")

	err := run(t.Context(), []string{"serve"}, while)
	var inUse *embedded.InUseError
	require.ErrorAs(t, err, &inUse)
	assert.Equal(t, os.Getpid(), inUse.PID)
	stop()
	require.NoError(t, <-ended, log.String())
}
