package resolvers

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/99designs/gqlgen/graphql"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/execute"
	"github.com/vigie-dev/vigie/graph/model"
	"github.com/vigie-dev/vigie/loaders"
)

const (
	// maxCarrierEvents bounds the events of a live answer.
	maxCarrierEvents = 100
	// leastAge is how young an answer can be asked for, in seconds. Carriers are not asked more often.
	leastAge = 5
)

// age is how old an answer may be, zero where the client leaves that to us.
func age(seconds *int) (time.Duration, error) {
	if seconds == nil {
		return 0, nil
	}
	if *seconds < leastAge {
		return 0, domain.BadInput("maxAge is %d seconds or more, not %d", leastAge, *seconds)
	}
	return time.Duration(*seconds) * time.Second, nil
}

// liveKey is what a field asks of the live tracking of shipments, the same for all of a level.
func liveKey(ctx context.Context, maxAge *int) (loaders.LiveKey, error) {
	return execute.Once(ctx, "live", func() (loaders.LiveKey, error) {
		age, err := age(maxAge)
		return loaders.LiveKey{MaxAge: age, History: slices.Contains(graphql.CollectAllFields(ctx), "etaHistory")}, err
	})
}

// trackKey is a number as it is asked for: without what cannot be seen. What no carrier has such numbers of is answered and not refused.
func trackKey(carrier *string, number string, maxAge *int) (loaders.TrackKey, error) {
	age, err := age(maxAge)
	return loaders.TrackKey{Carrier: strings.ToLower(visible(valueOf(carrier))), Number: visible(number), MaxAge: age}, err
}

// visible is a text without blanks around it and without characters that cannot be seen.
func visible(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, text))
}

// refresh asks the carrier about a shipment, and reads the shipment when what it said has been written down.
func (r *mutationResolver) refresh(ctx context.Context, id domain.ID) (*model.ShipmentRefreshPayload, error) {
	if id.Kind != domain.KindShipment {
		return refusedRefresh("this is not the id of a shipment", domain.UserErrorNotFound), nil
	}
	set := loaders.For(ctx)
	live, err := set.Live.Load(ctx, loaders.LiveKey{Shipment: id, MaxAge: leastAge * time.Second, History: true, Kept: true})
	if err != nil {
		return nil, err
	}
	shipments, err := set.Store.ShipmentsByID(ctx, []domain.ID{id})
	switch {
	case err != nil:
		return nil, err
	case shipments[id] == nil:
		return refusedRefresh("there is no such shipment", domain.UserErrorNotFound), nil
	}
	payload := &model.ShipmentRefreshPayload{UserErrors: []*domain.UserError{}}
	if live.SourceError != nil && live.SourceError.Code == domain.SourceNoTrackingNumber {
		payload = refusedRefresh(live.SourceError.Message, domain.UserErrorNoTrackingNumber)
	}
	payload.Shipment, payload.Live = shipments[id], live
	return payload, nil
}

func refusedRefresh(message string, code domain.UserErrorCode) *model.ShipmentRefreshPayload {
	return &model.ShipmentRefreshPayload{UserErrors: []*domain.UserError{{Field: []string{"input", "shipmentId"}, Message: message, Code: code}}}
}
