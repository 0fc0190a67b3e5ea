package ledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
	"github.com/vigie-dev/vigie/watch/ledger"
)

// answers are answers about n shipments of a customer, and the reports in them.
func (w *world) answers(t testing.TB, n int64) ([]service.Said, []tracking.Report) {
	t.Helper()
	var said []service.Said
	var reports []tracking.Report
	for row := range n {
		q := w.ship(t, 1, row+1, "fedex", fmt.Sprint("F", row+1))
		r := report(q.Number.Number, day(3, 1), step(domain.MilestoneInTransit, day(2, 1)))
		reports = append(reports, r)
		said = append(said, service.Said{Query: q, At: day(3, 1), Result: tracking.Result{Outcome: domain.TrackingFound, Reports: []tracking.Report{r}}})
	}
	return said, reports
}

// TestPoison holds that a shipment that cannot be written keeps no other of its call, or of its message, from being written.
func TestPoison(t *testing.T) {
	for _, way := range []string{"asked", "told"} {
		t.Run(way, func(t *testing.T) {
			w := newWorld(t, ledger.Options{})
			said, reports := w.answers(t, 30)
			w.exec(t, `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
				CREATE TRIGGER refuse BEFORE INSERT ON tracking_events FOR EACH ROW WHEN (NEW.shipment_id = 17) EXECUTE FUNCTION refuse()`)
			if way == "asked" {
				require.Equal(t, domain.CodeInternal, domain.ErrorCode(w.ledger.Save(t.Context(), said)))
			} else {
				recorded, err := w.ledger.Record(t.Context(), "fedex", reports, day(3, 1))
				require.Equal(t, domain.CodeInternal, domain.ErrorCode(err))
				require.Len(t, recorded.Shipments, 29)
				require.Equal(t, 29, recorded.Events)
			}
			require.Equal(t, 29, tell[int](t, w, `SELECT count(*) FROM tracking_events`))
			require.Equal(t, 29, tell[int](t, w, `SELECT count(*) FROM shipments WHERE milestone = 'IN_TRANSIT'`))
		})
	}
}

// TestImportsAreNotInTheWay holds that an import, which holds shipments in an order of its own and as long as it likes, neither fails because of
// what is written down of them, nor keeps more from being written down than what it holds.
func TestImportsAreNotInTheWay(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	said, _ := w.answers(t, 4)
	tx, err := w.db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	defer func() { _ = tx.Rollback() }()
	for _, row := range []int{3, 1} {
		_, err = tx.ExecContext(t.Context(), `UPDATE shipments SET weight_kg = 5 WHERE id = $1`, row)
		require.NoError(t, err)
		bounded, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		require.Equal(t, domain.CodeConflict, domain.ErrorCode(w.ledger.Save(bounded, said)))
		cancel()
		require.Equal(t, 3, tell[int](t, w, `SELECT count(*) FROM tracking_events`))
	}
	require.NoError(t, tx.Commit())
	require.NoError(t, w.ledger.Save(t.Context(), said))
	require.Equal(t, 4, tell[int](t, w, `SELECT count(*) FROM shipments WHERE milestone = 'IN_TRANSIT'`))
}

// TestDatesThatAreNone holds that the dates by which systems write that they know none are none, and keep nothing from being written.
func TestDatesThatAreNone(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	w.exec(t, `UPDATE sites SET time_zone = 'America/New_York'`)
	q := w.ship(t, 1, 1, "ups", "1Z1")
	r := report("1Z1", day(3, 1), step(domain.MilestoneInTransit, day(2, 1)))
	for _, year := range []int{1, 1900, 1970, 9999} {
		never := tracking.Day(domain.Date{Year: year, Month: 12, Day: 31})
		r.Etas = append(r.Etas, tracking.AtEta(never, domain.EtaByCarrier, day(3, 1)), tracking.AtEta(
			tracking.Exact(time.Date(year, 12, 31, 23, 59, 0, 0, time.FixedZone("", -5*3600))), domain.EtaByCarrier, day(3, 1)))
		r.Events = append(r.Events, tracking.Event{Milestone: domain.MilestoneUnknown, Classifier: domain.StateActual, ID: fmt.Sprint(year), Time: never})
		r.Proof = &tracking.Proof{SignedBy: "x", At: never}
		r.Shipped = never
	}
	r.SetKeys(day(3, 1))
	w.save(t, q, day(3, 1), r)
	_, events, unmatched := w.record(t, "ups", day(3, 1), r)
	require.Zero(t, events)
	require.Zero(t, unmatched)
	require.Equal(t, 5, tell[int](t, w, `SELECT count(*) FROM tracking_events`))
	require.Zero(t, tell[int](t, w, `SELECT count(*) FROM eta_statements`))
	require.Zero(t, tell[int](t, w, `SELECT count(*) FROM shipments WHERE eta_latest IS NOT NULL OR pod_at IS NOT NULL`))
	require.Equal(t, domain.MilestoneInTransit, w.milestone(t, q))
}

// TestTheFirstNumberWasRight holds that a number that was replaced by mistake tells its journey again.
func TestTheFirstNumberWasRight(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	r := report("1Z1", day(3, 1), step(domain.MilestoneDelivered, day(2, 1)))
	w.save(t, q, day(3, 1), r)
	w.exec(t, `UPDATE shipments SET tracking_number = '1Z2'`)
	require.Equal(t, domain.MilestoneUnknown, w.milestone(t, q))
	w.exec(t, `UPDATE shipments SET tracking_number = '1Z1'`)
	w.save(t, q, day(3, 2), r)
	require.Equal(t, domain.MilestoneDelivered, w.milestone(t, q))
}

// TestWhoSignedForWhat holds that what is known of a container's goods is told of all who have goods in it, and who signed for them is not.
func TestWhoSignedForWhat(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	for row := range int64(2) {
		w.ship(t, row+1, row+1, "dcsa", "MSKU9070323")
	}
	r := report("MSKU9070323", day(3, 1), step(domain.MilestoneDelivered, day(2, 1)))
	r.Proof = &tracking.Proof{SignedBy: "Weber", At: tracking.Exact(day(2, 1))}
	shipments, _, _ := w.record(t, "dcsa", day(3, 1), r)
	require.Len(t, shipments, 2)
	require.Equal(t, 2, tell[int](t, w, `SELECT count(*) FROM shipments WHERE milestone = 'DELIVERED' AND pod_signed_by IS NULL`))
}

// TestGivenUpAndFound holds that a shipment about which nobody is asked any more is followed again when it moves.
func TestGivenUpAndFound(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	w.save(t, q, day(3, 1), report("1Z1", day(3, 1), step(domain.MilestoneInTransit, day(2, 1))))
	w.exec(t, `UPDATE shipment_tracking SET due_at = NULL`)
	w.save(t, q, day(3, 2), report("1Z1", day(3, 2), step(domain.MilestoneInTransit, day(2, 1))))
	require.Zero(t, tell[int](t, w, `SELECT count(due_at) FROM shipment_tracking`), "nothing moved")
	w.record(t, "ups", day(3, 3), report("1Z1", day(3, 3), step(domain.MilestoneInTransit, day(3, 2))))
	require.Equal(t, 1, tell[int](t, w, `SELECT count(due_at) FROM shipment_tracking`))
}
