// Package loaders batches what the fields of one answer ask of storage: one loader a relation, fresh for each response.
//
// A loader that is asked waits until no other field of the level asks any more, and then asks storage once for all of them.
package loaders

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// maxWaits bounds how often a batch waits again because fields are still asking.
const maxWaits = 50

// Loader loads values by key, of all keys of a level at once, and each of them once. It waits in steps: a batch is closed when a step brings no
// new key. A fixed window would cut a level in two where the machine is busy, and make all others wait for nothing.
type Loader[K comparable, V any] struct {
	wait  time.Duration
	fetch func(context.Context, []K) (map[K]V, error)

	mu      sync.Mutex
	batches map[K]*batch[K, V]
	open    *batch[K, V]
}

// batch is keys that are fetched together. values and err are set when done is closed.
type batch[K comparable, V any] struct {
	keys   []K
	seen   int
	waits  int
	timer  *time.Timer
	done   chan struct{}
	values map[K]V
	err    error
}

// Load is the value of a key. It fails with CodeNotFound where there is none.
func (l *Loader[K, V]) Load(ctx context.Context, key K) (V, error) {
	return l.Thunk(ctx, key)()
}

// Find is the value of a key, or the zero value where there is none.
func (l *Loader[K, V]) Find(ctx context.Context, key K) (V, error) {
	value, err := l.Load(ctx, key)
	if domain.ErrorCode(err) == domain.CodeNotFound {
		err = nil
	}
	return value, err
}

// Thunk asks for the value of a key at once and waits for it only when it is called.
func (l *Loader[K, V]) Thunk(ctx context.Context, key K) func() (V, error) {
	b := l.join(ctx, key)
	return func() (V, error) {
		var none V
		select {
		case <-b.done:
		case <-ctx.Done():
			return none, ctx.Err()
		}
		if b.err != nil {
			return none, b.err
		}
		value, found := b.values[key]
		if !found {
			return none, &domain.Error{Code: domain.CodeNotFound, Message: "it is not there"}
		}
		return value, nil
	}
}

// join is the batch that a key is in, or joins now.
func (l *Loader[K, V]) join(ctx context.Context, key K) *batch[K, V] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b := l.batches[key]; b != nil {
		return b
	}
	if l.open == nil {
		b := &batch[K, V]{seen: 1, done: make(chan struct{})}
		b.timer = time.AfterFunc(l.wait, func() { l.step(ctx, b) })
		l.open = b
	}
	if l.batches == nil {
		l.batches = map[K]*batch[K, V]{}
	}
	l.open.keys = append(l.open.keys, key)
	l.batches[key] = l.open
	return l.open
}

// step ends a batch's wait, or lets it wait for another step.
func (l *Loader[K, V]) step(ctx context.Context, b *batch[K, V]) {
	// Whoever is ready to run asks first, also when the machine was busy with something else for the whole step.
	runtime.Gosched()
	l.mu.Lock()
	if len(b.keys) > b.seen && b.waits < maxWaits {
		b.seen = len(b.keys)
		b.waits++
		b.timer.Reset(l.wait)
		l.mu.Unlock()
		return
	}
	l.open = nil
	l.mu.Unlock()
	defer close(b.done)
	b.values, b.err = l.guarded(ctx, b.keys)
}

// guarded fetches, and gives a panic to those who wait in place of ending the process.
func (l *Loader[K, V]) guarded(ctx context.Context, keys []K) (values map[K]V, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("panic in a loader: %v\n%s", panicked, debug.Stack())
		}
	}()
	return l.fetch(ctx, keys)
}

// ByID loads objects by id.
type ByID[T any] struct {
	Loader[domain.ID, *T]
}

// Find is the object with an id, or nil where the id is zero or there is none.
func (l *ByID[T]) Find(ctx context.Context, id domain.ID) (*T, error) {
	if id.IsZero() {
		return nil, nil // An optional reference may lead nowhere.
	}
	return l.Loader.Find(ctx, id)
}
