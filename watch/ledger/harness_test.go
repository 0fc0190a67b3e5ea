package ledger_test

import (
	"database/sql"
	"fmt"
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

func TestMain(m *testing.M) { storagetest.Main(m) }

// world is a database with three customers, of whom each has a site in Paris, and the carriers.
type world struct {
	pool   *storage.Pool
	db     *sql.DB
	ledger *ledger.Ledger
	store  *storage.Store
}

func newWorld(t testing.TB, options ledger.Options) *world {
	t.Helper()
	database := storagetest.New(t)
	pool, err := storage.Open(t.Context(), storage.Config{URL: database.URL})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return fill(t, database, pool, options)
}

// counted is a world that counts the ledger's statements.
type counted struct {
	*world
	counter *storagetest.Counter
}

func newCounted(t testing.TB) counted {
	t.Helper()
	database := storagetest.New(t)
	db, counter := database.Counted()
	return counted{fill(t, database, storage.New(db), ledger.Options{}), counter}
}

func fill(t testing.TB, database *storagetest.Database, pool *storage.Pool, options ledger.Options) *world {
	w := &world{pool: pool, db: database.SQL(), ledger: ledger.New(pool, options)}
	w.store = pool.For(domain.Viewer{Subject: "test", Role: domain.RoleAdmin})
	w.exec(t, `INSERT INTO organisations (id, code, name, currency) VALUES (1, 'EU', 'Europe', 'EUR');
		INSERT INTO customers (customer_id, organisation_id, number, name, currency) SELECT i, 1, 'C' || i, 'Customer ' || i, 'EUR' FROM generate_series(1, 3) i;
		INSERT INTO sites (customer_id, id, name, country_code, postal_code, time_zone) SELECT i, i, 'Site', 'FR', '7500' || i, 'Europe/Paris' FROM generate_series(1, 3) i;
		INSERT INTO carriers (id, code, name) SELECT row_number() OVER (), c, c FROM unnest(ARRAY['dhl','ups','fedex','laposte','easypost','aftership','dcsa','epcis','iftsta','x12214']) c`)
	return w
}

func (w *world) exec(t testing.TB, text string, args ...any) {
	t.Helper()
	_, err := w.db.ExecContext(t.Context(), text, args...)
	require.NoError(t, err)
}

// ship adds a shipment of a carrier.
func (w *world) ship(t testing.TB, customer, row int64, carrier, number string) service.Query {
	t.Helper()
	w.exec(t, `INSERT INTO shipments (customer_id, id, site_id, number, carrier_id, tracking_number, created_at)
		VALUES ($1, $2, $1, 'S-' || $2::bigint, (SELECT id FROM carriers WHERE code = $3), $4, '2026-03-01T00:00:00Z')`, customer, row, carrier, number)
	return service.Query{Carrier: carrier, Number: tracking.Number{Number: number}, Shipment: domain.OwnedID(domain.KindShipment, customer, row)}
}

// tell is how many rows there are of which the query counts, or another number or text.
func tell[T any](t testing.TB, w *world, query string, args ...any) T {
	t.Helper()
	var value T
	require.NoError(t, w.db.QueryRowContext(t.Context(), query, args...).Scan(&value))
	return value
}

func (w *world) milestone(t testing.TB, q service.Query) domain.Milestone {
	t.Helper()
	return domain.Milestone(tell[string](t, w, `SELECT milestone FROM shipments WHERE customer_id = $1 AND id = $2`, q.Shipment.Customer, q.Shipment.Row))
}

// save gives the ledger what a carrier answers.
func (w *world) save(t testing.TB, q service.Query, at time.Time, reports ...tracking.Report) {
	t.Helper()
	result := tracking.Result{Number: q.Number.Number, Outcome: domain.TrackingFound, Reports: reports}
	switch len(reports) {
	case 0:
		result.Outcome = domain.TrackingNotFound
	case 1:
	default:
		result.Outcome = domain.TrackingAmbiguous
	}
	require.NoError(t, w.ledger.Save(t.Context(), []service.Said{{Query: q, Result: result, At: at}}))
}

func (w *world) load(t testing.TB, q service.Query) service.Stored {
	t.Helper()
	stored, err := w.ledger.Load(t.Context(), []service.Query{q})
	require.NoError(t, err)
	require.Len(t, stored, 1)
	return stored[0]
}

func (w *world) record(t testing.TB, sender string, at time.Time, reports ...tracking.Report) (shipments []domain.ID, events, unmatched int) {
	t.Helper()
	recorded, err := w.ledger.Record(t.Context(), sender, reports, at)
	require.NoError(t, err)
	return recorded.Shipments, recorded.Events, recorded.Unmatched
}

// day is an instant in March 2026.
func day(day, hour int) time.Time { return time.Date(2026, 3, day, hour, 0, 0, 0, time.UTC) }

// step is an event of a milestone at an instant.
func step(milestone domain.Milestone, at time.Time) tracking.Event {
	return tracking.Event{Milestone: milestone, Classifier: domain.StateActual, RawCode: string(milestone)[:3], RawText: string(milestone), Time: tracking.Exact(at)}
}

// report is what a carrier says of a number at an instant.
func report(number string, at time.Time, events ...tracking.Event) tracking.Report {
	r := tracking.Report{Number: number, Events: events}
	r.SetKeys(at)
	return r
}

// rows are all rows that the ledger wrote of shipments, as a text without the rows' own keys and without when they were received.
func (w *world) rows(t testing.TB) string {
	t.Helper()
	return fmt.Sprint(
		tell[string](t, w, `SELECT coalesce(string_agg(concat_ws('|', e.customer_id, e.shipment_id, e.milestone, e.classifier, e.raw_code, e.raw_text,
			e.occurred_at, e.local_time, e.delay, e.reason, e.external_id, (SELECT o.external_id FROM tracking_events o WHERE o.customer_id = e.customer_id
			AND o.id = e.superseded_by)), E'\n' ORDER BY e.customer_id, e.shipment_id, e.external_id), '') FROM tracking_events e`),
		tell[string](t, w, `SELECT coalesce(string_agg(concat_ws('|', customer_id, shipment_id, source, statement), E'\n'
			ORDER BY customer_id, shipment_id, source, observed_at, digest), '') FROM eta_statements`),
		tell[string](t, w, `SELECT string_agg(concat_ws('|', customer_id, id, tracking_unique_id, milestone, delayed, delay_reason, shipped_at, delivered_at,
			eta_earliest, eta_latest, eta_source, eta_observed_at, pod_signed_by, pod_at, pod_document_url), E'\n' ORDER BY customer_id, id) FROM shipments`),
		tell[string](t, w, `SELECT coalesce(string_agg(concat_ws('|', customer_id, shipment_id, outcome, fetched_at, due_at IS NULL), E'\n' ORDER BY customer_id, shipment_id), '')
			FROM shipment_tracking`),
	)
}
