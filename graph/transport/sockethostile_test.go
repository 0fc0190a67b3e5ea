package transport_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

// TestSocketBoundsWhatWasCompleted starts and completes operations that take long to end: giving the id back must not let more of them in.
func TestSocketBoundsWhatWasCompleted(t *testing.T) {
	const most = 2
	entered, release := make(chan struct{}), make(chan struct{})
	hooks := transporttest.Hooks{Custom: func(context.Context) (string, error) {
		entered <- struct{}{}
		<-release
		return "", nil
	}}
	c := dial(t, service(t, hooks, transport.Options{MaxOperations: most})).start()
	for i := range 2 * most {
		id := fmt.Sprint(i)
		c.send(subscribe(id, "{ custom }"))
		await(t, entered, "the operation")
		c.send(`{"type":"complete","id":"` + id + `"}`)
	}
	c.send(subscribe("more", "{ custom }"))
	id, kind, payload := c.receive()
	assert.Equal(t, "more error", id+" "+kind)
	assert.Contains(t, payload, "TOO_MANY_OPERATIONS")
	close(release)
	// As soon as the completed ones have ended there is room again.
	for kind := "error"; kind == "error"; {
		c.send(subscribe("again", "{ hello }"))
		_, kind, _ = c.receive()
	}
}

// sendText writes one masked frame with a text below 126 bytes; a mask of zeros leaves it as it is.
func sendText(t *testing.T, conn net.Conn, text string) error {
	t.Helper()
	require.Less(t, len(text), 126)
	frame := append([]byte{0x81, 0x80 | byte(len(text))}, 0, 0, 0, 0)
	_, err := conn.Write(append(frame, text...))
	return err
}

// readFrame reads one frame of the server, below 64 KiB.
func readFrame(t *testing.T, from io.Reader) (kind byte, text []byte) {
	t.Helper()
	head := make([]byte, 2)
	_, err := io.ReadFull(from, head)
	require.NoError(t, err)
	size := int(head[1])
	if size == 126 {
		long := make([]byte, 2)
		_, err = io.ReadFull(from, long)
		require.NoError(t, err)
		size = int(binary.BigEndian.Uint16(long))
	}
	text = make([]byte, size)
	_, err = io.ReadFull(from, text)
	require.NoError(t, err)
	return head[0] & 0x0f, text
}

// TestSocketRunsNothingAfterTheTokenEnds has a client that leaves the server's close unanswered, for which the server waits seconds.
func TestSocketRunsNothingAfterTheTokenEnds(t *testing.T) {
	entered := make(chan context.Context, 1)
	hooks := transporttest.Hooks{Custom: func(ctx context.Context) (string, error) {
		entered <- ctx
		<-ctx.Done()
		return "", ctx.Err()
	}}
	until := time.Now().Add(50 * time.Millisecond)
	admitted := func(ctx context.Context, _ map[string]any) (context.Context, time.Time, error) {
		return ctx, until, nil
	}
	conn, reader := handshake(t, service(t, hooks, transport.Options{Init: admitted}))
	require.NoError(t, sendText(t, conn, `{"type":"connection_init"}`))
	require.NoError(t, sendText(t, conn, subscribe("a", "{ custom }")))
	running := await(t, entered, "the operation")
	for kind := byte(0); kind != 8; {
		kind, _ = readFrame(t, reader)
	}
	assert.ErrorIs(t, running.Err(), context.Canceled)
}

// TestSocketRefusesALongID keeps a client from having the server hold and repeat it.
func TestSocketRefusesALongID(t *testing.T) {
	c := dial(t, plain(t)).start()
	c.send(subscribe(strings.Repeat("i", 256), "{ hello }"))
	_, kind, _ := c.receive()
	assert.Equal(t, "next", kind)
	c.send(subscribe(strings.Repeat("i", 257), "{ hello }"))
	c.expectEnd(4400, "Invalid message")
}

// revocable is a Recheck that says what the test has it say.
type revocable struct {
	answer atomic.Pointer[error]
	asked  chan struct{}
}

func newRevocable() *revocable { return &revocable{asked: make(chan struct{}, 1)} }

func (r *revocable) set(err error) { r.answer.Store(&err) }

func (r *revocable) recheck(context.Context) error {
	select {
	case r.asked <- struct{}{}:
	default:
	}
	if err := r.answer.Load(); err != nil {
		return *err
	}
	return nil
}

// options are those of a server that rechecks all the time.
func (r *revocable) options() transport.Options {
	return transport.Options{Recheck: r.recheck, RecheckEvery: time.Millisecond}
}

func revoked() error { return &domain.Error{Code: domain.CodeUnauthenticated, Message: "secret"} }

func TestSocketEndsWhenTheTokenIsRevoked(t *testing.T) {
	hooks, started, ended := waiting()
	r := newRevocable()
	c := dial(t, service(t, hooks, r.options())).start()
	c.send(subscribe("a", "subscription { feed }"))
	await(t, started, "the subscription")
	// Whatever else goes wrong with the check ends nothing.
	r.set(&domain.Error{Code: domain.CodeUnavailable, Message: "later"})
	for range 3 {
		await(t, r.asked, "a check")
	}
	c.send(subscribe("b", "{ hello }"))
	id, kind, _ := c.receive()
	assert.Equal(t, "b next", id+" "+kind)
	r.set(revoked())
	c.expectEnd(4401, "Unauthorized")
	await(t, ended, "the end of the subscription")
}
