package poller_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
	"github.com/vigie-dev/vigie/watch/ledger"
	"github.com/vigie-dev/vigie/watch/poller"
)

// chapter is what a carrier says of a number from so long after the beginning.
type chapter struct {
	after     time.Duration
	milestone domain.Milestone
}

// courier is a carrier whose parcels move with the clock of a world. What it does not know yet it does not find.
type courier struct {
	w     *world
	began time.Time
	story map[string][]chapter

	mu    sync.Mutex
	calls int
	asked map[string]int
	// down are the calls that fail.
	down func(call int) bool
}

func (c *courier) Code() string            { return "ups" }
func (c *courier) Name() string            { return "UPS" }
func (c *courier) Limits() tracking.Limits { return tracking.Limits{NumbersPerCall: 2} }

func (c *courier) Track(_ context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls++
	if c.down(c.calls) {
		return nil, &tracking.Error{Code: tracking.ErrUnavailable}
	}
	now := c.w.clock()
	results := make([]tracking.Result, len(numbers))
	for i, number := range numbers {
		c.asked[number.Number]++
		report := tracking.Report{Number: number.Number}
		for _, chapter := range c.story[number.Number] {
			at := c.began.Add(chapter.after)
			if !at.After(now) {
				report.Events = append(report.Events, tracking.Event{
					Milestone: chapter.milestone, Classifier: domain.StateActual, RawCode: string(chapter.milestone), Time: tracking.Exact(at),
				})
			}
		}
		report.SetKeys(now)
		results[i] = tracking.Result{Number: number.Number, Outcome: domain.TrackingNotFound}
		if len(report.Events) > 0 {
			results[i] = tracking.Result{Number: number.Number, Outcome: domain.TrackingFound, Reports: []tracking.Report{report}}
		}
	}
	return results, nil
}

// TestTogether lets a poller, a service and a ledger keep a few shipments current from the first question to the last, over outages of the carrier,
// and holds that then nobody asks any more.
func TestTogether(t *testing.T) {
	const hour, day = time.Hour, 24 * time.Hour
	w := newWorld(t, 0, 5*time.Minute)
	began := w.clock()
	ups := &courier{w: w, began: began, asked: map[string]int{}, down: func(call int) bool { return call%7 == 3 }, story: map[string][]chapter{
		"1ZDELIVERED": {
			{hour, domain.MilestoneLabelCreated}, {6 * hour, domain.MilestonePickedUp}, {20 * hour, domain.MilestoneInTransit},
			{2*day + 8*hour, domain.MilestoneOutForDelivery}, {2*day + 13*hour, domain.MilestoneDelivered},
		},
		"1ZRETURNED": {
			{hour, domain.MilestoneInTransit}, {day, domain.MilestoneDeliveryAttempted}, {2 * day, domain.MilestoneReturning}, {4 * day, domain.MilestoneReturned},
		},
		"1ZCANCELLED": {{hour, domain.MilestoneLabelCreated}, {12 * hour, domain.MilestoneCancelled}},
		"1ZLOST":      {{hour, domain.MilestoneInTransit}, {3 * hour, domain.MilestoneException}},
	}}
	w.exec(`INSERT INTO shipments (customer_id, id, number, carrier_id, tracking_number, created_at, promised_on)
		SELECT i, i, 'S-' || i, 2, n, $1, ($1::timestamptz + interval '2 days')::date
		FROM unnest(ARRAY['1ZDELIVERED', '1ZRETURNED', '1ZCANCELLED', '1ZLOST', '1ZNEVER']) WITH ORDINALITY AS u (n, i)`, began)
	w.exec(`UPDATE shipment_tracking SET due_at = $1`, began)
	pool := w.pool()
	asker, err := service.New([]tracking.Carrier{ups}, service.Options{Store: ledger.New(pool, ledger.Options{Now: w.clock}), Now: w.clock, Retries: -1})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, asker.Close(context.Background())) })
	p := poller.New(pool, asker, poller.Options{Now: w.clock})
	milestone := func(number string) (m domain.Milestone) {
		require.NoError(t, w.db.QueryRowContext(t.Context(), `SELECT milestone FROM shipments WHERE tracking_number = $1`, number).Scan(&m))
		return m
	}
	late := time.Duration(0)
	for w.clock().Before(began.Add(5 * day)) {
		_, err = p.Step(t.Context())
		require.NoError(t, err)
		if milestone("1ZDELIVERED") != domain.MilestoneDelivered {
			late = w.clock().Sub(began.Add(2*day + 13*hour))
		}
		w.pass(w.ticks)
	}
	for number, want := range map[string]domain.Milestone{
		"1ZDELIVERED": domain.MilestoneDelivered, "1ZRETURNED": domain.MilestoneReturned, "1ZCANCELLED": domain.MilestoneCancelled,
		"1ZLOST": domain.MilestoneException, "1ZNEVER": domain.MilestoneUnknown,
	} {
		require.Equal(t, want, milestone(number), number)
	}
	require.LessOrEqual(t, late, 20*time.Minute, "what is on the van is asked about every few minutes")
	require.Equal(t, 5+4+2+2, w.number(`SELECT count(*) FROM tracking_events WHERE superseded_by IS NULL`))
	require.Equal(t, 3, w.number(`SELECT count(*) FROM shipment_tracking WHERE due_at IS NULL AND outcome = 'FOUND'`))
	require.Equal(t, 2, w.number(`SELECT count(*) FROM shipment_tracking WHERE due_at > $1`, w.clock().Add(-w.ticks)))
	require.Less(t, ups.asked["1ZCANCELLED"], 12)
	require.Less(t, ups.asked["1ZLOST"], 150, "its promise was near")
	require.Less(t, ups.asked["1ZNEVER"], 40)

	settled := ups.asked["1ZDELIVERED"]
	w.pass(day)
	followed, err := pool.For(domain.Viewer{Role: domain.RoleAdmin}).Followed(t.Context(), []domain.ID{domain.OwnedID(domain.KindShipment, 1, 1)})
	require.NoError(t, err)
	for _, f := range followed {
		answer := asker.Ask(t.Context(), []service.Request{{Query: service.QueryOf(f)}})[0]
		require.Nil(t, answer.Failure)
		require.Equal(t, service.Fresh, answer.Freshness)
		require.Equal(t, domain.MilestoneDelivered, answer.State.Milestone)
	}
	require.Len(t, followed, 1)
	require.Equal(t, settled, ups.asked["1ZDELIVERED"], "what is settled is not asked about again")
}
