package loaders

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking/service"
)

// Tracker asks carriers about numbers. *service.Service is one.
type Tracker interface {
	// Ask answers each request, in their order, within a time budget and within ctx.
	Ask(ctx context.Context, requests []service.Request) []service.Answer
	// Health tells how the carriers are doing that are set up to be asked.
	Health() []service.Health
}

// LiveKey asks what the carrier says of a shipment.
type LiveKey struct {
	Shipment domain.ID
	// MaxAge is how old the answer may be, zero for what suits the shipment.
	MaxAge time.Duration
	// History asks for what was said of the arrival earlier, too.
	History bool
	// Kept asks to wait until what the carrier says has been written down.
	Kept bool
}

// nobody is the Tracker where no carrier is set up.
type nobody struct{}

func (nobody) Ask(_ context.Context, requests []service.Request) []service.Answer {
	answers := make([]service.Answer, len(requests))
	for i := range answers {
		answers[i] = unavailable(service.FailedUnknownCarrier, "this carrier is not set up to be asked")
	}
	return answers
}

func (nobody) Health() []service.Health { return nil }

// unavailable is the answer that nothing is known.
func unavailable(code service.FailureCode, message string) service.Answer {
	return service.Answer{Freshness: service.Unavailable, Failure: &service.Failure{Code: code, Message: message}}
}

// tracker is who is asked about numbers.
func (s *Set) tracker() Tracker {
	if s.Tracker == nil {
		return nobody{}
	}
	return s.Tracker
}

// HealthOf is how a carrier has been doing of late; nil where it is not set up to be asked. All of one answer agree.
func (s *Set) HealthOf(carrier string) *domain.CarrierHealth {
	s.health.once.Do(func() {
		s.health.of = map[string]*domain.CarrierHealth{}
		for _, one := range s.tracker().Health() {
			s.health.of[one.Carrier] = healthOf(&one)
		}
	})
	return s.health.of[carrier]
}

// fetchLive asks the carriers about shipments, all at once.
func (s *Set) fetchLive(ctx context.Context, keys []LiveKey) (map[LiveKey]*domain.LiveTracking, error) {
	followed, err := s.Store.Followed(ctx, shipmentsOf(keys, false))
	if err != nil {
		return nil, err
	}
	histories, err := s.statements(ctx, shipmentsOf(keys, true))
	if err != nil {
		return nil, err
	}
	zones := zones{}
	found := make(map[LiveKey]*domain.LiveTracking, len(keys))
	var asked []LiveKey
	var requests []service.Request
	for _, key := range keys {
		shipment := followed[key.Shipment]
		if shipment == nil {
			answer := unavailable(service.FailureCode(domain.SourceNoTrackingNumber), "the shipment has no carrier or no tracking number")
			found[key] = live(&answer, place{})
			continue
		}
		asked = append(asked, key)
		requests = append(requests, service.Request{Query: service.QueryOf(shipment), MaxAge: key.MaxAge, Kept: key.Kept})
	}
	if len(requests) == 0 {
		return found, nil
	}
	answers := s.tracker().Ask(ctx, requests)
	for i, key := range asked {
		shipment := followed[key.Shipment]
		at := place{zone: zones.of(shipment.TimeZone), promised: shipment.PromisedOn, history: key.History}
		if known := histories[key.Shipment]; known != nil {
			at.earlier = known.Statements
		}
		found[key] = live(&answers[i], at)
	}
	return found, nil
}

// shipmentsOf are the shipments of keys, or of those that ask for the history, each once.
func shipmentsOf(keys []LiveKey, history bool) []domain.ID {
	var ids []domain.ID
	seen := map[domain.ID]bool{}
	for _, key := range keys {
		if !seen[key.Shipment] && (key.History || !history) {
			seen[key.Shipment] = true
			ids = append(ids, key.Shipment)
		}
	}
	return ids
}

// statements reads what was said of the arrival of shipments, without a statement where there are none.
func (s *Set) statements(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.EtaStatements, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return s.Store.EtaStatementsOfShipments(ctx, ids)
}

// fetchHistories works out how what was said of the arrival of shipments changed. Those of which nothing was said have none.
func (s *Set) fetchHistories(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.EtaHistory, error) {
	read, err := s.Store.EtaStatementsOfShipments(ctx, ids)
	if err != nil {
		return nil, err
	}
	zones := zones{}
	found := make(map[domain.ID]*domain.EtaHistory, len(read))
	for id, known := range read {
		history, err := etaHistory(nil, place{zone: zones.of(known.TimeZone), promised: known.PromisedOn, earlier: known.Statements})
		if err != nil {
			return nil, err
		}
		found[id] = history
	}
	return found, nil
}

// zones are the time zones of one batch: each is read once.
type zones map[string]*time.Location

// of is the zone of a name; nil where there is none of it.
func (z zones) of(name *string) *time.Location {
	if name == nil {
		return nil
	}
	zone, known := z[*name]
	if !known {
		loaded, err := time.LoadLocation(*name)
		if err == nil {
			zone = loaded
		}
		z[*name] = zone
	}
	return zone
}
