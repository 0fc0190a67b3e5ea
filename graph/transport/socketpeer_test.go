package transport_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

func TestSocketNeedsTheSubprotocol(t *testing.T) {
	server := httptest.NewServer(plain(t))
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for _, protocols := range [][]string{nil, {"graphql-ws"}} {
		conn, _, err := websocket.Dial(ctx, server.URL, &websocket.DialOptions{Subprotocols: protocols})
		require.NoError(t, err)
		_, _, err = conn.Read(ctx)
		assert.Equal(t, websocket.StatusCode(4406), websocket.CloseStatus(err))
	}
}

func TestSocketChecksTheOrigin(t *testing.T) {
	server := httptest.NewServer(service(t, transporttest.Hooks{}, transport.Options{Origins: []string{"https://*.example.com"}}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for origin, status := range map[string]int{
		"":                             101,
		server.URL:                     101,
		"https://app.example.com":      101,
		"http://app.example.com":       403,
		"https://example.com":          403,
		"https://app.example.com.evil": 403,
		"https://evil.test":            403,
		"null":                         403,
	} {
		o := &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}, HTTPHeader: http.Header{}}
		if origin != "" {
			o.HTTPHeader.Set("Origin", origin)
		}
		conn, res, err := websocket.Dial(ctx, server.URL, o)
		require.NotNil(t, res, "%v", err)
		assert.Equal(t, status, res.StatusCode, origin)
		if conn != nil {
			_ = conn.CloseNow()
		}
	}
}

func TestSocketTakesTextOnly(t *testing.T) {
	for name, frame := range map[string]struct {
		kind websocket.MessageType
		text string
	}{
		"binary":    {websocket.MessageBinary, `{"type":"connection_init"}`},
		"not UTF-8": {websocket.MessageText, "{\"type\":\"connection_init\",\"id\":\"\xff\"}"},
	} {
		c := dial(t, plain(t))
		require.NoError(t, c.conn.Write(c.ctx, frame.kind, []byte(frame.text)), name)
		c.expectEnd(4400, "Invalid message")
	}
}

// handshake opens a websocket by hand, for a client that does not behave.
func handshake(t *testing.T, h http.Handler) (net.Conn, *bufio.Reader) {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err = fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n")
	require.NoError(t, err)
	reader := bufio.NewReader(conn)
	for {
		line, err := reader.ReadString('\n')
		require.NoError(t, err)
		if strings.TrimSpace(line) == "" {
			return conn, reader
		}
	}
}

func TestSocketLeavesAClientThatDoesNotPong(t *testing.T) {
	_, reader := handshake(t, service(t, transporttest.Hooks{}, transport.Options{KeepAlive: time.Millisecond, WriteTimeout: 20 * time.Millisecond}))
	first, err := reader.ReadByte()
	require.NoError(t, err)
	assert.Equal(t, byte(0x89), first, "a ping")
	_, err = io.Copy(io.Discard, reader)
	assert.NoError(t, err, "and then the end of the connection")
}

func TestSocketLeavesAClientThatDoesNotRead(t *testing.T) {
	ended := make(chan struct{})
	hooks := transporttest.Hooks{Custom: func(context.Context) (string, error) { return strings.Repeat("x", 8<<20), nil }}
	h := service(t, hooks, transport.Options{WriteTimeout: 20 * time.Millisecond, KeepAlive: time.Hour})
	c := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(ended)
		h.ServeHTTP(w, r)
	})).start()
	for _, id := range []string{"a", "b", "c", "d"} {
		c.send(subscribe(id, "{ custom }"))
	}
	await(t, ended, "the end of the connection")
}

func TestSocketPingsKeepAQuietConnectionOpen(t *testing.T) {
	feed := make(chan int)
	hooks := transporttest.Hooks{Feed: func(context.Context) (<-chan int, error) { return feed, nil }}
	c := dial(t, service(t, hooks, transport.Options{KeepAlive: time.Millisecond, WriteTimeout: patience})).start()
	c.send(subscribe("a", "subscription { feed }"))
	timer := time.AfterFunc(50*time.Millisecond, func() { feed <- 1 })
	defer timer.Stop()
	c.expect(`{"id":"a","type":"next","payload":{"data":{"feed":1}}}`)
}
