package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
)

// Parent is the resolver for the parent field.
func (r *categoryResolver) Parent(ctx context.Context, obj *domain.Category) (*domain.Category, error) {
	return loaders.For(ctx).Categories.Find(ctx, domain.SharedRef(domain.KindCategory, obj.ParentRow))
}

// Path is the resolver for the path field.
func (r *categoryResolver) Path(ctx context.Context, obj *domain.Category) ([]*domain.Category, error) {
	return categoryPath(ctx, obj)
}

// Children is the resolver for the children field.
func (r *categoryResolver) Children(ctx context.Context, obj *domain.Category, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Category], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).ChildrenOfCategories, obj.ID(), args)
}

// Products is the resolver for the products field.
func (r *categoryResolver) Products(ctx context.Context, obj *domain.Category, first *int, after *string, last *int, before *string, filter map[string]any, orderBy []*domain.Sort) (*relay.ProductConnection, error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Filter: filter, OrderBy: orderBy}
	return productsOf(ctx, loaders.For(ctx).ProductsOfCategories, obj, args)
}

// Category is the resolver for the category field.
func (r *categoryFacetResolver) Category(ctx context.Context, obj *domain.CategoryFacet) (*domain.Category, error) {
	return loaders.For(ctx).Categories.Find(ctx, domain.SharedID(domain.KindCategory, obj.CategoryRow))
}

// Category is the resolver for the category field.
func (r *productResolver) Category(ctx context.Context, obj *domain.Product) (*domain.Category, error) {
	return loaders.For(ctx).Categories.Find(ctx, domain.SharedRef(domain.KindCategory, obj.CategoryRow))
}

// Replacement is the resolver for the replacement field.
func (r *productResolver) Replacement(ctx context.Context, obj *domain.Product) (*domain.Product, error) {
	return loaders.For(ctx).Products.Find(ctx, domain.SharedRef(domain.KindProduct, obj.ReplacementRow))
}

// Prices is the resolver for the prices field.
func (r *productResolver) Prices(ctx context.Context, obj *domain.Product, customer *domain.ID, validOn *domain.Date, currencyCode *string) ([]*domain.Price, error) {
	query := domain.PriceQuery{}
	if customer != nil {
		err := expect(*customer, domain.KindCustomer, "customer")
		if err != nil {
			return nil, err
		}
		query.Customer = customer.Row
	}
	query.ValidOn, query.Currency = valueOf(validOn), valueOf(currencyCode)
	return loaders.For(ctx).PricesOfProducts.Find(ctx, loaders.PriceKey{Product: obj.ID(), Query: query})
}

// Stock is the resolver for the stock field.
func (r *productResolver) Stock(ctx context.Context, obj *domain.Product) ([]*domain.Stock, error) {
	return loaders.For(ctx).StockOfProducts.Find(ctx, obj.ID())
}

// Product is the resolver for the product field.
func (r *queryResolver) Product(ctx context.Context, id *domain.ID, sku *string) (*domain.Product, error) {
	switch {
	case (id == nil) == (sku == nil):
		return nil, domain.BadInput("give id or sku, one of them")
	case sku != nil:
		return loaders.For(ctx).ProductsBySKU.Find(ctx, *sku)
	case id.Kind != domain.KindProduct:
		return nil, nil
	default:
		return loaders.For(ctx).Products.Find(ctx, *id)
	}
}

// Products is the resolver for the products field.
func (r *queryResolver) Products(ctx context.Context, first *int, after *string, last *int, before *string, search *string, filter map[string]any, orderBy []*domain.Sort) (*relay.ProductConnection, error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Search: search, Filter: filter, OrderBy: orderBy}
	return products(ctx, loaders.For(ctx).Store.Products(), args)
}

// Categories is the resolver for the categories field.
func (r *queryResolver) Categories(ctx context.Context, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Category], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return root(ctx, loaders.For(ctx).Store.Categories(), args)
}

// Warehouses is the resolver for the warehouses field.
func (r *queryResolver) Warehouses(ctx context.Context, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Warehouse], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return root(ctx, loaders.For(ctx).Store.Warehouses(), args)
}

// Warehouse is the resolver for the warehouse field.
func (r *stockResolver) Warehouse(ctx context.Context, obj *domain.Stock) (*domain.Warehouse, error) {
	return loaders.For(ctx).Warehouses.Load(ctx, domain.SharedID(domain.KindWarehouse, obj.WarehouseRow))
}

// Inbound is the resolver for the inbound field.
func (r *stockResolver) Inbound(ctx context.Context, obj *domain.Stock) ([]*domain.Inbound, error) {
	return loaders.For(ctx).InboundOfStock.Find(ctx, domain.StockKey{Product: obj.ProductRow, Warehouse: obj.WarehouseRow})
}

// Category returns generated.CategoryResolver implementation.
func (r *Resolver) Category() generated.CategoryResolver { return &categoryResolver{r} }

// CategoryFacet returns generated.CategoryFacetResolver implementation.
func (r *Resolver) CategoryFacet() generated.CategoryFacetResolver { return &categoryFacetResolver{r} }

// Product returns generated.ProductResolver implementation.
func (r *Resolver) Product() generated.ProductResolver { return &productResolver{r} }

// Stock returns generated.StockResolver implementation.
func (r *Resolver) Stock() generated.StockResolver { return &stockResolver{r} }

type (
	categoryResolver      struct{ *Resolver }
	categoryFacetResolver struct{ *Resolver }
	productResolver       struct{ *Resolver }
	stockResolver         struct{ *Resolver }
)
