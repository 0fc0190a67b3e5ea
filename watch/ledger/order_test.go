package ledger_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
	"github.com/vigie-dev/vigie/watch/ledger"
)

// heard is a report and when it came.
type heard struct {
	at     time.Time
	report tracking.Report
}

// anyReports are reports of one journey with events that clash, are worded anew, corrected and withdrawn. What an event says at an instant is
// always the same, and it is not said again in words that it had before.
func anyReports(t *rapid.T) []heard {
	milestones := []domain.Milestone{
		domain.MilestoneUnknown, domain.MilestonePickedUp, domain.MilestoneInTransit, domain.MilestoneOutForDelivery, domain.MilestoneDelivered,
		domain.MilestoneException, domain.MilestoneReturning, domain.MilestoneReturned,
	}
	said := map[string]bool{}
	reports := make([]heard, 0, 6)
	for i := range rapid.IntRange(1, 6).Draw(t, "reports") {
		at := day(10, 0).Add(time.Duration(i) * time.Minute)
		var events []tracking.Event
		for range rapid.IntRange(0, 5).Draw(t, "events") {
			which := rapid.IntRange(0, 7).Draw(t, "which")
			e := step(milestones[which], day(1+which, 0))
			e.ID = strconv.Itoa(which)
			// Worded anew with each report.
			e.RawText = fmt.Sprint("words of ", i)
			if said[e.ID] && rapid.Bool().Draw(t, "withdrawn") {
				e.Withdrawn = true
			}
			said[e.ID] = true
			if rapid.IntRange(0, 4).Draw(t, "delay") == 0 {
				e.Delay, e.Reason = true, domain.ReasonWeather
			}
			if !slices.ContainsFunc(events, func(other tracking.Event) bool { return other.ID == e.ID }) {
				events = append(events, e)
			}
		}
		r := report("1Z1", at, events...)
		if rapid.Bool().Draw(t, "arrival") {
			r.Etas = []tracking.Eta{tracking.AtEta(tracking.Exact(day(20, i)), domain.EtaByCarrier, at)}
		}
		if rapid.Bool().Draw(t, "proof") {
			r.Proof = &tracking.Proof{SignedBy: strconv.Itoa(i), At: tracking.Exact(day(9, i))}
		}
		reports = append(reports, heard{at, r})
	}
	return reports
}

// TestAnyOrder holds that reports give the same rows in whatever order they come, each as often as it does.
func TestAnyOrder(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	rows := func(reports []heard) string {
		w.exec(t, `DELETE FROM tracking_events; DELETE FROM eta_statements; DELETE FROM shipments`)
		w.ship(t, 1, 1, "ups", "1Z1")
		for _, h := range reports {
			w.save(t, q, h.at, h.report)
		}
		return w.rows(t)
	}
	rapid.Check(t, func(r *rapid.T) {
		reports := anyReports(r)
		want := rows(reports)
		again := slices.Concat(reports, reports[:rapid.IntRange(0, len(reports)).Draw(r, "copies")])
		shuffle := rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 1))
		shuffle.Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		require.Equal(r, want, rows(again))
		// All of them in one report are no different.
		stored := w.load(t, q)
		var all []tracking.Event
		for _, h := range reports {
			all = append(all, h.report.Events...)
		}
		require.Equal(r, tracking.Reduce(all).Milestone, tracking.Reduce(stored.Reports[0].Events).Milestone)
	})
}

// TestManyWriters holds that nothing is lost and nobody fails where many write down what is said of the same shipments, in any order.
func TestManyWriters(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	var queries []service.Query
	for i := range int64(6) {
		queries = append(queries, w.ship(t, 1+i%3, 1+i, "ups", fmt.Sprint("1Z", i)))
	}
	var writers sync.WaitGroup
	failures := make(chan error, 200)
	for writer := range 12 {
		writers.Go(func() {
			for round := range 4 {
				order := rand.New(rand.NewPCG(uint64(writer), uint64(round))).Perm(len(queries))
				var said []service.Said
				var reports []tracking.Report
				for _, i := range order {
					r := report(queries[i].Number.Number, day(3, 1), step(domain.MilestoneInTransit, day(2, 0).Add(time.Duration(writer*4+round)*time.Minute)))
					said = append(said, service.Said{Query: queries[i], At: day(3, 1), Result: tracking.Result{Outcome: domain.TrackingFound, Reports: []tracking.Report{r}}})
					reports = append(reports, r)
				}
				failures <- w.ledger.Save(t.Context(), said)
				_, err := w.ledger.Record(t.Context(), "ups", reports, day(3, 2))
				failures <- err
			}
		})
	}
	// An import writes the same shipments in an order of its own.
	writers.Go(func() {
		for i := range 20 {
			_, err := w.db.ExecContext(t.Context(), `UPDATE shipments SET weight_kg = $1 WHERE id = $2`, i, 6-i%6)
			failures <- err
		}
	})
	writers.Wait()
	close(failures)
	for err := range failures {
		require.NoError(t, err)
	}
	require.Equal(t, 6*48, tell[int](t, w, `SELECT count(*) FROM tracking_events`))
	for _, q := range queries {
		require.Len(t, w.load(t, q).Reports[0].Events, 48)
		require.Equal(t, domain.MilestoneInTransit, w.milestone(t, q))
	}
}

// TestErasureAmongWriters holds that an erasure and the writing down of answers do not fail because of each other, and that nothing is
// left of what the erased customer's carriers say.
func TestErasureAmongWriters(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	var queries []service.Query
	for i := range int64(12) {
		queries = append(queries, w.ship(t, 1+i%2, 1+i, "ups", fmt.Sprint("1Z", i)))
	}
	var all sync.WaitGroup
	failures := make(chan error, 200)
	begun := make(chan struct{}, 200)
	for writer := range 6 {
		all.Go(func() {
			for round := range 5 {
				var said []service.Said
				for i := range queries {
					r := report(queries[i].Number.Number, day(3, 1), step(domain.MilestoneInTransit, day(2, 0).Add(time.Duration(writer*5+round)*time.Minute)))
					said = append(said, service.Said{Query: queries[i], At: day(3, 1), Result: tracking.Result{Outcome: domain.TrackingFound, Reports: []tracking.Report{r}}})
				}
				failures <- w.ledger.Save(t.Context(), said)
				begun <- struct{}{}
			}
		})
	}
	all.Go(func() {
		<-begun
		_, err := w.store.EraseCustomer(t.Context(), domain.CustomerID(1), domain.AuditEntry{At: day(3, 1), Subject: "s", Role: domain.RoleAdmin})
		failures <- err
	})
	all.Wait()
	close(failures)
	for err := range failures {
		require.NoError(t, err)
	}
	require.Zero(t, tell[int](t, w, `SELECT count(*) FROM tracking_events WHERE customer_id = 1 AND (external_id IS NOT NULL OR raw_text IS NOT NULL)`))
	require.Zero(t, tell[int](t, w, `SELECT count(*) FROM shipment_tracking WHERE customer_id = 1`))
	require.Equal(t, 6*30, tell[int](t, w, `SELECT count(*) FROM tracking_events WHERE customer_id = 2`))
}

// sortedRows puts ids in order.
func sortedRows(ids []domain.ID) []int64 {
	rows := make([]int64, 0, len(ids))
	for _, id := range ids {
		rows = append(rows, id.Row)
	}
	slices.SortFunc(rows, cmp.Compare)
	return rows
}
