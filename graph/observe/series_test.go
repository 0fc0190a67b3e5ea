package observe

import (
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

// Whatever names come, and in whatever order: no more are known than there is room for, those expected always are, and every name has figures.
func TestSeriesIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.IntRange(0, 5).Draw(t, "most")
		made := map[string]int{}
		s := newSeries(most, func(name string) string {
			made[name]++
			return name
		})
		name := rapid.OneOf(rapid.StringMatching(`[a-f]`), rapid.Just(other), rapid.Just(strings.Repeat("x", 101)))
		expected := rapid.SliceOfN(rapid.StringMatching(`[d-h]`), 0, 3).Draw(t, "expected")
		s.expect(expected...)
		for range rapid.IntRange(0, 30).Draw(t, "lookups") {
			asked := name.Draw(t, "name")
			got := s.of(asked)
			if got != asked && got != other {
				t.Fatalf("%q has the figures of %q", asked, got)
			}
			if got != s.of(asked) {
				t.Fatalf("%q has other figures the second time", asked)
			}
		}
		distinct := map[string]bool{}
		for _, name := range expected {
			distinct[name] = true
			if s.of(name) != name {
				t.Fatalf("%q was expected and is not known", name)
			}
		}
		if len(made) > most+len(distinct)+1 {
			t.Fatalf("%d names for %d and %d expected", len(made), most, len(distinct))
		}
		for name, times := range made {
			if times != 1 {
				t.Fatalf("the figures of %q were made %d times", name, times)
			}
		}
	})
}

func TestShortened(t *testing.T) {
	assert.Equal(t, "ordersOfCustomer", shortened("ordersOfCustomer"))
	assert.Equal(t, "a+b", shortened("a+b"))
	forty := strings.Repeat("x", 40)
	assert.Equal(t, forty+"+"+forty+"+3 more", shortened(strings.Join([]string{forty, forty, forty, "b", "c"}, "+")))
	assert.Equal(t, strings.Repeat("x", 100), shortened(strings.Repeat("x", 101)), "one that is no list")
	assert.Equal(t, strings.Repeat("x", 101)+"+1 more", shortened(strings.Repeat("x", 101)+"+a"))
}

func TestSeriesUnderManyCallers(t *testing.T) {
	s := newSeries(3, func(name string) *string { return &name })
	var callers sync.WaitGroup
	for _, name := range []string{"a", "b", "c", "a", "b", "c", "d", "e"} {
		callers.Go(func() {
			for range 100 {
				assert.Contains(t, []string{name, other}, *s.of(name))
			}
		})
	}
	callers.Wait()
	assert.Len(t, *s.known.Load(), 4)
}

func TestSeriesCostsNothingToAsk(t *testing.T) {
	s := newSeries(3, func(name string) *string { return &name })
	s.of("a")
	assert.Zero(t, testing.AllocsPerRun(100, func() { s.of("a") }))
}
