package service

import (
	"context"
	"sync"
	"time"

	"github.com/vigie-dev/vigie/tracking"
)

// flight is one number on its way to the carrier and back. All who ask for it meanwhile wait for done.
type flight struct {
	key     key
	query   Query
	expires time.Time // after which it is not worth a call any more
	begins  time.Time // about when its call begins
	before  *known    // what was known of it when it began

	done    chan struct{}
	found   *known   // these two are set before done is closed: the one,
	failure *Failure // or the other

	kept chan struct{} // closed after done, when what was found has been kept or could not be
}

// lane is the way to one carrier: a bounded queue of numbers, and workers that take as many of them as one call may ask about.
type lane struct {
	carrier tracking.Carrier
	options *Options
	memory  *memory
	ctx     context.Context // ends when the service closes
	workers *sync.WaitGroup

	mu            sync.Mutex
	closed        bool
	flights       map[key]*flight // waiting or being asked about
	queue         []*flight
	running       int // workers
	calling       int // workers that are asking, or keeping what they were told
	pace          *pace
	breaker       *breaker
	lastSuccessAt time.Time
}

func newLane(ctx context.Context, carrier tracking.Carrier, options *Options, memory *memory, workers *sync.WaitGroup) *lane {
	now := options.Now()
	return &lane{
		carrier: carrier, options: options, memory: memory, ctx: ctx, workers: workers, flights: map[key]*flight{},
		pace: newPace(carrier.Limits(), now), breaker: newBreaker(options.Breaker, now),
	}
}

// join puts numbers into the queue, or finds the flights that are under way for them, or what has been learned since the caller looked.
func (l *lane) join(asked []*question) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.options.Now()
	for _, q := range asked {
		q.flight = l.flights[q.key]
		if q.flight == nil {
			l.enter(q, now)
		}
	}
	l.employ()
}

func (l *lane) enter(q *question, now time.Time) {
	// A flight may have landed between the caller's look and this one.
	q.learn(l.memory.recall(q.key), FromCache)
	if q.fresh(now) {
		return
	}
	q.failure = l.memory.failure(q.key, now)
	if q.failure == nil {
		q.failure = l.refuses(now)
	}
	if q.failure != nil {
		return
	}
	begins := l.pace.begins(now, len(l.queue))
	if begins.After(now.Add(l.options.Patience)) {
		q.failure = failed(FailedRateLimited, begins)
		return
	}
	q.flight = &flight{
		key: q.key, query: q.query, expires: now.Add(l.options.Patience), begins: begins, before: q.known,
		done: make(chan struct{}), kept: make(chan struct{}),
	}
	l.flights[q.key] = q.flight
	l.queue = append(l.queue, q.flight)
}

// refuses tells why a number cannot wait here, nil where it can.
func (l *lane) refuses(now time.Time) *Failure {
	failure := l.blocked(now)
	if failure == nil && len(l.queue) >= l.options.QueueSize {
		failure = failed(FailedOverloaded, time.Time{})
	}
	return failure
}

// blocked tells why no call may begin now, nil where one may.
func (l *lane) blocked(now time.Time) *Failure {
	// The service ends the context first: whoever waited for the time of a call is woken too early then.
	if l.closed || l.ctx.Err() != nil {
		return failed(FailedStopped, time.Time{})
	}
	ready, from := l.breaker.ready(now)
	if !ready {
		return failed(FailedCircuitOpen, from)
	}
	return l.pace.blocked(now)
}

// employ starts workers while there are calls to make that no worker is there for.
func (l *lane) employ() {
	size := l.pace.limits.NumbersPerCall
	calls := (len(l.queue) + size - 1) / size
	for l.running < l.options.Concurrency && l.running-l.calling < calls {
		l.running++
		l.workers.Go(l.work)
	}
}

// work makes calls until nothing waits.
func (l *lane) work() {
	for {
		b := l.take()
		if b == nil {
			return
		}
		l.ask(b)
	}
}

// take waits for the time of the next call and takes the numbers for it; nil where there are none. Then the worker is gone.
func (l *lane) take() *batch {
	l.mu.Lock()
	defer l.mu.Unlock()
	mine := false // this worker holds the time of a call
	for {
		now := l.options.Now()
		l.clear(now)
		if len(l.queue) == 0 {
			l.running--
			return nil
		}
		if !mine {
			l.awaitTurn(l.ctx, l.pace.reserve(now).DelayFrom(now))
			mine = true
			continue
		}
		return l.pop(now)
	}
}

// clear lets those go that cannot be asked about any more.
func (l *lane) clear(now time.Time) {
	failure := l.blocked(now)
	if failure != nil {
		for _, f := range l.queue {
			l.land(f, nil, failure)
		}
		l.queue = nil
		return
	}
	for len(l.queue) > 0 && now.After(l.queue[0].expires) {
		l.land(l.queue[0], nil, failed(FailedOverloaded, time.Time{}))
		l.queue = l.queue[1:]
	}
}

// awaitTurn waits, without the lock, for the time of a call that the pace has given, or until ctx ends.
func (l *lane) awaitTurn(ctx context.Context, wait time.Duration) {
	if wait <= 0 {
		return
	}
	l.pace.waiting++
	l.mu.Unlock()
	// Where ctx ends meanwhile, the caller finds that out by itself.
	_ = l.options.Sleep(ctx, wait)
	l.mu.Lock()
	l.pace.waiting--
}

// pop takes the numbers of one call.
func (l *lane) pop(now time.Time) *batch {
	size := min(len(l.queue), l.pace.limits.NumbersPerCall)
	b := &batch{flights: l.queue[:size:size], numbers: make([]tracking.Number, size)}
	l.queue = l.queue[size:]
	for i, f := range b.flights {
		b.numbers[i] = f.query.Number
	}
	b.trial = l.breaker.begin(now)
	l.pace.today++
	l.calling++
	return b
}

// land ends a flight and tells all who wait for it. What was learned is remembered before the flight is forgotten, so that nobody falls
// between the two.
func (l *lane) land(f *flight, found *known, failure *Failure) {
	if found != nil {
		l.memory.learn(f.key, found)
	}
	f.found, f.failure = found, failure
	delete(l.flights, f.key)
	close(f.done)
	if found == nil {
		close(f.kept)
	}
}

// close lets all who wait go and accepts nobody more.
func (l *lane) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.clear(l.options.Now())
}
