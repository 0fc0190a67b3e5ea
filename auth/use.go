package auth

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

const (
	// waitingUses bounds the notes that wait to be written. A note that finds no room is lost; the next use makes another.
	waitingUses = 256
	// noteTimeout bounds the writing of one note.
	noteTimeout = 5 * time.Second
)

type use struct {
	id int64
	at time.Time
}

// uses writes down when API keys were last used, apart from the requests that use them.
type uses struct {
	write   func(ctx context.Context, id int64, at time.Time) error
	every   time.Duration
	log     *slog.Logger
	waiting chan use
	closing chan struct{}
	closed  chan struct{}

	mu sync.Mutex
	// noted is when each key's use was last noted.
	noted map[int64]time.Time
}

func newUses(write func(context.Context, int64, time.Time) error, every time.Duration, log *slog.Logger) *uses {
	u := &uses{
		write:   write,
		every:   every,
		log:     log,
		waiting: make(chan use, waitingUses),
		closing: make(chan struct{}),
		closed:  make(chan struct{}),
		noted:   map[int64]time.Time{},
	}
	go u.run()
	return u
}

// note has the use of a key written, unless one was a short time ago. It never waits.
func (u *uses) note(id int64, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	last, known := u.noted[id]
	if known && at.Sub(last) < u.every {
		return
	}
	select {
	case u.waiting <- use{id, at}:
		u.noted[id] = at
	default:
	}
}

// close writes what still waits and ends.
func (u *uses) close() {
	close(u.closing)
	<-u.closed
}

func (u *uses) run() {
	defer close(u.closed)
	for {
		select {
		case next := <-u.waiting:
			u.store(next)
		case <-u.closing:
			u.drain()
			return
		}
	}
}

func (u *uses) drain() {
	for {
		select {
		case next := <-u.waiting:
			if !u.store(next) {
				return
			}
		default:
			return
		}
	}
}

func (u *uses) store(next use) bool {
	ctx, cancel := context.WithTimeout(context.Background(), noteTimeout)
	defer cancel()
	err := u.write(ctx, next.id, next.at)
	if err != nil {
		u.log.Warn("the last use of an API key cannot be noted", "key", next.id, "error", err.Error())
	}
	return err == nil
}
