package loaders

import (
	"encoding/json"
	"fmt"
	"sync"
)

// requests remembers requests by their spelling: a loader's keys have to be comparable, which a request is not.
type requests[R any] struct {
	mu   sync.Mutex
	kept map[string]R
}

// keep remembers a request and returns its spelling.
func (r *requests[R]) keep(request R) (string, error) {
	spelled, err := json.Marshal(request)
	if err != nil {
		return "", fmt.Errorf("spell a request: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil {
		r.kept = map[string]R{}
	}
	r.kept[string(spelled)] = request
	return string(spelled), nil
}

// recall is the request with a spelling.
func (r *requests[R]) recall(spelled string) R {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.kept[spelled]
}
