package transport

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// stream writes the pieces of one answer, each within a deadline, from several goroutines if need be.
type stream struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	// err is that of the first write that failed; after it nothing is written.
	err error
}

// openStream frees the connection of the server's own deadlines, which are made for answers in one piece.
func (c *core) openStream(w http.ResponseWriter, contentType string) *stream {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-cache, no-transform")
	// nginx would hold the pieces back.
	h.Set("X-Accel-Buffering", "no")
	s := &stream{w: w, control: http.NewResponseController(w), timeout: c.WriteTimeout}
	// With the server's read deadline in place, its watch for a client that hangs up would take its own timeout for one.
	s.note(s.control.SetReadDeadline(time.Time{}))
	w.WriteHeader(http.StatusOK)
	return s
}

// write sends one piece and reports whether the stream still stands.
func (s *stream) write(piece []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return false
	}
	s.note(s.control.SetWriteDeadline(time.Now().Add(s.timeout)))
	_, err := s.w.Write(piece)
	if err == nil {
		err = s.control.Flush()
	}
	s.note(err)
	return s.err == nil
}

// note keeps an error; writers that lack an ability, as in tests, are used without it.
func (s *stream) note(err error) {
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		s.err = err
	}
}

// close takes the deadline off again: the connection may serve another request.
func (s *stream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(s.control.SetWriteDeadline(time.Time{}))
}

// errExpired ends what runs for a viewer whose token has run out.
var errExpired = errors.New("the authentication has expired")

// viewerContext ends with errExpired when the viewer's authentication does. The stop function has to be called.
func (c *core) viewerContext(ctx context.Context, expiry time.Time) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	if expiry.IsZero() {
		return ctx, func() { cancel(nil) }
	}
	timer := time.AfterFunc(expiry.Sub(c.Now()), func() { cancel(errExpired) })
	return ctx, func() {
		timer.Stop()
		cancel(nil)
	}
}

// operationContext bounds a query or mutation.
func (c *core) operationContext(ctx context.Context, op *operation) (context.Context, context.CancelFunc) {
	if op.kind() == ast.Subscription {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, c.OperationTimeout)
}
