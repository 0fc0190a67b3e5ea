package storage_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
)

// following is the row of shipment_tracking of a shipment, as a sentence; "" where there is none.
const following = `SELECT coalesce((SELECT coalesce(outcome, 'nothing') || CASE WHEN due_at IS NULL THEN ', settled' ELSE ', due' END
	FROM shipment_tracking WHERE customer_id = 1 AND shipment_id = 1), '')`

// TestAShipmentFollowsItself holds what the triggers do with whatever writes shipments.
func TestAShipmentFollowsItself(t *testing.T) {
	store, db := newStore(t)
	addCustomers(t, db, 1)
	for _, step := range []struct{ name, statement, want string }{
		{"a carrier without a number", `
			INSERT INTO carriers (id, code, name) VALUES (1, 'dhl', 'DHL'), (2, 'ups', 'UPS');
			INSERT INTO shipments (customer_id, id, number, carrier_id) VALUES (1, 1, 'S-1', 1)`, ""},
		{"a number", `UPDATE shipments SET tracking_number = 'JD01'`, "nothing, due"},
		{"an answer", `UPDATE shipment_tracking SET outcome = 'FOUND', fetched_at = now()`, "FOUND, due"},
		{"progress", `UPDATE shipments SET milestone = 'IN_TRANSIT'`, "FOUND, due"},
		{"the end", `UPDATE shipments SET milestone = 'DELIVERED'`, "FOUND, settled"},
		{"the end of the end", `UPDATE shipments SET milestone = 'RETURNING'`, "FOUND, due"},
		{"another number", `UPDATE shipments SET tracking_number = 'JD02'`, "nothing, due"},
		{"another carrier", `UPDATE shipment_tracking SET outcome = 'FOUND'; UPDATE shipments SET carrier_id = 2`, "nothing, due"},
		{"no number", `UPDATE shipments SET tracking_number = NULL`, ""},
		{"all at once", `INSERT INTO shipments (customer_id, id, number, carrier_id, tracking_number) VALUES (1, 2, 'S-2', 1, 'JD03');
			UPDATE shipments SET tracking_number = 'JD02' WHERE id = 1`, "nothing, due"},
	} {
		_, err := db.ExecContext(t.Context(), step.statement)
		require.NoError(t, err, step.name)
		var state string
		require.NoError(t, db.QueryRowContext(t.Context(), following).Scan(&state))
		require.Equal(t, step.want, state, step.name)
	}
	id := domain.OwnedID(domain.KindShipment, 1, 1)
	missing := domain.OwnedID(domain.KindShipment, 1, 99)
	found, err := store.Followed(t.Context(), []domain.ID{id, missing})
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "ups", found[id].Carrier)
	require.Equal(t, "JD02", found[id].TrackingNumber)
	require.Nil(t, found[id].Outcome)
	require.WithinDuration(t, time.Now(), *found[id].DueAt, time.Minute)
}
