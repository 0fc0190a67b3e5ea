package relay

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
)

// ProductConnection is a page of products, with the facets of the whole list.
type ProductConnection struct {
	*Connection[domain.Product]
	facets func(context.Context) (*domain.ProductFacets, error)
}

// NewProducts shows a page of products. facets is called only where facets are asked for.
func NewProducts(ctx context.Context, page *domain.Page[domain.Product], facets func(context.Context) (*domain.ProductFacets, error)) *ProductConnection {
	return &ProductConnection{NewConnection(ctx, page), facets}
}

// Facets tells how the whole list divides.
func (c *ProductConnection) Facets(ctx context.Context) (*domain.ProductFacets, error) {
	return c.facets(ctx)
}

// ProductEdge is a product with its cursor.
type ProductEdge = Edge[domain.Product]
