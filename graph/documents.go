package graph

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	// cachedDocuments and cachedBytes bound the documents that are kept parsed and validated. A parsed document takes up to 120 times the
	// space of its text, and whoever may ask at all may send as many different ones as they like: by number alone, a thousand of the
	// largest would take gigabytes.
	cachedDocuments = 1_000
	cachedBytes     = 2 << 20
)

// documentCache keeps the documents that were asked for last. It is safe for concurrent use.
type documentCache struct {
	most int

	mu   sync.Mutex
	kept *simplelru.LRU[string, *ast.QueryDocument]
	// bytes is the length of the texts that are kept.
	bytes int
	// forget hear of each document that is no longer kept.
	forget []func(*ast.QueryDocument)
}

// newDocumentCache makes a cache of so many documents with so many bytes of text at most.
func newDocumentCache(documents, bytes int) (*documentCache, error) {
	c := &documentCache{most: bytes}
	kept, err := simplelru.NewLRU(documents, func(text string, document *ast.QueryDocument) {
		c.bytes -= len(text)
		for _, forget := range c.forget {
			forget(document)
		}
	})
	c.kept = kept
	return c, err
}

// find finds a document by its text.
func (c *documentCache) find(text string) (*ast.QueryDocument, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kept.Get(text)
}

// keep keeps a document, in the place of those that were not asked for the longest.
func (c *documentCache) keep(text string, document *ast.QueryDocument) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.kept.Contains(text) {
		c.bytes += len(text)
	}
	c.kept.Add(text, document)
	for c.bytes > c.most {
		c.kept.RemoveOldest()
	}
}
