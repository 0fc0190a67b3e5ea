package observe

import (
	"maps"
	"strings"
	"sync"
	"sync/atomic"
)

// longestName bounds the names that clients give, in bytes.
const longestName = 100

// other stands for all names beyond a bound.
const other = "other"

// series holds what is counted for each of a bounded number of names: those that are seen first. All others share one. Names come from
// clients, and each costs memory here and wherever the figures are collected.
type series[T any] struct {
	make func(name string) T
	// longest bounds a name, in bytes.
	longest int

	// known is replaced and never written to, so that reading it needs no lock.
	known atomic.Pointer[map[string]T]
	// mu is held while known is replaced.
	mu sync.Mutex
	// room is how many names may still come.
	room int
}

// newSeries makes room for so many names.
func newSeries[T any](most int, make func(name string) T) *series[T] {
	s := &series[T]{make: make, room: most, longest: longestName}
	s.known.Store(&map[string]T{})
	return s
}

// expect makes names known that take none of the room.
func (s *series[T]) expect(names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	grown := maps.Clone(*s.known.Load())
	for _, name := range names {
		_, known := grown[name]
		if !known {
			grown[name] = s.make(name)
		}
	}
	s.known.Store(&grown)
}

// of is what belongs to a name.
func (s *series[T]) of(name string) T {
	found, ok := (*s.known.Load())[name]
	if ok {
		return found
	}
	return s.add(name)
}

func (s *series[T]) add(name string) T {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := *s.known.Load()
	if s.room == 0 || len(name) > s.longest {
		name = other
	}
	found, ok := known[name]
	if ok {
		return found // Somebody else was faster, or there is no room.
	}
	// The name may be a piece of a long text, which must not be kept for it.
	name = strings.Clone(name)
	grown := maps.Clone(known)
	grown[name] = s.make(name)
	if name != other {
		s.room--
	}
	s.known.Store(&grown)
	return grown[name]
}
