// Package loaders batches what the fields of one answer ask of storage: one loader a relation, fresh for each response.
//
// Relations are declared once. The set of a response, which its context holds, opens a loader of a relation when a field first asks for it. A loader
// that is asked waits until no other field of the level asks any more, and then asks storage once for all of them.
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
	name  string
	wait  time.Duration
	fetch func(context.Context, []K) (map[K]V, error)

	inRounds[K, V]

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
	began  time.Time
	done   chan struct{}
	values map[K]V
	err    error
}

// newLoader makes a loader of a set.
func newLoader[K comparable, V any](s *Set, name string, fetch func(context.Context, []K) (map[K]V, error)) Loader[K, V] {
	return Loader[K, V]{name: name, wait: s.wait, fetch: fetch, inRounds: inRounds[K, V]{rounds: &s.rounds}}
}

// Load is the value of a key. It fails with CodeNotFound where there is none.
func (l *Loader[K, V]) Load(ctx context.Context, key K) (V, error) {
	return l.load(ctx, key, l)
}

// load is Load of the loader that l is a part of.
func (l *Loader[K, V]) load(ctx context.Context, key K, whole source) (V, error) {
	if l.inRounds.on() {
		return l.ask(ctx, key, whole)
	}
	return l.batched(ctx, key)()
}

// Find is the value of a key, or the zero value where there is none.
func (l *Loader[K, V]) Find(ctx context.Context, key K) (V, error) {
	return found(l.Load(ctx, key))
}

// found takes it for no error that there is nothing.
func found[V any](value V, err error) (V, error) {
	if err != nil && domain.ErrorCode(err) == domain.CodeNotFound {
		err = nil
	}
	return value, err
}

// Thunk asks for the value of a key at once and waits for it only when it is called.
func (l *Loader[K, V]) Thunk(ctx context.Context, key K) func() (V, error) {
	return l.thunk(ctx, key, l)
}

// thunk is Thunk of the loader that l is a part of.
func (l *Loader[K, V]) thunk(ctx context.Context, key K, whole source) func() (V, error) {
	if l.inRounds.on() {
		value, err := l.ask(ctx, key, whole)
		return func() (V, error) { return value, err }
	}
	return l.batched(ctx, key)
}

func (l *Loader[K, V]) batched(ctx context.Context, key K) func() (V, error) {
	b := l.join(ctx, key)
	return func() (V, error) {
		var none V
		select {
		case <-b.done:
		case <-ctx.Done():
			return none, ctx.Err()
		}
		value, found := b.values[key]
		switch err := errorOf(b.err, key); {
		case err != nil:
			return none, err
		case !found:
			return none, errNotThere()
		default:
			return value, nil
		}
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
		b := &batch[K, V]{seen: 1, began: time.Now(), done: make(chan struct{})}
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
	ctx, ended := observe(ctx, l.name, len(b.keys), time.Since(b.began))
	b.values, b.err = l.guarded(ctx, b.keys)
	ended(b.err)
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

// failures are the errors of some keys, where others were read.
type failures[K comparable] map[K]error

// Error is for the log.
func (f failures[K]) Error() string { return fmt.Sprintf("%d keys could not be read", len(f)) }

// errorOf is what err means for a key.
func errorOf[K comparable](err error, key K) error {
	if some, ok := err.(failures[K]); ok {
		return some[key]
	}
	return err
}

// orNil is the failures as an error, if there are any.
func (f failures[K]) orNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// reading implements source.
func (l *Loader[K, V]) reading(ctx context.Context, _ *Set) func() {
	keys, _ := l.take()
	return func() { l.fetched(ctx, keys) }
}

// fetched reads keys by themselves.
func (l *Loader[K, V]) fetched(ctx context.Context, keys []K) {
	ctx, ended := observe(ctx, l.name, len(keys), 0)
	values, err := l.guarded(ctx, keys)
	ended(err)
	l.settle(keys, values, err)
}

// describe implements source: what a loader reads in a way of its own is no part of a tree.
func (l *Loader[K, V]) describe(*Set, domain.Kind, ask) (step, domain.Kind, any, bool) {
	return step{}, domain.KindUnknown, nil, false
}
