package auth

import (
	"context"
	"crypto/sha256"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/vigie-dev/vigie/domain"
)

// maxAdmitted bounds the credentials that are remembered. Only those that were admitted are, so strangers cannot push others out.
const maxAdmitted = 10_000

// credential stands for a token where it is remembered: the token itself is kept nowhere.
type credential [sha256.Size]byte

func credentialOf(token string) credential {
	var room [1 << 10]byte // Most tokens fit, and are not copied to the heap.
	return sha256.Sum256(append(room[:0], token...))
}

// judgement is what was found out about a token that counts.
type judgement struct {
	viewer domain.Viewer
	// expiry is the instant from which the token no longer counts; zero is never.
	expiry time.Time
	// began and until are the span in which the judgement may be used again.
	began, until time.Time
	// keys and edition are the keys that the token's signature was checked with; nil for an API key.
	keys    keySource
	edition uint64
	// used notes that an API key was used; nil for other tokens.
	used func(at time.Time)
}

// bound has the judgement forgotten at that instant at the latest; zero is no bound.
func (j *judgement) bound(until time.Time) {
	if !until.IsZero() && until.Before(j.until) {
		j.until = until
	}
}

// holds tells whether the judgement may be used again. It does not once its issuer's keys have changed, nor when the clock was turned back.
func (j *judgement) holds(now time.Time) bool {
	return !now.Before(j.began) && now.Before(j.until) && (j.keys == nil || j.keys.edition() == j.edition)
}

// use is the answer to whoever uses the token now.
func (j *judgement) use(now time.Time) (domain.Viewer, time.Time, error) {
	if j.used != nil {
		j.used(now)
	}
	return j.viewer, j.expiry, nil
}

// admissions remembers for a short time which credentials were admitted, and as whom. There is one judgement at a time for each
// credential. What was refused, or could not be judged, is not remembered.
type admissions struct {
	now func() time.Time
	// share is how old a judgement may be for those who came while it was made.
	share time.Duration
	kept  *lru.Cache[credential, *judgement]

	mu     sync.Mutex
	trials map[credential]*trial
}

// trial is a judgement that is being made. What it came to is there when done is closed; both are nil where its maker gave up.
type trial struct {
	began  time.Time
	done   chan struct{}
	result *judgement
	err    error
}

func newAdmissions(share time.Duration, now func() time.Time) *admissions {
	kept, err := lru.New[credential, *judgement](maxAdmitted)
	if err != nil {
		panic(err) // The size is a positive constant.
	}
	return &admissions{now: now, share: share, kept: kept, trials: map[credential]*trial{}}
}

// known is what is remembered of a credential, or nil.
func (a *admissions) known(id credential, now time.Time) *judgement {
	found, ok := a.kept.Get(id)
	if !ok || !found.holds(now) {
		return nil
	}
	return found
}

// admit is what is remembered of a credential, or else a judgement. Those who come while it is made wait for it, as long as ctx lets them.
func (a *admissions) admit(ctx context.Context, id credential, judge func(context.Context) (*judgement, error)) (*judgement, error) {
	for {
		found, current, mine := a.begin(id)
		if found != nil {
			return found, nil
		}
		if mine {
			return a.conduct(ctx, id, current, judge)
		}
		select {
		case <-current.done:
		case <-ctx.Done():
			return nil, unavailable(ctx.Err())
		}
		told := current.result != nil || current.err != nil
		if told && a.now().Sub(current.began) < a.share {
			return current.result, current.err
		}
	}
}

// begin is what is remembered of a credential, or else the trial that is under way, or else a new one, which is the caller's to conduct.
func (a *admissions) begin(id credential) (found *judgement, current *trial, mine bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	found = a.known(id, now) // Somebody may have been faster.
	if found != nil {
		return found, nil, false
	}
	current = a.trials[id]
	if current != nil {
		return nil, current, false
	}
	current = &trial{began: now, done: make(chan struct{})}
	a.trials[id] = current
	return nil, current, true
}

// conduct makes a judgement for whoever waits for it. Where its maker's own time was up, the next of them tries.
func (a *admissions) conduct(ctx context.Context, id credential, mine *trial, judge func(context.Context) (*judgement, error)) (*judgement, error) {
	defer func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.trials, id)
		close(mine.done)
	}()
	result, err := a.judge(ctx, id, judge)
	if ctx.Err() == nil {
		mine.result, mine.err = result, err
	}
	return result, err
}

// judge makes a judgement and remembers it, or forgets the credential.
func (a *admissions) judge(ctx context.Context, id credential, judge func(context.Context) (*judgement, error)) (*judgement, error) {
	result, err := judge(ctx)
	switch {
	case err == nil && result.holds(a.now()):
		a.kept.Add(id, result)
	case err == nil || Refused(err):
		a.kept.Remove(id)
	}
	return result, err
}
