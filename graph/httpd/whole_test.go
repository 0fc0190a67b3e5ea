package httpd_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/graph/httpd"
)

// countingListener counts the writes of its connections.
type countingListener struct {
	net.Listener
	mu     sync.Mutex
	writes []int
}

func (l *countingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &countingConn{Conn: conn, of: l}, nil
}

// take is the sizes of the writes since it was last called.
func (l *countingListener) take() []int {
	l.mu.Lock()
	defer l.mu.Unlock()
	writes := l.writes
	l.writes = nil
	return writes
}

type countingConn struct {
	net.Conn
	of *countingListener
}

func (c *countingConn) Write(p []byte) (int, error) {
	c.of.mu.Lock()
	c.of.writes = append(c.of.writes, len(p))
	c.of.mu.Unlock()
	return c.Conn.Write(p)
}

// TestAnswersLeaveInOnePiece asks over one connection for answers of all sizes, in one part and in several, and counts the writes.
func TestAnswersLeaveInOnePiece(t *testing.T) {
	h := httpd.New(httpd.Options{Log: silent(), GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size, _ := strconv.Atoi(r.URL.Query().Get("size"))
		part, _ := strconv.Atoi(r.URL.Query().Get("part"))
		w.Header().Set("Content-Length", strconv.Itoa(size))
		w.WriteHeader(http.StatusOK)
		for body := strings.Repeat("x", size); body != ""; body = body[min(part, len(body)):] {
			_, _ = io.WriteString(w, body[:min(part, len(body))])
		}
	})})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	counting := &countingListener{Listener: ln}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- httpd.Serve(ctx, counting, h, httpd.ServeOptions{Log: silent()}) }()
	defer func() {
		stop()
		require.NoError(t, <-served)
	}()
	conn, err := net.Dial("tcp", ln.Addr().String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	answers := bufio.NewReader(conn)
	ask := func(method string, size, part int) {
		_, err := io.WriteString(conn, method+" /graphql?size="+strconv.Itoa(size)+"&part="+strconv.Itoa(part)+" HTTP/1.1\r\nHost: vigie\r\n\r\n")
		require.NoError(t, err)
		res, err := http.ReadResponse(answers, &http.Request{Method: method})
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		if method == http.MethodHead {
			size = 0
		}
		assert.Len(t, body, size)
	}
	for _, size := range []int{0, 1, 2047, 2048, 3500, 3900, 4000, 4096, 5000, 8192, 20_000, 256 << 10} {
		for _, part := range []int{100, 2048, 4096, 1 << 20} {
			ask(http.MethodPost, size, part)
			assert.Len(t, counting.take(), 1, "%d in parts of %d", size, part)
		}
	}
	ask(http.MethodPost, 300<<10, 1<<20)
	assert.Greater(t, len(counting.take()), 1, "what is too long to be held")
	ask(http.MethodHead, 8192, 8192)
	assert.Len(t, counting.take(), 1)
	ask(http.MethodPost, 8192, 8192)
	assert.Len(t, counting.take(), 1, "and again on the same connection")
}

// TestHalfAnAnswerIsCut: a handler that writes less than it said, one that flushes and one that panics do not keep what they have written.
func TestHalfAnAnswerIsCut(t *testing.T) {
	flushed, goOn := make(chan struct{}), make(chan struct{})
	h := httpd.New(httpd.Options{Log: silent(), GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "10000")
		w.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(w, strings.Repeat("x", 5000))
		switch r.URL.Query().Get("then") {
		case "panic":
			panic("on purpose")
		case "flush":
			require.NoError(t, http.NewResponseController(w).Flush())
			close(flushed)
			<-goOn
			_, _ = io.WriteString(w, strings.Repeat("y", 5000))
		}
	})})
	s := start(t, h, httpd.ServeOptions{})
	for _, then := range []string{"nothing", "panic"} {
		got := await(t, fetch("http://"+s.addr+"/graphql?then="+then), then)
		assert.Error(t, got.err, then)
		assert.Less(t, len(got.body), 10_000, then)
	}
	res, err := http.Get("http://" + s.addr + "/graphql?then=flush")
	require.NoError(t, err)
	defer func() { require.NoError(t, res.Body.Close()) }()
	await(t, flushed, "the flush")
	_, err = io.ReadFull(res.Body, make([]byte, 5000))
	require.NoError(t, err, "before the handler goes on")
	close(goOn)
	rest, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	assert.Equal(t, strings.Repeat("y", 5000), string(rest))
}
