package transport

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
)

// streamEvents answers with server-sent events, one operation a connection: the distinct connections mode of GraphQL
// over SSE. The stream ends with a complete event when the operation does, and without one when the server stops or the
// viewer's token runs out, so that the client comes back elsewhere or with a new token.
func (c *core) streamEvents(w http.ResponseWriter, op *operation) {
	ctx, stop := c.viewerContext(op.ctx, c.expiry(op.ctx))
	defer stop()
	ctx, cancel := c.operationContext(ctx, op)
	defer cancel()
	op.within(ctx)
	defer op.drain()

	s := c.openStream(w, mediaEventStream+"; charset=utf-8")
	defer s.close()
	// A comment, so that the client sees the stream open before there is an event.
	s.write([]byte(":\n\n"))
	var keeper sync.WaitGroup
	keeper.Go(func() { c.keepAlive(ctx, s, c.stopping(ctx, op), cancel) })
	defer func() {
		cancel()
		keeper.Wait()
	}()
	c.sendEvents(ctx, s, op)
}

func (c *core) sendEvents(ctx context.Context, s *stream, op *operation) {
	var event bytes.Buffer
	for first := true; ; first = false {
		resp := op.next()
		reason := ended(ctx)
		if reason != "" {
			resp = errorResponse(domain.CodeUnauthenticated, reason)
		}
		if resp == nil {
			break
		}
		event.Reset()
		event.WriteString("event: next\ndata: ")
		start := event.Len()
		c.encodePiece(ctx, &event, resp, first)
		unfold(event.Bytes()[start:])
		event.WriteString("\n\n")
		if !s.write(event.Bytes()) || reason != "" {
			return
		}
	}
	if !errors.Is(ctx.Err(), context.Canceled) {
		// EventSource does not notice an event without data.
		s.write([]byte("event: complete\ndata: \n\n"))
	}
}

// unfold puts JSON on one line: a line break, which is white space there, would end the event's data.
func unfold(text []byte) {
	for i, char := range text {
		if char == '\n' || char == '\r' {
			text[i] = ' '
		}
	}
}

// keepAlive writes comments until ctx is done. It ends the operation when the client takes them no more and when the
// server stops.
func (c *core) keepAlive(ctx context.Context, s *stream, stopping <-chan struct{}, end context.CancelFunc) {
	ticker := time.NewTicker(c.KeepAlive)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-stopping:
			end()
			return
		case <-ticker.C:
			if !s.write([]byte(":\n\n")) {
				end()
				return
			}
		}
	}
}

// stopping is when a subscription has to end; nil, which is never, for what ends by itself.
func (c *core) stopping(ctx context.Context, op *operation) <-chan struct{} {
	if c.Stopping == nil || op.kind() != ast.Subscription {
		return nil
	}
	return c.Stopping(ctx)
}

func (c *core) expiry(ctx context.Context) time.Time {
	if c.Expiry == nil {
		return time.Time{}
	}
	return c.Expiry(ctx)
}
