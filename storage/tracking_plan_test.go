package storage_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// TestTrackingIsIndexed plans what is asked for each message of a carrier, and for each answer, at 40,000 shipments.
func TestTrackingIsIndexed(t *testing.T) {
	var recorder recorder
	recording := recorder.store(t)
	ids := []domain.ID{domain.OwnedID(domain.KindShipment, 1, 1)}
	_, err := recording.Bearers(t.Context(), []string{"N1"})
	require.NoError(t, err)
	_, err = recording.BearersOfDocuments(t.Context(), []string{"S-1"})
	require.NoError(t, err)
	_, err = recording.Followed(t.Context(), ids)
	require.NoError(t, err)
	_, err = recording.Tracked(t.Context(), ids)
	require.NoError(t, err)
	require.NoError(t, recording.Reschedule(t.Context(), time.Time{}, []storage.Turn{{Shipment: ids[0]}}))
	asked := recorder.take()
	require.Len(t, asked, 5)
	_, db := newStore(t)
	addFollowed(t, db, 0)
	exec(t, db, `ALTER TABLE shipments DISABLE TRIGGER USER; ALTER TABLE tracking_events DISABLE TRIGGER USER; ALTER TABLE packages DISABLE TRIGGER USER;
		INSERT INTO shipments (customer_id, id, number, carrier_id, tracking_number)
		SELECT 1 + i % 10, i, 'S-' || i, 1 + i % 2, 'N' || i FROM generate_series(1, 40000) i;
		INSERT INTO shipment_tracking (customer_id, shipment_id, carrier_id, due_at)
		SELECT customer_id, id, carrier_id, timestamptz '2026-03-03 12:00Z' - make_interval(secs => id) FROM shipments;
		INSERT INTO packages (customer_id, shipment_id, sequence, tracking_number, sscc) SELECT customer_id, id, 1, 'P' || id, id::text FROM shipments;
		INSERT INTO eta_statements (customer_id, shipment_id, source, observed_at, statement, digest) SELECT customer_id, id, 'CARRIER', now(), '{}', 'd' FROM shipments;
		INSERT INTO tracking_events (customer_id, shipment_id, source, external_id) SELECT customer_id, id, 'dhl', id || '/' || n FROM shipments, generate_series(1, 3) n`)
	exec(t, db, `VACUUM ANALYZE shipments, shipment_tracking, carriers, customers, packages, eta_statements, tracking_events`)
	const rows = "('{1}', '{1}')"
	for name, arguments := range map[string]string{
		"bearers": "('{N1,N2}', 21)", "bearersOfDocuments": "('{S-1,S-2}', 21)", "followed": rows, "tracked": rows,
		"reschedule": "('2026-03-03 11:00Z', '{1}', '{1}', '{null}', '{0}')",
	} {
		for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
			plan := planOfExecuted(t, db, mode, asked, name, arguments)
			for _, table := range []string{"shipments", "shipment_tracking", "packages", "eta_statements", "tracking_events"} {
				require.NotContains(t, plan, "Seq Scan on "+table, "%s %s\n%s", name, mode, plan)
			}
		}
	}
}
