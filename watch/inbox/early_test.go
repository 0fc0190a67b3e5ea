package inbox_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking/ups"
	"github.com/vigie-dev/vigie/watch/inbox"
	"github.com/vigie-dev/vigie/watch/ledger"
)

// A message that comes before the shipment that it is about waits for it, through the real ledger. One that is about nothing of ours is let go.
func TestMessagesBeforeTheirShipments(t *testing.T) {
	pool, db := open(t)
	var mu sync.Mutex
	clock := time.Date(2026, 3, 2, 16, 0, 0, 0, time.UTC)
	now := func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		return clock
	}
	forward := func(by time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		clock = clock.Add(by)
	}
	r := newRig(t, pool, func(o *inbox.Options) {
		o.Now = now
		o.Recorder = ledger.New(pool, ledger.Options{Now: now})
	})
	r.run()
	require.Equal(t, http.StatusOK, r.post(ups.Code, alert(1)))
	require.Equal(t, inbox.OutcomeEarly, r.outcome())
	require.Equal(t, http.StatusOK, r.post(ups.Code, alert(2)))
	require.Equal(t, inbox.OutcomeEarly, r.outcome())

	for _, text := range []string{
		`INSERT INTO organisations (id, code, name, currency) VALUES (1, 'EU', 'Europe', 'EUR')`,
		`INSERT INTO customers (customer_id, organisation_id, number, name, currency) VALUES (1, 1, 'C1', 'Acme', 'EUR')`,
		`INSERT INTO carriers (id, code, name) VALUES (1, 'ups', 'UPS')`,
		`INSERT INTO shipments (customer_id, id, number, carrier_id, tracking_number, created_at) VALUES (1, 1, 'S-1', 1, '1Z0000000000000001', '2026-03-01')`,
	} {
		_, err := db.ExecContext(t.Context(), text)
		require.NoError(t, err)
	}
	forward(time.Minute)
	require.ElementsMatch(t, []inbox.Outcome{inbox.OutcomeRecorded, inbox.OutcomeEarly}, []inbox.Outcome{r.outcome(), r.outcome()})
	var milestone string
	require.NoError(t, db.QueryRowContext(t.Context(), `SELECT milestone FROM shipments`).Scan(&milestone))
	require.Equal(t, "IN_TRANSIT", milestone)
	require.Equal(t, 1, count(t, db, "succeeded AND shipments = 1 AND body IS NULL"))

	forward(49 * time.Hour)
	require.Equal(t, inbox.OutcomeRecorded, r.outcome())
	require.Equal(t, 1, count(t, db, "succeeded AND shipments = 0 AND body IS NULL AND problems->0->>'code' = 'NO_SHIPMENT'"))
}
