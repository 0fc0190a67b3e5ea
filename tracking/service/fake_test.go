package service_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// carrier is one that answers as it is told: that all numbers are in transit, until told otherwise.
type carrier struct {
	code   string
	limits tracking.Limits
	answer func(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error)

	mu      sync.Mutex
	calls   [][]string
	at      []time.Time
	running int
	most    int
}

func (c *carrier) Code() string            { return c.code }
func (c *carrier) Name() string            { return strings.ToUpper(c.code) }
func (c *carrier) Limits() tracking.Limits { return c.limits }

func (c *carrier) Track(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	c.enter(numbers)
	defer c.leave()
	if c.answer == nil {
		return all(domain.MilestoneInTransit)(ctx, numbers)
	}
	return c.answer(ctx, numbers)
}

func (c *carrier) enter(numbers []tracking.Number) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var call []string
	for _, number := range numbers {
		call = append(call, number.Number)
	}
	c.calls, c.at = append(c.calls, call), append(c.at, time.Now())
	c.running++
	c.most = max(c.most, c.running)
}

func (c *carrier) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.running--
}

func (c *carrier) called() [][]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.calls)
}

// report is one of a shipment that has come so far.
func report(number string, milestone domain.Milestone) tracking.Report {
	r := tracking.Report{Number: number, Events: []tracking.Event{{
		Milestone: milestone, Classifier: domain.StateActual, RawCode: "x", Time: tracking.Exact(time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)),
	}}}
	r.SetKeys(time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC))
	return r
}

type answers = func(context.Context, []tracking.Number) ([]tracking.Result, error)

func all(milestone domain.Milestone) answers {
	return func(_ context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
		results := make([]tracking.Result, len(numbers))
		for i, number := range numbers {
			found := []tracking.Report{report(number.Number, milestone)}
			results[i] = tracking.Result{Number: number.Number, Outcome: domain.TrackingFound, Reports: found}
		}
		return results, nil
	}
}

func outcome(result tracking.Result) answers {
	return func(_ context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
		return slices.Repeat([]tracking.Result{result}, len(numbers)), nil
	}
}

func fails(failure *tracking.Error) answers {
	return func(context.Context, []tracking.Number) ([]tracking.Result, error) { return nil, failure }
}

// slow is an answer that takes so long, or until the call ends.
func slow(d time.Duration, then answers) answers {
	return func(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
		select {
		case <-time.After(d):
			return then(ctx, numbers)
		case <-ctx.Done():
			return nil, &tracking.Error{Code: tracking.ErrTimeout, Temporary: true, Err: ctx.Err()}
		}
	}
}

// inTurn answers the first call as the first says, and so on; the last goes on.
func inTurn(each ...answers) answers {
	var mu sync.Mutex
	return func(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
		mu.Lock()
		now := each[0]
		if len(each) > 1 {
			each = each[1:]
		}
		mu.Unlock()
		return now(ctx, numbers)
	}
}

var errUnavailable = &tracking.Error{Code: tracking.ErrUnavailable, Temporary: true}

// store keeps in a map what a carrier said by number.
type store struct {
	mu     sync.Mutex
	kept   map[string]service.Stored
	saved  []service.Said
	loads  int
	broken error
	hangs  bool
	slow   time.Duration // of the next load
}

func (s *store) Load(ctx context.Context, queries []service.Query) ([]service.Stored, error) {
	if s.hangs {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	time.Sleep(s.delay())
	s.mu.Lock()
	defer s.mu.Unlock()
	s.loads++
	found := make([]service.Stored, len(queries))
	for i, query := range queries {
		found[i] = s.kept[query.Number.Number]
	}
	return found, s.broken
}

func (s *store) delay() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	d := s.slow
	s.slow = 0
	return d
}

func (s *store) Save(ctx context.Context, said []service.Said) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saved = append(s.saved, said...)
	return s.broken
}

// ear notes what a service tells.
type ear struct {
	mu     sync.Mutex
	calls  []error
	failed []error
	states []service.BreakerState
}

func (e *ear) Called(_ string, _ int, _ time.Duration, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls = append(e.calls, err)
}

func (e *ear) StoreFailed(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.failed = append(e.failed, err)
}

func (e *ear) StateChanged(_ string, state service.BreakerState) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.states = append(e.states, state)
}

// open makes a service that is closed when the test ends, in the bubble of the test where it has one.
func open(t testing.TB, options service.Options, carriers ...tracking.Carrier) *service.Service {
	t.Helper()
	s, err := service.New(carriers, options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close(context.Background())) })
	return s
}

func ask(code string, numbers ...string) []service.Request {
	var requests []service.Request
	for _, number := range numbers {
		requests = append(requests, service.Request{Query: query(code, number)})
	}
	return requests
}

func query(code, number string) service.Query {
	return service.Query{Carrier: code, Number: tracking.Number{Number: number}}
}

// one asks about one number.
func one(t testing.TB, s *service.Service, code, number string) service.Answer {
	t.Helper()
	found := s.Ask(t.Context(), ask(code, number))
	require.Len(t, found, 1)
	return found[0]
}

func requireFresh(t testing.TB, answer service.Answer, source service.Source) {
	t.Helper()
	require.Nil(t, answer.Failure)
	require.Equal(t, service.Fresh, answer.Freshness)
	require.Equal(t, source, answer.Source)
	require.False(t, answer.FetchedAt.IsZero())
}

func requireFailed(t testing.TB, answer service.Answer, freshness service.Freshness, code service.FailureCode) {
	t.Helper()
	require.NotNil(t, answer.Failure)
	require.Equal(t, code, answer.Failure.Code)
	require.Equal(t, freshness, answer.Freshness)
	require.NotEmpty(t, answer.Failure.Message)
	require.NotEqual(t, domain.CodeInternal, domain.ErrorCode(answer.Failure))
}

var errBroken = errors.New("broken")
