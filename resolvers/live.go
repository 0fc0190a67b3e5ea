package resolvers

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/graph/model"
	"github.com/vigie-dev/vigie/loaders"
)

// Health is the resolver for the health field.
func (r *carrierResolver) Health(ctx context.Context, obj *domain.Carrier) (*domain.CarrierHealth, error) {
	return loaders.For(ctx).HealthOf(obj.Code), nil
}

// Events is the resolver for the events field.
func (r *liveTrackingResolver) Events(ctx context.Context, obj *domain.LiveTracking, first int) ([]*domain.CarrierEvent, error) {
	if first < 1 || first > maxCarrierEvents {
		return nil, domain.BadInput("first is from 1 to %d, not %d", maxCarrierEvents, first)
	}
	return obj.AllEvents[:min(first, len(obj.AllEvents))], nil
}

// ShipmentRefresh is the resolver for the shipmentRefresh field.
func (r *mutationResolver) ShipmentRefresh(ctx context.Context, input model.ShipmentRefreshInput) (*model.ShipmentRefreshPayload, error) {
	return r.refresh(ctx, input.ShipmentID)
}

// Track is the resolver for the track field.
func (r *queryResolver) Track(ctx context.Context, carrier *string, number string, maxAge *int) (*domain.TrackAnswer, error) {
	key, err := trackKey(carrier, number, maxAge)
	if err != nil {
		return nil, err
	}
	return loaders.For(ctx).Tracks.Load(ctx, key)
}

// Live is the resolver for the live field.
func (r *shipmentResolver) Live(ctx context.Context, obj *domain.Shipment, maxAge *int) (*domain.LiveTracking, error) {
	key, err := liveKey(ctx, maxAge)
	if err != nil {
		return nil, err
	}
	key.Shipment = obj.ID()
	return loaders.For(ctx).Live.Load(ctx, key)
}

// EtaHistory is the resolver for the etaHistory field.
func (r *shipmentResolver) EtaHistory(ctx context.Context, obj *domain.Shipment) (*domain.EtaHistory, error) {
	return loaders.For(ctx).EtaHistories.Find(ctx, obj.ID())
}

// Carrier returns generated.CarrierResolver implementation.
func (r *Resolver) Carrier() generated.CarrierResolver { return &carrierResolver{r} }

// LiveTracking returns generated.LiveTrackingResolver implementation.
func (r *Resolver) LiveTracking() generated.LiveTrackingResolver { return &liveTrackingResolver{r} }

type (
	carrierResolver      struct{ *Resolver }
	liveTrackingResolver struct{ *Resolver }
)
