package transport_test

import (
	"bufio"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

const events = "text/event-stream"

func TestSubscriptionsStreamEvents(t *testing.T) {
	h := plain(t)
	for name, r := range map[string]*http.Request{
		"post": post(document("subscription { count(to: 2) }"), events),
		"get":  get(events, "query", "subscription { count(to: 2) }"),
		"both": post(document("subscription { count(to: 2) }"), "application/json, text/event-stream;q=0.1"),
	} {
		w := do(h, r)
		assert.Equal(t, http.StatusOK, w.Code, name)
		assert.Equal(t, "text/event-stream; charset=utf-8", w.Header().Get("Content-Type"), name)
		assert.Equal(t, "no-cache, no-transform", w.Header().Get("Cache-Control"), name)
		assert.Equal(t, ":\n\n"+
			"event: next\ndata: {\"data\":{\"count\":1}}\n\n"+
			"event: next\ndata: {\"data\":{\"count\":2}}\n\n"+
			"event: complete\ndata: \n\n", w.Body.String(), name)
	}
}

func TestQueriesAndRequestErrorsAreOneEvent(t *testing.T) {
	h := plain(t)
	for query, data := range map[string]string{
		"{ hello }":          `{"data":{"hello":"Hello"}}`,
		"{ required }":       `{"errors":[{"message":"it broke","path":["required"]}],"data":null}`,
		"mutation { touch }": `{"data":{"touch":0}}`,
	} {
		w := do(h, post(document(query), events))
		assert.Equal(t, ":\n\nevent: next\ndata: "+data+"\n\nevent: complete\ndata: \n\n", w.Body.String())
	}
	w := do(h, post(document("{ nothing }"), events))
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Contains(t, w.Body.String(), `GRAPHQL_VALIDATION_FAILED`)
	assert.True(t, strings.HasSuffix(w.Body.String(), "event: complete\ndata: \n\n"))

	w = do(h, post("not JSON", events))
	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.Equal(t, "application/json; charset=utf-8", w.Header().Get("Content-Type"))
	w = do(h, post(document(deferring), events))
	assert.Contains(t, w.Body.String(), `data: {"data":{"hello":"Hello"},"hasNext":true}`)
	assert.Contains(t, w.Body.String(), `data: {"incremental":[{"data":{"custom":null},"path":[],"label":"later"}],"hasNext":false}`)
}

func TestWhoMayNotAskGetsNoStream(t *testing.T) {
	server := transporttest.NewServer(transporttest.Hooks{}, transport.New(transport.Options{}))
	server.Use(refusing{&gqlerror.Error{Message: "no", Extensions: map[string]any{"code": "UNAUTHENTICATED"}}})
	w := do(server, post(document("subscription { feed }"), events))
	assert.Equal(t, http.StatusUnauthorized, w.Code)
	assert.Equal(t, "UNAUTHENTICATED", parse(t, w.Body.String()).code(t))
}

func TestSubscriptionsAreRefusedWhereTheyCannotBeDelivered(t *testing.T) {
	for accept, status := range map[string]int{typeGraphQL: 400, typeJSON: 200, "multipart/mixed, application/json": 200, "*/*": 200} {
		w := do(plain(t), post(document("subscription { count(to: 2) }"), accept))
		assert.Equal(t, status, w.Code, accept)
		a := parse(t, w.Body.String())
		assert.Equal(t, "BAD_REQUEST", a.code(t))
		assert.Contains(t, a.Errors[0].Message, "text/event-stream")
	}
}

func TestEventsArePutOnOneLine(t *testing.T) {
	server := transporttest.NewServer(transporttest.Hooks{}, transport.New(transport.Options{}))
	server.AroundResponses(func(context.Context, graphql.ResponseHandler) *graphql.Response {
		return &graphql.Response{Data: []byte("{\r\n \"a\":\n1}")}
	})
	w := do(server, post(document("{ hello }"), events))
	assert.Contains(t, w.Body.String(), "data: {\"data\":{   \"a\": 1}}\n\n")
}

// open starts an event stream of the feed on a real connection and returns its lines.
func open(t *testing.T, server *httptest.Server) (lines *bufio.Scanner, leave func()) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL, strings.NewReader(document("subscription { feed }")))
	require.NoError(t, err)
	r.Header.Set("Content-Type", typeJSON)
	r.Header.Set("Accept", events)
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { _ = res.Body.Close() })
	require.Equal(t, http.StatusOK, res.StatusCode)
	return bufio.NewScanner(res.Body), cancel
}

func TestStreamsStayOpenBeyondTheServersTimeouts(t *testing.T) {
	feed := make(chan int)
	hooks := transporttest.Hooks{Feed: func(context.Context) (<-chan int, error) { return feed, nil }}
	server := httptest.NewUnstartedServer(service(t, hooks, transport.Options{KeepAlive: 10 * time.Millisecond}))
	server.Config.ReadTimeout, server.Config.WriteTimeout = 50*time.Millisecond, 50*time.Millisecond
	server.Start()
	defer server.Close()
	opened := time.Now()
	lines, _ := open(t, server)
	// Comments keep coming long after the server's timeouts, and an event still does.
	for time.Since(opened) < 200*time.Millisecond {
		require.True(t, lines.Scan(), "the stream ended")
	}
	feed <- 1
	close(feed)
	var all []string
	for lines.Scan() {
		all = append(all, lines.Text())
	}
	assert.Contains(t, strings.Join(all, "\n"), "event: next\ndata: {\"data\":{\"feed\":1}}\n\nevent: complete\ndata: ")
}

func TestStreamsEndWithTheirClient(t *testing.T) {
	ended := make(chan struct{})
	hooks := transporttest.Hooks{Feed: func(ctx context.Context) (<-chan int, error) {
		context.AfterFunc(ctx, func() { close(ended) })
		return make(chan int), nil
	}}
	server := httptest.NewServer(service(t, hooks, transport.Options{KeepAlive: time.Hour}))
	defer server.Close()
	lines, leave := open(t, server)
	require.True(t, lines.Scan())
	leave()
	await(t, ended, "the subscription")
}

func TestStreamsEndWhenTheTokenDoes(t *testing.T) {
	hooks := transporttest.Hooks{Feed: func(context.Context) (<-chan int, error) { return make(chan int), nil }}
	o := transport.Options{Expiry: func(context.Context) time.Time { return time.Now().Add(20 * time.Millisecond) }}
	w := do(service(t, hooks, o), post(document("subscription { feed }"), events))
	assert.Contains(t, w.Body.String(), "UNAUTHENTICATED")
	assert.NotContains(t, w.Body.String(), "complete", "so that the client comes back")
}

func TestStreamsEndWithoutCompleteWhenTheServerStops(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	hooks := transporttest.Hooks{Feed: func(context.Context) (<-chan int, error) {
		stop()
		return make(chan int), nil
	}}
	w := do(service(t, hooks, transport.Options{}), post(document("subscription { feed }"), events).WithContext(ctx))
	assert.Equal(t, ":\n\n", w.Body.String(), "by its context")

	closing := make(chan struct{})
	o := transport.Options{Stopping: func(context.Context) <-chan struct{} { return closing }}
	hooks = transporttest.Hooks{
		Feed: func(context.Context) (<-chan int, error) {
			close(closing)
			return make(chan int), nil
		},
		Custom: func(ctx context.Context) (string, error) { return "finished", ctx.Err() },
	}
	h := service(t, hooks, o)
	w = do(h, post(document("subscription { feed }"), events))
	assert.Equal(t, ":\n\n", w.Body.String(), "by its word")
	w = do(h, post(document("{ custom }"), events))
	assert.Contains(t, w.Body.String(), "finished", "what ends by itself may end")
}

func TestEveryQueryHasADeadline(t *testing.T) {
	hooks := transporttest.Hooks{Custom: func(ctx context.Context) (string, error) {
		<-ctx.Done()
		return "", ctx.Err()
	}}
	h := service(t, hooks, transport.Options{OperationTimeout: 10 * time.Millisecond})
	for _, accept := range []string{typeJSON, events, "multipart/mixed"} {
		w := do(h, post(document("{ custom }"), accept))
		assert.Contains(t, w.Body.String(), "deadline exceeded", accept)
	}
}

func TestASubscriptionThatCannotStartIsAnError(t *testing.T) {
	hooks := transporttest.Hooks{Feed: func(context.Context) (<-chan int, error) { return nil, errors.New("no feed") }}
	w := do(service(t, hooks, transport.Options{}), post(document("subscription { feed }"), events))
	assert.Equal(t, ":\n\nevent: next\ndata: {\"errors\":[{\"message\":\"no feed\"}]}\n\nevent: complete\ndata: \n\n", w.Body.String())
}

// deaf is a writer whose client has stopped reading: writes fail once their deadline has passed.
type deaf struct {
	*httptest.ResponseRecorder
	deadline time.Time
	writes   int
}

func (d *deaf) SetWriteDeadline(at time.Time) error {
	d.deadline = at
	return nil
}

func (d *deaf) Write(p []byte) (int, error) {
	d.writes++
	if d.writes == 1 {
		return len(p), nil
	}
	if d.deadline.IsZero() {
		return 0, errors.New("a write without a deadline")
	}
	time.Sleep(time.Until(d.deadline))
	return 0, context.DeadlineExceeded
}

func TestWritesToAClientThatDoesNotReadEnd(t *testing.T) {
	ended := make(chan struct{})
	hooks := transporttest.Hooks{Feed: func(ctx context.Context) (<-chan int, error) {
		context.AfterFunc(ctx, func() { close(ended) })
		return make(chan int), nil
	}}
	w := &deaf{ResponseRecorder: httptest.NewRecorder()}
	h := service(t, hooks, transport.Options{KeepAlive: time.Millisecond, WriteTimeout: 20 * time.Millisecond})
	start := time.Now()
	h.ServeHTTP(w, post(document("subscription { feed }"), events))
	await(t, ended, "the subscription")
	assert.GreaterOrEqual(t, time.Since(start), 20*time.Millisecond)
	assert.Equal(t, 2, w.writes)
}
