package demo_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/ingest/demo"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

func loaded(t *testing.T, customers int, seed uint64, now time.Time) *sql.DB {
	t.Helper()
	db := storagetest.New(t).SQL()
	_, err := demo.Load(t.Context(), db, demo.Options{Customers: customers, Seed: seed, Now: now})
	require.NoError(t, err)
	return db
}

// fingerprint is a digest of each table's rows, whatever order they are stored in.
func fingerprint(t *testing.T, db *sql.DB, report demo.Report) map[string]string {
	t.Helper()
	digests := map[string]string{}
	for _, table := range report.Tables {
		var digest string
		err := db.QueryRowContext(t.Context(), fmt.Sprintf(
			`SELECT coalesce(md5(string_agg(t::text, E'\n' ORDER BY t::text COLLATE "C")), '') FROM %s AS t`, table.Table)).Scan(&digest)
		require.NoError(t, err)
		digests[table.Table] = digest
	}
	return digests
}

func load(t *testing.T, opts demo.Options) map[string]string {
	t.Helper()
	db := storagetest.New(t).SQL()
	report, err := demo.Load(t.Context(), db, opts)
	require.NoError(t, err)
	return fingerprint(t, db, report)
}

func TestLoadIsDeterministic(t *testing.T) {
	opts := demo.Options{Customers: 60, Seed: 3, Now: present()}
	first := load(t, opts)

	opts.Now = opts.Now.Add(7 * time.Hour).In(time.FixedZone("", 5*3600))
	assert.Equal(t, first, load(t, opts), "another hour of the same day changes nothing")

	otherDay := opts
	otherDay.Now = present().AddDate(0, 0, 1)
	assert.NotEqual(t, first["orders"], load(t, otherDay)["orders"], "another day gives other rows")

	otherSeed := opts
	otherSeed.Seed++
	assert.NotEqual(t, first["customers"], load(t, otherSeed)["customers"], "another seed gives other rows")
}

func TestReportCountsWhatIsThere(t *testing.T) {
	db := storagetest.New(t).SQL()
	var phases []demo.Phase
	var last demo.Progress
	report, err := demo.Load(t.Context(), db, demo.Options{Customers: 40, Seed: 1, Now: present(), Progress: func(p demo.Progress) {
		if len(phases) == 0 || phases[len(phases)-1] != p.Phase {
			phases = append(phases, p.Phase)
		}
		if p.Phase == demo.PhaseCopy {
			last = p
		}
	}})
	require.NoError(t, err)
	assert.Equal(t, []demo.Phase{demo.PhasePrepare, demo.PhaseCopy, demo.PhaseIndex, demo.PhaseAnalyse}, phases)
	assert.Equal(t, demo.Progress{Phase: demo.PhaseCopy, Done: 40, Total: 40, Rows: report.Rows()}, last)
	assert.Positive(t, report.Duration)
	for _, table := range report.Tables {
		var rows int64
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM "+table.Table).Scan(&rows))
		assert.Equal(t, rows, table.Rows, table.Table)
		assert.Positive(t, rows, table.Table)
	}
}

func TestLoadRefusesWhatItCannotDo(t *testing.T) {
	db := loaded(t, 5, 1, present())
	before := schema(t, db)
	_, err := demo.Load(t.Context(), db, demo.Options{Customers: 5, Seed: 1, Now: present()})
	require.ErrorIs(t, err, demo.ErrNotEmpty)
	assert.Equal(t, domain.CodeConflict, domain.ErrorCode(err))
	assert.Equal(t, before, schema(t, db))

	_, err = demo.Load(t.Context(), db, demo.Options{Customers: 0, Now: present()})
	require.ErrorContains(t, err, "at least 1")
	_, err = demo.Load(t.Context(), db, demo.Options{Customers: 1})
	require.ErrorContains(t, err, "no present")
}

// schema lists every index, constraint and trigger with its definition.
func schema(t *testing.T, db *sql.DB) string {
	t.Helper()
	var text string
	require.NoError(t, db.QueryRowContext(t.Context(), `
		SELECT string_agg(line, E'\n' ORDER BY line COLLATE "C") FROM (
			SELECT pg_get_indexdef(indexrelid) || indisvalid::text FROM pg_index JOIN pg_class ON oid = indrelid
			WHERE relnamespace = 'public'::regnamespace
			UNION ALL
			SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated::text FROM pg_constraint
			WHERE connamespace = 'public'::regnamespace
			UNION ALL
			SELECT tgrelid::regclass || ' ' || pg_get_triggerdef(oid) || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal
		) AS d (line)`).Scan(&text))
	return text
}

func TestLoadLeavesTheSchemaAsItWas(t *testing.T) {
	db := storagetest.New(t).SQL()
	before := schema(t, db)
	_, err := demo.Load(t.Context(), db, demo.Options{Customers: 5, Seed: 1, Now: present()})
	require.NoError(t, err)
	assert.Equal(t, before, schema(t, db))

	// The change log is awake again, and knows nothing of the load.
	var changes int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM changes").Scan(&changes))
	assert.Zero(t, changes)
	_, err = db.ExecContext(t.Context(), "INSERT INTO contacts (customer_id, name) VALUES (1, 'Somebody new')")
	require.NoError(t, err)
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM changes").Scan(&changes))
	assert.Equal(t, 1, changes)
}

func TestLoadIsAllOrNothing(t *testing.T) {
	db := storagetest.New(t).SQL()
	before := schema(t, db)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := demo.Load(ctx, db, demo.Options{Customers: 300, Seed: 1, Now: present(), Progress: func(p demo.Progress) {
		if p.Phase == demo.PhaseIndex && p.Done > 0 {
			cancel()
		}
	}})
	require.Error(t, err)
	require.ErrorIs(t, ctx.Err(), context.Canceled, "it failed for the reason that the test gave it")
	var customers int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM customers").Scan(&customers))
	assert.Zero(t, customers)
	assert.Equal(t, before, schema(t, db))
}

// Any number of customers works, and any day of the week as the present.
func TestLoadOfAnySize(t *testing.T) {
	for i, customers := range []int{1, 2, 3, 7, 26} {
		loaded(t, customers, uint64(i), present().AddDate(0, 0, i+1))
	}
}
