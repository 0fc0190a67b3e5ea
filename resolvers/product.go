package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
	"github.com/vigie-dev/vigie/storage"
)

// products is a page of all products, with facets.
func products(ctx context.Context, list storage.ProductList, args relay.Args) (*relay.ProductConnection, error) {
	request, err := request(ctx, list, args)
	if err != nil {
		return nil, err
	}
	page, err := loaders.Root(ctx, loaders.For(ctx), list, request)
	if err != nil {
		return nil, err
	}
	cost.Count(ctx, len(page.Items))
	return relay.NewProducts(ctx, page, func(ctx context.Context) (*domain.ProductFacets, error) { return list.Facets(ctx, *request) }), nil
}

// productsOf is a page of a category's own products, with facets.
func productsOf(ctx context.Context, pages *loaders.Pages[domain.Product], category *domain.Category, args relay.Args) (*relay.ProductConnection, error) {
	request, err := request(ctx, pages, args)
	if err != nil {
		return nil, err
	}
	page, err := pages.Page(ctx, category.ID(), request)
	if err != nil {
		return nil, err
	}
	cost.Count(ctx, len(page.Items))
	return relay.NewProducts(ctx, page, func(ctx context.Context) (*domain.ProductFacets, error) {
		return loaders.For(ctx).FacetsOfCategories.Of(ctx, category.ID(), &request.Filter)
	}), nil
}

// maxCategoryDepth bounds the walk from a category to the top, should the tree ever have a loop.
const maxCategoryDepth = 32

// categoryPath is the branches from the top down to a category.
func categoryPath(ctx context.Context, category *domain.Category) ([]*domain.Category, error) {
	path := []*domain.Category{category}
	for category.ParentRow != nil && len(path) < maxCategoryDepth {
		parent, err := loaders.For(ctx).Categories.Load(ctx, domain.SharedRef(domain.KindCategory, category.ParentRow))
		if err != nil {
			return nil, err
		}
		path, category = append([]*domain.Category{parent}, path...), parent
	}
	return path, nil
}
