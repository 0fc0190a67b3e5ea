package poller_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

// world is shipments of four carriers, and an asker that knows how they move by a clock of its own and writes it down as the ledger does.
type world struct {
	t      testing.TB
	db     *sql.DB
	url    string
	limits map[string]tracking.Limits

	// ticks is by how much the clock goes on at a time.
	ticks time.Duration

	mu         sync.Mutex
	now        time.Time
	fates      map[domain.ID]*fate
	calls      map[string]int // of the day
	tick       map[string]int // of the tick
	asked      int
	statements int
	// mishap is what goes wrong with a question, nil where nothing does.
	mishap func(domain.ID) *service.Failure
	// twice are shipments that were asked about again within so long.
	within time.Duration
	twice  int
	// van is the longest wait between two questions while it was on the van, by carrier.
	van map[string]time.Duration
}

// fate is when a shipment began and when it arrives; one that is lost does neither move nor arrive.
type fate struct {
	begins, arrives time.Time
	lost            bool
	step            int
	asked           time.Time
	milestone       domain.Milestone
}

func plans() map[string]tracking.Limits {
	return map[string]tracking.Limits{
		"dhl":     {NumbersPerCall: 1, CallsPerSecond: 5, CallsPerDay: 50_000},
		"ups":     {NumbersPerCall: 1, CallsPerSecond: 20},
		"fedex":   {NumbersPerCall: 30, CallsPerSecond: 140, CallsPerDay: 100_000},
		"laposte": {NumbersPerCall: 10, CallsPerSecond: 100.0 / 60},
	}
}

// carriers are in the order of their rows.
func carriers() []string { return []string{"dhl", "ups", "fedex", "laposte"} }

// newWorld makes n open shipments that began within the last five days and arrive five days after they began.
func newWorld(t testing.TB, n int, ticks time.Duration) *world {
	t.Helper()
	database := storagetest.New(t)
	w := &world{
		t: t, db: database.SQL(), url: database.URL, limits: plans(), fates: map[domain.ID]*fate{}, calls: map[string]int{}, tick: map[string]int{},
		now: time.Now().UTC().Truncate(24 * time.Hour).Add(24 * time.Hour), van: map[string]time.Duration{},
		ticks: ticks,
	}
	w.exec(`INSERT INTO organisations (id, code, name, currency) VALUES (1, 'EU', 'Europe', 'EUR')`)
	w.exec(`INSERT INTO customers (customer_id, organisation_id, number, name, currency)
		SELECT i, 1, 'C' || i, 'Customer ' || i, 'EUR' FROM generate_series(1, 100) i`)
	w.exec(`INSERT INTO carriers (id, code, name) VALUES (1, 'dhl', 'DHL'), (2, 'ups', 'UPS'), (3, 'fedex', 'FedEx'), (4, 'laposte', 'La Poste')`)
	w.ship(n, 120*time.Hour)
	return w
}

func (w *world) exec(text string, args ...any) {
	w.t.Helper()
	_, err := w.db.ExecContext(w.t.Context(), text, args...)
	require.NoError(w.t, err)
}

// ship adds n shipments that began within so long before now. All are due now.
func (w *world) ship(n int, before time.Duration) {
	w.t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	first := len(w.fates)
	w.exec(`INSERT INTO shipments (customer_id, id, number, carrier_id, tracking_number, created_at, eta_latest, promised_on)
		SELECT 1 + i % 100, i, 'S-' || i, 1 + i % 4, 'N' || i, begins, arrives, (arrives AT TIME ZONE 'UTC')::date
		FROM (SELECT i, $3::timestamptz - make_interval(secs => $4::float8 * (hashint8(i) & 65535) / 65536) AS begins FROM generate_series($1::bigint, $2::bigint) i) s,
		LATERAL (SELECT date_trunc('day', begins AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '5 days 9 hours' + make_interval(mins => (hashint8(i + 7) & 511)) AS arrives) a`,
		first+1, first+n, w.now, before.Seconds())
	w.exec(`UPDATE shipment_tracking SET due_at = $1 WHERE due_at IS NOT NULL AND fetched_at IS NULL AND shipment_id > $2`, w.now, first)
	rows, err := w.db.QueryContext(w.t.Context(), `SELECT customer_id, id, created_at, eta_latest, hashint8(id + 3) & 63 FROM shipments WHERE id > $1`, first)
	require.NoError(w.t, err)
	defer rows.Close()
	for rows.Next() {
		var customer, row int64
		var f fate
		var lot int
		require.NoError(w.t, rows.Scan(&customer, &row, &f.begins, &f.arrives, &lot))
		f.lost, f.step = lot == 0, -1
		w.fates[domain.OwnedID(domain.KindShipment, customer, row)] = &f
	}
	require.NoError(w.t, rows.Err())
}

func (w *world) pool() *storage.Pool {
	w.t.Helper()
	pool, err := storage.Open(w.t.Context(), storage.Config{URL: w.url, StatementTimeout: time.Minute, Observer: w})
	require.NoError(w.t, err)
	w.t.Cleanup(func() { require.NoError(w.t, pool.Close()) })
	return pool
}

// Statement implements storage.Observer.
func (w *world) Statement(context.Context, string, int, time.Time, time.Duration, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.statements++
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// pass moves the clock on by a tick.
func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.now.Add(d).Truncate(24*time.Hour) != w.now.Truncate(24*time.Hour) {
		clear(w.calls)
	}
	w.now = w.now.Add(d)
	clear(w.tick)
}

// Health implements poller.Asker. A carrier that was asked as often as its pace allows within a tick is paused until the next.
func (w *world) Health() []service.Health {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []service.Health
	for _, code := range carriers() {
		limits := w.limits[code]
		h := service.Health{
			Carrier: code, Name: code, State: service.Closed, CallsToday: w.calls[code], CallsPerDay: limits.CallsPerDay,
			DayEnds: limits.NextDay(w.now), NumbersPerCall: limits.NumbersPerCall, CallsPerSecond: limits.CallsPerSecond,
		}
		if limits.CallsPerSecond > 0 && float64(w.tick[code]) >= 0.8*limits.CallsPerSecond*w.ticks.Seconds() {
			until := w.now.Add(w.ticks)
			h.PausedUntil = &until
		}
		all = append(all, h)
	}
	return all
}

// answered is what is written down of a shipment.
type answered struct {
	Customer  int64            `json:"customer_id"`
	Row       int64            `json:"id"`
	Milestone domain.Milestone `json:"milestone"`
	Moved     bool             `json:"moved"`
	Changed   bool             `json:"changed"`
}

// AskFor implements poller.Asker.
func (w *world) AskFor(ctx context.Context, _ time.Duration, requests []service.Request) []service.Answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	answers := make([]service.Answer, len(requests))
	perCall := w.limits[requests[0].Carrier].NumbersPerCall
	w.calls[requests[0].Carrier] += (len(requests) + perCall - 1) / perCall
	w.tick[requests[0].Carrier] += (len(requests) + perCall - 1) / perCall
	var written []answered
	for i, request := range requests {
		w.asked++
		if w.mishap != nil {
			answers[i].Failure = w.mishap(request.Shipment)
			if answers[i].Failure != nil {
				continue
			}
		}
		answers[i] = service.Answer{Outcome: domain.TrackingFound, FetchedAt: w.now}
		written = append(written, w.meet(request.Carrier, request.Shipment))
	}
	// It is written down also when those who asked have gone.
	w.write(context.WithoutCancel(ctx), written)
	return answers
}

// meet is what the carrier says of a shipment.
func (w *world) meet(code string, id domain.ID) answered {
	f := w.fates[id]
	if !f.asked.IsZero() && w.now.Sub(f.asked) < w.within {
		w.twice++
	}
	if f.milestone == domain.MilestoneOutForDelivery {
		w.van[code] = max(w.van[code], w.now.Sub(f.asked))
	}
	f.asked = w.now
	said, step := domain.MilestoneInTransit, int(w.now.Sub(f.begins)/(8*time.Hour))
	switch {
	case f.lost:
		step = 1
	case !w.now.Before(f.arrives):
		said = domain.MilestoneDelivered
	case !w.now.Before(f.arrives.Add(-4 * time.Hour)):
		said = domain.MilestoneOutForDelivery
	case step == 0:
		said = domain.MilestoneLabelCreated
	}
	a := answered{Customer: id.Customer, Row: id.Row, Milestone: said, Moved: step != f.step, Changed: said != f.milestone}
	f.step, f.milestone = step, said
	return a
}

func (w *world) write(ctx context.Context, written []answered) {
	spelled, err := json.Marshal(written)
	if err != nil {
		panic(err)
	}
	for _, text := range []string{
		`UPDATE shipments c SET milestone = a.milestone FROM json_to_recordset($1::json) AS a (customer_id bigint, id bigint, milestone text, changed boolean)
			WHERE a.changed AND c.customer_id = a.customer_id AND c.id = a.id AND $2::timestamptz IS NOT NULL`,
		`UPDATE shipment_tracking t SET outcome = 'FOUND', fetched_at = $2, moved_at = CASE WHEN a.moved THEN $2 ELSE t.moved_at END, failures = 0
			FROM json_to_recordset($1::json) AS a (customer_id bigint, id bigint, moved boolean)
			WHERE t.customer_id = a.customer_id AND t.shipment_id = a.id`,
	} {
		_, err = w.db.ExecContext(ctx, text, string(spelled), w.now)
		if err != nil {
			panic(fmt.Sprintf("write down what a carrier said: %v", err))
		}
	}
}

func limitsOf(perCall int, perSecond float64, perDay int) tracking.Limits {
	return tracking.Limits{NumbersPerCall: perCall, CallsPerSecond: perSecond, CallsPerDay: perDay}
}

// number is what a statement counts.
func (w *world) number(text string, args ...any) int {
	w.t.Helper()
	var n int
	require.NoError(w.t, w.db.QueryRowContext(w.t.Context(), text, args...).Scan(&n))
	return n
}
