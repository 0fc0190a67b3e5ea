package ledger_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/watch/ledger"
)

// transit is a report of one scan.
func transit(number string, at time.Time) tracking.Report {
	return report(number, at.Add(time.Hour), step(domain.MilestoneInTransit, at))
}

// TestMatch holds by which numbers whose shipments are found.
func TestMatch(t *testing.T) {
	var forgotten []string
	w := newWorld(t, ledger.Options{
		Carriers: map[string][]string{"easypost": {"ups", "fedex"}, "epcis": {"*"}, "x12214": {"ups"}},
		Forget:   func(carrier, number string) { forgotten = append(forgotten, carrier+" "+number) },
	})
	w.ship(t, 1, 1, "ups", "1z1")
	w.ship(t, 1, 2, "ups", "1Z2")
	w.ship(t, 1, 3, "ups", "1Z2")
	w.ship(t, 2, 4, "dhl", "1Z1")
	w.ship(t, 2, 5, "ups", "1Z5")
	w.ship(t, 3, 6, "ups", "1Z5")
	w.ship(t, 2, 7, "dcsa", "MSKU9070323")
	w.ship(t, 3, 8, "dcsa", "MSKU9070323")
	w.ship(t, 3, 9, "ups", "1Z9")
	w.exec(t, `INSERT INTO shipments (customer_id, id, number, created_at) VALUES (3, 10, 'OWN-10', '2026-03-01Z'), (3, 11, 'OWN-11', '2026-03-01Z');
		UPDATE shipments SET carrier_id = 2 WHERE id = 11;
		INSERT INTO packages (customer_id, shipment_id, sequence, tracking_number, sscc) VALUES (3, 9, 1, 'P-91', '340123450000000017'), (3, 10, 1, NULL, '340123450000000024')`)
	piece := transit("MASTER", day(3, 1))
	piece.PieceNumbers = []string{"nowhere", "P-91"}
	ours := transit("PRO77", day(3, 1))
	ours.UniqueID = "own-11"
	for _, test := range []struct {
		name, sender string
		report       tracking.Report
		rows         []int64
	}{
		{"a tracking number, of its carrier only", "ups", transit(" 1Z1 ", day(3, 1)), []int64{1}},
		{"of the other carrier", "dhl", transit("1Z1", day(3, 1)), []int64{4}},
		{"of a carrier that the sender speaks for", "easypost", transit("1Z1", day(3, 1)), []int64{1}},
		{"of none that the sender speaks for", "fedex", transit("1Z1", day(3, 1)), nil},
		{"several of one customer travel together", "ups", transit("1Z2", day(3, 1)), []int64{2, 3}},
		{"of several customers' parcels nobody knows whose it is", "ups", transit("1Z5", day(3, 1)), nil},
		{"a container holds the goods of many", "dcsa", transit("MSKU9070323", day(3, 1)), []int64{7, 8}},
		{"the number of a piece", "ups", piece, []int64{9}},
		{"a package", "ups", transit("p-91", day(3, 1)), []int64{9}},
		{"a logistic unit", "epcis", transit("00340123450000000017", day(3, 1)), []int64{9}},
		{"a logistic unit without a carrier", "epcis", transit("340123450000000024", day(3, 1)), []int64{10}},
		{"our own number", "x12214", ours, []int64{11}},
		{"no number", "ups", transit("", day(3, 1)), nil},
		{"nobody's number", "ups", transit("1Z0", day(3, 1)), nil},
	} {
		shipments, events, unmatched := w.record(t, test.sender, day(3, 2), test.report)
		require.Equal(t, len(test.rows), events, test.name)
		require.Equal(t, test.rows == nil, unmatched == 1, test.name)
		require.ElementsMatch(t, test.rows, sortedRows(shipments), test.name)
	}
	require.Equal(t, []string{"ups 1z1", "dhl 1Z1", "ups 1z1"}, forgotten[:3])
	require.Equal(t, "", tell[string](t, w, `SELECT coalesce(string_agg(outcome, ','), '') FROM shipment_tracking WHERE shipment_id = 10`))
	require.Equal(t, "FOUND", tell[string](t, w, `SELECT outcome FROM shipment_tracking WHERE shipment_id = 1`))
}

// TestWhoSpeaksForTheCarrier holds that what a partner saw does not make a shipment FRESH.
func TestWhoSpeaksForTheCarrier(t *testing.T) {
	w := newWorld(t, ledger.Options{Carriers: map[string][]string{"epcis": {"*"}, "easypost": {"ups"}}})
	q := w.ship(t, 1, 1, "ups", "1Z1")
	partner := transit("1Z1", day(3, 1))
	partner.UniqueID = "theirs"
	w.record(t, "epcis", day(3, 2), partner)
	stored := w.load(t, q)
	require.Len(t, stored.Reports[0].Events, 1)
	require.Zero(t, stored.FetchedAt)
	require.Empty(t, stored.Outcome)
	require.Empty(t, stored.Reports[0].UniqueID, "the carrier would not know it")
	require.Equal(t, domain.MilestoneInTransit, w.milestone(t, q))
	require.Equal(t, "epcis", tell[string](t, w, `SELECT source FROM tracking_events`))
	w.record(t, "easypost", day(3, 3), transit("1Z1", day(3, 2)))
	require.Equal(t, day(3, 3), w.load(t, q).FetchedAt)
	// Before the import of a shipment, and after: both are told of the same event once.
	w.record(t, "ups", day(3, 4), partner)
	require.Equal(t, 2, tell[int](t, w, `SELECT count(*) FROM tracking_events`))
}

// TestReusedNumbers holds which of several uses of a number a report is about.
func TestReusedNumbers(t *testing.T) {
	month := func(m time.Month, d int) time.Time { return time.Date(2026, m, d, 10, 0, 0, 0, time.UTC) }
	with := func(r tracking.Report, change func(*tracking.Report)) tracking.Report {
		change(&r)
		r.SetKeys(r.ReceivedAt)
		return r
	}
	named := func(id string) func(*tracking.Report) { return func(r *tracking.Report) { r.UniqueID = id } }
	to := func(code string) func(*tracking.Report) {
		return func(r *tracking.Report) { r.Destination.PostalCode = code }
	}
	for _, test := range []struct {
		name   string
		report tracking.Report
		rows   []int64
	}{
		{"the journey of spring", transit("F1", month(time.March, 3)), []int64{1}},
		{"the journey of autumn", transit("F1", month(time.October, 3)), []int64{2}},
		{"by the unique id, though it is settled", with(transit("F1", month(time.March, 4)), named("2026060~F1~FX")), []int64{1}},
		{"a unique id that neither is known by, so it is the one without", with(transit("F1", month(time.October, 4)), named("2026290~F1~FX")), []int64{2}},
		{"a return of the first", with(report("F1", month(time.April, 1), step(domain.MilestoneReturning, month(time.April, 1))), named("2026060~F1~FX")), []int64{1}},
		{"long after the end of a single one", transit("F3", month(time.October, 1)), nil},
		{"a return of a single one", report("F3", month(time.April, 1), step(domain.MilestoneReturning, month(time.April, 1))), []int64{3}},
		{"long before it left", transit("F3", month(time.January, 1)), nil},
		{"by the place that it goes to", with(transit("F4", month(time.October, 2)), to("75 003")), []int64{5}},
		{"to neither place", with(transit("F4", month(time.October, 2)), to("1")), nil},
		{"settled and open, of two customers", transit("F6", month(time.October, 9)), []int64{7}},
	} {
		w := newWorld(t, ledger.Options{})
		w.ship(t, 1, 1, "fedex", "F1")
		w.ship(t, 2, 2, "fedex", "F1")
		w.ship(t, 1, 3, "fedex", "F3")
		w.ship(t, 2, 4, "fedex", "F4")
		w.ship(t, 3, 5, "fedex", "F4")
		w.ship(t, 1, 6, "fedex", "F6")
		w.ship(t, 2, 7, "fedex", "F6")
		w.exec(t, `UPDATE shipments SET created_at = '2026-03-01Z', shipped_at = '2026-03-02Z', delivered_at = '2026-03-06Z', milestone = 'DELIVERED',
				tracking_unique_id = '2026060~F1~FX' WHERE id IN (1, 3);
			UPDATE shipments SET created_at = '2026-10-01Z' WHERE id IN (2, 4, 5, 7);
			UPDATE shipments SET created_at = '2026-09-01Z', shipped_at = '2026-09-02Z', delivered_at = '2026-09-06Z', milestone = 'DELIVERED' WHERE id = 6`)
		shipments, _, _ := w.record(t, "fedex", test.report.ReceivedAt, test.report)
		require.ElementsMatch(t, test.rows, sortedRows(shipments), test.name)
	}
}

// TestAWordIsNoNumber holds that what stands on hundreds of shipments finds none of them, and keeps nobody else from being found.
func TestAWordIsNoNumber(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	w.exec(t, `INSERT INTO shipments (customer_id, id, number, carrier_id, tracking_number) SELECT 1, 100 + i, 'S' || i, 2, 'PICKUP' FROM generate_series(1, 2100) i`)
	w.ship(t, 1, 1, "ups", "1Z1")
	var reports []tracking.Report
	for i := range 20 {
		reports = append(reports, transit(fmt.Sprint("1Z", i), day(3, 1)))
	}
	shipments, events, unmatched := w.record(t, "ups", day(3, 2), append(reports, transit("pickup", day(3, 1)))...)
	require.Len(t, shipments, 1)
	require.Equal(t, 1, events)
	require.Equal(t, 20, unmatched)
}

// TestALongFile holds that a file of more reports than a transaction takes is written whole, and once.
func TestALongFile(t *testing.T) {
	w := newWorld(t, ledger.Options{})
	w.exec(t, `INSERT INTO shipments (customer_id, id, number, carrier_id, tracking_number, created_at)
		SELECT 1 + i % 3, i, 'S' || i, 2, '1Z' || i, '2026-03-01Z' FROM generate_series(1, 250) i`)
	var reports []tracking.Report
	for i := range 250 {
		reports = append(reports, transit(fmt.Sprint("1Z", i+1), day(3, 1)))
	}
	shipments, events, unmatched := w.record(t, "ups", day(3, 2), reports...)
	require.Len(t, shipments, 250)
	require.Equal(t, 250, events)
	require.Zero(t, unmatched)
	_, events, _ = w.record(t, "ups", day(3, 3), reports...)
	require.Zero(t, events)
}
