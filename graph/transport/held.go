package transport

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
)

// gqlgen's executor hands out what is deferred part by part, and loses count where the context ends before a part is taken: whoever takes the next
// one waits for ever. So the context of an operation that defers does not end, and only its resolvers see the end, while they run.

type heldKey struct{}

// held is ctx without its end, which Wanted gives back.
func held(ctx context.Context) context.Context {
	return context.WithValue(context.WithoutCancel(ctx), heldKey{}, ctx)
}

// endOf is why the context that ctx was made from has ended, nil where it has not.
func endOf(ctx context.Context) error {
	original, ok := ctx.Value(heldKey{}).(context.Context)
	if !ok {
		return ctx.Err()
	}
	return original.Err()
}

// wanted is a context that ends when another does, until it is released. gqlgen goes on below a field with the context that its resolver had.
type wanted struct {
	context.Context
	until    context.Context
	released atomic.Bool
}

// release makes a context that has not ended one that never does.
func (w *wanted) release() { w.released.Store(w.until.Err() == nil) }

// Done implements context.Context.
func (w *wanted) Done() <-chan struct{} {
	if w.released.Load() {
		return nil
	}
	return w.until.Done()
}

// Err implements context.Context.
func (w *wanted) Err() error {
	if w.released.Load() {
		return nil
	}
	return w.until.Err()
}

// Deadline implements context.Context.
func (w *wanted) Deadline() (time.Time, bool) { return w.until.Deadline() }

// WhileWanted is the field middleware that operations which defer need behind these transports: their resolvers end when the client leaves or the
// operation's time is up.
func WhileWanted(ctx context.Context, next graphql.Resolver) (any, error) {
	until, ok := ctx.Value(heldKey{}).(context.Context)
	if !ok || ctx.Done() != nil {
		return next(ctx)
	}
	own := &wanted{Context: ctx, until: until}
	defer own.release()
	return next(own)
}
