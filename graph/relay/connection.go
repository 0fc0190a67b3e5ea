package relay

import (
	"context"
	"errors"

	"github.com/vigie-dev/vigie/domain"
)

// Connection is a page of T in the shape of the Relay conventions. Cursors are made only where they are asked for.
type Connection[T any] struct {
	page    *domain.Page[T]
	cursors *Cursors
}

// NewConnection shows a page as a connection of the response that ctx belongs to.
func NewConnection[T any](ctx context.Context, page *domain.Page[T]) *Connection[T] {
	return &Connection[T]{page: page, cursors: cursorsOf(ctx)}
}

// Nodes are the items of the page.
func (c *Connection[T]) Nodes() []*T { return c.page.Items }

// Edges are the items of the page with their cursors.
func (c *Connection[T]) Edges() []Edge[T] {
	edges := make([]Edge[T], len(c.page.Items))
	for i, item := range c.page.Items {
		edges[i] = Edge[T]{Node: item, list: c}
	}
	return edges
}

// PageInfo tells where the page stands.
func (c *Connection[T]) PageInfo() PageInfo {
	info := PageInfo{HasNextPage: c.page.HasNext, HasPreviousPage: c.page.HasPrevious}
	if n := len(c.page.Items); n > 0 {
		first, last := c.cursor(c.page.Items[0]), c.cursor(c.page.Items[n-1])
		info.StartCursor, info.EndCursor = &first, &last
	}
	return info
}

// TotalCount is the length of the whole list. It fails where the page was read without it, which is a fault of ours.
func (c *Connection[T]) TotalCount() (int, error) {
	if c.page.Total == nil {
		return 0, errors.New("totalCount was not asked of storage")
	}
	return *c.page.Total, nil
}

// Edge is an item with its cursor.
type Edge[T any] struct {
	Node *T
	list *Connection[T]
}

// Cursor is the item's place in the list.
func (e Edge[T]) Cursor() string { return e.list.cursor(e.Node) }

func (c *Connection[T]) cursor(item *T) string {
	return c.cursors.encode(c.page.Signature, c.page.Position(item))
}

// PageInfo tells where a page stands in its list.
type PageInfo struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *string
}
