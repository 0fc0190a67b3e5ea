package transport

import (
	"bytes"
	"sync"
)

// mostKept bounds a buffer that is kept for the next request: a large body or answer is not to stay.
const mostKept = 64 << 10

// buffers lends memory for what is read or written as a whole. Whoever takes a buffer gives it back when nothing of its content is in use any
// more, and what others get to keep has to be a copy. The zero value is ready, and safe for concurrent use.
type buffers struct{ pool sync.Pool }

// take returns an empty buffer.
func (b *buffers) take() *bytes.Buffer {
	buffer, ok := b.pool.Get().(*bytes.Buffer)
	if !ok {
		return new(bytes.Buffer)
	}
	return buffer
}

// giveBack ends the use of a buffer.
func (b *buffers) giveBack(buffer *bytes.Buffer) {
	if buffer.Cap() > mostKept {
		return
	}
	buffer.Reset()
	b.pool.Put(buffer)
}
