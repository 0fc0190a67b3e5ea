package loaders

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// slowly is read beside the rounds, and takes until it is let go.
func slowly(name string) (*Beside[int, int], chan struct{}) {
	letGo := make(chan struct{})
	return beside(name, func(_ *Set, ctx context.Context, keys []int) (map[int]int, error) {
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
	}), letGo
}

// In the bubble a round that waited for what is read beside it would be a deadlock, which fails the test.
func TestWhatIsReadBesideHoldsUpNoRound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c calls
		set, l := inSet(&c)
		long, letGo := slowly("long")
		ctx := With(t.Context(), set)
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
		ctx := With(t.Context(), set)
		one, letOneGo := slowly("one")
		other, letOtherGo := slowly("other")
		_, _ = one.Load(ctx, 1)
		_, _ = other.Load(ctx, 2)
		read := make(chan bool, 1)
		go func() { read <- set.Read(ctx) }()
		synctest.Wait()
		close(letOtherGo) // Whichever comes first.
		close(letOneGo)
		assert.True(t, <-read)
		value, err := other.Load(ctx, 2)
		require.NoError(t, err)
		assert.Equal(t, 20, value)
	})
}

func TestWhatIsReadBesideEndsWithItsResponse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c calls
		set, l := inSet(&c)
		long, _ := slowly("long")
		ctx, cancel := context.WithCancel(With(t.Context(), set))
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
	ctx := With(t.Context(), set)
	broken := beside("broken", func(*Set, context.Context, []int) (map[int]int, error) { panic("out of order") })
	_, _ = broken.Load(ctx, 1)
	assert.True(t, set.Read(ctx))
	_, err := broken.Load(ctx, 1)
	require.ErrorContains(t, err, "out of order")
}
