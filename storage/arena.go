package storage

import (
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// arena keeps what the rows of one tree point to: many things in few allocations. They stay as long as any of them is in use, so no row of a tree
// may be kept for longer than the answer that it is for. Its zero value is ready to use. It is not safe for concurrent use.
type arena struct {
	text strings.Builder

	texts    slab[string]
	times    slab[time.Time]
	dates    slab[domain.Date]
	decimals slab[domain.Decimal]
	integers slab[int]
	rows     slab[int64]
	floats   slab[float64]
	booleans slab[bool]
}

// textChunk is the size of an arena's chunks of text, in bytes. What is longer has a chunk of its own.
const textChunk = 2 << 10

// room makes place for n more bytes of text in one piece. What stands in earlier chunks is not moved, and stays with those who use it.
func (a *arena) room(n int) {
	if a.text.Cap()-a.text.Len() >= n {
		return
	}
	a.text.Reset()
	a.text.Grow(max(textChunk, n))
}

// copy keeps raw as text.
func (a *arena) copy(raw []byte) string {
	a.room(len(raw))
	from := a.text.Len()
	a.text.Write(raw)
	return a.text.String()[from:]
}

// slab allocates items in chunks that grow.
type slab[T any] struct {
	free []T
	size int
}

// room makes place for n more items in one piece.
func (s *slab[T]) room(n int) {
	if len(s.free) < n {
		s.free = make([]T, n)
	}
}

func (s *slab[T]) next() *T {
	if len(s.free) == 0 {
		s.size = min(max(4, 2*s.size), 16)
		s.free = make([]T, s.size)
	}
	item := &s.free[0]
	s.free = s.free[1:]
	return item
}
