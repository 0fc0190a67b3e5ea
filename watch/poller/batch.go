package poller

import (
	"context"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/tracking/service"
)

// youngest is how old an answer may be to do without asking: the service asks for nothing that is younger than a few seconds anyway.
const youngest = time.Second

// tolerance is by how much an answer that is stored may seem older than it was told to be.
const tolerance = time.Second

// batch is shipments that were claimed together, and what came of each.
type batch struct {
	lane    *lane
	until   time.Time // the end of the lease
	claimed []*domain.Followed
	asked   []*domain.Followed // those about whom the carrier was asked
	answers []service.Answer   // and what came of it, one for each
	turns   []storage.Turn
	stepped Stepped
}

func (b *batch) claim(ctx context.Context, most int) error {
	p := b.lane.poller
	bounded, cancel := p.within(ctx)
	defer cancel()
	claimed, err := p.store.ClaimDue(bounded, b.lane.carrier, p.options.Now(), b.until, most)
	b.claimed = claimed
	return err
}

// work asks about all that are not known well enough yet, a few calls at a time, and writes when they are due next: also when ctx has ended
// meanwhile, so that what could not be asked about is due at once for others.
func (b *batch) work(ctx context.Context, pace waits) (Stepped, error) {
	if len(b.claimed) == 0 {
		return b.stepped, nil
	}
	options := &b.lane.poller.options
	began := options.Now()
	b.stepped = Stepped{Claimed: len(b.claimed), Lag: max(0, began.Sub(*b.claimed[0].DueAt))}
	open := b.postpone(began)
	for len(open) > 0 {
		most := 0
		if ctx.Err() == nil && options.Now().Before(b.until.Add(-options.Lease/2)) {
			most, _ = b.lane.room(min(len(open), options.Calls*b.perCall()))
		}
		if most == 0 {
			b.giveBack(open)
			break
		}
		start := time.Now()
		b.ask(ctx, open[:most])
		open = open[most:]
		pace(ctx, (most+b.perCall()-1)/b.perCall(), time.Since(start))
	}
	b.learn(ctx)
	options.Observer.Polled(b.lane.carrier, b.stepped.Asked, b.stepped.Failed, b.stepped.Lag)
	ctx, cancel := b.lane.poller.within(context.WithoutCancel(ctx))
	defer cancel()
	return b.stepped, b.lane.poller.store.Reschedule(ctx, b.until, b.turns)
}

func (b *batch) perCall() int { return max(1, b.lane.poller.health(b.lane.carrier).NumbersPerCall) }

// postpone says when those are due that somebody else has asked about, or that the carrier itself has told of, since they were scheduled. The
// others are given back.
func (b *batch) postpone(now time.Time) []*domain.Followed {
	var open []*domain.Followed
	for _, f := range b.claimed {
		// What was heard of later than now was heard before a clock was put right.
		if f.FetchedAt == nil || f.Failures > 0 || f.FetchedAt.After(now.Add(shortly)) {
			open = append(open, f)
			continue
		}
		due := next(f, *f.FetchedAt, b.lane.stretch)
		if due != nil && !due.After(now) {
			open = append(open, f)
			continue
		}
		b.turn(f, due, 0)
	}
	return open
}

// giveBack makes those due again at once that cannot be asked about now.
func (b *batch) giveBack(open []*domain.Followed) {
	for _, f := range open {
		b.turn(f, f.DueAt, f.Failures)
	}
}

func (b *batch) turn(f *domain.Followed, due *time.Time, failures int) {
	b.turns = append(b.turns, storage.Turn{Shipment: f.ID(), DueAt: due, Failures: failures})
}

// ask asks about shipments. What came of it is learned once for the whole batch.
func (b *batch) ask(ctx context.Context, open []*domain.Followed) {
	answers := b.answersTo(ctx, open)
	for i, f := range open {
		if answers[i].Failure != nil && ctx.Err() != nil {
			b.giveBack(open[i : i+1]) // We went, not the carrier.
			continue
		}
		b.asked, b.answers = append(b.asked, f), append(b.answers, answers[i])
	}
}

// learn reads what is known now of those that were asked about, and says when they are due next.
func (b *batch) learn(ctx context.Context) {
	b.stepped.Asked = len(b.asked)
	known, err := b.known(ctx)
	now := b.lane.poller.options.Now()
	for i, f := range b.asked {
		failure, after := b.answers[i].Failure, known[f.ID()]
		switch {
		case failure == nil && err == nil && after == nil:
			continue // It has lost its number meanwhile.
		case failure == nil && (err != nil || !writtenDown(after, &b.answers[i])):
			failure = &service.Failure{Code: service.FailedInternal}
		}
		if failure != nil {
			b.stepped.Failed++
			due, failures := retry(f, failure, now)
			b.turn(f, due, failures)
			continue
		}
		heard := *after.FetchedAt
		if heard.After(now) {
			heard = now
		}
		b.turn(f, next(after, heard, b.lane.stretch), 0)
	}
}

// writtenDown tells whether what the carrier said has come into the database: if not, it is to be asked again before long.
func writtenDown(after *domain.Followed, answer *service.Answer) bool {
	return after.FetchedAt != nil && !after.FetchedAt.Before(answer.FetchedAt.Add(-tolerance))
}

// answersTo is what the carrier says. Where that panics, it is a failure of all.
func (b *batch) answersTo(ctx context.Context, open []*domain.Followed) (answers []service.Answer) {
	options := &b.lane.poller.options
	defer func() {
		fault := recover()
		if fault != nil {
			b.lane.panicked(fault)
		}
		for len(answers) < len(open) {
			answers = append(answers, service.Answer{Failure: &service.Failure{Code: service.FailedInternal}})
		}
	}()
	requests := make([]service.Request, len(open))
	for i, f := range open {
		requests[i] = service.Request{Query: options.Query(f), MaxAge: youngest, Kept: true}
	}
	return b.lane.poller.asker.AskFor(ctx, options.Budget, requests)
}

// known reads those that were asked about again, with what was written down of them.
func (b *batch) known(ctx context.Context) (map[domain.ID]*domain.Followed, error) {
	if len(b.asked) == 0 {
		return map[domain.ID]*domain.Followed{}, nil
	}
	ids := make([]domain.ID, len(b.asked))
	for i, f := range b.asked {
		ids[i] = f.ID()
	}
	// What was told in time is put to use, even when ctx has ended since.
	ctx, cancel := b.lane.poller.within(context.WithoutCancel(ctx))
	defer cancel()
	return b.lane.poller.store.Followed(ctx, ids)
}
