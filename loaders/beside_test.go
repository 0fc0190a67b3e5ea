package loaders

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slowly is a loader that is read beside the rounds, and takes until it is let go.
func slowly(set *Set, name string) (l *Beside[int, int], letGo chan struct{}) {
	letGo = make(chan struct{})
	made := newBeside(set, time.Millisecond, name, func(ctx context.Context, keys []int) (map[int]int, error) {
		select {
		case <-letGo:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		found := map[int]int{}
		for _, key := range keys {
			found[key] = 10 * key
		}
		return found, nil
	})
	return &made, letGo
}

// In the bubble a round that waited for what is read beside it would be a deadlock, which fails the test.
func TestWhatIsReadBesideHoldsUpNoRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c calls
		set, l := inSet(&c)
		long, letGo := slowly(set, "long")
		ctx := t.Context()
		_, err := long.Load(ctx, 1)
		require.ErrorIs(t, err, ErrPending)
		for level := 1; level <= 3; level++ {
			_, err := l.Load(ctx, level)
			require.ErrorIs(t, err, ErrPending)
			assert.True(t, set.Read(ctx))
			value, err := l.Load(ctx, level)
			require.NoError(t, err)
			assert.Equal(t, 2*level, value)
			_, err = long.Load(ctx, 1)
			require.ErrorIs(t, err, ErrPending)
		}
		close(letGo)
		assert.True(t, set.Read(ctx), "nothing else is left to be read")
		value, err := long.Load(ctx, 1)
		require.NoError(t, err)
		assert.Equal(t, 10, value)
		assert.False(t, set.Read(ctx))
	})
}

func TestWhatIsReadBesideIsReadAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		set := &Set{}
		set.Rounds(nil)
		one, letOneGo := slowly(set, "one")
		other, letOtherGo := slowly(set, "other")
		_, _ = one.Load(t.Context(), 1)
		_, _ = other.Load(t.Context(), 2)
		read := make(chan bool, 1)
		go func() { read <- set.Read(t.Context()) }()
		synctest.Wait()
		close(letOtherGo) // Whichever comes first.
		close(letOneGo)
		assert.True(t, <-read)
		value, err := other.Load(t.Context(), 2)
		require.NoError(t, err)
		assert.Equal(t, 20, value)
	})
}

func TestWhatIsReadBesideEndsWithItsResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c calls
		set, l := inSet(&c)
		long, _ := slowly(set, "long")
		ctx, cancel := context.WithCancel(t.Context())
		_, _ = long.Load(ctx, 1)
		_, _ = l.Load(ctx, 1)
		assert.True(t, set.Read(ctx))
		cancel()
		assert.True(t, set.Settle(), "the bubble fails where a goroutine is left")
		_, err := long.Load(ctx, 1)
		require.ErrorIs(t, err, context.Canceled)
		assert.False(t, set.Settle())
	})
}

func TestAPanicBesideIsAnError(t *testing.T) {
	set := &Set{}
	set.Rounds(nil)
	broken := newBeside(set, 0, "broken", func(context.Context, []int) (map[int]int, error) { panic("out of order") })
	_, _ = broken.Load(t.Context(), 1)
	assert.True(t, set.Read(t.Context()))
	_, err := broken.Load(t.Context(), 1)
	require.ErrorContains(t, err, "out of order")
}
