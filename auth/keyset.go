package auth

import (
	"context"
	"crypto"
	"errors"
	"log/slog"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/vigie-dev/vigie/domain"
)

// longestRetry bounds the wait between failing fetches.
const longestRetry = time.Minute

// keySet holds an issuer's keys. One goroutine does all fetching, so there is never more than one fetch at a time; keys
// that were fetched stay in use while the issuer cannot be reached.
type keySet struct {
	fetch  func(context.Context) (publicKeys, error)
	timing Timing
	now    func() time.Time
	log    *slog.Logger

	// early bounds the fetches that tokens with an unknown key may cause.
	early *rate.Limiter
	// wanted asks for a fetch before its time.
	wanted  chan struct{}
	stop    context.CancelFunc
	stopped chan struct{}

	mu   sync.Mutex
	keys publicKeys
	// fetched is when the keys came; zero while there are none.
	fetched time.Time
	// failing is the reason of the last fetch's failure; nil where it succeeded.
	failing error
	// changes counts how often the keys became others; it is written under mu.
	changes atomic.Uint64
	// attempt is closed when the fetch that is asked for or under way has ended; nil where there is none.
	attempt chan struct{}
}

func newKeySet(fetch func(context.Context) (publicKeys, error), timing Timing, now func() time.Time, log *slog.Logger) *keySet {
	ctx, cancel := context.WithCancel(context.Background())
	k := &keySet{
		fetch:   fetch,
		timing:  timing,
		now:     now,
		log:     log,
		early:   rate.NewLimiter(rate.Every(timing.UnknownKeyEvery), 1),
		wanted:  make(chan struct{}, 1),
		stop:    cancel,
		stopped: make(chan struct{}),
		attempt: make(chan struct{}),
	}
	go k.run(ctx)
	return k
}

func (k *keySet) close() {
	k.stop()
	<-k.stopped
}

// run fetches at once, and then whenever it is time or wanted, until the context ends.
func (k *keySet) run(ctx context.Context) {
	defer close(k.stopped)
	retry := k.timing.RetryAfter
	for {
		wait := k.timing.RefreshEvery
		if k.refresh(ctx) {
			retry = k.timing.RetryAfter
		} else {
			wait, retry = retry, min(2*retry, longestRetry)
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-k.wanted:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// refresh fetches the keys and reports whether it could.
func (k *keySet) refresh(ctx context.Context) bool {
	k.mu.Lock()
	if k.attempt == nil {
		k.attempt = make(chan struct{})
	}
	select {
	case <-k.wanted: // This fetch is the one.
	default:
	}
	k.mu.Unlock()

	keys, err := k.fetch(ctx)
	if err != nil && ctx.Err() == nil {
		k.log.WarnContext(ctx, "the keys of a token issuer cannot be fetched", "error", err.Error())
	}

	k.mu.Lock()
	defer k.mu.Unlock()
	k.failing = err
	if err == nil {
		if !reflect.DeepEqual(k.keys, keys) {
			k.changes.Add(1)
		}
		k.keys, k.fetched = keys, k.now()
	}
	close(k.attempt)
	k.attempt = nil
	return err == nil
}

// key finds the public key by its id, for an algorithm. An id that is not known makes the keys be fetched again, unless
// that was done a moment ago.
func (k *keySet) key(ctx context.Context, id, algorithm string) (crypto.PublicKey, time.Time, error) {
	// Twice: the fetch under way may have begun before the issuer published the key.
	for range 2 {
		key, trusted := k.find(id, algorithm)
		if key != nil {
			return key, trusted, nil
		}
		fetched := k.fetchEarly()
		if fetched == nil {
			break
		}
		select {
		case <-fetched:
		case <-k.stopped:
			return nil, time.Time{}, unavailable(errors.New("stopped"))
		case <-ctx.Done():
			return nil, time.Time{}, unavailable(ctx.Err())
		}
	}
	key, trusted := k.find(id, algorithm)
	if key != nil {
		return key, trusted, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.failing != nil {
		return nil, time.Time{}, unavailable(k.failing)
	}
	return nil, time.Time{}, errUnknownKey
}

// edition changes with the keys, under the lock that find takes: whoever reads it first and finds a key then has one of that edition, or a
// newer one.
func (k *keySet) edition() uint64 { return k.changes.Load() }

// errUnknownKey says that the issuer has no such key.
var errUnknownKey = errors.New("the issuer has no key of that id and kind")

// find is the key and the instant until which it is trusted, or nil.
func (k *keySet) find(id, algorithm string) (crypto.PublicKey, time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.now().Sub(k.fetched) > k.timing.TrustFor {
		return nil, time.Time{}
	}
	return k.keys.find(id, algorithm), k.fetched.Add(k.timing.TrustFor)
}

// fetchEarly returns what closes when the keys have been fetched anew, or nil where it is too early to ask again.
func (k *keySet) fetchEarly() <-chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.attempt != nil {
		return k.attempt
	}
	if !k.early.AllowN(k.now(), 1) {
		return nil
	}
	k.attempt = make(chan struct{})
	select {
	case k.wanted <- struct{}{}:
	default: // It is asked for already.
	}
	return k.attempt
}

// unavailable is the error for a token that cannot be judged now.
func unavailable(cause error) error {
	return &domain.Error{Code: domain.CodeUnavailable, Message: "the token cannot be checked at the moment", Err: cause}
}
