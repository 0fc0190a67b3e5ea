package resolvers

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
)

// lister reads the pages of a root list.
type lister[T any] interface {
	Signature(by []domain.Sort, search string) string
	Page(ctx context.Context, request domain.PageRequest) (*domain.Page[T], error)
}

// root is a page of a root list.
func root[T any](ctx context.Context, list lister[T], args relay.Args) (*relay.Connection[T], error) {
	args.Total = asks(ctx, "totalCount")
	request, err := args.Request(list.Signature)
	if err != nil {
		return nil, err
	}
	page, err := list.Page(ctx, request)
	if err != nil {
		return nil, err
	}
	cost.Count(ctx, len(page.Items))
	return relay.NewConnection(page), nil
}

// children is a page of a parent's children.
func children[T any](ctx context.Context, list *loaders.Pages[T], parent domain.ID, args relay.Args) (*relay.Connection[T], error) {
	args.Total = asks(ctx, "totalCount")
	request, err := args.Request(list.Signature)
	if err != nil {
		return nil, err
	}
	page, err := list.Page(ctx, parent, request)
	if err != nil {
		return nil, err
	}
	cost.Count(ctx, len(page.Items))
	return relay.NewConnection(page), nil
}

// asks tells whether the field that is being answered selects a field of its own.
func asks(ctx context.Context, name string) bool {
	return slices.Contains(graphql.CollectAllFields(ctx), name)
}

// pointers are pointers to the items of a slice.
func pointers[T any](items []T) []*T {
	list := make([]*T, len(items))
	for i := range items {
		list[i] = &items[i]
	}
	return list
}
