package auth

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

type contextKey struct{}

// session is a context with a viewer.
type session struct {
	context.Context
	viewer domain.Viewer
	expiry time.Time
	// token and its judge tell anew who the viewer is; the judge is nil where there is no token.
	token string
	judge Authenticator
}

// Value implements context.Context.
func (s *session) Value(key any) any {
	if key == (contextKey{}) {
		return s
	}
	return s.Context.Value(key)
}

// String implements fmt.Stringer, as contexts do. It keeps the token out of whatever a context is printed to.
func (s *session) String() string { return fmt.Sprint(s.Context) + ".WithViewer" }

// sessionOf is what a context carries, and whether it carries a viewer.
func sessionOf(ctx context.Context) (*session, bool) {
	found, ok := ctx.Value(contextKey{}).(*session)
	if !ok {
		return &session{}, false
	}
	return found, true
}

// With returns a context that carries the viewer and the instant from which its token no longer counts, zero for never.
func With(ctx context.Context, viewer domain.Viewer, expiry time.Time) context.Context {
	return &session{Context: ctx, viewer: viewer, expiry: expiry}
}

// admit is With for the bearer of a token, which Recheck judges again.
func admit(ctx context.Context, authenticator Authenticator, token string) (context.Context, time.Time, error) {
	viewer, expiry, err := authenticator.Authenticate(ctx, token)
	if err != nil {
		return ctx, time.Time{}, err
	}
	return &session{Context: ctx, viewer: viewer, expiry: expiry, token: token, judge: authenticator}, expiry, nil
}

// Recheck judges the token of the context's viewer anew, for what lives longer than a request. An error with the code UNAUTHENTICATED
// says that the token does not count any more, such as a key that was revoked, or that its bearer may see other things than before. Other
// errors say that it could not be judged.
func Recheck(ctx context.Context) error {
	found, _ := sessionOf(ctx)
	if found.judge == nil {
		return nil
	}
	viewer, _, err := found.judge.Reauthenticate(ctx, found.token)
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
	found, ok := sessionOf(ctx)
	return found.viewer, ok
}

// Expiry returns the instant from which the token of the context's viewer no longer counts; zero is never.
func Expiry(ctx context.Context) time.Time {
	found, _ := sessionOf(ctx)
	return found.expiry
}
