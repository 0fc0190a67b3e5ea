package loaders

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestOutcomesAreThoseOfAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var kept outcomes[int, string]
		expected := map[int]outcome[string]{}
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			key := rapid.IntRange(0, 3*fewKeys).Draw(t, "key")
			became, known := kept.of(key)
			before, ok := expected[key]
			assert.Equal(t, ok, known)
			assert.Equal(t, before, became)
			became = outcome[string]{value: rapid.String().Draw(t, "value")}
			kept.keep(key, became)
			expected[key] = became
		}
		for key, became := range expected {
			got, known := kept.of(key)
			assert.True(t, known)
			assert.Equal(t, became, got)
		}
	})
}
