package httpd

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"strconv"
	"sync"
)

// Bodies of this size leave in one piece with their headers, in bytes: net/http writes what is shorter at once, and what is longer is better begun.
const (
	leastWhole = 2 << 10
	mostWhole  = 256 << 10
)

// wholeListener gives connections on which answers can be held.
type wholeListener struct {
	net.Listener
	// buffers are for what is held.
	buffers sync.Pool
}

// Accept implements net.Listener.
func (l *wholeListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &wholeConn{Conn: conn, of: l}, nil
}

// wholeConn is a connection on which an answer of known length leaves in one piece. By itself net/http writes four kilobytes and then the rest, and
// each write costs the server, and wakes a client that cannot use half an answer. Nothing is held while several goroutines write, after a hijack.
type wholeConn struct {
	net.Conn
	of *wholeListener
	// held is what has been written of an answer, nil where none is held; body is the length of the answer's body, and whole that with its headers,
	// once these have been written.
	held        *bytes.Buffer
	body, whole int
}

// hold keeps what is written until it is an answer with such a body.
func (c *wholeConn) hold(body int) {
	held, ok := c.of.buffers.Get().(*bytes.Buffer)
	if !ok {
		held = new(bytes.Buffer)
	}
	c.held, c.body, c.whole = held, body, 0
}

// Write implements net.Conn.
func (c *wholeConn) Write(p []byte) (int, error) {
	if c.held == nil {
		return c.Conn.Write(p)
	}
	_, _ = c.held.Write(p) // A Buffer takes everything.
	if c.whole == 0 {
		before, _, found := bytes.Cut(c.held.Bytes(), []byte("\r\n\r\n"))
		if found {
			c.whole = len(before) + len("\r\n\r\n") + c.body
		}
	}
	if c.whole == 0 && c.held.Len() < mostWhole || c.held.Len() < c.whole {
		return len(p), nil
	}
	err := c.release()
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// release lets out what is held.
func (c *wholeConn) release() error {
	held := c.held
	if held == nil {
		return nil
	}
	c.held = nil
	_, err := c.Conn.Write(held.Bytes())
	held.Reset()
	c.of.buffers.Put(held)
	return err
}

// CloseWrite lets net/http close its side first, so that a client reads an answer to a request that was not read to its end.
func (c *wholeConn) CloseWrite() error {
	closer, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return closer.CloseWrite()
}

type connKey struct{}

// withConn is http.Server's ConnContext.
func withConn(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// connOf is the connection of a request on which its answer can be held; nil where there is none.
func connOf(r *http.Request) *wholeConn {
	if r.Method == http.MethodHead {
		return nil // Its answer has a length and no body.
	}
	conn, _ := r.Context().Value(connKey{}).(*wholeConn)
	return conn
}

// holdAnswer holds an answer whose headers tell a length to hold it for.
func (c *wholeConn) holdAnswer(status int, h http.Header) {
	length := h["Content-Length"]
	if c == nil || len(length) != 1 || status != http.StatusOK {
		return
	}
	body, err := strconv.Atoi(length[0])
	if err == nil && body >= leastWhole && body <= mostWhole {
		c.hold(body)
	}
}
