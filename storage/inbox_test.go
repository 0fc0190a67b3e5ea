package storage_test

import (
	"crypto/sha256"
	"database/sql"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

func digest(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	return sum[:]
}

// TestInbox holds the life of a message.
func TestInbox(t *testing.T) {
	database := storagetest.New(t)
	pool, db := openPool(t, database.URL), database.SQL()
	ctx, at := t.Context(), time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	senders := []string{"ups", "dcsa"}
	for range 2 {
		_, err := pool.AddInboxMessage(ctx, "ups", digest("a"), []byte("body"), at)
		require.NoError(t, err)
	}
	fresh, err := pool.AddInboxMessage(ctx, "ups", digest("a"), []byte("body"), at)
	require.NoError(t, err)
	require.False(t, fresh, "the same message again")
	fresh, err = pool.AddInboxMessage(ctx, "dcsa", digest("a"), nil, at.Add(time.Second))
	require.NoError(t, err)
	require.True(t, fresh, "of another sender")
	_, err = pool.AddInboxMessage(ctx, "nobody", digest("a"), []byte("x"), at)
	require.NoError(t, err)

	claimed, err := pool.ClaimInboxMessages(ctx, senders, at.Add(-time.Second), at, 10)
	require.NoError(t, err)
	require.Empty(t, claimed, "not due yet")
	until := at.Add(time.Minute)
	claimed, err = pool.ClaimInboxMessages(ctx, senders, at.Add(time.Second), until, 10)
	require.NoError(t, err)
	require.Len(t, claimed, 2)
	again, err := pool.ClaimInboxMessages(ctx, senders, at.Add(2*time.Second), until, 10)
	require.NoError(t, err)
	require.Empty(t, again, "claimed by somebody")
	ups := claimed[0]
	if ups.Sender != "ups" {
		ups = claimed[1]
	}
	require.Equal(t, "body", string(ups.Body))
	require.Equal(t, 1, ups.Attempts)
	require.True(t, ups.Until.Equal(until) && ups.ReceivedAt.Equal(at))

	// The claim runs out; whoever had it may no longer write.
	later, err := pool.ClaimInboxMessages(ctx, []string{"ups"}, until, until.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, later, 1)
	require.Equal(t, 2, later[0].Attempts)
	ours, err := pool.FinishInboxMessage(ctx, &ups, &storage.InboxOutcome{At: until, Succeeded: true})
	require.NoError(t, err)
	require.False(t, ours)
	ours, err = pool.PostponeInboxMessage(ctx, &ups, until, true)
	require.NoError(t, err)
	require.False(t, ours)

	ours, err = pool.PostponeInboxMessage(ctx, &later[0], until, false)
	require.NoError(t, err)
	require.True(t, ours)
	later, err = pool.ClaimInboxMessages(ctx, []string{"ups"}, until, until.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, later, 1)
	require.Equal(t, 2, later[0].Attempts, "an attempt that was none does not count")

	state, err := pool.InboxState(ctx, senders[:1], digest("a"))
	require.NoError(t, err)
	require.Nil(t, state.FinishedAt)
	require.Nil(t, state.Succeeded)
	problems := `[{"code": "X", "index": 3}]`
	ours, err = pool.FinishInboxMessage(ctx, &later[0], &storage.InboxOutcome{At: until, Succeeded: true, Events: 3, Shipments: 2, Problems: []byte(problems)})
	require.NoError(t, err)
	require.True(t, ours)
	state, err = pool.InboxState(ctx, senders[:1], digest("a"))
	require.NoError(t, err)
	require.True(t, *state.Succeeded && state.FinishedAt.Equal(until))
	require.Equal(t, []int{3, 2}, []int{state.Events, state.Shipments})
	require.JSONEq(t, problems, string(state.Problems))
	_, err = pool.InboxState(ctx, senders, digest("b"))
	require.Equal(t, domain.CodeNotFound, domain.ErrorCode(err))

	dcsa, err := pool.ClaimInboxMessages(ctx, senders, until, until.Add(time.Minute), 10)
	require.NoError(t, err)
	require.Len(t, dcsa, 1)
	require.Empty(t, dcsa[0].Body)
	_, err = pool.FinishInboxMessage(ctx, &dcsa[0], &storage.InboxOutcome{At: until})
	require.NoError(t, err)
	var kept int
	require.NoError(t, db.QueryRowContext(ctx, `SELECT count(body) FROM tracking_inbox WHERE due_at IS NULL`).Scan(&kept))
	require.Equal(t, 1, kept, "what succeeded loses its body, what did not keeps it")

	pruned, err := pool.PruneInbox(ctx, until, 10)
	require.NoError(t, err)
	require.Equal(t, 1, pruned, "nobody works on the message of nobody")
	pruned, err = pool.PruneInbox(ctx, until.Add(time.Second), 1)
	require.NoError(t, err)
	require.Equal(t, 1, pruned)
	pruned, err = pool.PruneInbox(ctx, until.Add(time.Second), 1)
	require.NoError(t, err)
	require.Equal(t, 1, pruned)
}

// TestInboxClaimedOnce holds that callers at the same time share what is due.
func TestInboxClaimedOnce(t *testing.T) {
	database := storagetest.New(t)
	pool := openPool(t, database.URL)
	at := time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	const messages = 200
	for i := range messages {
		_, err := pool.AddInboxMessage(t.Context(), "ups", digest(fmt.Sprint(i)), []byte("x"), at)
		require.NoError(t, err)
	}
	var mu sync.Mutex
	times := map[int64]int{}
	var all sync.WaitGroup
	errs := make(chan error, 8)
	for range 8 {
		all.Go(func() {
			for {
				claimed, err := pool.ClaimInboxMessages(t.Context(), []string{"ups"}, at, at.Add(time.Hour), 7)
				if err != nil || len(claimed) == 0 {
					errs <- err
					return
				}
				mu.Lock()
				for _, message := range claimed {
					times[message.ID]++
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	require.Len(t, times, messages)
	for id, count := range times {
		require.Equal(t, 1, count, id)
	}
}

// TestInboxIsIndexed plans what a worker asks every few seconds over 100,000 messages that were worked through and 20,000 that wait.
func TestInboxIsIndexed(t *testing.T) {
	var recorder recorder
	recording := storage.New(sql.OpenDB(recordingConnector{&recorder}))
	t.Cleanup(func() { require.NoError(t, recording.Close()) })
	_, err := recording.ClaimInboxMessages(t.Context(), []string{"ups"}, time.Time{}, time.Time{}, 4)
	require.NoError(t, err)
	asked := recorder.take()
	require.Len(t, asked, 1)
	database := storagetest.New(t)
	db := database.SQL()
	exec(t, db, `INSERT INTO tracking_inbox (sender, digest, body, received_at, due_at, finished_at, succeeded)
		SELECT (ARRAY['ups', 'dcsa', 'easypost'])[1 + i % 3], sha256(i::text::bytea), 'body', at, CASE WHEN i % 6 = 0 THEN at END,
			CASE WHEN i % 6 > 0 THEN at END, CASE WHEN i % 6 > 0 THEN true END
		FROM generate_series(1, 120000) i, LATERAL (SELECT timestamptz '2026-03-03 12:00Z' - make_interval(secs => i) AS at) a`)
	exec(t, db, `VACUUM ANALYZE tracking_inbox`)
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		plan := planOfExecuted(t, db, mode, asked, "claimInboxMessages", "('{ups,dcsa}', '2026-03-03 12:00Z', '2026-03-03 12:05Z')")
		require.Contains(t, plan, "Index Scan using tracking_inbox_due on tracking_inbox", "%s\n%s", mode, plan)
		require.NotContains(t, plan, "Sort", "%s\n%s", mode, plan)
		require.NotContains(t, plan, "Seq Scan", "%s\n%s", mode, plan)
	}
}
