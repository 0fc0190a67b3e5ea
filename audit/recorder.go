package audit

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// Options is what a Recorder is made of. Only Write is required.
type Options struct {
	// Write stores entries: all of them, or none with an error. BAD_USER_INPUT means that it never will. The slice is used again afterwards.
	Write func(ctx context.Context, entries []domain.AuditEntry) error
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Log takes faults; slog.Default() when nil.
	Log *slog.Logger
	// Queue is how many entries may wait; 4096 when zero. Whoever comes when it is full waits.
	Queue int
	// Batch is how many entries are written at once; 500 when zero.
	Batch int
	// Linger is how long an entry waits for others to be written with it; 50 ms when zero. A full batch goes at once.
	Linger time.Duration
	// Retry is the pause after a write that failed, doubled up to 32 times that; a second when zero.
	Retry time.Duration
	// WriteTimeout bounds one write; 10 s when zero.
	WriteTimeout time.Duration
}

// ErrClosed tells that the recorder takes no entries any more.
var ErrClosed = errors.New("the audit trail is closed")

// Recorder writes audit entries in the order in which they come, in batches. It is safe for concurrent use. Close ends it.
type Recorder struct {
	opt   Options
	queue chan domain.AuditEntry

	// mu is held for reading while entries are put into the queue, so that nobody does when it is closed.
	mu      sync.RWMutex
	closed  bool
	once    sync.Once
	closing chan struct{}

	// life ends what the owner of the queue is about when Close waits no longer; done tells that it has ended.
	life context.Context
	kill context.CancelFunc
	done chan struct{}

	written, lost atomic.Int64
	// held is how many entries the owner has taken out of the queue and not written yet.
	held atomic.Int64
}

// NewRecorder starts a recorder. It panics without Options.Write, which is a mistake in the wiring.
func NewRecorder(opt Options) *Recorder {
	if opt.Write == nil {
		panic("audit: Options.Write is required")
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	opt.Queue = positive(opt.Queue, 4096)
	opt.Batch = positive(opt.Batch, 500)
	opt.Linger = positive(opt.Linger, 50*time.Millisecond)
	opt.Retry = positive(opt.Retry, time.Second)
	opt.WriteTimeout = positive(opt.WriteTimeout, 10*time.Second)
	r := &Recorder{opt: opt, queue: make(chan domain.AuditEntry, opt.Queue), closing: make(chan struct{}), done: make(chan struct{})}
	r.life, r.kill = context.WithCancel(context.Background())
	go r.run()
	return r
}

func positive[T int | time.Duration](value, otherwise T) T {
	if value <= 0 {
		return otherwise
	}
	return value
}

// Record adds entries to the trail; those without a time get the present one. While the queue is full it waits, until ctx is done. What could
// not be added is logged, counted as lost, and an error.
func (r *Recorder) Record(ctx context.Context, entries ...domain.AuditEntry) error {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if r.closed {
		return r.lose(ctx, len(entries), ErrClosed)
	}
	now := r.opt.Now()
	for i, entry := range entries {
		if entry.At.IsZero() {
			entry.At = now
		}
		err := r.put(ctx, entry)
		if err != nil {
			return r.lose(ctx, len(entries)-i, err)
		}
	}
	return nil
}

// put tries without waiting first: a client that has gone has read what it has read.
func (r *Recorder) put(ctx context.Context, entry domain.AuditEntry) error {
	select {
	case r.queue <- entry:
		return nil
	default:
	}
	select {
	case r.queue <- entry:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-r.closing:
		return ErrClosed
	}
}

// lose counts and tells of entries that are not in the trail. The entries themselves stay out of the log: who reads it need not be allowed to
// read the trail.
func (r *Recorder) lose(ctx context.Context, entries int, cause error) error {
	if entries == 0 {
		return nil
	}
	r.lost.Add(int64(entries))
	r.opt.Log.ErrorContext(ctx, "audit entries are lost", "entries", entries, "code", string(domain.ErrorCode(cause)), "error", cause.Error())
	return fmt.Errorf("add %d entries to the audit trail: %w", entries, cause)
}

// Written is how many entries have been written.
func (r *Recorder) Written() int64 { return r.written.Load() }

// Waiting is how many entries are not written yet. An entry that is just being taken out of the queue may be missing.
func (r *Recorder) Waiting() int { return len(r.queue) + int(r.held.Load()) }

// Lost is how many entries were given up; each time the log says so.
func (r *Recorder) Lost() int64 { return r.lost.Load() }

// Close takes no more entries, writes those that wait, and ends the recorder. When ctx is done before, the rest is given up. It is an error if
// any entry was lost during the recorder's life.
func (r *Recorder) Close(ctx context.Context) error {
	r.once.Do(func() {
		close(r.closing)
		r.mu.Lock()
		r.closed = true
		close(r.queue)
		r.mu.Unlock()
	})
	stop := context.AfterFunc(ctx, r.kill)
	defer stop()
	<-r.done
	r.kill()
	if lost := r.Lost(); lost > 0 {
		return fmt.Errorf("%d audit entries are lost", lost)
	}
	return nil
}

// run owns the queue: it alone takes entries out, until the queue is closed and empty.
func (r *Recorder) run() {
	defer close(r.done)
	batch := make([]domain.AuditEntry, 0, r.opt.Batch)
	for entry := range r.queue {
		batch = r.fill(append(batch, entry))
		r.write(batch)
		r.held.Store(0)
		clear(batch) // What is written is not kept.
		batch = batch[:0]
	}
}

// fill adds to a first entry those that come while it lingers, as many as one write takes. Meanwhile the queue is emptied, so that callers
// have room. A recorder that closes lingers no more.
func (r *Recorder) fill(batch []domain.AuditEntry) []domain.AuditEntry {
	lingers := time.NewTimer(r.opt.Linger)
	defer lingers.Stop()
	for {
		r.held.Store(int64(len(batch)))
		if len(batch) >= r.opt.Batch {
			return batch
		}
		select {
		case entry, open := <-r.queue:
			if !open {
				return batch
			}
			batch = append(batch, entry)
		case <-lingers.C:
			return batch
		}
	}
}

// write stores a batch, however often that has to be tried.
func (r *Recorder) write(batch []domain.AuditEntry) {
	for pause := r.opt.Retry; ; pause = min(2*pause, 32*r.opt.Retry) {
		err := r.try(batch)
		switch {
		case err == nil:
			r.written.Add(int64(len(batch)))
			return
		case domain.ErrorCode(err) == domain.CodeBadInput && len(batch) > 1:
			for _, entry := range batch { // One of them spoils the rest.
				r.write([]domain.AuditEntry{entry})
			}
			return
		case domain.ErrorCode(err) == domain.CodeBadInput || r.life.Err() != nil:
			_ = r.lose(r.life, len(batch), err) // It has told the log, and nobody waits for this write.
			return
		}
		r.opt.Log.WarnContext(r.life, "the audit trail cannot be written; trying again", "entries", len(batch), "waiting", r.Waiting(), "error", err.Error())
		select {
		case <-time.After(pause):
		case <-r.life.Done():
		}
	}
}

func (r *Recorder) try(batch []domain.AuditEntry) error {
	ctx, cancel := context.WithTimeout(r.life, r.opt.WriteTimeout)
	defer cancel()
	return r.opt.Write(ctx, batch)
}
