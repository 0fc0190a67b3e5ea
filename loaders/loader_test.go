package loaders

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
)

// calls counts what a loader fetches.
type calls struct {
	mu   sync.Mutex
	keys [][]int
}

func (c *calls) doubles(_ context.Context, keys []int) (map[int]int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.keys = append(c.keys, keys)
	found := map[int]int{}
	for _, key := range keys {
		if key >= 0 {
			found[key] = 2 * key
		}
	}
	return found, nil
}

func TestOneFetchForALevel(t *testing.T) {
	var c calls
	l := Loader[int, int]{wait: 5 * time.Millisecond, fetch: c.doubles}
	var done sync.WaitGroup
	for i := range 2000 {
		done.Go(func() {
			value, err := l.Load(t.Context(), i%500)
			assert.NoError(t, err)
			assert.Equal(t, 2*(i%500), value)
		})
	}
	done.Wait()
	require.Len(t, c.keys, 1)
	assert.Len(t, c.keys[0], 500, "each key is fetched once")
}

func TestThunksAskAtOnce(t *testing.T) {
	var c calls
	l := Loader[int, int]{wait: time.Millisecond, fetch: c.doubles}
	first, second := l.Thunk(t.Context(), 1), l.Thunk(t.Context(), 2)
	value, err := second()
	require.NoError(t, err)
	assert.Equal(t, 4, value)
	value, err = first()
	require.NoError(t, err)
	assert.Equal(t, 2, value)
	assert.Equal(t, [][]int{{1, 2}}, c.keys)
}

func TestWhatIsNotThere(t *testing.T) {
	var c calls
	l := Loader[int, int]{wait: time.Millisecond, fetch: c.doubles}
	_, err := l.Load(t.Context(), -1)
	assert.Equal(t, domain.CodeNotFound, domain.ErrorCode(err))
	value, err := l.Find(t.Context(), -1)
	require.NoError(t, err)
	assert.Zero(t, value)
	assert.Len(t, c.keys, 1, "that there is none is remembered too")
}

func TestEachWaiterHearsOfAFailure(t *testing.T) {
	broken := errors.New("broken")
	l := Loader[int, int]{wait: time.Millisecond, fetch: func(context.Context, []int) (map[int]int, error) { return nil, broken }}
	first, second := l.Thunk(t.Context(), 1), l.Thunk(t.Context(), 2)
	for _, thunk := range []func() (int, error){first, second} {
		_, err := thunk()
		require.ErrorIs(t, err, broken)
	}
}

func TestAPanicIsAFailure(t *testing.T) {
	l := Loader[int, int]{wait: time.Millisecond, fetch: func(context.Context, []int) (map[int]int, error) { panic("out of order") }}
	_, err := l.Load(t.Context(), 1)
	require.ErrorContains(t, err, "out of order")
}

func TestNobodyWaitsLongerThanItsRequest(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	release := make(chan struct{})
	l := Loader[int, int]{wait: time.Millisecond, fetch: func(context.Context, []int) (map[int]int, error) {
		<-release
		return nil, nil
	}}
	thunk := l.Thunk(ctx, 1)
	cancel()
	_, err := thunk()
	require.ErrorIs(t, err, context.Canceled)
	close(release)
}
