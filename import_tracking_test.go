package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage/storagetest"
)

const statusFile = `UNB+UNOC:3+CARRIER+US+260301:0900+1'
UNH+1+IFTSTA:D:00B:UN'
BGM+23+1+9'
CNI+1+%s'
STS+1+13'
DTM+334:20260301083000:204'
LOC+5+:::HAMBURG'
CNI+2+NOBODYS-1'
STS+1+13'
DTM+334:20260301084500:204'
UNT+9+1'
UNZ+1+1'
`

// shipped makes a customer with a shipment of a tracking number.
func shipped(t *testing.T, db *storagetest.Database, carrier, number string) {
	t.Helper()
	_, err := db.SQL().Exec(`INSERT INTO organisations (code, name, currency) VALUES ('L', 'Ledger', 'EUR')`)
	require.NoError(t, err)
	_, err = db.SQL().Exec(`INSERT INTO carriers (code, name) VALUES ($1, $1) ON CONFLICT DO NOTHING`, carrier)
	require.NoError(t, err)
	_, err = db.SQL().Exec(`WITH c AS (INSERT INTO customers (organisation_id, number, name, currency)
    SELECT id, '0007', '0007', 'EUR' FROM organisations WHERE code = 'L' RETURNING customer_id)
INSERT INTO shipments (customer_id, carrier_id, number, tracking_number)
SELECT c.customer_id, k.id, 'DN-1', $2 FROM c, carriers k WHERE k.code = $1`, carrier, number)
	require.NoError(t, err)
}

func TestImportTracking(t *testing.T) {
	t.Parallel()
	db := storagetest.New(t)
	shipped(t, db, "dsv", "DSV-4711")
	path := filepath.Join(t.TempDir(), "status.edi")
	text := strings.Replace(statusFile, "%s", "DSV-4711", 1)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	events := func() int {
		var n int
		require.NoError(t, db.SQL().QueryRow("SELECT count(*) FROM tracking_events").Scan(&n))
		return n
	}
	take := func(stdin string, args ...string) (string, error) {
		env, stdout, _ := testEnvironment(map[string]string{"DATABASE_URL": db.URL})
		env.stdin = strings.NewReader(stdin)
		err := run(t.Context(), append([]string{"import", "--tracking", "iftsta"}, args...), env)
		return stdout.String(), err
	}

	out, err := take("", "--carrier", "dhl", path)
	require.NoError(t, err)
	assert.Regexp(t, `status.edi +2 +0 +2 +0`, out, "another carrier's")
	assert.Zero(t, events())

	out, err = take("", path)
	require.NoError(t, err)
	assert.Regexp(t, `status.edi +2 +1 +1 +1 +\d`, out)
	assert.Equal(t, 1, events())
	var changes int
	require.NoError(t, db.SQL().QueryRow("SELECT count(*) FROM changes").Scan(&changes))

	out, err = take(text, "--carrier", "dsv", "-")
	require.NoError(t, err)
	assert.Regexp(t, `- +2 +1 +1 +0`, out, "running twice changes nothing")
	var again int
	require.NoError(t, db.SQL().QueryRow("SELECT count(*) FROM changes").Scan(&again))
	assert.Equal(t, changes, again)

	garbage := filepath.Join(t.TempDir(), "garbage.edi")
	require.NoError(t, os.WriteFile(garbage, []byte("<html>secret content</html>"), 0o600))
	out, err = take("", garbage, path, filepath.Join(t.TempDir(), "missing.edi"))
	require.ErrorContains(t, err, "garbage.edi cannot be read: not an interchange of UN/EDIFACT")
	require.ErrorContains(t, err, "missing.edi")
	assert.NotContains(t, err.Error(), "secret content")
	assert.Regexp(t, `status.edi +2 +1 +1 +0`, out, "the others are taken in all the same")
	_, err = take("", "-")
	require.ErrorContains(t, err, "- cannot be read")
	_, err = take("")
	var usage *usageError
	require.ErrorAs(t, err, &usage)
}
