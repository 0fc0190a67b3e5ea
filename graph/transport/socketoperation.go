package transport

import (
	"context"
	"runtime/debug"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/domain"
)

// maxOperationID bounds the id, in bytes, that is kept with an operation and repeated in each of its messages.
const maxOperationID = 256

// socketOperation is one operation on a websocket.
type socketOperation struct {
	id     string
	cancel context.CancelFunc

	mu sync.Mutex
	// over says that the id is the client's again: not a word may be sent under it any more.
	over bool
}

// subscribe starts an operation.
func (s *socket) subscribe(m message) closing {
	if !s.admitted {
		return closeUnauthorized
	}
	req, refused := decodeRequest(m.Payload)
	if m.ID == "" || len(m.ID) > maxOperationID || refused != nil {
		return closeInvalidMessage
	}
	ctx, cancel := context.WithCancel(graphql.StartOperationTrace(s.ctx))
	op := &socketOperation{id: m.ID, cancel: cancel}
	s.mu.Lock()
	_, taken := s.running[m.ID]
	// Completed ones count while they take to end, or a client could start and complete without bound.
	full := len(s.running) >= s.MaxOperations || s.working >= 2*s.MaxOperations
	if !taken && !full {
		s.running[m.ID] = op
		s.working++
	}
	s.mu.Unlock()
	switch {
	case taken:
		cancel()
		return closeDuplicate
	case full:
		cancel()
		s.write(s.errorMessage(ctx, m.ID, gqlerror.List{codedError(CodeTooManyOperations, "too many operations run on this websocket")}))
		return goOn
	}
	s.workers.Go(func() {
		defer s.worked()
		defer cancel()
		defer s.contain(ctx, op)
		s.execute(ctx, op, req)
	})
	return goOn
}

// worked notes the end of an operation's goroutine.
func (s *socket) worked() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.working--
}

// complete ends an operation that the client has lost interest in; one that has just ended by itself is no fault.
func (s *socket) complete(id string) {
	s.mu.Lock()
	op := s.running[id]
	s.mu.Unlock()
	if op != nil {
		op.cancel()
		s.finish(op, nil)
	}
}

// finish frees the id of an operation, with a last message unless it is over already.
func (s *socket) finish(op *socketOperation, last []byte) {
	op.mu.Lock()
	defer op.mu.Unlock()
	if op.over {
		return
	}
	op.over = true
	// Before the message: a client may use the id again as soon as it has read that.
	s.mu.Lock()
	delete(s.running, op.id)
	s.mu.Unlock()
	if last != nil {
		s.write(last)
	}
}

// emit sends a message of an operation unless that is over.
func (s *socket) emit(op *socketOperation, text []byte) {
	op.mu.Lock()
	defer op.mu.Unlock()
	if !op.over {
		s.write(text)
	}
}

// contain keeps a panic before the executor's own safeguards from ending the process.
func (s *socket) contain(ctx context.Context, op *socketOperation) {
	fault := recover()
	if fault == nil {
		return
	}
	s.Log.ErrorContext(ctx, "panic while preparing an operation", "panic", fault, "stack", string(debug.Stack()))
	s.finish(op, s.errorMessage(ctx, op.id, gqlerror.List{codedError(domain.CodeInternal, "Internal error")}))
}

// execute runs an operation and sends what it answers.
func (s *socket) execute(ctx context.Context, op *socketOperation, req *request) {
	prepared, failed := s.prepare(ctx, s.exec, req, s.headers)
	if failed == nil && prepared.defers {
		failed = errorResponse(CodeBadRequest, messageDeferOnSocket)
	}
	if failed != nil {
		s.finish(op, s.errorMessage(ctx, op.id, failed.Errors))
		return
	}
	bounded, cancel := s.operationContext(prepared.ctx, prepared)
	defer cancel()
	prepared.within(bounded)
	for {
		resp := prepared.next()
		switch {
		case ctx.Err() != nil:
			// The client does not listen any more, or the connection ends: a complete would say that all was told.
			s.finish(op, nil)
			return
		case resp == nil:
			s.finish(op, s.completeMessage(ctx, op.id))
			return
		case resp.Data == nil && len(resp.Errors) > 0:
			s.finish(op, s.errorMessage(ctx, op.id, resp.Errors))
			return
		default:
			s.emit(op, s.nextMessage(ctx, op.id, resp))
		}
	}
}
