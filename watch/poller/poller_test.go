package poller_test

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
	"github.com/vigie-dev/vigie/watch/poller"
)

// unlimited is a small world whose carriers allow everything.
func unlimited(t testing.TB, n int) *world {
	t.Helper()
	w := newWorld(t, n, time.Minute)
	for code := range w.limits {
		w.limits[code] = tracking.Limits{NumbersPerCall: 3}
	}
	return w
}

// scripted is a world with something in between.
type scripted struct {
	*world
	health func(*service.Health)
	ask    func(context.Context, []service.Request) []service.Answer
}

func (s *scripted) Health() []service.Health {
	all := s.world.Health()
	for i := range all {
		if s.health != nil {
			s.health(&all[i])
		}
	}
	return all
}

func (s *scripted) AskFor(ctx context.Context, budget time.Duration, requests []service.Request) []service.Answer {
	if s.ask != nil {
		answers := s.ask(ctx, requests)
		if answers != nil {
			return answers
		}
	}
	return s.world.AskFor(ctx, budget, requests)
}

// journal keeps what is logged.
type journal struct {
	slog.Handler
	mu    sync.Mutex
	lines []string
	told  chan string
}

func newJournal() *journal {
	return &journal{Handler: slog.DiscardHandler, told: make(chan string, 100)}
}

func (j *journal) Enabled(context.Context, slog.Level) bool { return true }

func (j *journal) Handle(_ context.Context, record slog.Record) error {
	line := record.Level.String() + " " + record.Message
	record.Attrs(func(attr slog.Attr) bool {
		line += " " + attr.Key + "=" + attr.Value.String()
		return true
	})
	j.mu.Lock()
	j.lines = append(j.lines, line)
	j.mu.Unlock()
	j.told <- record.Message
	return nil
}

// start runs a poller until stop is called, which waits for it.
func start(t testing.TB, p *poller.Poller) func() {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-ended)
	})
	t.Cleanup(stop)
	return stop
}

// TestSeveral holds that four pollers share the work, and ask about each shipment once.
func TestSeveral(t *testing.T) {
	w := unlimited(t, 600)
	w.within = time.Hour
	all := make(chan struct{})
	asked := 0
	var mu sync.Mutex
	between := &scripted{world: w, ask: func(_ context.Context, requests []service.Request) []service.Answer {
		mu.Lock()
		defer mu.Unlock()
		asked += len(requests)
		if asked == 600 {
			close(all)
		}
		return nil
	}}
	var stops []func()
	for range 4 {
		stops = append(stops, start(t, poller.New(w.pool(), between, poller.Options{Now: w.clock, Batch: 7, Idle: time.Millisecond})))
	}
	<-all
	for _, stop := range stops {
		stop()
	}
	require.Equal(t, 600, asked)
	require.Zero(t, w.twice)
	require.Zero(t, w.number(`SELECT count(*) FROM shipment_tracking WHERE outcome IS NULL OR due_at <= $1`, w.clock()))
}

// TestStopping holds that what a poller had claimed when it was stopped is due at once for others, as it was.
func TestStopping(t *testing.T) {
	w := unlimited(t, 40)
	asking := make(chan struct{}, 100)
	between := &scripted{world: w, ask: func(ctx context.Context, requests []service.Request) []service.Answer {
		asking <- struct{}{}
		<-ctx.Done()
		answers := make([]service.Answer, len(requests))
		for i := range answers {
			answers[i].Failure = &service.Failure{Code: service.FailedOutOfTime}
		}
		return answers
	}}
	stop := start(t, poller.New(w.pool(), between, poller.Options{Now: w.clock}))
	for range 4 {
		<-asking
	}
	require.Equal(t, 40, w.number(`SELECT count(*) FROM shipment_tracking WHERE due_at > $1`, w.clock()), "all are claimed")
	stop()
	require.Equal(t, 40, w.number(`SELECT count(*) FROM shipment_tracking WHERE due_at = $1 AND failures = 0`, w.clock()))
}

// TestCrash holds that what was claimed by one that is gone is due again after the lease, and not before.
func TestCrash(t *testing.T) {
	w := unlimited(t, 40)
	dead := w.pool().For(domain.Viewer{Role: domain.RoleAdmin})
	claimed, err := dead.ClaimDue(t.Context(), "ups", w.clock(), w.clock().Add(5*time.Minute), 100)
	require.NoError(t, err)
	require.Len(t, claimed, 10)
	p := poller.New(w.pool(), w, poller.Options{Now: w.clock})
	for _, want := range []int{30, 0, 0, 0, 0, 10} {
		stepped, err := p.Step(t.Context())
		require.NoError(t, err)
		require.Equal(t, want, stepped.Asked)
		w.pass(time.Minute)
	}
}

// TestHeardOfMeanwhile holds that the carrier is not asked about what somebody else has just asked about.
func TestHeardOfMeanwhile(t *testing.T) {
	w := unlimited(t, 40)
	w.exec(`UPDATE shipment_tracking SET outcome = 'FOUND', fetched_at = $1, moved_at = $1 WHERE shipment_id <= 10`, w.clock().Add(-time.Second))
	w.exec(`UPDATE shipment_tracking SET outcome = 'FOUND', fetched_at = $1, moved_at = $1 WHERE shipment_id = 11`, w.clock().Add(-25*time.Hour))
	stepped, err := poller.New(w.pool(), w, poller.Options{Now: w.clock}).Step(t.Context())
	require.NoError(t, err)
	require.Equal(t, poller.Stepped{Claimed: 40, Asked: 30}, stepped)
	require.Zero(t, w.number(`SELECT count(*) FROM shipment_tracking WHERE due_at <= $1`, w.clock()))
}

// TestAClockThatWasPutRight holds that what was heard of in a future that is not to be does not keep it from being asked about.
func TestAClockThatWasPutRight(t *testing.T) {
	w := unlimited(t, 4)
	w.exec(`UPDATE shipment_tracking SET outcome = 'FOUND', fetched_at = $1, moved_at = $1`, w.clock().AddDate(1, 0, 0))
	between := &scripted{world: w, ask: func(_ context.Context, requests []service.Request) []service.Answer {
		answers := make([]service.Answer, len(requests))
		for i := range answers {
			answers[i] = service.Answer{Outcome: domain.TrackingFound, FetchedAt: w.clock()}
		}
		return answers // The later of two answers stays.
	}}
	stepped, err := poller.New(w.pool(), between, poller.Options{Now: w.clock}).Step(t.Context())
	require.NoError(t, err)
	require.Equal(t, poller.Stepped{Claimed: 4, Asked: 4}, stepped)
	require.Equal(t, 4, w.number(`SELECT count(*) FROM shipment_tracking WHERE due_at BETWEEN $1 AND $2`, w.clock().Add(time.Minute), w.clock().Add(26*time.Hour)))
}

// TestCarriersThatCannotBeAsked holds that of those nothing is claimed.
func TestCarriersThatCannotBeAsked(t *testing.T) {
	w := unlimited(t, 40)
	until := w.clock().Add(time.Minute)
	states := map[string]func(*service.Health){
		"dhl":     func(h *service.Health) { h.State, h.OpenUntil = service.Open, &until },
		"ups":     func(h *service.Health) { h.PausedUntil = &until },
		"fedex":   func(h *service.Health) { h.State = service.HalfOpen },
		"laposte": func(h *service.Health) { h.CallsPerDay, h.CallsToday = 100, 80 },
	}
	between := &scripted{world: w, health: func(h *service.Health) { states[h.Carrier](h) }}
	p := poller.New(w.pool(), between, poller.Options{Now: w.clock})
	stepped, err := p.Step(t.Context())
	require.NoError(t, err)
	require.Equal(t, poller.Stepped{Claimed: 3, Asked: 3}, stepped, "one call tries whether it works again")
	states["laposte"] = func(h *service.Health) { h.Waiting = 50 }
	states["fedex"] = states["laposte"]
	stepped, err = p.Step(t.Context())
	require.NoError(t, err)
	require.Zero(t, stepped.Claimed, "people come first")
	require.Equal(t, 37, w.number(`SELECT count(*) FROM shipment_tracking WHERE due_at = $1`, w.clock()))
}

// TestACarrierThatStopsAnswering holds that what cannot be asked about any more in the middle of a batch is due as it was.
func TestACarrierThatStopsAnswering(t *testing.T) {
	w := unlimited(t, 400)
	opened := false
	until := w.clock().Add(time.Minute)
	between := &scripted{world: w, health: func(h *service.Health) {
		if h.Carrier == "ups" && opened {
			h.State, h.OpenUntil = service.Open, &until
		}
	}}
	between.ask = func(_ context.Context, requests []service.Request) []service.Answer {
		opened = opened || requests[0].Carrier == "ups"
		return nil
	}
	stepped, err := poller.New(w.pool(), between, poller.Options{Now: w.clock}).Step(t.Context())
	require.NoError(t, err)
	require.Equal(t, poller.Stepped{Claimed: 400, Asked: 306}, stepped)
	require.Equal(t, 94, w.number(`SELECT count(*) FROM shipment_tracking WHERE carrier_id = 2 AND due_at = $1 AND failures = 0`, w.clock()))
}

// TestFailures holds how long each kind of failure puts a shipment off.
func TestFailures(t *testing.T) {
	w := unlimited(t, 40)
	retryAt := w.clock().Add(3 * time.Hour)
	w.mishap = func(id domain.ID) *service.Failure {
		switch id.Row {
		case 1:
			return &service.Failure{Code: service.FailedTimeout}
		case 2:
			return &service.Failure{Code: service.FailedRateLimited, RetryAt: &retryAt}
		case 3:
			return &service.Failure{Code: service.FailedBadNumber}
		}
		return nil
	}
	w.exec(`UPDATE shipment_tracking SET failures = 2 WHERE shipment_id IN (1, 4)`)
	stepped, err := poller.New(w.pool(), w, poller.Options{Now: w.clock}).Step(t.Context())
	require.NoError(t, err)
	require.Equal(t, poller.Stepped{Claimed: 40, Asked: 40, Failed: 3}, stepped)
	const row = `SELECT count(*) FROM shipment_tracking WHERE shipment_id = $1 AND failures = $2 AND due_at BETWEEN $3 AND $4`
	require.Equal(t, 1, w.number(row, 1, 3, w.clock().Add(7*time.Minute), w.clock().Add(9*time.Minute)))
	require.Equal(t, 1, w.number(row, 2, 0, retryAt, retryAt))
	require.Equal(t, 1, w.number(`SELECT count(*) FROM shipment_tracking WHERE shipment_id = 3 AND due_at IS NULL`))
	require.Equal(t, 1, w.number(row, 4, 0, w.clock().Add(9*time.Minute), w.clock().Add(30*time.Hour)))
}

// TestNotWrittenDown holds that an answer that nobody wrote down is asked for again.
func TestNotWrittenDown(t *testing.T) {
	w := unlimited(t, 40)
	between := &scripted{world: w, ask: func(_ context.Context, requests []service.Request) []service.Answer {
		answers := make([]service.Answer, len(requests))
		for i := range answers {
			answers[i] = service.Answer{Outcome: domain.TrackingFound, FetchedAt: w.clock()}
		}
		return answers
	}}
	stepped, err := poller.New(w.pool(), between, poller.Options{Now: w.clock}).Step(t.Context())
	require.NoError(t, err)
	require.Equal(t, poller.Stepped{Claimed: 40, Asked: 40, Failed: 40}, stepped)
	require.Equal(t, 40, w.number(`SELECT count(*) FROM shipment_tracking WHERE failures = 1 AND due_at > $1`, w.clock()))
}

// TestPanic holds that an answer that panics costs its own shipments their turn, and that the log does not repeat it.
func TestPanic(t *testing.T) {
	w := unlimited(t, 40)
	log := newJournal()
	between := &scripted{world: w, ask: func(_ context.Context, requests []service.Request) []service.Answer {
		if requests[0].Carrier == "ups" {
			panic(fmt.Sprintf("Mrs Smith of %s", requests[0].Number.Number))
		}
		return nil
	}}
	stepped, err := poller.New(w.pool(), between, poller.Options{Now: w.clock, Log: slog.New(log)}).Step(t.Context())
	require.NoError(t, err)
	require.Equal(t, poller.Stepped{Claimed: 40, Asked: 40, Failed: 10}, stepped)
	require.Equal(t, 10, w.number(`SELECT count(*) FROM shipment_tracking WHERE carrier_id = 2 AND failures = 1 AND due_at > $1`, w.clock()))
	require.Len(t, log.lines, 2, "once for each question")
	require.Contains(t, log.lines[0], "carrier=ups kind=string")
	require.NotContains(t, log.lines[0], "Smith")
}

// TestPostgresGone holds that a poller outlives its database, says so once, and goes on where it is back.
func TestPostgresGone(t *testing.T) {
	w := unlimited(t, 40)
	log := newJournal()
	asked := make(chan struct{}, 1000)
	between := &scripted{world: w, ask: func(context.Context, []service.Request) []service.Answer {
		asked <- struct{}{}
		return nil
	}}
	tries := make(chan struct{})
	pool := w.pool()
	elsewhere, err := url.Parse(w.url)
	require.NoError(t, err)
	name := strings.TrimPrefix(elsewhere.Path, "/")
	elsewhere.Path = "/postgres"
	keeper, err := sql.Open("postgres", elsewhere.String())
	require.NoError(t, err)
	defer keeper.Close()
	run := func(text string) {
		_, err := keeper.ExecContext(t.Context(), text)
		require.NoError(t, err)
	}
	run(`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS false`)
	run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '` + name + `'`)
	stop := start(t, poller.New(pool, between, poller.Options{Now: w.clock, Log: slog.New(log), Sleep: func(ctx context.Context, _ time.Duration) {
		select {
		case tries <- struct{}{}:
		case <-ctx.Done():
		}
	}}))
	for range 20 {
		<-tries
	}
	run(`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS true`)
	go func() {
		for range tries {
		}
	}()
	<-asked
	for message := range log.told {
		if message == "shipments are kept current again" {
			break
		}
	}
	stop()
	close(tries)
	require.Len(t, log.lines, 2, "%v", log.lines)
	require.Contains(t, log.lines[0], "ERROR shipments cannot be kept current carrier=")
	require.NotContains(t, log.lines[0], "shipment_tracking")
}
