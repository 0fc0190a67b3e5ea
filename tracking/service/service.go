package service

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/vigie-dev/vigie/tracking"
)

// longestNumber bounds what is passed on as a tracking number. The longest in use have about 40 characters.
const longestNumber = 64

// Service answers questions about numbers of several carriers. It is safe for use by many goroutines.
type Service struct {
	options Options
	memory  *memory
	order   []*lane // as the carriers were given
	lanes   map[string]*lane
	stop    context.CancelFunc
	workers sync.WaitGroup
}

// New makes a service over carriers, each of which has a code of its own. Close it.
func New(carriers []tracking.Carrier, options Options) (*Service, error) {
	s := &Service{options: options.withDefaults(), lanes: map[string]*lane{}}
	memory, err := newMemory(s.options.CacheSize)
	if err != nil {
		return nil, err
	}
	s.memory = memory
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	for _, carrier := range carriers {
		code := carrier.Code()
		if s.lanes[code] != nil {
			stop()
			return nil, fmt.Errorf("there are two carriers with the code %q", code)
		}
		s.lanes[code] = newLane(ctx, carrier, &s.options, memory, &s.workers)
		s.order = append(s.order, s.lanes[code])
	}
	return s, nil
}

// Close ends all calls and waits for everything that the service began, or for ctx, whose error it gives then. From its beginning on, Ask
// answers from what is known.
func (s *Service) Close(ctx context.Context) error {
	s.stop()
	for _, lane := range s.order {
		lane.close()
	}
	done := make(chan struct{})
	go func() {
		s.workers.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Forget drops what is cached of a number, so that what was stored meanwhile, such as a carrier's push, is seen at once.
func (s *Service) Forget(carrier, number string) { s.memory.forget(carrier, number) }

// Ask answers each request, in their order, within Options.Budget and within ctx.
func (s *Service) Ask(ctx context.Context, requests []Request) []Answer {
	return s.AskFor(ctx, s.options.Budget, requests)
}

// AskFor is Ask with a time budget of its own, for those who wait for no person.
func (s *Service) AskFor(ctx context.Context, budget time.Duration, requests []Request) []Answer {
	ctx, cancel := context.WithTimeout(ctx, budget)
	defer cancel()
	round := s.begin(requests)
	s.load(ctx, round.unanswered())
	round.join(ctx)
	round.wait(ctx, s.options.Now().Add(remaining(ctx)))
	return round.answers()
}

// remaining is the time that ctx, which has a deadline, leaves.
func remaining(ctx context.Context) time.Duration {
	deadline, _ := ctx.Deadline()
	return time.Until(deadline)
}

// load adds what is stored to questions that the cache does not answer.
func (s *Service) load(ctx context.Context, asked []*question) {
	if len(asked) == 0 {
		return
	}
	// What is stored is only half of the matter, so it gets half of the time.
	ctx, cancel := context.WithTimeout(ctx, remaining(ctx)/2)
	defer cancel()
	queries := make([]Query, len(asked))
	for i, q := range asked {
		queries[i] = q.query
	}
	stored, err := s.options.Store.Load(ctx, queries)
	if err == nil && len(stored) != len(queries) {
		err = errors.New("the store answered another number of questions than it was asked")
	}
	if err != nil {
		s.options.Observer.StoreFailed(err)
		return
	}
	for i, q := range asked {
		q.learn(knownOf(&stored[i]), FromStore)
	}
}
