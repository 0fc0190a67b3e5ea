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

// TestAnotherNumberIsAnotherJourney holds that what was said of one number does not stay with a shipment that gets another.
func TestAnotherNumberIsAnotherJourney(t *testing.T) {
	const journey = `SELECT milestone || ' ' || coalesce(tracking_unique_id, '-') || ' ' || (SELECT count(*) FROM eta_statements) || ' ' ||
		(SELECT count(*) FROM tracking_events WHERE superseded_by IS NULL) || ' ' || coalesce(eta_source, '-') FROM shipments`
	for _, test := range []struct{ name, change, want string }{
		{"another number", `tracking_number = 'JD02'`, "UNKNOWN - 0 1 -"},
		{"another carrier", `carrier_id = 2`, "UNKNOWN - 0 1 -"},
		{"a writer who knows better", `tracking_number = 'JD02', milestone = 'PICKED_UP', tracking_unique_id = 'v'`, "PICKED_UP v 0 1 CARRIER"},
		{"the same number in other words", `tracking_number = 'jd-01'`, "DELIVERED u 1 2 CARRIER"},
		{"none, as after an erasure", `tracking_number = NULL`, "DELIVERED u 1 2 CARRIER"},
		{"something else", `service = 'express'`, "DELIVERED u 1 2 CARRIER"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, db := newStore(t)
			addCustomers(t, db, 1)
			exec(t, db, `INSERT INTO carriers (id, code, name) VALUES (1, 'dhl', 'DHL'), (2, 'ups', 'UPS')`)
			exec(t, db, `INSERT INTO shipments (customer_id, id, number, carrier_id, tracking_number, tracking_unique_id, milestone, eta_source)
				VALUES (1, 1, 'S-1', 1, 'JD01', 'u', 'DELIVERED', 'CARRIER')`)
			exec(t, db, `INSERT INTO tracking_events (customer_id, shipment_id, source, external_id) VALUES (1, 1, 'dhl', '1/a'), (1, 1, 'erp', '17')`)
			exec(t, db, `INSERT INTO eta_statements (customer_id, shipment_id, source, observed_at, statement, digest) VALUES (1, 1, 'CARRIER', now(), '{}', 'd')`)
			exec(t, db, "UPDATE shipments SET "+test.change)
			var state string
			require.NoError(t, db.QueryRowContext(t.Context(), journey).Scan(&state))
			require.Equal(t, test.want, state)
		})
	}
}
