package graph

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"pgregory.net/rapid"
)

func TestDocumentCacheHoldsItsBounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		documents, bytes := rapid.IntRange(1, 5).Draw(t, "documents"), rapid.IntRange(0, 40).Draw(t, "bytes")
		c, err := newDocumentCache(documents, bytes)
		require.NoError(t, err)
		for range rapid.IntRange(0, 50).Draw(t, "requests") {
			text := strings.Repeat(rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "letter"), rapid.IntRange(1, 20).Draw(t, "length"))
			document := &ast.QueryDocument{}
			c.keep(text, document)
			found, ok := c.find(text)
			require.Equal(t, len(text) <= bytes, ok, "the newest stays unless it is larger than all that may be kept")
			if ok {
				require.Same(t, document, found)
			}
			total := 0
			for _, kept := range c.kept.Keys() {
				total += len(kept)
			}
			require.Equal(t, total, c.bytes)
			require.LessOrEqual(t, total, bytes)
			require.LessOrEqual(t, c.kept.Len(), documents)
		}
	})
}

// TestDocumentCacheBoundsMemory fills the cache with different documents that are as large, parsed, as their text allows.
func TestDocumentCacheBoundsMemory(t *testing.T) {
	const bytes = 100_000
	c, err := newDocumentCache(cachedDocuments, bytes)
	require.NoError(t, err)
	heap := func() int64 {
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	before := heap()
	for i := range 30 {
		text := fmt.Sprintf("{a%d%s}", i, strings.Repeat(" a", 9_000))
		document, err := parser.ParseQuery(&ast.Source{Input: text})
		require.NoError(t, err)
		c.keep(text, document)
	}
	taken := heap() - before
	require.Less(t, taken, int64(120*bytes))
	require.LessOrEqual(t, c.kept.Len(), 5)
	runtime.KeepAlive(c)
	t.Logf("%d bytes for each of text", taken/bytes)
}
