package loaders

import (
	"context"
	"time"
)

// Observer hears of each batch. It is called by many goroutines at once.
type Observer interface {
	// Batch tells that a loader is about to fetch so many keys, for the first of which it has waited so long. The context that it returns is to
	// be that of the fetch, and the function is called when that has ended; nil where nobody wants to know.
	Batch(ctx context.Context, loader string, keys int, waited time.Duration) (context.Context, func(err error))
}

// observe tells the observer of the response that ctx belongs to, if there is one, that a batch begins. The function is to be called at its end.
func observe(ctx context.Context, loader string, keys int, waited time.Duration) (context.Context, func(err error)) {
	set, _ := ctx.Value(SetKey{}).(*Set) // A loader by itself has no Set.
	if set == nil || set.Observer == nil {
		return ctx, unheard
	}
	ctx, ended := set.Observer.Batch(ctx, loader, keys, waited)
	if ended == nil {
		return ctx, unheard
	}
	return ctx, ended
}

func unheard(error) {}
