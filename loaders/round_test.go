package loaders

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
)

// inSet is a loader of a set that reads in rounds.
func inSet(c *calls) (*Set, *Loader[int, int]) {
	set := &Set{}
	set.Rounds(nil)
	loader := newLoader(set, "doubles", c.doubles)
	return set, &loader
}

func TestARoundReadsWhatAllHaveAskedFor(t *testing.T) {
	var c calls
	set, l := inSet(&c)
	for _, key := range []int{1, 2, 1} {
		_, err := l.Load(t.Context(), key)
		require.ErrorIs(t, err, ErrPending)
	}
	assert.Empty(t, c.keys, "nothing is read before the round ends")
	assert.True(t, set.Read(t.Context()))
	value, err := l.Load(t.Context(), 2)
	require.NoError(t, err)
	assert.Equal(t, 4, value)
	assert.Equal(t, [][]int{{1, 2}}, c.keys)
	assert.False(t, set.Read(t.Context()), "there is nothing left to read")
}

func TestARoundOfSeveralLoaders(t *testing.T) {
	var first, second calls
	set, l := inSet(&first)
	other := newLoader(set, "others", second.doubles)
	_, _ = l.Load(t.Context(), 1)
	_, _ = other.Load(t.Context(), 2)
	assert.True(t, set.Read(t.Context()))
	value, err := other.Load(t.Context(), 2)
	require.NoError(t, err)
	assert.Equal(t, 4, value)
	assert.Equal(t, [][]int{{1}}, first.keys)
}

func TestWhatIsNotThereAfterARound(t *testing.T) {
	var c calls
	set, l := inSet(&c)
	_, err := l.Find(t.Context(), -1)
	require.ErrorIs(t, err, ErrPending, "that nothing is known yet is not that there is nothing")
	set.Read(t.Context())
	_, err = l.Load(t.Context(), -1)
	assert.Equal(t, domain.CodeNotFound, domain.ErrorCode(err))
}

func TestAFailureOfARound(t *testing.T) {
	set := &Set{}
	set.Rounds(nil)
	broken := errors.New("broken")
	failing := newLoader(set, "failing", func(context.Context, []int) (map[int]int, error) { return nil, broken })
	panicking := newLoader(set, "panicking", func(context.Context, []int) (map[int]int, error) { panic("out of order") })
	_, _ = failing.Load(t.Context(), 1)
	_, _ = panicking.Load(t.Context(), 1)
	set.Read(t.Context())
	_, err := failing.Load(t.Context(), 1)
	require.ErrorIs(t, err, broken)
	_, err = panicking.Load(t.Context(), 1)
	require.ErrorContains(t, err, "out of order")
}

func TestWhatWasReadAheadIsNotReadAgain(t *testing.T) {
	var c calls
	set, l := inSet(&c)
	l.prime(1, 7)
	value, err := l.Load(t.Context(), 1)
	require.NoError(t, err)
	assert.Equal(t, 7, value)
	l.prime(1, 8)
	value, err = l.Load(t.Context(), 1)
	require.NoError(t, err)
	assert.Equal(t, 7, value, "what is known stays")
	assert.False(t, set.Read(t.Context()))
}

func TestAProbeAsksForNothing(t *testing.T) {
	var c calls
	set, l := inSet(&c)
	asked := set.probe(t.Context(), domain.KindOrder, nil, []Ahead{asking(func() {
		_, err := l.Load(t.Context(), 1)
		require.ErrorIs(t, err, ErrPending)
		_, _ = l.Load(t.Context(), 1)
	})})
	require.Len(t, asked, 1, "equal questions are one")
	assert.Equal(t, 1, asked[0].key)
	assert.False(t, set.Read(t.Context()))
}

// asking is what is selected below a field, as a function.
type asking func()

func (a asking) Ask(context.Context, domain.Kind, any) { a() }

func (asking) Constant() bool             { return true }
func (asking) Recipe(domain.Kind) *Recipe { return nil }
func (asking) Keep(domain.Kind, *Recipe)  {}
