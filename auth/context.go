package auth

import (
	"context"
	"reflect"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

type contextKey struct{}

// session is what a context carries.
type session struct {
	viewer domain.Viewer
	expiry time.Time
	// judge tells anew who bears the token; nil where there is none.
	judge func(context.Context) (domain.Viewer, error)
}

// With returns a context that carries the viewer and the instant from which its token no longer counts, zero for never.
func With(ctx context.Context, viewer domain.Viewer, expiry time.Time) context.Context {
	return context.WithValue(ctx, contextKey{}, session{viewer: viewer, expiry: expiry})
}

// admit is With for the bearer of a token, which Recheck judges again.
func admit(ctx context.Context, authenticator Authenticator, token string) (context.Context, time.Time, error) {
	viewer, expiry, err := authenticator.Authenticate(ctx, token)
	if err != nil {
		return ctx, time.Time{}, err
	}
	again := func(ctx context.Context) (domain.Viewer, error) {
		viewer, _, err := authenticator.Reauthenticate(ctx, token)
		return viewer, err
	}
	return context.WithValue(ctx, contextKey{}, session{viewer, expiry, again}), expiry, nil
}

// Recheck judges the token of the context's viewer anew, for what lives longer than a request. An error with the code UNAUTHENTICATED
// says that the token does not count any more, such as a key that was revoked, or that its bearer may see other things than before. Other
// errors say that it could not be judged.
func Recheck(ctx context.Context) error {
	found, _ := ctx.Value(contextKey{}).(session)
	if found.judge == nil {
		return nil
	}
	viewer, err := found.judge(ctx)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(viewer, found.viewer) {
		return refuse("the token stands for something else than before", nil)
	}
	return nil
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
