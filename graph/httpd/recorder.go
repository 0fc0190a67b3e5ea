package httpd

import (
	"bufio"
	"net"
	"net/http"
)

// recorder notes what a handler answered, for the access log. It keeps the optional interfaces that the GraphQL
// transports look for by type assertion: Flusher for streamed answers, Hijacker for websockets.
type recorder struct {
	http.ResponseWriter
	// conn can hold the answer; nil where it cannot.
	conn     *wholeConn
	status   int
	bytes    int64
	hijacked bool
}

var (
	_ http.Flusher  = (*recorder)(nil)
	_ http.Hijacker = (*recorder)(nil)
)

func (r *recorder) WriteHeader(status int) {
	// Informational answers precede the real one, except 101, which is final.
	if r.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		r.status = status
		r.conn.holdAnswer(status, r.Header())
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(p []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(p)
	r.bytes += int64(n)
	return n, err
}

// Unwrap serves http.ResponseController.
func (r *recorder) Unwrap() http.ResponseWriter {
	return r.ResponseWriter
}

func (r *recorder) Flush() {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	r.release()
	// A writer that cannot flush delivers at the end; there is nobody to tell.
	_ = http.NewResponseController(r.ResponseWriter).Flush()
}

func (r *recorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(r.ResponseWriter).Hijack()
	if err == nil {
		r.hijacked = true
		r.status = http.StatusSwitchingProtocols
	}
	return conn, rw, err
}

// release lets out what is held of the answer, and what is still to come as it comes.
func (r *recorder) release() {
	if r.conn != nil {
		_ = r.conn.release() // The client has gone: the next write, or the end of the answer, finds that too.
	}
}

// end is called when the handler has returned. What is then missing of the length that it told never comes.
func (r *recorder) end() {
	if r.conn != nil && r.conn.held != nil && r.bytes < int64(r.conn.body) {
		r.release()
	}
}

// started reports whether an answer is on its way, so that another one cannot be sent.
func (r *recorder) started() bool {
	return r.status != 0 || r.hijacked
}
