package main

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage/storagetest"
	"github.com/vigie-dev/vigie/tracking/democarrier"
)

var controlURL = regexp.MustCompile(`Carriers +(http://\S+/control)\b`)

// liveDemo is a demo that runs over a database, with a clock that a test moves.
type liveDemo struct {
	t       *testing.T
	db      *storagetest.Database
	dir     string
	began   time.Time
	moved   atomic.Int64
	base    string
	control string
	admin   string
	out     *screen
	stop    func()
}

// demoMoment is a working day on which all carriers of the demo have parcels on their way.
func demoMoment() time.Time { return time.Date(2026, 11, 25, 19, 30, 0, 0, time.UTC) }

func newLiveDemo(t *testing.T) *liveDemo {
	return &liveDemo{t: t, db: storagetest.New(t), dir: t.TempDir(), began: time.Now()}
}

func (d *liveDemo) now() time.Time {
	return demoMoment().Add(time.Since(d.began) + time.Duration(d.moved.Load()))
}

// start runs the demo until stop, which requires that it ends in order.
func (d *liveDemo) start(args ...string) {
	env, _, _ := testEnvironment(map[string]string{
		"DATABASE_URL": d.db.URL, "VIGIE_ADDR": "127.0.0.1:0", "VIGIE_DATA_DIR": d.dir, "VIGIE_STOP_TIMEOUT": "10s",
	})
	var log screen
	d.out = &screen{}
	env.stdout, env.stderr, env.now = d.out, &log, d.now
	ctx, cancel := context.WithCancel(d.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, args, env) }()
	d.base = d.out.address(d.t)
	if found := controlURL.FindStringSubmatch(d.out.String()); found != nil {
		d.control = found[1]
	}
	d.admin = metricsURL.FindStringSubmatch(d.out.String())[1]
	d.stop = func() {
		cancel()
		require.NoError(d.t, <-ended, log.String())
	}
}

// order tells the carriers something and requires that they do it.
func (d *liveDemo) order(path, body string) {
	status, answer := send(d.t, d.control+path, []byte(body), nil)
	require.Equal(d.t, http.StatusOK, status, answer)
}

// underway is the number of a parcel on its way, by carrier.
func (d *liveDemo) underway() map[string]string {
	rows, err := d.db.SQL().Query(`SELECT DISTINCT ON (k.code) k.code, s.tracking_number FROM shipments s JOIN carriers k ON k.id = s.carrier_id
WHERE s.milestone NOT IN ('DELIVERED', 'RETURNED', 'CANCELLED', 'EXPIRED') ORDER BY k.code, s.shipped_at DESC`)
	require.NoError(d.t, err)
	defer rows.Close()
	found := map[string]string{}
	for rows.Next() {
		var code, number string
		require.NoError(d.t, rows.Scan(&code, &number))
		found[code] = number
	}
	require.NoError(d.t, rows.Err())
	require.Len(d.t, found, len(democarrier.Carriers()))
	return found
}

type liveShipment struct {
	TrackingNumber string
	Milestone      string
	Carrier        struct{ Code string }
	Live           struct {
		Freshness, Outcome, Milestone, Source string
		SourceError                           *struct{ Code string }
		Events                                []struct{ Milestone string }
	}
}

// look asks for parcels live, by carrier, with answers no older than so many seconds.
func (d *liveDemo) look(numbers map[string]string, maxAge string) map[string]liveShipment {
	var list []string
	for _, number := range numbers {
		list = append(list, `\"`+number+`\"`)
	}
	status, body := ask(d.t, d.base, "", "", `{ shipments(first: 10, filter: {trackingNumber: {in: [`+strings.Join(list, ",")+`]}}) { nodes { trackingNumber milestone carrier { code } live(maxAge: `+maxAge+`) { freshness outcome milestone source sourceError { code } events { milestone } } } } }`)
	require.Equal(d.t, http.StatusOK, status, body)
	var answer struct {
		Data struct {
			Shipments struct{ Nodes []liveShipment }
		}
	}
	require.NoError(d.t, json.Unmarshal([]byte(body), &answer), body)
	require.NotContains(d.t, body, `"errors"`)
	found := map[string]liveShipment{}
	for _, node := range answer.Data.Shipments.Nodes {
		found[node.Carrier.Code] = node
	}
	require.Len(d.t, found, len(numbers), body)
	return found
}

// A person's first minutes with the demo: parcels of four carriers are followed live, one carrier fails and the others do not, days pass, and after
// a restart everything goes on.
func TestDemoCarriers(t *testing.T) {
	t.Parallel()
	d := newLiveDemo(t)
	d.start("--no-polling")
	numbers := d.underway()
	for code, shipment := range d.look(numbers, "3600") {
		assert.Equal(t, "FRESH", shipment.Live.Freshness, code)
		assert.Equal(t, "FOUND", shipment.Live.Outcome, code)
		assert.Equal(t, shipment.Milestone, shipment.Live.Milestone, "%s does not contradict what is stored", code)
	}
	var twice, untold int
	require.NoError(t, d.db.SQL().QueryRow(`SELECT count(*) FROM (SELECT FROM tracking_events GROUP BY customer_id, shipment_id, occurred_at, milestone
HAVING count(DISTINCT source) > 1) e`).Scan(&twice))
	assert.Zero(t, twice, "no scan is there twice")
	require.NoError(t, d.db.SQL().QueryRow(`SELECT count(*) FROM shipment_tracking t JOIN shipments s ON s.customer_id = t.customer_id AND s.id = t.shipment_id
WHERE t.due_at IS NOT NULL AND t.outcome IS DISTINCT FROM 'FOUND' AND s.shipped_at > $1`, d.now().AddDate(0, 0, -60)).Scan(&untold))
	assert.Zero(t, untold, "the demo's carriers know all parcels on their way, bar what was lost long ago")

	d.order("/fault", `{"carrier":"dhl","fault":"500","seconds":3600}`)
	d.moved.Add(int64(time.Minute))
	for code, shipment := range d.look(numbers, "5") {
		if code == democarrier.DHL {
			assert.Equal(t, "STALE", shipment.Live.Freshness)
			require.NotNil(t, shipment.Live.SourceError)
			assert.Contains(t, []string{"UNAVAILABLE", "OUT_OF_TIME"}, shipment.Live.SourceError.Code)
			assert.NotEmpty(t, shipment.Live.Events, "what was known stays")
			continue
		}
		assert.Equal(t, "FRESH", shipment.Live.Freshness, code)
		assert.Equal(t, "CARRIER", shipment.Live.Source, code)
	}

	d.order("/fault", `{"carrier":"dhl","fault":""}`)
	d.order("/clock", `{"advance":"960h"}`)
	d.moved.Add(int64(time.Hour))
	settled := d.look(numbers, "5")
	for code, shipment := range settled {
		assert.Equal(t, "FRESH", shipment.Live.Freshness, code)
		assert.Contains(t, []string{"DELIVERED", "RETURNED", "EXCEPTION"}, shipment.Live.Milestone, "%s after forty days", code)
	}

	d.stop()
	d.start("--no-polling")
	d.moved.Add(int64(time.Hour))
	for code, shipment := range d.look(numbers, "5") {
		assert.Equal(t, "FRESH", shipment.Live.Freshness, code)
		assert.Equal(t, settled[code].Live.Milestone, shipment.Live.Milestone, code)
		assert.Equal(t, settled[code].Live.Milestone, shipment.Milestone, "%s is written down", code)
		assert.Equal(t, settled[code].Live.Events, shipment.Live.Events, "%s is on the same journey", code)
	}
	d.stop()
}

// The demo asks its carriers by itself when parcels are due, and stops while one of them hangs.
func TestDemoPolls(t *testing.T) {
	t.Parallel()
	d := newLiveDemo(t)
	d.start()
	// What the made-up data left to be asked about is due by the database's clock, which is not the test's.
	_, err := d.db.SQL().Exec(`UPDATE shipment_tracking SET due_at = $1 WHERE due_at IS NOT NULL`, d.now())
	require.NoError(t, err)
	d.moved.Add(int64(48 * time.Hour))
	polled := regexp.MustCompile(`(?m)^vigie_polled_total\{carrier="(\w+)"\} [1-9]`)
	require.Eventually(t, func() bool {
		_, page := get(t, d.admin+"/metrics")
		return len(polled.FindAllString(page, -1)) == len(democarrier.Carriers())
	}, patience, 20*time.Millisecond)
	d.order("/fault", `{"carrier":"ups","fault":"hang","seconds":3600}`)
	d.moved.Add(int64(24 * time.Hour))
	d.look(d.underwayOf("ups"), "5")
	d.stop()
}

func (d *liveDemo) underwayOf(carrier string) map[string]string {
	var number string
	require.NoError(d.t, d.db.SQL().QueryRow(`SELECT tracking_number FROM shipments s JOIN carriers k ON k.id = s.carrier_id
WHERE k.code = $1 AND tracking_number IS NOT NULL ORDER BY s.customer_id, s.id LIMIT 1`, carrier).Scan(&number))
	return map[string]string{carrier: number}
}

// Parcels that cannot be read again are drawn anew, and without the demo's carriers there is no control.
func TestDemoCarriersBeginAnew(t *testing.T) {
	t.Parallel()
	d := newLiveDemo(t)
	require.NoError(t, os.WriteFile(filepath.Join(d.dir, demoCarriersFile), []byte(`{"ahead": "soon"`), 0o600))
	d.start("--no-polling")
	assert.Equal(t, "FRESH", d.look(d.underway(), "3600")[democarrier.UPS].Live.Freshness)
	d.stop()
	info, err := os.Stat(filepath.Join(d.dir, demoCarriersFile))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "it has keys of no value, and still")
	d.control = ""
	d.start("--no-polling", "--carriers-addr=off")
	assert.Empty(t, d.control)
	d.moved.Add(int64(time.Hour))
	shipment := d.look(d.underway(), "5")[democarrier.UPS]
	assert.Equal(t, "STALE", shipment.Live.Freshness)
	assert.Equal(t, "UNKNOWN_CARRIER", shipment.Live.SourceError.Code)
	d.stop()
}
