package loaders

import (
	"reflect"
	"slices"
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
	// Most ask with the very request that others have asked with.
	i := slices.Index(r.kept, request)
	if i < 0 {
		i = slices.IndexFunc(r.kept, func(kept *R) bool { return reflect.DeepEqual(kept, request) })
	}
	if i >= 0 {
		return i
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
