package auth

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

type contextKey struct{}

// session is what a context carries.
type session struct {
	viewer domain.Viewer
	expiry time.Time
}

// With returns a context that carries the viewer and the instant from which its token no longer counts, zero for never.
func With(ctx context.Context, viewer domain.Viewer, expiry time.Time) context.Context {
	return context.WithValue(ctx, contextKey{}, session{viewer, expiry})
}

// For returns the viewer that the context carries, and whether it carries one. Without one the viewer may see nothing.
func For(ctx context.Context) (domain.Viewer, bool) {
	found, ok := ctx.Value(contextKey{}).(session)
	return found.viewer, ok
}

// Expiry returns the instant from which the token of the context's viewer no longer counts; zero is never.
func Expiry(ctx context.Context) time.Time {
	found, _ := ctx.Value(contextKey{}).(session)
	return found.expiry
}
