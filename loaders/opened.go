package loaders

import "sync"

// relation is what a set opens a loader of, when it is first asked for something.
type relation[L any] interface {
	comparable
	open(s *Set) L
}

// opened are the loaders that a set has opened so far.
type opened struct {
	mu   sync.Mutex
	list []openedLoader
	// few is the list's place as long as there is room in it, as there is for most answers.
	few [4]openedLoader
}

// openedLoader is a loader, and what it was opened of.
type openedLoader struct{ of, loader any }

// loaderOf is the set's loader of a relation, the same for all who ask.
func loaderOf[L any, R relation[L]](s *Set, of R) L {
	s.opened.mu.Lock()
	defer s.opened.mu.Unlock()
	known, ok := s.opened.find(of).(L)
	if ok {
		return known
	}
	loader := of.open(s)
	s.opened.keep(of, loader)
	return loader
}

// find is the loader that was opened of something; nil where there is none.
func (o *opened) find(of any) any {
	for i := range o.list {
		if o.list[i].of == of {
			return o.list[i].loader
		}
	}
	return nil
}

func (o *opened) keep(of, loader any) {
	if o.list == nil {
		o.list = o.few[:0]
	}
	o.list = append(o.list, openedLoader{of, loader})
}
