package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
)

// Shipments is the resolver for the shipments field.
func (r *customerResolver) Shipments(ctx context.Context, obj *domain.Customer, first *int, after *string, last *int, before *string, filter map[string]any, orderBy []*domain.Sort) (*relay.Connection[domain.Shipment], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Filter: filter, OrderBy: orderBy}
	return children(ctx, loaders.For(ctx).ShipmentsOfCustomers, obj.ID(), args)
}

// Shipment is the resolver for the shipment field.
func (r *packageResolver) Shipment(ctx context.Context, obj *domain.Package) (*domain.Shipment, error) {
	return loaders.For(ctx).Shipments.Load(ctx, obj.Ref(domain.KindShipment, &obj.ShipmentRow))
}

// Shipments is the resolver for the shipments field.
func (r *queryResolver) Shipments(ctx context.Context, first *int, after *string, last *int, before *string, filter map[string]any, orderBy []*domain.Sort) (*relay.Connection[domain.Shipment], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before, Filter: filter, OrderBy: orderBy}
	return root(ctx, loaders.For(ctx).Store.Shipments(), args)
}

// Carriers is the resolver for the carriers field.
func (r *queryResolver) Carriers(ctx context.Context, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Carrier], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return root(ctx, loaders.For(ctx).Store.Carriers(), args)
}

// TrackingURL is the resolver for the trackingUrl field.
func (r *shipmentResolver) TrackingURL(ctx context.Context, obj *domain.Shipment) (*string, error) {
	if obj.TrackingNumber == nil {
		return nil, nil
	}
	carrier, err := loaders.For(ctx).Carriers.Find(ctx, domain.SharedRef(domain.KindCarrier, obj.CarrierRow))
	return carrier.TrackingPage(*obj.TrackingNumber), err
}

// Carrier is the resolver for the carrier field.
func (r *shipmentResolver) Carrier(ctx context.Context, obj *domain.Shipment) (*domain.Carrier, error) {
	return loaders.For(ctx).Carriers.Find(ctx, domain.SharedRef(domain.KindCarrier, obj.CarrierRow))
}

// Customer is the resolver for the customer field.
func (r *shipmentResolver) Customer(ctx context.Context, obj *domain.Shipment) (*domain.Customer, error) {
	return loaders.For(ctx).Customers.Load(ctx, obj.CustomerID())
}

// Order is the resolver for the order field.
func (r *shipmentResolver) Order(ctx context.Context, obj *domain.Shipment) (*domain.Order, error) {
	return loaders.For(ctx).Orders.Find(ctx, obj.Ref(domain.KindOrder, obj.OrderRow))
}

// Site is the resolver for the site field.
func (r *shipmentResolver) Site(ctx context.Context, obj *domain.Shipment) (*domain.Site, error) {
	return loaders.For(ctx).Sites.Find(ctx, obj.Ref(domain.KindSite, obj.SiteRow))
}

// Warehouse is the resolver for the warehouse field.
func (r *shipmentResolver) Warehouse(ctx context.Context, obj *domain.Shipment) (*domain.Warehouse, error) {
	return loaders.For(ctx).Warehouses.Find(ctx, domain.SharedRef(domain.KindWarehouse, obj.WarehouseRow))
}

// Packages is the resolver for the packages field.
func (r *shipmentResolver) Packages(ctx context.Context, obj *domain.Shipment, first *int, after *string, last *int, before *string) (*relay.Connection[domain.Package], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).PackagesOfShipments, obj.ID(), args)
}

// Events is the resolver for the events field.
func (r *shipmentResolver) Events(ctx context.Context, obj *domain.Shipment, first *int, after *string, last *int, before *string) (*relay.Connection[domain.TrackingEvent], error) {
	args := relay.Args{First: first, After: after, Last: last, Before: before}
	return children(ctx, loaders.For(ctx).EventsOfShipments, obj.ID(), args)
}

// Shipment is the resolver for the shipment field.
func (r *trackingEventResolver) Shipment(ctx context.Context, obj *domain.TrackingEvent) (*domain.Shipment, error) {
	return loaders.For(ctx).Shipments.Load(ctx, obj.Ref(domain.KindShipment, &obj.ShipmentRow))
}

// Package returns generated.PackageResolver implementation.
func (r *Resolver) Package() generated.PackageResolver { return &packageResolver{r} }

// Shipment returns generated.ShipmentResolver implementation.
func (r *Resolver) Shipment() generated.ShipmentResolver { return &shipmentResolver{r} }

// TrackingEvent returns generated.TrackingEventResolver implementation.
func (r *Resolver) TrackingEvent() generated.TrackingEventResolver { return &trackingEventResolver{r} }

type (
	packageResolver       struct{ *Resolver }
	shipmentResolver      struct{ *Resolver }
	trackingEventResolver struct{ *Resolver }
)
