package audit_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/domain"
)

// table is a store of entries that can be told to fail.
type table struct {
	mu      sync.Mutex
	entries []domain.AuditEntry
	batches []int
	// refuse is what the next writes fail with; a nil among them succeeds.
	refuse []error
	// reject makes a write fail that holds an entry of this subject.
	reject string
	// gate lets writes through one by one, where there is one.
	gate chan struct{}
}

func (s *table) write(ctx context.Context, entries []domain.AuditEntry) error {
	if s.gate != nil {
		select {
		case <-s.gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.refuse) > 0 {
		err := s.refuse[0]
		s.refuse = s.refuse[1:]
		if err != nil {
			return err
		}
	}
	for _, entry := range entries {
		if s.reject != "" && entry.Subject == s.reject {
			return domain.BadInput("this cannot be stored")
		}
	}
	s.entries = append(s.entries, entries...)
	s.batches = append(s.batches, len(entries))
	return nil
}

func (s *table) subjects() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var subjects []string
	for _, entry := range s.entries {
		subjects = append(subjects, entry.Subject)
	}
	return subjects
}

func entry(subject string) domain.AuditEntry { return domain.AuditEntry{Subject: subject} }

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

func TestRecorderWritesEverythingInOrder(t *testing.T) {
	store := &table{gate: make(chan struct{})}
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	r := audit.NewRecorder(audit.Options{Write: store.write, Now: func() time.Time { return noon }, Log: quiet(), Batch: 2})
	own := entry("b")
	own.At = noon.Add(-time.Hour)
	require.NoError(t, r.Record(t.Context(), entry("a"), own, entry("c"), entry("d")))
	close(store.gate)
	require.NoError(t, r.Close(t.Context()))
	assert.Equal(t, []string{"a", "b", "c", "d"}, store.subjects())
	assert.Equal(t, noon, store.entries[0].At, "the clock's time")
	assert.Equal(t, own.At, store.entries[1].At, "its own time")
	assert.LessOrEqual(t, max(store.batches[0], store.batches[1]), 2)
	assert.Equal(t, int64(4), r.Written())
	assert.Zero(t, r.Lost())
	require.NoError(t, r.Close(t.Context()), "closing again does nothing")
}

func TestRecorderTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		away := &domain.Error{Code: domain.CodeUnavailable, Message: "the database cannot be reached"}
		store := &table{refuse: []error{away, away, away, nil}}
		r := audit.NewRecorder(audit.Options{Write: store.write, Log: quiet()})
		start := time.Now()
		require.NoError(t, r.Record(t.Context(), entry("a")))
		require.NoError(t, r.Close(t.Context()))
		assert.Equal(t, 7*time.Second, time.Since(start), "1 + 2 + 4 s")
		assert.Equal(t, []string{"a"}, store.subjects())
	})
}

func TestRecorderKeepsOneBadEntryFromSpoilingTheRest(t *testing.T) {
	store := &table{reject: "bad", gate: make(chan struct{})}
	var log bytes.Buffer
	r := audit.NewRecorder(audit.Options{Write: store.write, Log: slog.New(slog.NewTextHandler(&log, nil))})
	require.NoError(t, r.Record(t.Context(), entry("a"), entry("b"), entry("bad"), entry("c")))
	close(store.gate)
	require.Error(t, r.Close(t.Context()))
	assert.Equal(t, []string{"a", "b", "c"}, store.subjects())
	assert.Equal(t, int64(1), r.Lost())
	assert.Contains(t, log.String(), "audit entries are lost")
	assert.NotContains(t, log.String(), "bad")
}

// TestRecorderLetsCallersWait fills the queue: whoever comes waits, as long as the request lives, and what was given up is counted and told.
func TestRecorderLetsCallersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &table{gate: make(chan struct{})}
		var log bytes.Buffer
		r := audit.NewRecorder(audit.Options{Write: store.write, Log: slog.New(slog.NewTextHandler(&log, nil)), Queue: 1, Batch: 1, WriteTimeout: time.Hour})
		require.NoError(t, r.Record(t.Context(), entry("written")))
		synctest.Wait() // The owner has taken it.
		require.NoError(t, r.Record(t.Context(), entry("queued")))

		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		err := r.Record(ctx, entry("given up"))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Equal(t, int64(1), r.Lost())
		assert.Contains(t, log.String(), "audit entries are lost")

		waited := make(chan error)
		go func() { waited <- r.Record(t.Context(), entry("waited")) }()
		synctest.Wait()
		close(store.gate)
		require.NoError(t, <-waited)
		require.Error(t, r.Close(t.Context()), "one was lost in its life")
		assert.Equal(t, []string{"written", "queued", "waited"}, store.subjects())
	})
}

// TestRecorderTakesAnEntryOfAClientThatHasGone: what was read was read.
func TestRecorderTakesAnEntryOfAClientThatHasGone(t *testing.T) {
	store := &table{}
	r := audit.NewRecorder(audit.Options{Write: store.write, Log: quiet()})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, r.Record(ctx, entry("a")))
	require.NoError(t, r.Close(t.Context()))
	assert.Equal(t, []string{"a"}, store.subjects())
}

func TestRecorderEndsInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := audit.NewRecorder(audit.Options{Write: func(context.Context, []domain.AuditEntry) error { return errors.New("down") }, Log: quiet()})
		require.NoError(t, r.Record(t.Context(), entry("a"), entry("b")))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		require.Error(t, r.Close(ctx))
		assert.Equal(t, 10*time.Second, time.Since(start))
		assert.Equal(t, int64(2), r.Lost())
		require.ErrorIs(t, r.Record(t.Context(), entry("late")), audit.ErrClosed)
		assert.Equal(t, int64(3), r.Lost())
	})
}

func TestRecorderUnderManyCallers(t *testing.T) {
	store := &table{}
	r := audit.NewRecorder(audit.Options{Write: store.write, Log: quiet(), Queue: 3, Batch: 5})
	var callers sync.WaitGroup
	for range 20 {
		callers.Go(func() {
			for range 50 {
				assert.NoError(t, r.Record(t.Context(), entry("x"), entry("y")))
			}
		})
	}
	callers.Wait()
	require.NoError(t, r.Close(t.Context()))
	assert.Len(t, store.subjects(), 2000)
	assert.Equal(t, int64(2000), r.Written())
}

// TestRecorderLingers: what comes within 50 ms of the first is written with it.
func TestRecorderLingers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &table{}
		r := audit.NewRecorder(audit.Options{Write: store.write, Log: quiet(), Batch: 100})
		for range 2 {
			for range 5 { // At 0, 12, 24, 36 and 48 ms.
				require.NoError(t, r.Record(t.Context(), entry("x")))
				time.Sleep(12 * time.Millisecond) // On the bubble's clock.
			}
		}
		synctest.Wait()
		assert.Equal(t, []int{5, 5}, store.batches)
		assert.Zero(t, r.Waiting())

		// A full batch goes at once, and the rest lingers.
		for range 150 {
			require.NoError(t, r.Record(t.Context(), entry("x")))
		}
		synctest.Wait()
		assert.Equal(t, []int{5, 5, 100}, store.batches)
		assert.Equal(t, 50, r.Waiting())

		start := time.Now()
		require.NoError(t, r.Close(t.Context()))
		assert.Equal(t, []int{5, 5, 100, 50}, store.batches)
		assert.Zero(t, time.Since(start), "what lingers is written at the end at once")
		assert.Equal(t, int64(160), r.Written())
	})
}

// TestRecorderBoundsItsMemory has nothing written: a batch and the queue is all that is taken.
func TestRecorderBoundsItsMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &table{gate: make(chan struct{})}
		r := audit.NewRecorder(audit.Options{Write: store.write, Log: quiet(), Queue: 10, Batch: 5, WriteTimeout: time.Hour})
		var callers sync.WaitGroup
		for range 40 {
			callers.Go(func() { assert.NoError(t, r.Record(t.Context(), entry("x"))) })
		}
		time.Sleep(time.Minute) // On the bubble's clock.
		assert.Equal(t, 15, r.Waiting())
		close(store.gate)
		callers.Wait()
		require.NoError(t, r.Close(t.Context()))
		assert.Equal(t, int64(40), r.Written())
	})
}
