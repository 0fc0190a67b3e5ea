package main

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"
	// Zones of shipments' places are known on machines without a database of zones, too.
	_ "time/tzdata"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/access"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/tracking/epcis"
	"github.com/vigie-dev/vigie/tracking/service"
	"github.com/vigie-dev/vigie/watch/inbox"
	"github.com/vigie-dev/vigie/watch/ledger"
	"github.com/vigie-dev/vigie/watch/poller"
)

// trackingConfig says how shipments are followed.
type trackingConfig struct {
	// TrackingBudget is how long a request waits for carriers.
	TrackingBudget time.Duration `variable:"VIGIE_TRACKING_BUDGET" default:"800ms" help:"Longest time that a request waits for carriers; then it gets what is stored."`
	// Polling says whether this process asks carriers by itself.
	Polling bool `variable:"VIGIE_POLLING" default:"true" negatable:"" help:"Ask carriers about unsettled shipments before anybody else does. Several instances may: they share the work."`
}

// check is a part of the parser's validation.
func (c trackingConfig) check() error {
	if c.TrackingBudget <= 0 {
		return errors.New("the time that a request waits for carriers must be above zero")
	}
	return nil
}

// follower keeps shipments current while a server runs.
type follower struct {
	service *service.Service
	ledger  *ledger.Ledger
	inbox   *inbox.Inbox
	poller  *poller.Poller // nil where this process does not ask by itself
	stop    context.CancelFunc
	running sync.WaitGroup
}

// openWatch puts the parts together that follow shipments. Nothing runs before start; whoever opens it closes it.
func (a *app) openWatch(pool *storage.Pool, followed following, cfg trackingConfig) (*follower, error) {
	w := &follower{ledger: ledger.New(pool, ledger.Options{Now: a.env.now, Carriers: followed.senders}), stop: func() {}}
	figures := a.observed.ofCarriers()
	options := service.Options{Budget: cfg.TrackingBudget, Store: w.ledger, Now: a.env.now, Observer: figures.heard(a.log)}
	var err error
	w.service, err = service.New(followed.carriers, options)
	if err != nil {
		return nil, err
	}
	w.ledger.Forgets(w.service.Forget)
	figures.follow(w.service)
	if cfg.Polling {
		w.poller = poller.New(pool, w.service, poller.Options{Log: a.log, Now: a.env.now, Observer: figures})
	}
	w.inbox = inbox.New(pool, inbox.Options{
		Webhooks: followed.webhooks, Capture: epcis.File{}, Authorize: mayCapture, Recorder: w.ledger, Now: a.env.now, Log: a.log, Observer: figures,
	})
	return w, nil
}

// start lets the parts run that work by themselves, until close.
func (w *follower) start(ctx context.Context) {
	ctx, w.stop = context.WithCancel(context.WithoutCancel(ctx))
	// Both run until the context ends, and log what fails meanwhile.
	w.running.Go(func() { _ = w.inbox.Run(ctx) })
	if w.poller != nil {
		w.running.Go(func() { _ = w.poller.Run(ctx) })
	}
}

// close ends what start began, then the calls to carriers, and waits for both within a bound. The store is still needed until then.
func (w *follower) close(ctx context.Context, bound time.Duration) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bound)
	defer cancel()
	w.stop()
	ended := make(chan struct{})
	go func() {
		w.running.Wait()
		close(ended)
	}()
	var late error
	select {
	case <-ended:
	case <-ctx.Done():
		late = errors.New("the following of shipments does not end in time")
	}
	return errors.Join(late, w.service.Close(ctx))
}

// routes are those that carriers send to. A webhook proves itself by its signature; what captures events is a viewer.
func (w *follower) routes(guard *guard) map[string]http.Handler {
	taken := w.inbox.Handler()
	return map[string]http.Handler{"/webhooks/": taken, "/epcis/": guard.protect(taken)}
}

// captureGrant is what an integration needs to capture events.
const captureGrant = "tracking:write"

// mayCapture tells whether the viewer of a request may capture events: what is captured may be about anybody's shipments, so that an integration
// that is bound to units may not.
func mayCapture(r *http.Request) error {
	viewer, known := auth.For(r.Context())
	granted := slices.Contains(viewer.Grants, captureGrant) || slices.Contains(viewer.Grants, access.AnyGrant)
	switch {
	case !known:
		return &domain.Error{Code: domain.CodeUnauthenticated, Message: "this needs a token"}
	case viewer.Role == domain.RoleAdmin:
		return nil
	case viewer.Role == domain.RoleIntegration && granted && len(viewer.Organisations) == 0:
		return nil
	default:
		return &domain.Error{Code: domain.CodeForbidden, Message: "this needs the grant " + captureGrant + " for all units"}
	}
}
