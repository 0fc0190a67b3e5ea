package transport_test

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

func TestEventStreamEndsWhenTheTokenIsRevoked(t *testing.T) {
	hooks, started, ended := waiting()
	r := newRevocable()
	h := service(t, hooks, r.options())
	w := httptest.NewRecorder()
	served := make(chan struct{})
	go func() {
		defer close(served)
		h.ServeHTTP(w, post(document("subscription { feed }"), events))
	}()
	await(t, started, "the subscription")
	await(t, r.asked, "a check")
	r.set(revoked())
	await(t, served, "the end of the stream")
	await(t, ended, "the end of the subscription")
	assert.Contains(t, w.Body.String(), `"message":"the token does not count any more","extensions":{"code":"UNAUTHENTICATED"}`)
	assert.NotContains(t, w.Body.String(), "event: complete")
}

// pipes is a listener of connections that hold nothing back: a write ends when the other side has read it.
type pipes struct {
	net.Listener
	accepted chan net.Conn
}

func (p pipes) Accept() (net.Conn, error) {
	conn, open := <-p.accepted
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}

// TestEventStreamLeavesAClientThatStopsAtTheEnd has a client that reads all events and not the end of the answer, which net/http writes when the
// handler has returned.
func TestEventStreamLeavesAClientThatStopsAtTheEnd(t *testing.T) {
	local, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	listener := pipes{local, make(chan net.Conn, 1)}
	closed := make(chan struct{}, 1)
	server := &http.Server{
		Handler: service(t, transporttest.Hooks{}, transport.Options{WriteTimeout: 20 * time.Millisecond}),
		ConnState: func(_ net.Conn, state http.ConnState) {
			if state == http.StateClosed {
				closed <- struct{}{}
			}
		},
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	near, far := net.Pipe()
	listener.accepted <- far
	body := document("{ hello }")
	request := "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\nContent-Length: "
	go func() { _, _ = near.Write([]byte(request + strconv.Itoa(len(body)) + "\r\n\r\n" + body)) }()
	lines := bufio.NewReader(near)
	for line := ""; !strings.HasPrefix(line, "event: complete"); {
		line, err = lines.ReadString('\n')
		require.NoError(t, err)
	}
	await(t, closed, "the end of the connection")
	close(listener.accepted)
	await(t, served, "the end of the server")
	require.NoError(t, near.Close())
	require.NoError(t, server.Shutdown(context.Background()))
}
