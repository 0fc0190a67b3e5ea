package transport

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
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

// close leaves a deadline for the end of the answer, which net/http writes when the handler has returned: a client that stopped reading
// there would hold the connection for ever. For the next request on the connection the server sets its own.
func (s *stream) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(s.control.SetWriteDeadline(time.Now().Add(s.timeout)))
}

// Why what runs for a viewer is ended.
var (
	errExpired = errors.New("the token has expired")
	errRevoked = errors.New("the token does not count any more")
)

// viewerContext ends with errExpired when the viewer's token runs out, and with errRevoked when it is found not to count any more. The
// stop function has to be called; it waits.
func (c *core) viewerContext(ctx context.Context, expiry time.Time) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := func() bool { return true }
	if !expiry.IsZero() {
		stop = time.AfterFunc(expiry.Sub(c.Now()), func() { cancel(errExpired) }).Stop
	}
	var rechecking sync.WaitGroup
	if c.Recheck != nil {
		rechecking.Go(func() { c.recheck(ctx, cancel) })
	}
	return ctx, func() {
		stop()
		cancel(nil)
		rechecking.Wait()
	}
}

// recheck asks now and then whether the viewer's token still counts, until it does not or ctx is done.
func (c *core) recheck(ctx context.Context, cancel context.CancelCauseFunc) {
	ticker := time.NewTicker(c.RecheckEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		bounded, done := context.WithTimeout(ctx, c.RecheckEvery)
		err := c.Recheck(bounded)
		done()
		if domain.ErrorCode(err) == domain.CodeUnauthenticated {
			cancel(errRevoked)
			return
		}
	}
}

// ended tells why the viewer's time is up; empty while it is not.
func ended(ctx context.Context) string {
	for _, reason := range []error{errExpired, errRevoked} {
		if errors.Is(context.Cause(ctx), reason) {
			return reason.Error()
		}
	}
	return ""
}

// operationContext bounds a query or mutation.
func (c *core) operationContext(ctx context.Context, op *operation) (context.Context, context.CancelFunc) {
	if op.kind() == ast.Subscription {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, c.OperationTimeout)
}

// inTime is a context for a query or mutation whose own ends when its answer is written. Where that ends soon enough by itself it is the same one.
func (c *core) inTime(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, bounded := ctx.Deadline()
	if bounded && time.Until(deadline) <= c.OperationTimeout {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, c.OperationTimeout)
}
