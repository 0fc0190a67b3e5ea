// Package poller asks carriers about shipments before anybody else does: sooner where an arrival is near, later where nothing moves, never where
// a shipment is settled, and no more often than a carrier allows.
//
// What is due stands in the database, so that any number of instances may share the work, and a restart loses nothing: whoever takes shipments
// puts them off by a lease first, and says when they are due next once the carrier has answered.
package poller

import (
	"context"
	"sync"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/tracking/service"
)

// Asker is asked about numbers; it is a service.Service, whose Store writes down what it was told.
type Asker interface {
	AskFor(ctx context.Context, budget time.Duration, requests []service.Request) []service.Answer
	Health() []service.Health
}

// Poller keeps shipments current. Any number of them may work on one database.
type Poller struct {
	store   *storage.Store
	asker   Asker
	options Options
	lanes   []*lane
	outage  outage
}

// New makes a poller that asks the carriers that the asker has. Run starts it.
func New(pool *storage.Pool, asker Asker, options Options) *Poller {
	p := &Poller{store: pool.For(domain.Viewer{Subject: "watch", Role: domain.RoleAdmin}), asker: asker, options: options.withDefaults()}
	p.outage.log = p.options.Log
	for _, health := range asker.Health() {
		p.lanes = append(p.lanes, &lane{poller: p, carrier: health.Carrier, stretch: 1})
	}
	return p
}

// Run asks about what is due until ctx ends, and waits for all that it began. Where Postgres is gone it waits until it is back.
func (p *Poller) Run(ctx context.Context) error {
	var running sync.WaitGroup
	for _, l := range p.lanes {
		running.Go(func() { l.run(ctx) })
	}
	running.Wait()
	return nil
}

// Stepped is what came of one step.
type Stepped struct {
	// Claimed shipments were due. About Asked of them a carrier was asked, which Failed for some; the others had been heard of meanwhile, or were
	// given back because their carrier cannot be asked now.
	Claimed, Asked, Failed int
	// Lag is how long the one that had waited longest was due.
	Lag time.Duration
}

func (s *Stepped) add(other Stepped) {
	s.Claimed += other.Claimed
	s.Asked += other.Asked
	s.Failed += other.Failed
	s.Lag = max(s.Lag, other.Lag)
}

// Step takes up to one batch of each carrier, one after the other, for those who have a clock of their own. It does not wait for a carrier's
// pace. Its error is that of the database; what was claimed then is due again after the lease.
func (p *Poller) Step(ctx context.Context) (Stepped, error) {
	var all Stepped
	for _, l := range p.lanes {
		stepped, _, err := l.turn(ctx, func(context.Context, int, time.Duration) {})
		all.add(stepped)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// health is that of a carrier at this moment; the zero one where it is not asked any more.
func (p *Poller) health(carrier string) service.Health {
	for _, health := range p.asker.Health() {
		if health.Carrier == carrier {
			return health
		}
	}
	return service.Health{State: service.Open}
}

// within gives a statement its time.
func (p *Poller) within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, p.options.StoreTimeout)
}
