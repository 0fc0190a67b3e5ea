package resolvers_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// frame is a message of the protocol graphql-transport-ws.
type frame struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// data is the answer's data in a message.
func (f frame) data(t testing.TB) string {
	t.Helper()
	var answer struct{ Data json.RawMessage }
	require.NoError(t, json.Unmarshal(f.Payload, &answer), "%s", f.Payload)
	return string(answer.Data)
}

// socket is an open connection of a client.
type socket struct {
	t    testing.TB
	ctx  context.Context
	conn *websocket.Conn
}

// dial opens a websocket to the api.
func (a *api) dial() *socket {
	a.t.Helper()
	viewer := a.context()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { a.handler.ServeHTTP(w, r.WithContext(viewer)) }))
	ctx, cancel := context.WithTimeout(a.t.Context(), 30*time.Second)
	conn, _, err := websocket.Dial(ctx, server.URL+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	require.NoError(a.t, err)
	a.t.Cleanup(func() {
		_ = conn.CloseNow() // The test has read all that it wants.
		cancel()
		server.Close()
	})
	assert.Equal(a.t, "graphql-transport-ws", conn.Subprotocol())
	return &socket{t: a.t, ctx: ctx, conn: conn}
}

func (s *socket) send(f frame) {
	s.t.Helper()
	require.NoError(s.t, wsjson.Write(s.ctx, s.conn, f))
}

// receive is the next message that is no ping.
func (s *socket) receive() frame {
	s.t.Helper()
	for {
		var f frame
		require.NoError(s.t, wsjson.Read(s.ctx, s.conn, &f))
		if f.Type != "ping" && f.Type != "pong" {
			return f
		}
	}
}

func (s *socket) request(id, query string, v variables) {
	s.t.Helper()
	payload, err := json.Marshal(map[string]any{"query": query, "variables": v})
	require.NoError(s.t, err)
	s.send(frame{ID: id, Type: "subscribe", Payload: payload})
}

func TestQueriesOverAWebsocket(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	s := a.dial()
	s.send(frame{Type: "connection_init"})
	require.Equal(t, "connection_ack", s.receive().Type)
	s.request("1", `query ($n: String!) { customer(number: $n) { name orders(first: 2) { nodes { number } } } }`, variables{"n": "C-1001"})
	next := s.receive()
	assert.Equal(t, "next", next.Type)
	assert.Equal(t, "1", next.ID)
	assert.JSONEq(t, `{"customer":{"name":"Müller Maschinenbau","orders":{"nodes":[{"number":"O-5001"},{"number":"O-5002"}]}}}`, next.data(t))
	assert.Equal(t, frame{ID: "1", Type: "complete"}, s.receive())

	// A second request on the connection does not see what the first one's loaders read.
	a.exec(`UPDATE customers SET name = 'Renamed' WHERE number = 'C-1001'`)
	s.request("2", `{ customer(number: "C-1001") { name } }`, nil)
	assert.JSONEq(t, `{"customer":{"name":"Renamed"}}`, s.receive().data(t))
	assert.Equal(t, frame{ID: "2", Type: "complete"}, s.receive())

	s.request("3", `{ nothing }`, nil)
	refused := s.receive()
	assert.Equal(t, "error", refused.Type)
	assert.Contains(t, string(refused.Payload), "GRAPHQL_VALIDATION_FAILED")
	assert.Empty(t, leaks(string(refused.Payload)))
}
