package loaders

import (
	"context"
	"sync"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// Set is the loaders of one response, and the store behind them for what needs no batching. Both see what the response's viewer may see.
type Set struct {
	*Relations

	Store *storage.Store
	// Observer hears of each batch; nil where nobody does.
	Observer Observer
	// Tracker asks carriers; nil where none is set up.
	Tracker Tracker

	wait   time.Duration
	moment struct {
		mu    sync.Mutex
		known bool
		at    time.Time
	}
	health struct {
		once sync.Once
		of   map[string]*domain.CarrierHealth
	}
	rounds rounds
	opened opened
}

// New makes the loaders of one response. Each waits for so long for the other fields of its level. None is opened yet: a query asks few of them.
func New(store *storage.Store, wait time.Duration) *Set {
	return &Set{Relations: declared, Store: store, wait: wait}
}

// SetKey is the key of the loaders in the context of a response.
type SetKey struct{}

// With puts the loaders of a response into its context.
func With(ctx context.Context, set *Set) context.Context {
	return context.WithValue(ctx, SetKey{}, set)
}

// For is the loaders of the response that ctx belongs to. It panics outside of one: that is a fault in the wiring.
func For(ctx context.Context) *Set {
	set, ok := ctx.Value(SetKey{}).(*Set)
	if !ok {
		panic("loaders: the context belongs to no response")
	}
	return set
}

// Moment is the instant of the response: that of its first call.
func (s *Set) Moment(now func() time.Time) time.Time {
	s.moment.mu.Lock()
	defer s.moment.mu.Unlock()
	if !s.moment.known {
		s.moment.at = now()
		s.moment.known = true
	}
	return s.moment.at
}
