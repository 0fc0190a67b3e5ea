package httpd

import (
	"context"
	"net/http"
	"strings"
	"sync"
)

// sockets counts the connections that were upgraded. net/http forgets a hijacked connection, so its Shutdown neither
// closes nor awaits these.
type sockets struct {
	// closing is closed when every socket is to end, idle when the last one has.
	closing chan struct{}
	idle    chan struct{}

	mu     sync.Mutex
	open   int
	closed bool
}

func newSockets() *sockets {
	return &sockets{closing: make(chan struct{}), idle: make(chan struct{})}
}

// add counts a connection in; it reports false when the server is closing them already.
func (s *sockets) add() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.open++
	return true
}

func (s *sockets) remove() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
	if s.closed && s.open == 0 {
		close(s.idle)
	}
}

// close tells every socket to end. It does not wait.
func (s *sockets) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	s.closed = true
	close(s.closing)
	if s.open == 0 {
		close(s.idle)
	}
}

// wait returns once the last socket has ended after close, or with the error of ctx.
func (s *sockets) wait(ctx context.Context) error {
	select {
	case <-s.idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// serveSocket runs a websocket under a context that ends when the server closes its sockets.
func (h *Handler) serveSocket(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if !h.sockets.add() {
		fail(w, r, http.StatusServiceUnavailable, "STOPPING", "The server is stopping")
		return
	}
	defer h.sockets.remove()
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case <-h.sockets.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	defer func() {
		cancel()
		<-watched
	}()
	next.ServeHTTP(w, r.WithContext(ctx))
}

// isUpgrade looks at GET alone: the upgrade headers on a POST must not lift its limits.
func isUpgrade(r *http.Request) bool {
	if r.Method != http.MethodGet {
		return false
	}
	for _, line := range r.Header.Values("Connection") {
		for token := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(token), "upgrade") {
				return strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
			}
		}
	}
	return false
}
