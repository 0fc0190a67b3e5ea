package ingest_test

import (
	"testing"

	"github.com/vigie-dev/vigie/ingest"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// TestCarriersKnowBetter holds that a file that was written before the carrier spoke does not take back what it said, and changes nothing;
// one that knows of the delivery before the carrier does counts.
func TestCarriersKnowBetter(t *testing.T) {
	db := storagetest.New(t).SQL()
	dir := copyDir(t, "testdata/canonical")
	again := func() int64 {
		t.Helper()
		report, _, err := importInto(t, db, open(t, "vigie"), dir, ingest.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range report.Entities {
			if e.Entity == "shipments" {
				return e.Updated
			}
		}
		return 0
	}
	again()
	exec := func(text string) {
		t.Helper()
		_, err := db.ExecContext(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
	}
	exec(`UPDATE shipments SET milestone = 'DELIVERED', delayed = true, delivered_at = '2026-03-04T09:00:00Z', shipped_at = '2026-03-03T15:30:00Z',
		pod_signed_by = 'Carrier' WHERE number = 'SH-9002'`)
	exec(`INSERT INTO tracking_events (customer_id, shipment_id, milestone, occurred_at, source, external_id)
		SELECT customer_id, id, 'DELIVERED', '2026-03-04T09:00:00Z', 'dhl', id || '/a' FROM shipments WHERE number = 'SH-9002'`)
	const standing = `SELECT milestone, delayed, delivered_at AT TIME ZONE 'UTC', shipped_at AT TIME ZONE 'UTC', pod_signed_by FROM shipments WHERE number = 'SH-9002'`
	delivered := []string{"DELIVERED", "true", "2026-03-04T09:00:00Z", "2026-03-03T15:30:00Z", "Carrier"}
	changes := number(t, db, `SELECT count(*) FROM changes`)

	// Its file does not say how far it is, and then that it is on the way.
	for i := range 2 {
		if i == 1 {
			edit(t, dir, "shipments.csv", "JD0140000000000059,Paket,,", "JD0140000000000059,Paket,IN_TRANSIT,true")
		}
		if updated := again(); updated != 0 {
			t.Errorf("%d shipments were updated", updated)
		}
		expect(t, db, standing, delivered)
		if number(t, db, `SELECT count(*) FROM changes`) != changes {
			t.Error("an import that changed nothing told of changes")
		}
		if number(t, db, `SELECT count(*) FROM shipment_tracking`) != 1 {
			t.Error("who follows what changed")
		}
	}
	edit(t, dir, "shipments.csv", "2026-03-04,,EUR,5.10,5", "2026-03-04,,EUR,6.10,5")
	if updated := again(); updated != 1 {
		t.Errorf("%d shipments were updated", updated)
	}
	expect(t, db, standing, delivered)
	expect(t, db, `SELECT freight_cost::numeric(9, 2), occurred_at = shipped_at FROM shipments WHERE number = 'SH-9002'`, []string{"6.10", "true"})

	// The carrier has said nothing of an end.
	exec(`UPDATE shipments SET milestone = 'OUT_FOR_DELIVERY', delivered_at = NULL WHERE number = 'SH-9002'`)
	exec(`UPDATE tracking_events SET milestone = 'OUT_FOR_DELIVERY' WHERE source = 'dhl'`)
	edit(t, dir, "shipments.csv", "IN_TRANSIT,true,,2026-03-03T16:10:00+01:00,", "DELIVERED,true,,2026-03-03T16:10:00+01:00,2026-03-04T09:59:00+01:00")
	again()
	expect(t, db, `SELECT milestone FROM shipments WHERE number = 'SH-9002'`, []string{"OUT_FOR_DELIVERY"})
	edit(t, dir, "shipments.csv", "T09:59:00+01:00", "T10:01:00+01:00")
	again()
	expect(t, db, standing, []string{"DELIVERED", "true", "2026-03-04T09:01:00Z", "2026-03-03T15:30:00Z", "Carrier"})
}
