package httpd

import (
	"context"
	"net/http"
	"strings"
)

// requestContext is a request's context with what this package tells of it.
type requestContext struct {
	context.Context
	id       string
	stopping <-chan struct{}
}

type requestKey struct{}

// Value implements context.Context.
func (c *requestContext) Value(key any) any {
	if key == (requestKey{}) {
		return c
	}
	return c.Context.Value(key)
}

func requestOf(ctx context.Context) *requestContext {
	found, ok := ctx.Value(requestKey{}).(*requestContext)
	if !ok {
		return &requestContext{}
	}
	return found
}

// RequestID returns the id of the request that ctx belongs to, or "" outside a request.
func RequestID(ctx context.Context) string { return requestOf(ctx).id }

// WithRequestID returns a context whose RequestID is id, for work that starts elsewhere than in a request.
func WithRequestID(ctx context.Context, id string) context.Context {
	return &requestContext{Context: ctx, id: id, stopping: Stopping(ctx)}
}

// Stopping is a channel that is closed when the server stops and what lives long has to end; nil, which never is, outside of a request.
func Stopping(ctx context.Context) <-chan struct{} { return requestOf(ctx).stopping }

// contextOf is the context of a request, to be cancelled when that is answered.
func (h *Handler) contextOf(r *http.Request, id string) (context.Context, context.CancelFunc) {
	ctx, cancel := r.Context(), func() {}
	if isBounded(r) {
		ctx, cancel = context.WithTimeout(ctx, h.opt.RequestTimeout)
	}
	return &requestContext{Context: ctx, id: id, stopping: h.sockets.closing}, cancel
}

// isBounded tells the GraphQL requests that are to end in time. A websocket lives until the server stops. An event stream may be a subscription,
// which lives until it ends; the transport bounds queries itself.
func isBounded(r *http.Request) bool {
	if r.URL.Path != graphQLPath || isUpgrade(r) {
		return false
	}
	for _, line := range r.Header.Values("Accept") {
		if strings.Contains(strings.ToLower(line), "text/event-stream") {
			return false
		}
	}
	return true
}
