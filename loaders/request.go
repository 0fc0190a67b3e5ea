package loaders

import (
	"reflect"
	"sync"
)

// requests numbers different requests: a loader's keys have to be comparable, which a request is not.
type requests[R any] struct {
	mu   sync.Mutex
	kept []*R
}

// number is that of a request, the same for all that ask for the same.
func (r *requests[R]) number(request *R) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, kept := range r.kept {
		if kept == request || reflect.DeepEqual(kept, request) {
			return i
		}
	}
	r.kept = append(r.kept, request)
	return len(r.kept) - 1
}

// get is the request with a number.
func (r *requests[R]) get(number int) *R {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept[number]
}
