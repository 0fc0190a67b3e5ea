package poller_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking/service"
	"github.com/vigie-dev/vigie/watch/poller"
)

// hourOf is an hour of one carrier.
type hourOf struct {
	hour    int
	carrier string
}

// lags are how long shipments had been due when they were asked about, by the hour of the simulation.
type lags struct {
	w      *world
	began  time.Time
	hours  map[hourOf][]time.Duration
	factor map[string]float64
}

func (l *lags) query(f *domain.Followed) service.Query {
	now := l.w.clock()
	hour := hourOf{int(now.Sub(l.began) / time.Hour), f.Carrier}
	l.hours[hour] = append(l.hours[hour], now.Sub(*f.DueAt))
	return service.QueryOf(f)
}

func (l *lags) Polled(string, int, int, time.Duration) {}

func (l *lags) Stretched(carrier string, factor float64) {
	l.factor[carrier] = max(l.factor[carrier], factor)
}

// worst gives the worst lag of carriers in the hours from one to another, and the one that 99 of 100 are below.
func (l *lags) worst(from, to int, carriers ...string) (worst, most time.Duration, count int) {
	var all []time.Duration
	for hour := from; hour < to; hour++ {
		for _, carrier := range carriers {
			all = append(all, l.hours[hourOf{hour, carrier}]...)
		}
	}
	if len(all) == 0 {
		return 0, 0, 0
	}
	slices.Sort(all)
	return all[len(all)-1], all[len(all)*99/100], len(all)
}

// live lets the clock go on for an hour, with some new shipments, and asks about all that is due at each tick.
func (l *lags) live(t testing.TB, p *poller.Poller, fresh int) {
	l.w.ship(fresh, time.Hour)
	for range int(time.Hour / l.w.ticks) {
		for {
			stepped, err := p.Step(t.Context())
			require.NoError(t, err)
			if stepped.Claimed == 0 {
				break
			}
		}
		l.w.pass(l.w.ticks)
	}
}

func newDay(w *world) (*poller.Poller, *lags) {
	l := &lags{w: w, began: w.clock(), hours: map[hourOf][]time.Duration{}, factor: map[string]float64{}}
	return poller.New(w.pool(), w, poller.Options{Now: w.clock, Query: l.query, Observer: l}), l
}

// TestDay lets a small business have most of a day, from midnight on, with a carrier whose budget is not enough.
func TestDay(t *testing.T) {
	w := newWorld(t, 1000, 2*time.Minute)
	w.limits["dhl"] = limitsOf(1, 1, 2000)
	w.within = 8 * time.Minute
	p, l := newDay(w)
	for range 16 {
		l.live(t, p, 8)
	}
	worst, _, asked := l.worst(1, 16, "ups", "fedex", "laposte")
	require.Greater(t, asked, 2500)
	require.LessOrEqual(t, worst, w.ticks, "nothing falls behind")
	for _, code := range []string{"ups", "fedex", "laposte"} {
		require.Equal(t, 1.0, l.factor[code], code)
		require.NotZero(t, w.van[code], code)
		require.LessOrEqual(t, w.van[code], 11*time.Minute+w.ticks, code)
	}
	require.Greater(t, l.factor["dhl"], 1.5)
	require.LessOrEqual(t, w.calls["dhl"], 2000*8/10, "people have their part")
	require.Zero(t, w.twice)
	behind := w.number(`SELECT count(*) FROM shipment_tracking WHERE carrier_id > 1 AND due_at < $1`, w.clock().Add(-2*w.ticks))
	require.Zero(t, behind)
	const standing = `SELECT count(*) FROM shipments c JOIN shipment_tracking t ON t.customer_id = c.customer_id AND t.shipment_id = c.id WHERE `
	require.Greater(t, w.number(standing+`c.milestone = 'DELIVERED'`), 50)
	require.Zero(t, w.number(standing+`(c.milestone = 'DELIVERED') <> (t.due_at IS NULL)`), "what is settled is not asked about, and nothing else is left out")
}

// BenchmarkDay is an hour of 100,000 open shipments, which are all due at the beginning of the first, and of which a fifth are new each day. It
// takes seconds and tells of each hour: run it with -benchtime 24x for a day.
func BenchmarkDay(b *testing.B) {
	const open = 100_000
	w := newWorld(b, open, 30*time.Second)
	w.limits["dhl"] = limitsOf(1, 10, open/4*10)
	w.exec(`VACUUM (ANALYZE) customers, carriers, sites, shipments, shipment_tracking`)
	p, l := newDay(w)
	b.Logf("claim of 100 at the beginning: %v", claimTime(b, w))
	hour := 0
	for b.Loop() {
		start, asked, statements := time.Now(), w.asked, w.statements
		l.live(b, p, open/5/24)
		w.exec(`VACUUM (ANALYZE) shipment_tracking`) // The tests' Postgres does not do it by itself.
		var each string
		for _, code := range carriers() {
			worst, most, asked := l.worst(hour, hour+1, code)
			each += fmt.Sprintf("; %s %d, lag %v, p99 %v", code, asked, worst, most)
		}
		b.Logf("hour %2d: %5.1f s, %6d asked, %5d statements, claim of 100: %v, %s%s", hour, time.Since(start).Seconds(), w.asked-asked,
			w.statements-statements, claimTime(b, w), sizes(b, w), each)
		hour++
	}
	b.ReportMetric(float64(w.asked)/float64(hour), "asked/hour")
	b.ReportMetric(float64(w.statements)/float64(hour), "statements/hour")
	// The first hours work off that all are due at the beginning.
	if hour > 3 {
		worst, most, _ := l.worst(3, hour, carriers()...)
		b.ReportMetric(worst.Seconds(), "worst-lag-s")
		b.ReportMetric(most.Seconds(), "p99-lag-s")
	}
	b.Logf("stretched by %v at most, calls %v, on the van asked every %v at most", l.factor, w.calls, w.van)
}

// claimTime is how long it takes to claim, which is taken back, and tells how many rows and pages are read for that.
func claimTime(b *testing.B, w *world) time.Duration {
	b.Helper()
	tx, err := w.db.BeginTx(b.Context(), nil)
	require.NoError(b, err)
	defer func() { _ = tx.Rollback() }()
	var best time.Duration
	for i := range 3 {
		start := time.Now()
		rows, err := tx.QueryContext(b.Context(), `WITH due AS MATERIALIZED (SELECT t.customer_id, t.shipment_id FROM shipment_tracking t
			WHERE t.carrier_id = 2 AND t.due_at <= $1 ORDER BY t.due_at LIMIT 100 FOR UPDATE OF t SKIP LOCKED)
			SELECT count(*) FROM due`, w.clock().Add(12*time.Hour))
		require.NoError(b, err)
		require.NoError(b, rows.Close())
		if i == 0 || time.Since(start) < best {
			best = time.Since(start)
		}
	}
	return best
}

// sizes tells how large the table and its index have become.
func sizes(b *testing.B, w *world) string {
	b.Helper()
	var text string
	require.NoError(b, w.db.QueryRowContext(b.Context(), `SELECT 'table ' || pg_size_pretty(pg_relation_size('shipment_tracking')) || ', due ' ||
		pg_size_pretty(pg_relation_size('shipment_tracking_due'))`).Scan(&text))
	return text
}
