package ledger_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
	"github.com/vigie-dev/vigie/watch/ledger"
)

func TestSave(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	require.Empty(t, w.load(t, q).Reports)
	require.Zero(t, w.load(t, q).FetchedAt)

	local := step(domain.MilestonePickedUp, day(2, 9))
	local.Time = local.Time.WithoutOffset()
	late := step(domain.MilestoneUnknown, day(3, 8))
	late.Delay, late.Reason = true, domain.ReasonWeather
	r := report("1Z1", day(3, 10), local, step(domain.MilestoneInTransit, day(3, 9)), late)
	r.UniqueID = "u1"
	r.Etas = []tracking.Eta{tracking.AtEta(tracking.Day(domain.Date{Year: 2026, Month: 3, Day: 5}), domain.EtaByCarrier, day(3, 10))}
	w.save(t, q, day(3, 10), r)
	require.Equal(t, "IN_TRANSIT|t|WEATHER|u1|2026-03-02 08:00:00+00|2026-03-04 23:00:00+00|2026-03-05 22:59:59+00|DATE_ONLY|Europe/Paris|CARRIER",
		tell[string](t, w, `SELECT concat_ws('|', milestone, delayed, delay_reason, tracking_unique_id, shipped_at, eta_earliest, eta_latest, eta_precision,
			eta_time_zone, eta_source) FROM shipments`), "a wall clock is read where the parcel goes to")
	require.Equal(t, "FOUND|0|t", tell[string](t, w, `SELECT concat_ws('|', outcome, failures, moved_at = fetched_at) FROM shipment_tracking`))

	done := report("1Z1", day(5, 12), step(domain.MilestoneDelivered, day(5, 11)))
	done.UniqueID, done.Events[0].Key = "u1", "k"
	done.Proof = &tracking.Proof{SignedBy: "DURAND", At: done.Events[0].Time, DocumentURL: "https://example.com/pod"}
	w.save(t, q, day(5, 12), done)
	stored := w.load(t, q)
	require.Equal(t, domain.TrackingFound, stored.Outcome)
	require.Equal(t, day(5, 12), stored.FetchedAt)
	require.Len(t, stored.Reports[0].Events, 4, "what a carrier leaves out later is kept")
	require.Equal(t, done.Proof, stored.Reports[0].Proof)
	require.Equal(t, "u1", stored.Reports[0].UniqueID)
	require.Equal(t, r.Etas, stored.Reports[0].Etas)
	require.Equal(t, 0, tell[int](t, w, `SELECT count(due_at) FROM shipment_tracking`), "what is settled is not asked about")

	w.save(t, q, day(9, 1), report("1Z1", day(9, 1), step(domain.MilestoneReturning, day(8, 9))))
	require.Equal(t, domain.MilestoneReturning, w.milestone(t, q))
	require.Equal(t, 1, tell[int](t, w, `SELECT count(due_at) FROM shipment_tracking`), "and asked about again when it moves")
	w.save(t, q, day(9, 2), report("1Z1", day(9, 2), step(domain.MilestoneInTransit, day(4, 9))))
	require.Equal(t, domain.MilestoneReturning, w.milestone(t, q), "what is told late changes nothing")
}

// TestTheSameAgain holds that saying the same again writes nothing but when it was said.
func TestTheSameAgain(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "dhl", "JD1")
	say := func(at time.Time) {
		r := report("JD1", at, step(domain.MilestonePickedUp, day(2, 9)), step(domain.MilestoneInTransit, day(3, 9)))
		r.Events[1].ID, r.Events[0].ID, r.Events[1].Corrects = "b", "a", []string{"a"}
		r.Etas = []tracking.Eta{tracking.AtEta(tracking.Exact(day(6, 12)), domain.EtaByCarrier, at)}
		r.Proof = &tracking.Proof{SignedBy: "X", At: tracking.Exact(day(3, 9))}
		r.SetKeys(at)
		w.save(t, q, at, r)
	}
	state := `SELECT concat_ws('|', (SELECT count(*) FROM changes), (SELECT string_agg(xmin::text || ctid::text, ',' ORDER BY id) FROM tracking_events),
		(SELECT string_agg(xmin::text || ctid::text, ',' ORDER BY id) FROM eta_statements), (SELECT xmin::text || ctid::text FROM shipments))`
	say(day(3, 10))
	before := tell[string](t, w, state)
	say(day(4, 10))
	say(day(5, 10))
	require.Equal(t, before, tell[string](t, w, state))
	require.Equal(t, "2026-03-05 10:00:00+00|2026-03-03 10:00:00+00", tell[string](t, w, `SELECT concat_ws('|', fetched_at, moved_at) FROM shipment_tracking`))
	require.Equal(t, day(5, 10), w.load(t, q).FetchedAt)
}

func TestArrivalsComeBack(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "dhl", "JD1")
	for i, hour := range []int{12, 12, 18, 18, 12, 12} {
		r := report("JD1", day(3, i))
		r.Etas = []tracking.Eta{tracking.AtEta(tracking.Exact(day(6, hour)), domain.EtaByCarrier, day(3, i))}
		w.save(t, q, day(3, i), r)
	}
	history := tracking.Etas(w.load(t, q).Reports[0].Etas)
	require.Equal(t, 2, history.Changes, "to 18 o'clock and back")
	require.Equal(t, 3, tell[int](t, w, `SELECT count(*) FROM eta_statements`))
	require.Equal(t, day(3, 4), history.Latest.ObservedAt)
	require.Equal(t, "2026-03-06 12:00:00+00", tell[string](t, w, `SELECT eta_latest::text FROM shipments`))
}

func TestCarriersForget(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	w.save(t, q, day(1, 1))
	stored := w.load(t, q)
	require.Equal(t, domain.TrackingNotFound, stored.Outcome)
	require.Empty(t, stored.Reports)

	w.save(t, q, day(3, 1), report("1Z1", day(3, 1), step(domain.MilestoneInTransit, day(2, 1))))
	w.save(t, q, day(9, 1))
	w.save(t, q, day(9, 2), report("1Z1", day(9, 2)), report("1Z1", day(9, 2)))
	stored = w.load(t, q)
	require.Equal(t, domain.TrackingAmbiguous, stored.Outcome)
	require.Equal(t, day(9, 2), stored.FetchedAt)
	require.Len(t, stored.Reports[0].Events, 1)
	require.Equal(t, domain.MilestoneInTransit, w.milestone(t, q))
	w.save(t, q, day(8, 1))
	require.Equal(t, domain.TrackingAmbiguous, w.load(t, q).Outcome, "the later answer counts, whichever is written first")
}

// TestEventsAreWithdrawn holds it for withdrawals that come after the event, before it, and alone.
func TestEventsAreWithdrawn(t *testing.T) {
	right := step(domain.MilestoneInTransit, day(2, 9))
	wrong := step(domain.MilestoneDelivered, day(3, 9))
	wrong.ID = "urn:1"
	gone := wrong
	gone.Withdrawn = true
	instead := step(domain.MilestoneDeliveryAttempted, day(3, 9))
	instead.ID, instead.Corrects = "urn:2", []string{"urn:1"}
	for _, order := range [][][]tracking.Event{
		{{right}, {wrong}, {gone, instead}}, {{gone, instead}, {wrong}, {right}}, {{gone, instead, wrong, right}, {wrong}, {gone}},
	} {
		w := newWorld(t, ledger.Options{})
		q := w.ship(t, 1, 1, "ups", "1Z1")
		for i, events := range order {
			w.save(t, q, day(4, i), report("1Z1", day(4, i), events...))
		}
		require.Equal(t, domain.MilestoneDeliveryAttempted, w.milestone(t, q))
		require.Equal(t, "DELIVERED by DELIVERY_ATTEMPTED", tell[string](t, w, `SELECT string_agg(e.milestone || ' by ' || o.milestone, ',') FROM tracking_events e
			JOIN tracking_events o ON o.customer_id = e.customer_id AND o.id = e.superseded_by`))
		require.Nil(t, tell[*time.Time](t, w, `SELECT delivered_at FROM shipments`))
	}
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	w.save(t, q, day(4, 1), report("1Z1", day(4, 1), wrong))
	require.Equal(t, domain.MilestoneDelivered, w.milestone(t, q))
	w.save(t, q, day(4, 2), report("1Z1", day(4, 2), gone))
	require.Equal(t, domain.MilestoneUnknown, w.milestone(t, q), "nothing is left of it")
	require.Nil(t, tell[*time.Time](t, w, `SELECT delivered_at FROM shipments`))
}

func TestWhatAnImportSaidStays(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	w.exec(t, `UPDATE shipments SET milestone = 'PICKED_UP', shipped_at = '2026-03-01T07:00:00Z', delayed = true`)
	odd := step(domain.MilestoneUnknown, day(2, 1))
	w.save(t, q, day(2, 2), report("1Z1", day(2, 2), odd))
	require.Equal(t, "PICKED_UP|t|2026-03-01 07:00:00+00", tell[string](t, w, `SELECT concat_ws('|', milestone, delayed, shipped_at) FROM shipments`))
	w.save(t, q, day(2, 3), report("1Z1", day(2, 3), odd, step(domain.MilestoneInTransit, day(2, 2))))
	require.Equal(t, "IN_TRANSIT|t|2026-03-02 02:00:00+00", tell[string](t, w, `SELECT concat_ws('|', milestone, delayed, shipped_at) FROM shipments`))
}

// TestAnImportKnewFirst holds that what the carrier tells late, of before a delivery that an import knows of, does not take that back, and that what
// it tells of afterwards does.
func TestAnImportKnewFirst(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	w.exec(t, `UPDATE shipments SET milestone = 'DELIVERED', delivered_at = '2026-03-02T12:00:00Z'`)
	van := step(domain.MilestoneOutForDelivery, day(2, 11))
	w.save(t, q, day(2, 13), report("1Z1", day(2, 13), van))
	require.Equal(t, domain.MilestoneDelivered, w.milestone(t, q))
	w.save(t, q, day(2, 15), report("1Z1", day(2, 15), van, step(domain.MilestoneDeliveryAttempted, day(2, 14))))
	require.Equal(t, domain.MilestoneDeliveryAttempted, w.milestone(t, q))
}

func TestAnotherNumberAndNobody(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	none := q
	none.Shipment = domain.ID{}
	w.save(t, none, day(2, 1), report("1Z1", day(2, 1), step(domain.MilestoneInTransit, day(2, 1))))
	w.exec(t, `UPDATE shipments SET tracking_number = '1Z2'`)
	w.save(t, q, day(2, 1), report("1Z1", day(2, 1), step(domain.MilestoneInTransit, day(2, 1))))
	require.Zero(t, tell[int](t, w, `SELECT count(*) FROM tracking_events`))
	require.Zero(t, w.load(t, q))
	require.Zero(t, w.load(t, none))
}

func TestErasedCustomersStayErased(t *testing.T) {
	w := newWorld(t, ledger.Options{Carriers: map[string][]string{"iftsta": {"*"}}})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	w.save(t, q, day(2, 1), report("1Z1", day(2, 1), step(domain.MilestoneInTransit, day(2, 1))))
	_, err := w.store.EraseCustomer(t.Context(), domain.CustomerID(1), domain.AuditEntry{At: day(3, 1), Subject: "s", Role: domain.RoleAdmin})
	require.NoError(t, err)
	before := w.rows(t)
	again := report("1Z1", day(4, 1), step(domain.MilestoneDelivered, day(4, 1)))
	w.save(t, q, day(4, 1), again)
	_, _, unmatched := w.record(t, "ups", day(4, 1), again)
	require.Equal(t, 1, unmatched)
	_, _, unmatched = w.record(t, "iftsta", day(4, 1), report("S-1", day(4, 1), step(domain.MilestoneDelivered, day(4, 1))))
	require.Equal(t, 1, unmatched, "our own number of the shipment is not erased")
	require.Equal(t, before, w.rows(t))
}

func TestGarbageIsCleaned(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	say := func(at time.Time) {
		far := 2000
		odd := tracking.Event{Milestone: "FLYING", Classifier: "MAYBE", RawCode: "a\x00b", RawText: "\xff", Reason: "MOOD", Place: tracking.Place{Country: "xx"}}
		instant := day(2, 1)
		odd.Time = tracking.Time{Local: instant.Add(2000 * time.Minute), Offset: &far, Instant: &instant, Precision: domain.PrecisionExact}
		ancient := step(domain.MilestoneInTransit, time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC))
		r := report("1Z1", at, odd, ancient)
		r.Proof = &tracking.Proof{SignedBy: "a\x00b", At: ancient.Time}
		late, early := tracking.Exact(day(9, 1)), tracking.Exact(day(8, 1))
		r.Etas = []tracking.Eta{{Earliest: &late, Latest: &early, Source: "HOROSCOPE", Zone: "Moon/Crater"}, {Source: domain.EtaByCarrier}}
		w.save(t, q, at, r)
	}
	say(day(3, 1))
	require.Equal(t, 2, tell[int](t, w, `SELECT count(*) FROM tracking_events`))
	require.Equal(t, "ab", tell[string](t, w, `SELECT pod_signed_by FROM shipments`))
	changes := tell[int](t, w, `SELECT count(*) FROM changes`)
	say(day(3, 2))
	require.Equal(t, changes, tell[int](t, w, `SELECT count(*) FROM changes`))
}

func TestPostgresGone(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	said := []service.Said{{Query: q, At: day(2, 1), Result: tracking.Result{
		Outcome: domain.TrackingFound, Reports: []tracking.Report{report("1Z1", day(2, 1), step(domain.MilestoneDelivered, day(2, 1)))},
	}}}
	require.ErrorIs(t, w.ledger.Save(ended, said), context.Canceled)

	// The last thing that is written fails: nothing is.
	w.exec(t, `ALTER TABLE shipment_tracking RENAME COLUMN failures TO broken`)
	err := w.ledger.Save(t.Context(), said)
	require.Equal(t, domain.CodeInternal, domain.ErrorCode(err))
	require.Zero(t, tell[int](t, w, `SELECT count(*) FROM tracking_events`))
	require.Equal(t, domain.MilestoneUnknown, w.milestone(t, q))

	pool, err := storage.Open(t.Context(), storage.Config{URL: storagetest.New(t).URL})
	require.NoError(t, err)
	require.NoError(t, pool.Close())
	closed := ledger.New(pool, ledger.Options{})
	_, err = closed.Load(t.Context(), []service.Query{q})
	require.Error(t, err)
	require.Error(t, closed.Save(t.Context(), said))
	_, err = closed.Record(t.Context(), "ups", said[0].Result.Reports, day(2, 1))
	require.Error(t, err)
}
