package resolvers

import (
	"context"
	"reflect"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/execute"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
	"github.com/vigie-dev/vigie/storage"
)

// root is a page of a root list.
func root[T any](ctx context.Context, list storage.List[T], args relay.Args) (*relay.Connection[T], error) {
	request, err := request(ctx, list, args)
	if err != nil {
		return nil, err
	}
	page, err := loaders.Root(ctx, loaders.For(ctx), list, request)
	if err != nil {
		return nil, err
	}
	cost.Count(ctx, len(page.Items))
	return relay.NewConnection(ctx, page), nil
}

// children is a page of a parent's children.
func children[T any](ctx context.Context, list *loaders.Pages[T], parent domain.ID, args relay.Args) (*relay.Connection[T], error) {
	request, err := request(ctx, list, args)
	if err != nil {
		return nil, err
	}
	page, err := list.Page(ctx, parent, request)
	if err != nil {
		return nil, err
	}
	cost.Count(ctx, len(page.Items))
	return relay.NewConnection(ctx, page), nil
}

// signer knows the names of a list's orders.
type signer interface {
	Signature(by []domain.Sort, search string) string
}

// request is what a field's arguments and selection ask of a list, the same for all objects of a level.
func request(ctx context.Context, list signer, args relay.Args) (*domain.PageRequest, error) {
	return execute.Once(ctx, reflect.TypeOf(list), func() (*domain.PageRequest, error) {
		asked := graphql.CollectAllFields(ctx)
		info := slices.Contains(asked, "pageInfo")
		args.Total = slices.Contains(asked, "totalCount")
		request, err := args.Request(ctx, list.Signature)
		edges := slices.Contains(asked, "edges")
		request.NoRows = args.Total && !info && !edges && !slices.Contains(asked, "nodes")
		request.NoMore, request.NoCursor = !info, !info && !edges
		return &request, err
	})
}

// pointers are pointers to the items of a slice.
func pointers[T any](items []T) []*T {
	list := make([]*T, len(items))
	for i := range items {
		list[i] = &items[i]
	}
	return list
}
