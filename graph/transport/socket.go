package transport

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"

	"github.com/vigie-dev/vigie/domain"
)

const subprotocol = "graphql-transport-ws"

// closing is how a websocket ends: a code of the protocol and its reason.
type closing struct {
	code   websocket.StatusCode
	reason string
}

// The ends that graphql-transport-ws knows, and in front of them those that are not the server's to tell.
var (
	// goOn is no end.
	goOn = closing{}
	// closeGone is for a connection that the client or the network has ended.
	closeGone           = closing{websocket.StatusNoStatusRcvd, ""}
	closeStopping       = closing{websocket.StatusGoingAway, "The server is stopping"}
	closeInvalidMessage = closing{4400, "Invalid message"}
	closeUnauthorized   = closing{4401, "Unauthorized"}
	closeExpired        = closing{4401, "The token has expired"}
	closeForbidden      = closing{4403, "Forbidden"}
	closeSubprotocol    = closing{4406, "Subprotocol not acceptable"}
	closeInitTimeout    = closing{4408, "Connection initialisation timeout"}
	closeDuplicate      = closing{4409, "Subscriber already exists"}
	closeInitTwice      = closing{4429, "Too many initialisation requests"}
	closeFault          = closing{4500, "Internal server error"}
)

// socketTransport answers websockets.
type socketTransport struct {
	*core
}

// Supports takes requests to upgrade to a websocket.
func (socketTransport) Supports(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.EqualFold(r.Header.Get("Upgrade"), "websocket")
}

// Do serves one websocket until its client leaves, it breaks the protocol, its token expires or the request's context
// ends, which is how the server says that it stops.
func (t socketTransport) Do(w http.ResponseWriter, r *http.Request, exec graphql.GraphExecutor) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:   []string{subprotocol},
		OriginPatterns: t.Origins,
	})
	if err != nil {
		// Accept has answered.
		t.Log.InfoContext(r.Context(), "a websocket was refused", "error", err)
		return
	}
	ctx, cancel := context.WithCancel(r.Context())
	s := &socket{
		core: t.core, conn: conn, exec: exec, headers: r.Header, ctx: ctx,
		acknowledged: make(chan context.Context, 1), release: func() {}, running: map[string]*socketOperation{},
	}
	conn.SetReadLimit(t.MaxBodyBytes)
	s.serve(r.Context(), cancel)
}

// socket is one websocket. What is not said to be shared belongs to the goroutine that reads.
type socket struct {
	*core
	conn    *websocket.Conn
	exec    graphql.GraphExecutor
	headers http.Header
	// ctx is that of all operations; Init makes it the viewer's.
	ctx context.Context
	// initialised says that the client has asked to be let in, admitted that it was.
	initialised, admitted bool
	// acknowledged hands the guard the viewer's context, and release frees what watches that.
	acknowledged chan context.Context
	release      context.CancelFunc

	// mu guards what is below, which is shared.
	mu sync.Mutex
	// running has the operations by the client's ids.
	running map[string]*socketOperation
	// working counts the goroutines of operations, also of those whose id the client has back and that have yet to end.
	working int
	// workers are all goroutines of this websocket but the reading one.
	workers sync.WaitGroup
}

// serve reads until the end, and returns when all that it started has ended.
func (s *socket) serve(stopping context.Context, cancel context.CancelFunc) {
	gone := make(chan struct{})
	defer func() {
		fault := recover()
		if fault != nil {
			s.close(closeFault)
		}
		cancel()
		s.release()
		close(gone)
		// Also ends pings and writes that wait for the client.
		_ = s.conn.CloseNow()
		s.workers.Wait()
		if fault != nil {
			// The server around presents and logs it.
			panic(fault)
		}
	}()
	if s.conn.Subprotocol() != subprotocol {
		s.close(closeSubprotocol)
		return
	}
	s.workers.Go(func() { s.guard(stopping, gone, cancel) })
	s.workers.Go(func() { s.ping(gone) })
	for {
		m, end := s.read()
		if end == goOn {
			end = s.handle(m)
		}
		if end != goOn {
			s.close(end)
			return
		}
	}
}

// close ends the websocket in order; one that has ended already stays as it is.
func (s *socket) close(end closing) {
	if end != closeGone {
		_ = s.conn.Close(end.code, end.reason)
	}
}

// guard closes the websocket when it was not initialised in time, its token does not count any more or the server stops. What runs on it
// has ended by then: for a client that does not answer the close the websocket waits seconds more.
func (s *socket) guard(stopping context.Context, gone <-chan struct{}, cancel context.CancelFunc) {
	defer cancel()
	timer := time.NewTimer(s.InitTimeout)
	defer timer.Stop()
	viewer := stopping
	select {
	case <-gone:
		return
	case <-timer.C:
		s.close(closeInitTimeout)
		return
	case <-stopping.Done():
	case viewer = <-s.acknowledged:
		<-viewer.Done()
	}
	switch {
	case stopping.Err() != nil:
		s.close(closeStopping)
	case errors.Is(context.Cause(viewer), errExpired):
		s.close(closeExpired)
	case errors.Is(context.Cause(viewer), errRevoked):
		s.close(closeUnauthorized)
	}
}

// ping finds clients that have gone without a word. The frames are websocket's own, which a browser answers by itself.
func (s *socket) ping(gone <-chan struct{}) {
	ticker := time.NewTicker(s.KeepAlive)
	defer ticker.Stop()
	for {
		select {
		case <-gone:
			return
		case <-ticker.C:
			ctx, cancel := context.WithTimeout(context.Background(), s.WriteTimeout)
			err := s.conn.Ping(ctx)
			cancel()
			if err != nil {
				// Nobody is there to agree on an end with.
				_ = s.conn.CloseNow()
				return
			}
		}
	}
}

// handle acts on one message of the client and says whether to go on.
func (s *socket) handle(m message) closing {
	switch m.Type {
	case typeInit:
		return s.init(m)
	case typeSubscribe:
		return s.subscribe(m)
	case typeComplete:
		s.complete(m.ID)
	case typePing:
		s.send(message{Type: typePong, Payload: m.Payload})
	case typePong:
	default:
		return closeInvalidMessage
	}
	return goOn
}

// init authenticates the client.
func (s *socket) init(m message) closing {
	if s.initialised {
		return closeInitTwice
	}
	s.initialised = true
	var payload map[string]any
	if json.Unmarshal(orNull(m.Payload), &payload) != nil {
		return closeInvalidMessage
	}
	var expiry time.Time
	if s.Init != nil {
		ctx, until, err := s.Init(s.ctx, payload)
		if err != nil {
			return s.initFailure(err)
		}
		s.ctx, expiry = ctx, until
	}
	s.ctx, s.release = s.viewerContext(s.ctx, expiry)
	s.admitted = true
	s.acknowledged <- s.ctx
	s.send(message{Type: typeAck})
	return goOn
}

// initFailure says no more than the code: the reason is for the log.
func (s *socket) initFailure(err error) closing {
	s.Log.InfoContext(s.ctx, "a websocket was not let in", "error", err)
	switch domain.ErrorCode(err) {
	case domain.CodeUnauthenticated:
		return closeUnauthorized
	case domain.CodeForbidden:
		return closeForbidden
	default:
		return closeFault
	}
}

// send writes one message; a client that does not take it in time loses the connection.
func (s *socket) send(m message) {
	text, err := json.Marshal(m)
	if err != nil {
		// Payloads are JSON already; ids are strings.
		s.Log.ErrorContext(s.ctx, "a message is no JSON", "error", err)
		return
	}
	s.write(text)
}

func (s *socket) write(text []byte) {
	// Not made from the operation's context: its end in the middle of a frame would break the connection.
	ctx, cancel := context.WithTimeout(context.Background(), s.WriteTimeout)
	defer cancel()
	err := s.conn.Write(ctx, websocket.MessageText, text)
	if err != nil {
		// The connection is broken, which ends the reading and with it everything.
		s.Log.DebugContext(s.ctx, "a message was not sent", "error", err)
	}
}
