package resolvers

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
)

// timeline is a page of a customer's timeline. The objects behind the entries are loaded only where more of them is asked for than the
// timeline itself knows.
func timeline(ctx context.Context, customer domain.ID, args relay.Args) (*relay.TimelineEntryConnection, error) {
	set := loaders.For(ctx)
	request, err := request(ctx, set.Timelines, args)
	if err != nil {
		return nil, err
	}
	page, err := set.Timelines.Page(ctx, customer, request)
	if err != nil {
		return nil, err
	}
	entries, err := timelineEntries(ctx, set, page.Items, asksForObjects(ctx))
	if err != nil {
		return nil, err // Also where the objects have not been read yet: counted is what was answered, once.
	}
	cost.Count(ctx, len(page.Items))
	return relay.NewTimeline(ctx, page, entries), nil
}

func timelineEntries(ctx context.Context, set *loaders.Set, items []*domain.TimelineItem, objects bool) ([]domain.TimelineEntry, error) {
	entries := make([]domain.TimelineEntry, len(items))
	thunks := make([]func() (domain.Node, error), len(items))
	for i, item := range items {
		entries[i] = item.Outline()
		if objects {
			thunks[i] = set.Node(ctx, item.Ref)
		}
	}
	for i, thunk := range thunks {
		if thunk == nil {
			continue
		}
		object, err := thunk()
		if err != nil {
			return nil, err
		}
		// An object that was deleted since the page was read keeps its outline.
		if object != nil {
			entries[i] = object
		}
	}
	return entries, nil
}

// asksForObjects tells whether a timeline's selection wants more of an entry than its type, id and time.
func asksForObjects(ctx context.Context) bool {
	operation, field := graphql.GetOperationContext(ctx), graphql.GetFieldContext(ctx).Field
	for _, child := range graphql.CollectFields(operation, field.Selections, nil) {
		entries := []graphql.CollectedField{child}
		if child.Name == "edges" {
			entries = graphql.CollectFields(operation, child.Selections, nil)
		}
		for _, entry := range entries {
			if (entry.Name == "nodes" || entry.Name == "node") && beyondOutline(operation, entry) {
				return true
			}
		}
	}
	return false
}

func beyondOutline(operation *graphql.OperationContext, entry graphql.CollectedField) bool {
	types := []string{"Node", "TimelineEntry", "Interaction", "Case", "FollowUp", "Order", "Invoice", "Payment", "Shipment", "TrackingEvent"}
	for _, field := range graphql.CollectFields(operation, entry.Selections, types) {
		switch field.Name {
		case "__typename", "id", "occurredAt":
		default:
			return true
		}
	}
	return false
}
