package storage

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

const (
	// gatherAbove is how many statements of one text run at once before those who come are read together.
	gatherAbove = 2
	// gatherMost bounds how many are read together.
	gatherMost = 200
	// gatherTimeout bounds a statement that many wait for: none of their contexts ends it.
	gatherTimeout = 10 * time.Second
)

// gatherer reads single rows for many requests in one statement. A request that comes alone reads for itself at once. Where the same statement, of
// the same scope, is under way gatherAbove times already, it waits until one of them has ended, and is read together with all that have come
// meanwhile: under load a statement carries many rows, and nobody waits for longer than two. What is read is never older than the request for it.
type gatherer struct {
	mu    sync.Mutex
	under map[gatherKey]*underway
	// group are the statements that no request runs by itself; Close waits for them.
	group sync.WaitGroup
}

// gatherKey tells what can be read together: a statement's text with what its viewer may see.
type gatherKey struct{ text, scope string }

// underway are the statements of a key that run, and those who wait for the next.
type underway struct {
	running int
	next    *gathering
}

// gathering is rows that are read together. rows and err are set when done is closed.
type gathering struct {
	ctx  context.Context
	tree tree // of the first that came
	ids  []domain.ID
	done chan struct{}
	rows single
	err  error
}

// single is rows that are found by their ids, as far as several can be read in the place of one.
type single interface {
	rows
	// only is the id of the one row that is looked for; it is not ok where there is none, or several.
	only() (id domain.ID, ok bool)
	// several are rows like these with other ids.
	several(ids []domain.ID) single
	// adopt takes its row from rows that were read for several, and gives the row's size in bytes.
	adopt(from single) int64
}

// read reads a tree, alone or together with others.
func (g *gatherer) read(ctx context.Context, t *tree) error {
	own, ok := t.parts[0].rows.(single)
	if !ok || t.shape == nil || len(t.parts) > 1 {
		return t.read(ctx)
	}
	id, ok := own.only()
	if !ok {
		return t.read(ctx)
	}
	key := gatherKey{t.text, t.store.scopeKey()}
	waited := g.enter(ctx, key, t, id)
	if waited == nil {
		defer g.leave(key)
		return t.read(ctx)
	}
	select {
	case <-waited.done:
	case <-ctx.Done():
		return Translate(ctx.Err())
	}
	if waited.err != nil {
		return waited.err
	}
	return t.store.budget.take(1, own.adopt(waited.rows))
}

// enter begins a statement of a key, then it returns nil, or joins those who wait for the next one.
func (g *gatherer) enter(ctx context.Context, key gatherKey, t *tree, id domain.ID) *gathering {
	g.mu.Lock()
	defer g.mu.Unlock()
	u := g.under[key]
	if u == nil {
		u = &underway{}
		if g.under == nil {
			g.under = map[gatherKey]*underway{}
		}
		g.under[key] = u
	}
	if u.running < gatherAbove || u.next != nil && len(u.next.ids) >= gatherMost {
		u.running++
		return nil
	}
	if u.next == nil {
		u.next = &gathering{ctx: context.WithoutCancel(ctx), tree: *t, done: make(chan struct{})}
	}
	u.next.ids = append(u.next.ids, id)
	return u.next
}

// leave ends a statement of a key, and begins the one that others wait for.
func (g *gatherer) leave(key gatherKey) {
	next := g.pass(key)
	if next == nil {
		return
	}
	g.group.Go(func() {
		for ; next != nil; next = g.pass(key) {
			next.read()
		}
	})
}

// pass takes those who wait for the next statement of a key, in the place of one that has ended.
func (g *gatherer) pass(key gatherKey) *gathering {
	g.mu.Lock()
	defer g.mu.Unlock()
	u := g.under[key]
	next := u.next
	u.next = nil
	if next == nil {
		u.running--
	}
	if u.running == 0 {
		delete(g.under, key)
	}
	return next
}

// read reads for all who wait, and gives a panic to them in place of ending the process.
func (b *gathering) read() {
	defer close(b.done)
	defer func() {
		if panicked := recover(); panicked != nil {
			b.err = fmt.Errorf("panic while reading for many: %v\n%s", panicked, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(b.ctx, gatherTimeout)
	defer cancel()
	// Whoever takes a row counts it.
	store := *b.tree.store
	store.budget = nil
	own, _ := b.tree.parts[0].rows.(single) // It was one when it came.
	b.rows = own.several(b.ids)
	branch := *b.tree.parts[0].Branch
	branch.store, branch.open = &store, func() rows { return b.rows }
	t := tree{store: &store, shape: b.tree.shape}
	b.err = t.plan(&branch, 1)
	if b.err == nil {
		b.err = t.read(ctx)
	}
}

// close waits for what is under way.
func (g *gatherer) close() { g.group.Wait() }

// scopeKey names what the viewer may see: two with the same may see the same.
func (s *Store) scopeKey() string {
	kind := s.scopeOf()
	name := make([]byte, 0, 64)
	switch kind {
	case ofUnits:
		name = append(name, 'u')
		for _, unit := range s.viewer.Organisations {
			name = strconv.AppendInt(append(name, ' '), unit, 10)
		}
	case ofTeam:
		name = strconv.AppendInt(append(name, 't'), s.viewer.UserRow, 10)
	case itself:
		name = strconv.AppendInt(append(name, 'c'), s.viewer.CustomerRow, 10)
	default:
		name = append(name, kind...)
	}
	return string(name)
}

func (r *objectRows[T]) only() (domain.ID, bool) {
	if len(r.wanted.ids) != 1 || isProbe(r.wanted.ids[0]) {
		return domain.ID{}, false
	}
	return r.wanted.ids[0], true
}

func (r *objectRows[T]) several(ids []domain.ID) single {
	return &objectRows[T]{entity: r.entity, wanted: places{ids: slices.Clone(ids)}}
}

func (r *objectRows[T]) adopt(from single) int64 {
	read, _ := from.(*objectRows[T]) // Made by several.
	at, known := read.wanted.find(r.wanted.ids[0])
	if !known || read.found[at] == nil {
		return 0
	}
	// A copy: another request may have asked for the same row.
	item := *read.found[at]
	r.found[0] = &item
	return read.sizes[at]
}
