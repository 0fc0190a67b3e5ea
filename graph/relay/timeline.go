package relay

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

// TimelineEntryConnection is a page of a timeline. Entries stand beside the items that say where they belong.
type TimelineEntryConnection struct {
	*Connection[domain.TimelineItem]
	entries []domain.TimelineEntry
}

// NewTimeline shows a page of a timeline with its entries, one for each item of the page.
func NewTimeline(ctx context.Context, page *domain.Page[domain.TimelineItem], entries []domain.TimelineEntry) *TimelineEntryConnection {
	return &TimelineEntryConnection{NewConnection(ctx, page), entries}
}

// Nodes are the entries of the page.
func (c *TimelineEntryConnection) Nodes() []domain.TimelineEntry { return c.entries }

// Edges are the entries of the page with their cursors.
func (c *TimelineEntryConnection) Edges() []TimelineEntryEdge {
	edges := make([]TimelineEntryEdge, len(c.entries))
	for i, entry := range c.entries {
		edges[i] = TimelineEntryEdge{Node: entry, edge: Edge[domain.TimelineItem]{Node: c.page.Items[i], list: c.Connection}}
	}
	return edges
}

// TimelineEntryEdge is an entry with its cursor.
type TimelineEntryEdge struct {
	Node domain.TimelineEntry
	edge Edge[domain.TimelineItem]
}

// Cursor is the entry's place in the timeline.
func (e TimelineEntryEdge) Cursor() string { return e.edge.Cursor() }
