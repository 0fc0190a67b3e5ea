package service

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// Options are the bounds of a Service. Zero values stand for the defaults that are named.
type Options struct {
	// Budget is how long Ask may take: 800 ms.
	Budget time.Duration
	// Patience is how long a number may wait for its call: 30 s.
	Patience time.Duration
	// CallTimeout bounds a call with its retries: 15 s.
	CallTimeout time.Duration
	// StoreTimeout bounds the saving of what a call brought: 5 s. Reading what is stored may take half the budget.
	StoreTimeout time.Duration
	// MinAge is the least age that a caller may ask for: 5 s.
	MinAge time.Duration
	// CacheSize is the number of answers that are kept: 5,000. CacheFor is how old one may be to be told without a look at what others have stored
	// since: 1 minute.
	CacheSize int
	CacheFor  time.Duration
	// Concurrency bounds the calls to one carrier that run at once: 4. QueueSize bounds the numbers of one carrier that wait: 1,000.
	Concurrency, QueueSize int
	// Retries is how often a call that failed for the moment is made again: 2; negative is never. Backoff is the wait before the first, which
	// doubles with each: 200 ms.
	Retries int
	Backoff time.Duration
	// Pause is how long a carrier that said "too often", and not until when, is left alone: 30 s.
	Pause     time.Duration
	Lifetimes Lifetimes
	Breaker   BreakerOptions

	// Store keeps what carriers say beyond the cache; nil keeps nothing.
	Store Store
	// Observer hears of calls and of changes; nil is nobody.
	Observer Observer
	// Now is the clock by which ages, paces and pauses are reckoned; nil is time.Now.
	Now func() time.Time
	// Sleep waits for so long or until ctx ends, which is its error then; nil is a timer.
	Sleep func(ctx context.Context, d time.Duration) error
	// Random gives numbers from 0 to 1, for waits; nil is math/rand.
	Random func() float64
}

// Stored is what is stored of a number.
type Stored struct {
	// Reports is what was ever said, by the carrier or by others; none where nobody said anything.
	Reports []tracking.Report
	// Outcome is the carrier's last answer, "" where it never gave one. A carrier forgets: NOT_FOUND may stand beside what it said before.
	Outcome domain.TrackingOutcome
	// FetchedAt is when the carrier said it; zero where it never did: what is stored came from elsewhere, and is never FRESH.
	FetchedAt time.Time
}

// Said is what a carrier said about a number.
type Said struct {
	Query
	Result tracking.Result // FOUND, NOT_FOUND, INVALID or AMBIGUOUS
	At     time.Time
}

// Store keeps what carriers said. Its methods are called by many goroutines at once and end with ctx.
type Store interface {
	// Load reads what is stored of each number, in their order.
	Load(ctx context.Context, queries []Query) ([]Stored, error)
	// Save keeps the answers of one call.
	Save(ctx context.Context, said []Said) error
}

// Observer hears what a Service does. It is called by many goroutines at once and must not block.
type Observer interface {
	// Called tells of a call to a carrier about so many numbers, once for each attempt.
	Called(carrier string, numbers int, took time.Duration, err error)
	// StoreFailed tells that what is stored could not be read, or an answer not be kept.
	StoreFailed(err error)
	// StateChanged tells that a carrier's breaker opened, or closed again.
	StateChanged(carrier string, state BreakerState)
}

type silent struct{}

func (silent) Called(string, int, time.Duration, error)    {}
func (silent) StoreFailed(error)                           {}
func (silent) StateChanged(carrier string, _ BreakerState) {}

type noStore struct{}

func (noStore) Load(_ context.Context, queries []Query) ([]Stored, error) {
	return make([]Stored, len(queries)), nil
}

func (noStore) Save(context.Context, []Said) error { return nil }

// orDefault replaces what is not positive.
func orDefault[T int | float64 | time.Duration](value *T, standard T) {
	if *value <= 0 {
		*value = standard
	}
}

func (o Options) withDefaults() Options {
	orDefault(&o.Budget, 800*time.Millisecond)
	orDefault(&o.Patience, 30*time.Second)
	orDefault(&o.CallTimeout, 15*time.Second)
	orDefault(&o.StoreTimeout, 5*time.Second)
	orDefault(&o.MinAge, 5*time.Second)
	orDefault(&o.CacheSize, 5_000)
	orDefault(&o.CacheFor, time.Minute)
	orDefault(&o.Concurrency, 4)
	orDefault(&o.QueueSize, 1_000)
	orDefault(&o.Backoff, 200*time.Millisecond)
	orDefault(&o.Pause, 30*time.Second)
	if o.Retries == 0 {
		o.Retries = 2
	}
	o.Lifetimes = o.Lifetimes.withDefaults()
	o.Breaker = o.Breaker.withDefaults()
	if o.Store == nil {
		o.Store = noStore{}
	}
	if o.Observer == nil {
		o.Observer = silent{}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Sleep == nil {
		o.Sleep = sleep
	}
	if o.Random == nil {
		o.Random = rand.Float64
	}
	return o
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
