package storage_test

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// addFollowed adds n shipments of customers 1 to 10 and two carriers, of which shipment i has been due since i seconds before noon.
func addFollowed(t *testing.T, db *sql.DB, n int) time.Time {
	noon := time.Date(2026, 3, 3, 12, 0, 0, 0, time.UTC)
	addCustomers(t, db, 10)
	exec(t, db, `INSERT INTO carriers (id, code, name) VALUES (1, 'dhl', 'DHL'), (2, 'ups', 'UPS')`)
	exec(t, db, `INSERT INTO shipments (customer_id, id, number, carrier_id, tracking_number)
		SELECT 1 + i % 10, i, 'S-' || i, 1 + i % 2, 'N' || i FROM generate_series(1, $1) i`, n)
	exec(t, db, `UPDATE shipment_tracking SET due_at = $1::timestamptz - make_interval(secs => shipment_id)`, noon)
	return noon
}

func rowsOf(followed []*domain.Followed) []int64 {
	var rows []int64
	for _, f := range followed {
		rows = append(rows, f.Row)
	}
	return rows
}

func TestClaimDue(t *testing.T) {
	store, db := newStore(t)
	noon := addFollowed(t, db, 20)
	exec(t, db, `UPDATE shipments SET milestone = 'DELIVERED' WHERE id = 19`)
	until := noon.Add(5 * time.Minute)
	first, err := store.ClaimDue(t.Context(), "ups", noon.Add(-8*time.Second), until, 4)
	require.NoError(t, err)
	require.Equal(t, []int64{17, 15, 13, 11}, rowsOf(first), "who has waited longest comes first, and who is settled not at all")
	require.True(t, first[0].DueAt.Equal(noon.Add(-17*time.Second)), "since when it was due")
	require.Equal(t, "ups", first[0].Carrier)
	require.Equal(t, "N17", first[0].TrackingNumber)
	rest, err := store.ClaimDue(t.Context(), "ups", noon.Add(-8*time.Second), until, 4)
	require.NoError(t, err)
	require.Equal(t, []int64{9}, rowsOf(rest), "neither those that are claimed nor those that are not due yet")
	due, err := store.NextDue(t.Context(), "ups")
	require.NoError(t, err)
	require.True(t, due.Equal(noon.Add(-7*time.Second)))
	open, err := store.CountOpen(t.Context(), "ups")
	require.NoError(t, err)
	require.Equal(t, 9, open)
	again, err := store.ClaimDue(t.Context(), "ups", until, until.Add(time.Minute), 100)
	require.NoError(t, err)
	require.Len(t, again, 9, "when the lease has ended, they are due again")
	none, err := store.ClaimDue(t.Context(), "nobody", until, until, 100)
	require.NoError(t, err)
	require.Empty(t, none)
	due, err = store.NextDue(t.Context(), "nobody")
	require.NoError(t, err)
	require.Nil(t, due)
}

func TestReschedule(t *testing.T) {
	store, db := newStore(t)
	noon := addFollowed(t, db, 20)
	until := noon.Add(5*time.Minute + time.Microsecond)
	claimed, err := store.ClaimDue(t.Context(), "dhl", noon, until, 100)
	require.NoError(t, err)
	require.Len(t, claimed, 10)
	exec(t, db, `UPDATE shipments SET milestone = 'DELIVERED' WHERE id = 20`)        // It was delivered meanwhile,
	exec(t, db, `UPDATE shipments SET tracking_number = 'another' WHERE id = 18`)    // it got another number,
	exec(t, db, `UPDATE shipments SET tracking_number = NULL WHERE id = 16`)         // and it lost its number.
	exec(t, db, `UPDATE shipment_tracking SET due_at = NULL WHERE shipment_id = 14`) // This one was settled otherwise.
	later := noon.Add(time.Hour)
	var turns []storage.Turn
	for i, f := range claimed {
		turn := storage.Turn{Shipment: f.ID(), DueAt: &later, Failures: i}
		if f.Row == 2 {
			turn.DueAt = nil
		}
		turns = append(turns, turn)
	}
	require.NoError(t, store.Reschedule(t.Context(), until, turns))
	require.NoError(t, store.Reschedule(t.Context(), until, nil))
	var text string
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT string_agg(shipment_id || ':' || CASE WHEN due_at IS NULL THEN 'never'
		WHEN due_at = $1 THEN 'later' ELSE 'other' END || ':' || failures, ' ' ORDER BY shipment_id) FROM shipment_tracking WHERE carrier_id = 1`,
		later).Scan(&text))
	require.Equal(t, "2:never:9 4:later:8 6:later:7 8:later:6 10:later:5 12:later:4 14:never:0 18:other:0 20:never:0", text)
}

// TestRescheduleWaitsForNobody holds that what an import is writing keeps neither the others from being rescheduled nor the import from ending.
func TestRescheduleWaitsForNobody(t *testing.T) {
	store, db := newStore(t)
	noon := addFollowed(t, db, 20)
	until, later := noon.Add(5*time.Minute), noon.Add(time.Hour)
	claimed, err := store.ClaimDue(t.Context(), "dhl", noon, until, 100)
	require.NoError(t, err)
	var turns []storage.Turn
	for _, f := range claimed {
		turns = append(turns, storage.Turn{Shipment: f.ID(), DueAt: &later})
	}
	tx, err := db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback() }()
	for _, row := range []int{20, 2} {
		_, err = tx.ExecContext(t.Context(), `UPDATE shipments SET milestone = 'DELIVERED' WHERE id = $1`, row)
		require.NoError(t, err)
		bounded, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		require.NoError(t, store.Reschedule(bounded, until, turns))
		cancel()
	}
	require.NoError(t, tx.Commit())
	counts := func(where string, args ...any) (n int) {
		require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM shipment_tracking WHERE carrier_id = 1 AND `+where, args...).Scan(&n))
		return n
	}
	require.Equal(t, 8, counts(`due_at = $1`, later))
	require.Equal(t, 0, counts(`due_at = $1`, until))
	require.Equal(t, 2, counts(`due_at IS NULL`), "what the import knows counts")
}

func TestSampleOpen(t *testing.T) {
	store, db := newStore(t)
	addFollowed(t, db, 2000)
	all, err := store.SampleOpen(t.Context(), "dhl", 1)
	require.NoError(t, err)
	require.Len(t, all, 1000)
	some, err := store.SampleOpen(t.Context(), "dhl", 8)
	require.NoError(t, err)
	require.InDelta(t, 125, len(some), 40)
}

// TestClaimDueAtOnce holds that of several who claim at once each gets shipments of its own, and that none is left over.
func TestClaimDueAtOnce(t *testing.T) {
	store, db := newStore(t)
	noon := addFollowed(t, db, 1000)
	var mu sync.Mutex
	seen := map[int64]int{}
	var claimers sync.WaitGroup
	for worker := range 4 {
		claimers.Go(func() {
			until := noon.Add(time.Hour + time.Duration(worker)*time.Second)
			for {
				claimed, err := store.ClaimDue(t.Context(), "dhl", noon, until, 7)
				if err != nil || len(claimed) == 0 {
					mu.Lock()
					defer mu.Unlock()
					if err != nil {
						t.Error(err)
					}
					return
				}
				mu.Lock()
				for _, f := range claimed {
					seen[f.Row]++
				}
				mu.Unlock()
			}
		})
	}
	claimers.Wait()
	require.Len(t, seen, 500)
	for row, times := range seen {
		require.Equal(t, 1, times, row)
	}
}

func TestOnlyTheWatchClaims(t *testing.T) {
	_, db := newStore(t)
	noon := addFollowed(t, db, 2)
	for _, role := range []domain.Role{domain.RoleAgent, domain.RoleCustomer, domain.RoleAnalyst, ""} {
		other := storage.New(db).For(domain.Viewer{Role: role})
		_, err := other.ClaimDue(t.Context(), "dhl", noon, noon, 1)
		require.Equal(t, domain.CodeForbidden, domain.ErrorCode(err), role)
		require.Equal(t, domain.CodeForbidden, domain.ErrorCode(other.Reschedule(t.Context(), noon, []storage.Turn{{}})), role)
	}
	// A role that sees nothing counts nothing.
	open, err := storage.New(db).For(domain.Viewer{}).CountOpen(t.Context(), "dhl")
	require.NoError(t, err)
	require.Zero(t, open)
}

// TestClaimDueIsIndexed plans the claim at 100,000 open shipments, with and without a look at its arguments.
func TestClaimDueIsIndexed(t *testing.T) {
	var recorder recorder
	recording := recorder.store(t)
	_, err := recording.ClaimDue(t.Context(), "dhl", time.Time{}, time.Time{}, 100)
	require.NoError(t, err)
	_, err = recording.NextDue(t.Context(), "dhl")
	require.NoError(t, err)
	asked := recorder.take()
	require.Len(t, asked, 2)
	_, db := newStore(t)
	addFollowed(t, db, 0)
	exec(t, db, `ALTER TABLE shipments DISABLE TRIGGER USER;
		INSERT INTO shipments (customer_id, id, number, carrier_id, tracking_number)
		SELECT 1 + i % 10, i, 'S-' || i, 1 + i % 2, 'N' || i FROM generate_series(1, 100000) i;
		INSERT INTO shipment_tracking (customer_id, shipment_id, carrier_id, due_at)
		SELECT customer_id, id, carrier_id, timestamptz '2026-03-03 12:00Z' - make_interval(secs => id) FROM shipments`)
	exec(t, db, `VACUUM ANALYZE shipments, shipment_tracking, carriers, customers`)
	for name, arguments := range map[string]string{"claimDue": "('dhl', '2026-03-03 11:00Z', '2026-03-03 12:00Z')", "nextDue": "('dhl')"} {
		for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
			plan := planOfExecuted(t, db, mode, asked, name, arguments)
			require.Contains(t, plan, "Scan using shipment_tracking_due on shipment_tracking t", "%s\n%s", mode, plan)
			require.NotContains(t, plan, "Seq Scan on shipment", "%s\n%s", mode, plan)
		}
	}
}

// planOfExecuted is the plan of one of the recorded statements, without the sorting of what it gives in the end.
func planOfExecuted(t *testing.T, db *sql.DB, mode string, asked []statement, name, arguments string) string {
	conn, err := db.Conn(t.Context())
	require.NoError(t, err)
	defer conn.Close()
	for _, one := range asked {
		if one.name() == name {
			_, err = conn.ExecContext(t.Context(), "SET plan_cache_mode = "+mode+"; PREPARE asked AS "+one.text)
			require.NoError(t, err)
		}
	}
	rows, err := conn.QueryContext(t.Context(), "EXPLAIN (COSTS OFF) EXECUTE asked "+arguments)
	require.NoError(t, err)
	defer rows.Close()
	var plan strings.Builder
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		plan.WriteString(line + "\n")
	}
	require.NoError(t, rows.Err())
	_, err = conn.ExecContext(t.Context(), "DEALLOCATE asked")
	require.NoError(t, err)
	return plan.String()
}
