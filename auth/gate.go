package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// maxTokenBytes bounds a token before anything is done with it. Issuers that put groups into tokens stay well below.
const maxTokenBytes = 16 << 10

// Authenticator tells who bears a token.
type Authenticator interface {
	// Authenticate returns the bearer and the instant from which the token no longer counts; the zero time is never.
	Authenticate(ctx context.Context, token string) (domain.Viewer, time.Time, error)
	// Reauthenticate is Authenticate for what has been admitted and lives on: whatever is remembered of the token does not count.
	Reauthenticate(ctx context.Context, token string) (domain.Viewer, time.Time, error)
}

// Config says whose tokens are accepted. With nothing in it, none is.
type Config struct {
	// Issuers sign JSON web tokens.
	Issuers []IssuerConfig
	// Demo, where set, is the issuer of the demo's personas.
	Demo *DemoIssuer
	// Directory finds the rows that claims name; needed where there is an issuer.
	Directory Directory
	// Keys holds API keys; nil accepts none.
	Keys KeyStore
	// Timing says how often things are fetched and forgotten; zero values are the defaults.
	Timing Timing
	// Now is the clock; time.Now when nil.
	Now func() time.Time
	// Log hears of refused tokens, at debug level, and of issuers that cannot be reached; slog.Default() when nil.
	Log *slog.Logger
}

// Timing says how often things are fetched and forgotten. Every zero value is the default.
type Timing struct {
	// RefreshEvery is the time between two fetches of an issuer's keys; 15 minutes.
	RefreshEvery time.Duration
	// RetryAfter is the wait after a failed fetch, which doubles up to a minute; 2 s.
	RetryAfter time.Duration
	// UnknownKeyEvery bounds how often tokens with an unknown key make an issuer's keys be fetched early; 30 s.
	UnknownKeyEvery time.Duration
	// FetchTimeout bounds one fetch, discovery included; 5 s.
	FetchTimeout time.Duration
	// TrustFor is how long keys count that could not be fetched again; 24 hours.
	TrustFor time.Duration
	// RememberFor is how long the row behind a claim is remembered, hence how long a user who has left may stay; 1 minute.
	RememberFor time.Duration
	// JudgeWithin bounds the judgement of one token, with all that is fetched and read for it; 10 s.
	JudgeWithin time.Duration
	// AdmitFor is how long a JSON web token that was admitted is not judged again, at most until it expires; 1 minute.
	AdmitFor time.Duration
	// AdmitKeyFor is the same for an API key, hence how long one that was revoked may be used; 5 s.
	AdmitKeyFor time.Duration
	// LastUseEvery is the least time between two notes of an API key's use; 1 minute.
	LastUseEvery time.Duration
}

func (t Timing) withDefaults() Timing {
	for _, d := range []struct {
		value    *time.Duration
		standard time.Duration
	}{
		{&t.RefreshEvery, 15 * time.Minute},
		{&t.RetryAfter, 2 * time.Second},
		{&t.UnknownKeyEvery, 30 * time.Second},
		{&t.FetchTimeout, 5 * time.Second},
		{&t.TrustFor, 24 * time.Hour},
		{&t.RememberFor, time.Minute},
		{&t.JudgeWithin, 10 * time.Second},
		{&t.AdmitFor, time.Minute},
		{&t.AdmitKeyFor, 5 * time.Second},
		{&t.LastUseEvery, time.Minute},
	} {
		if *d.value <= 0 {
			*d.value = d.standard
		}
	}
	return t
}

// Gate is the Authenticator over everything that a Config names. It is safe for concurrent use.
type Gate struct {
	issuers map[string]*issuer
	keys    *keyring
	known   *admissions
	now     func() time.Time
	log     *slog.Logger
	within  time.Duration
	closers []func()
}

// New makes a Gate and begins to fetch the issuers' keys in the background. An issuer that cannot be reached is no error:
// it may come back. The caller closes the Gate.
func New(cfg Config) (*Gate, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	if cfg.Directory == nil && (len(cfg.Issuers) > 0 || cfg.Demo != nil) {
		return nil, errors.New("authentication by issuers needs a directory")
	}
	cfg.Timing = cfg.Timing.withDefaults()
	g := &Gate{
		issuers: map[string]*issuer{},
		known:   newAdmissions(cfg.Timing.AdmitKeyFor, cfg.Now),
		now:     cfg.Now,
		log:     cfg.Log,
		within:  cfg.Timing.JudgeWithin,
	}
	err := g.addIssuers(cfg)
	if err != nil {
		g.Close()
		return nil, err
	}
	if cfg.Keys != nil {
		g.keys = newKeyring(cfg.Keys, cfg.Timing, cfg.Now, cfg.Log)
		g.closers = append(g.closers, g.keys.close)
	}
	return g, nil
}

func (g *Gate) addIssuers(cfg Config) error {
	people := newRemembered(cfg.Directory, cfg.Timing.RememberFor, cfg.Now)
	for _, one := range cfg.Issuers {
		one, err := one.complete()
		if err != nil {
			return err
		}
		if g.issuers[one.Issuer] != nil {
			return fmt.Errorf("issuer %s is configured twice", one.Issuer)
		}
		fetcher := newFetcher(one, cfg.Timing.FetchTimeout)
		keys := newKeySet(fetcher.keys, cfg.Timing, cfg.Now, cfg.Log.With("issuer", one.Issuer))
		g.closers = append(g.closers, keys.close, fetcher.close)
		g.issuers[one.Issuer] = newIssuer(one, keys, people, cfg.Timing.AdmitFor, cfg.Now)
	}
	if cfg.Demo != nil {
		g.issuers[demoIssuerName] = newIssuer(demoIssuerConfig(), cfg.Demo.keys(), people, cfg.Timing.AdmitFor, cfg.Now)
	}
	return nil
}

// Close ends the background work and waits for it. The Gate refuses tokens whose keys it does not know from then on.
func (g *Gate) Close() {
	for _, stop := range g.closers {
		stop()
	}
	g.closers = nil
}

// Authenticate tells who bears a token: a JSON web token or an API key. One that was admitted a moment ago is not judged again.
func (g *Gate) Authenticate(ctx context.Context, token string) (domain.Viewer, time.Time, error) {
	if len(token) > maxTokenBytes {
		return g.deny(ctx, refuse("the token is too long", nil))
	}
	id, now := credentialOf(token), g.now()
	found := g.known.known(id, now)
	if found == nil {
		var err error
		found, err = g.admit(ctx, id, token)
		if err != nil {
			return g.deny(ctx, err)
		}
	}
	return found.use(now)
}

// admit is Authenticate for a token of which nothing is remembered.
func (g *Gate) admit(ctx context.Context, id credential, token string) (*judgement, error) {
	bounded, cancel := g.bound(ctx)
	defer cancel()
	return g.known.admit(bounded, id, func(ctx context.Context) (*judgement, error) { return g.judge(ctx, token) })
}

// Reauthenticate is Authenticate without regard to what is remembered of the token: it is judged now.
func (g *Gate) Reauthenticate(ctx context.Context, token string) (domain.Viewer, time.Time, error) {
	bounded, cancel := g.bound(ctx)
	defer cancel()
	id, now := credentialOf(token), g.now()
	found, err := g.known.judge(bounded, id, func(ctx context.Context) (*judgement, error) { return g.judge(ctx, token) })
	if err != nil {
		return g.deny(ctx, err)
	}
	return found.use(now)
}

// bound ends a judgement that takes too long: the contexts of websockets and event streams have no end of their own.
func (g *Gate) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, g.within)
}

func (g *Gate) deny(ctx context.Context, err error) (domain.Viewer, time.Time, error) {
	g.log.DebugContext(ctx, "a token was not accepted", "error", err.Error())
	return domain.Viewer{}, time.Time{}, err
}

func (g *Gate) judge(ctx context.Context, token string) (*judgement, error) {
	switch {
	case token == "":
		return nil, refuse("there is no token", nil)
	case len(token) > maxTokenBytes:
		return nil, refuse("the token is too long", nil)
	case strings.HasPrefix(token, keyMark):
		return g.keys.judge(ctx, token)
	}
	name, err := issuerOf(token)
	if err != nil {
		return nil, err
	}
	from := g.issuers[name]
	if from == nil {
		return nil, refuse("the token is from an issuer that is not accepted here", nil)
	}
	return from.judge(ctx, token)
}

// refuse is the error for a token that is no good. The message is shown to whoever sent it; the cause is for the log.
func refuse(message string, cause error) error {
	return &domain.Error{Code: domain.CodeUnauthenticated, Message: message, Err: cause}
}

// Refused tells whether an error says that the token is no good, rather than that it could not be judged.
func Refused(err error) bool { return domain.ErrorCode(err) == domain.CodeUnauthenticated }
