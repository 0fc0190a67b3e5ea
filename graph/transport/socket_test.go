package transport_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

// client is one end of a websocket.
type client struct {
	t    *testing.T
	conn *websocket.Conn
	ctx  context.Context
}

// dial opens a websocket to a handler; the server ends with the test, and with it the check that nothing is left running.
func dial(t *testing.T, h http.Handler) *client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return connect(t, server.URL)
}

func connect(t *testing.T, url string) *client {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	conn, _, err := websocket.Dial(ctx, url, &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}})
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.CloseNow() })
	return &client{t: t, conn: conn, ctx: ctx}
}

func (c *client) send(texts ...string) {
	c.t.Helper()
	for _, text := range texts {
		require.NoError(c.t, c.conn.Write(c.ctx, websocket.MessageText, []byte(text)))
	}
}

func (c *client) expect(texts ...string) {
	c.t.Helper()
	for _, text := range texts {
		_, got, err := c.conn.Read(c.ctx)
		require.NoError(c.t, err)
		assert.Equal(c.t, text, string(got))
	}
}

// receive reads one message.
func (c *client) receive() (id, kind, payload string) {
	c.t.Helper()
	_, got, err := c.conn.Read(c.ctx)
	require.NoError(c.t, err)
	var m struct {
		ID, Type string
		Payload  json.RawMessage
	}
	require.NoError(c.t, json.Unmarshal(got, &m))
	return m.ID, m.Type, string(m.Payload)
}

// expectEnd reads until the end and checks its code and reason.
func (c *client) expectEnd(code int, reason string) {
	c.t.Helper()
	var end websocket.CloseError
	for {
		_, _, err := c.conn.Read(c.ctx)
		if err != nil {
			require.ErrorAs(c.t, err, &end)
			break
		}
	}
	assert.Equal(c.t, code, int(end.Code))
	assert.Equal(c.t, reason, end.Reason)
}

func (c *client) start() *client {
	c.t.Helper()
	c.send(`{"type":"connection_init"}`)
	c.expect(`{"type":"connection_ack"}`)
	return c
}

func subscribe(id, query string) string {
	text, err := json.Marshal(map[string]any{"type": "subscribe", "id": id, "payload": map[string]any{"query": query}})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// waiting is a feed that tells of its start and end and gives nothing.
func waiting() (hooks transporttest.Hooks, started, ended chan struct{}) {
	started, ended = make(chan struct{}, 10), make(chan struct{}, 10)
	return transporttest.Hooks{Feed: func(ctx context.Context) (<-chan int, error) {
		started <- struct{}{}
		context.AfterFunc(ctx, func() { ended <- struct{}{} })
		return make(chan int), nil
	}}, started, ended
}

func TestSocketRunsOperations(t *testing.T) {
	c := dial(t, plain(t)).start()
	c.send(subscribe("a", "subscription { count(to: 2) }"))
	c.expect(`{"id":"a","type":"next","payload":{"data":{"count":1}}}`, `{"id":"a","type":"next","payload":{"data":{"count":2}}}`, `{"id":"a","type":"complete"}`)
	c.send(subscribe("a", "{ hello }"))
	c.expect(`{"id":"a","type":"next","payload":{"data":{"hello":"Hello"}}}`, `{"id":"a","type":"complete"}`)
	c.send(subscribe(`"<b>`, "{ broken }"))
	c.expect(`{"id":"\"\u003cb\u003e","type":"next","payload":{"errors":[{"message":"it broke","path":["broken"]}],"data":{"broken":null}}}`, `{"id":"\"\u003cb\u003e","type":"complete"}`)
	c.send(`{"type":"ping"}`, `{"type":"pong"}`, `{"type":"ping","payload":{"a":1}}`, `{"type":"complete","id":"unknown"}`)
	c.expect(`{"type":"pong"}`, `{"type":"pong","payload":{"a":1}}`)
	for _, query := range []string{"{ nothing }", "{", "query A { hello } query B { hello }"} {
		c.send(subscribe("b", query))
		id, kind, payload := c.receive()
		assert.Equal(t, "b error", id+" "+kind)
		assert.Contains(t, payload, `[{"message":`)
	}
	c.send(subscribe("c", "{ hello ... @defer { custom } }"))
	_, kind, payload := c.receive()
	assert.Equal(t, "error", kind)
	assert.Contains(t, payload, "multipart/mixed")
	require.NoError(t, c.conn.Close(websocket.StatusNormalClosure, ""))
}

func TestSocketEndsWithTheProtocolsCodes(t *testing.T) {
	const init = `{"type":"connection_init"}`
	for name, test := range map[string]struct {
		send   []string
		code   int
		reason string
	}{
		"no JSON":             {[]string{"nonsense"}, 4400, "Invalid message"},
		"an array":            {[]string{init, "[]"}, 4400, "Invalid message"},
		"unknown type":        {[]string{init, `{"type":"start"}`}, 4400, "Invalid message"},
		"no type":             {[]string{init, `{}`}, 4400, "Invalid message"},
		"type of server":      {[]string{init, `{"type":"next","id":"a"}`}, 4400, "Invalid message"},
		"id is no string":     {[]string{init, `{"type":"subscribe","id":1,"payload":{"query":"{ hello }"}}`}, 4400, "Invalid message"},
		"no id":               {[]string{init, subscribe("", "{ hello }")}, 4400, "Invalid message"},
		"no payload":          {[]string{init, `{"type":"subscribe","id":"a"}`}, 4400, "Invalid message"},
		"no query":            {[]string{init, `{"type":"subscribe","id":"a","payload":{"variables":{}}}`}, 4400, "Invalid message"},
		"variables no object": {[]string{init, `{"type":"subscribe","id":"a","payload":{"query":"{ hello }","variables":[]}}`}, 4400, "Invalid message"},
		"init payload":        {[]string{`{"type":"connection_init","payload":"token"}`}, 4400, "Invalid message"},
		"subscribe first":     {[]string{subscribe("a", "{ hello }")}, 4401, "Unauthorized"},
		"init twice":          {[]string{init, init}, 4429, "Too many initialisation requests"},
		"same id":             {[]string{init, subscribe("a", "subscription { feed }"), subscribe("a", "{ hello }")}, 4409, "Subscriber already exists"},
		"stranger":            {[]string{`{"type":"connection_init","payload":{"as":"stranger"}}`}, 4403, "Forbidden"},
		"unknown":             {[]string{`{"type":"connection_init","payload":{"as":"unknown"}}`}, 4401, "Unauthorized"},
		"fault":               {[]string{`{"type":"connection_init","payload":{"as":"fault"}}`}, 4500, "Internal server error"},
		"panic":               {[]string{`{"type":"connection_init","payload":{"as":"panic"}}`}, 4500, "Internal server error"},
		"expiring":            {[]string{`{"type":"connection_init","payload":{"as":"expiring"}}`}, 4401, "The token has expired"},
		"expired":             {[]string{`{"type":"connection_init","payload":{"as":"expired"}}`}, 4401, "The token has expired"},
		"not initialised":     {nil, 4408, "Connection initialisation timeout"},
		"slow initialisation": {[]string{`{"type":"connection_init","payload":{"as":"slow"}}`}, 4408, "Connection initialisation timeout"},
		"too large":           {[]string{init, subscribe("a", strings.Repeat(" ", 5000))}, 1009, "read limited at 4097 bytes"},
		"the client has left": {[]string{init, `{"type":"ping"}`}, 1000, "bye"},
	} {
		t.Run(name, func(t *testing.T) {
			hooks, _, _ := waiting()
			o := transport.Options{Init: admit, MaxBodyBytes: 4096, InitTimeout: patience}
			if test.code == 4408 {
				o.InitTimeout = 20 * time.Millisecond
			}
			c := dial(t, service(t, hooks, o))
			c.send(test.send...)
			if test.code == 1000 {
				require.NoError(t, c.conn.Close(1000, "bye"))
				return
			}
			c.expectEnd(test.code, test.reason)
		})
	}
}

type viewerKey struct{}

// admit is an Init hook that does what the payload says.
func admit(ctx context.Context, payload map[string]any) (context.Context, time.Time, error) {
	as, _ := payload["as"].(string)
	switch as {
	case "stranger":
		return nil, time.Time{}, &domain.Error{Code: domain.CodeForbidden, Message: "secret"}
	case "unknown":
		return nil, time.Time{}, &domain.Error{Code: "UNAUTHENTICATED", Message: "secret"}
	case "fault":
		return nil, time.Time{}, errors.New("secret")
	case "panic":
		panic("secret")
	case "slow":
		<-ctx.Done()
		return nil, time.Time{}, ctx.Err()
	case "expiring":
		return ctx, time.Now().Add(20 * time.Millisecond), nil
	case "expired":
		return ctx, time.Now().Add(-time.Hour), nil
	default:
		return context.WithValue(ctx, viewerKey{}, as), time.Now().Add(time.Hour), nil
	}
}

func TestSocketOperationsSeeTheViewer(t *testing.T) {
	hooks := transporttest.Hooks{Custom: func(ctx context.Context) (string, error) {
		as, _ := ctx.Value(viewerKey{}).(string)
		return as, nil
	}}
	c := dial(t, service(t, hooks, transport.Options{Init: admit}))
	c.send(`{"type":"connection_init","payload":{"as":"anna"}}`)
	c.expect(`{"type":"connection_ack"}`)
	c.send(subscribe("a", "{ custom }"))
	c.expect(`{"id":"a","type":"next","payload":{"data":{"custom":"anna"}}}`)
}

func TestSocketCompleteEndsAnOperationAndFreesItsID(t *testing.T) {
	hooks, started, ended := waiting()
	c := dial(t, service(t, hooks, transport.Options{})).start()
	c.send(subscribe("a", "subscription { feed }"))
	await(t, started, "the subscription")
	c.send(`{"type":"complete","id":"a"}`, subscribe("a", "{ hello }"))
	await(t, ended, "the end of the subscription")
	// Not a word of the first operation under the id.
	c.expect(`{"id":"a","type":"next","payload":{"data":{"hello":"Hello"}}}`, `{"id":"a","type":"complete"}`)
}

func TestSocketBoundsItsOperations(t *testing.T) {
	hooks, started, _ := waiting()
	c := dial(t, service(t, hooks, transport.Options{MaxOperations: 2})).start()
	c.send(subscribe("a", "subscription { feed }"), subscribe("b", "subscription { feed }"), subscribe("c", "{ hello }"))
	id, kind, payload := c.receive()
	assert.Equal(t, "c error", id+" "+kind)
	assert.Contains(t, payload, "TOO_MANY_OPERATIONS")
	await(t, started, "the first")
	await(t, started, "the second")
	c.send(`{"type":"complete","id":"a"}`, subscribe("c", "{ hello }"))
	c.expect(`{"id":"c","type":"next","payload":{"data":{"hello":"Hello"}}}`)
}

func TestSocketOperationsEndWithTheClient(t *testing.T) {
	hooks, started, ended := waiting()
	c := dial(t, service(t, hooks, transport.Options{})).start()
	c.send(subscribe("a", "subscription { feed }"))
	await(t, started, "the subscription")
	require.NoError(t, c.conn.CloseNow())
	await(t, ended, "the end of the subscription")
}

func TestSocketEndsInOrderWhenTheServerStops(t *testing.T) {
	hooks, started, ended := waiting()
	ctx, stop := context.WithCancel(context.Background())
	h := service(t, hooks, transport.Options{})
	served := make(chan struct{})
	c := dial(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(served)
		h.ServeHTTP(w, r.WithContext(ctx))
	})).start()
	c.send(subscribe("a", "subscription { feed }"))
	await(t, started, "the subscription")
	stop()
	// No complete before it: the subscription is to be taken up elsewhere.
	_, got, err := c.conn.Read(c.ctx)
	require.Error(t, err, string(got))
	assert.Equal(t, websocket.StatusGoingAway, websocket.CloseStatus(err))
	await(t, ended, "the end of the subscription")
	await(t, served, "the handler")
}

func TestSocketQueriesHaveADeadline(t *testing.T) {
	hooks := transporttest.Hooks{Custom: func(ctx context.Context) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}}
	c := dial(t, service(t, hooks, transport.Options{OperationTimeout: 10 * time.Millisecond})).start()
	c.send(subscribe("a", "{ custom }"))
	_, kind, payload := c.receive()
	assert.Equal(t, "next", kind)
	assert.Contains(t, payload, "deadline")
}

func TestSocketFaultsAreErrorsOfTheirOperation(t *testing.T) {
	hooks := transporttest.Hooks{
		Custom: func(context.Context) (string, error) { panic("boom") },
		Feed:   func(context.Context) (<-chan int, error) { return nil, errors.New("no feed") },
	}
	c := dial(t, service(t, hooks, transport.Options{})).start()
	for _, query := range []string{"{ custom }", "subscription { feed }"} {
		c.send(subscribe("a", query))
		id, kind, _ := c.receive()
		assert.Equal(t, "a error", id+" "+kind, query)
	}
	c.send(subscribe("a", "{ hello }"))
	c.expect(`{"id":"a","type":"next","payload":{"data":{"hello":"Hello"}}}`)
}
