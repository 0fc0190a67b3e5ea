package inbox_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/storage/storagetest"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/aftership"
	"github.com/vigie-dev/vigie/tracking/dcsa"
	"github.com/vigie-dev/vigie/tracking/easypost"
	"github.com/vigie-dev/vigie/tracking/epcis"
	"github.com/vigie-dev/vigie/tracking/ups"
	"github.com/vigie-dev/vigie/watch"
	"github.com/vigie-dev/vigie/watch/inbox"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

// secret is what all senders of the tests sign with.
const secret = "a-secret-of-the-tests"

// recorder is a Recorder that remembers.
type recorder struct {
	mu    sync.Mutex
	calls []call
	// before is asked before a call counts; nil lets all pass.
	before func(ctx context.Context, sender string, reports []tracking.Report) error
}

type call struct {
	sender  string
	reports []tracking.Report
	at      time.Time
}

// Record implements inbox.Recorder.
func (r *recorder) Record(ctx context.Context, sender string, reports []tracking.Report, at time.Time) (watch.Recorded, error) {
	if r.before != nil {
		err := r.before(ctx, sender, reports)
		if err != nil {
			return watch.Recorded{}, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, call{sender, reports, at})
	return watch.Recorded{Shipments: []domain.ID{domain.OwnedID(domain.KindShipment, 1, 1)}, Events: 1}, nil
}

func (r *recorder) all() []call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]call(nil), r.calls...)
}

// ears is an Observer that hands on what it hears of work.
type ears struct{ worked chan inbox.Outcome }

func (e *ears) Received(string, int, time.Duration) {}
func (e *ears) Worked(_ string, outcome inbox.Outcome, _, _ time.Duration) {
	e.worked <- outcome
}

// rig is an Inbox behind a server.
type rig struct {
	t        testing.TB
	inbox    *inbox.Inbox
	server   *httptest.Server
	recorder *recorder
	heard    *ears
	log      *bytes.Buffer
}

func senders(t testing.TB) []tracking.Webhook {
	t.Helper()
	one, err := easypost.NewWebhook(secret)
	require.NoError(t, err)
	two, err := aftership.NewWebhook(secret)
	require.NoError(t, err)
	three, err := ups.NewWebhook(secret)
	require.NoError(t, err)
	four, err := dcsa.NewWebhook("", []byte(secret))
	require.NoError(t, err)
	return []tracking.Webhook{one, two, three, four}
}

// authorize lets those in who say so.
func authorize(r *http.Request) error {
	switch r.Header.Get("Authorization") {
	case "Bearer good":
		return nil
	case "Bearer other":
		return &domain.Error{Code: domain.CodeForbidden, Message: "not this one"}
	case "Bearer later":
		return &domain.Error{Code: domain.CodeUnavailable, Message: "later"}
	default:
		return &domain.Error{Code: domain.CodeUnauthenticated, Message: "who is it"}
	}
}

// newRig serves an Inbox over store; change may alter its options. Nothing is worked on before run.
func newRig(t testing.TB, store inbox.Store, change func(*inbox.Options)) *rig {
	t.Helper()
	r := &rig{t: t, recorder: &recorder{}, heard: &ears{make(chan inbox.Outcome, 10_000)}, log: &bytes.Buffer{}}
	options := inbox.Options{
		Webhooks: senders(t), Capture: epcis.File{}, Authorize: authorize, Recorder: r.recorder, Observer: r.heard,
		Log: slog.New(slog.NewTextHandler(&locked{w: r.log}, nil)), Tick: 20 * time.Millisecond,
	}
	if change != nil {
		change(&options)
	}
	r.inbox = inbox.New(store, options)
	r.server = httptest.NewServer(r.inbox.Handler())
	t.Cleanup(r.server.Close)
	return r
}

// locked is a writer for many.
type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// run lets the workers work; what it returns ends them and waits for that.
func (r *rig) run() (stop func()) {
	ctx, cancel := context.WithCancel(r.t.Context())
	done := make(chan error, 1)
	go func() { done <- r.inbox.Run(ctx) }()
	var once sync.Once
	stop = func() {
		once.Do(func() {
			cancel()
			require.NoError(r.t, <-done)
		})
	}
	r.t.Cleanup(stop)
	return stop
}

// outcome waits until a message has been worked on.
func (r *rig) outcome() inbox.Outcome {
	r.t.Helper()
	select {
	case outcome := <-r.heard.worked:
		return outcome
	case <-r.t.Context().Done():
		r.t.Fatal("no message was worked on")
		return ""
	}
}

// do sends a request and reads the answer whole.
func (r *rig) do(method, path string, header http.Header, body []byte) (*http.Response, string) {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, r.server.URL+path, bytes.NewReader(body))
	require.NoError(r.t, err)
	for name, values := range header {
		request.Header[name] = values
	}
	response, err := r.server.Client().Do(request)
	require.NoError(r.t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(r.t, err)
	require.NoError(r.t, response.Body.Close())
	return response, string(text)
}

// post sends a signed message and tells the status.
func (r *rig) post(sender string, body []byte) int {
	r.t.Helper()
	response, _ := r.do(http.MethodPost, "/webhooks/"+sender, sign(sender, secret, body), body)
	return response.StatusCode
}

// sign is the header with which a sender sends a body.
func sign(sender, key string, body []byte) http.Header {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	sum := mac.Sum(nil)
	header := http.Header{"Content-Type": {"application/json"}}
	switch sender {
	case easypost.Code:
		header.Set("X-Hmac-Signature", "hmac-sha256-hex="+hex.EncodeToString(sum))
	case aftership.Code:
		header.Set("aftership-hmac-sha256", base64.StdEncoding.EncodeToString(sum))
	case dcsa.Code:
		header.Set("Notification-Signature", "sha256="+hex.EncodeToString(sum))
	case ups.Code:
		header.Set("credential", key)
	}
	return header
}

// messages are one message of each sender that says something, as in the folders of the adapters.
func messages() map[string]string {
	return map[string]string{
		easypost.Code: "easypost/testdata/webhook/tracker_updated.json", aftership.Code: "aftership/testdata/webhook/update.json",
		dcsa.Code: "dcsa/testdata/push/bundle.json", ups.Code: "ups/testdata/alert/delivered.json",
	}
}

func payload(t testing.TB, name string) []byte {
	t.Helper()
	raw, err := os.ReadFile("../../tracking/" + name)
	require.NoError(t, err)
	return raw
}

func packed(t testing.TB, body []byte) []byte {
	t.Helper()
	var into bytes.Buffer
	w := gzip.NewWriter(&into)
	_, err := w.Write(body)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return into.Bytes()
}

// open is a database of its own and a pool to it.
func open(t testing.TB) (*storage.Pool, *sql.DB) {
	t.Helper()
	return connect(t, storagetest.New(t))
}

func connect(t testing.TB, database *storagetest.Database) (*storage.Pool, *sql.DB) {
	t.Helper()
	pool, err := storage.Open(t.Context(), storage.Config{URL: database.URL})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool, database.SQL()
}

// count is the number of rows that a condition holds for.
func count(t testing.TB, db *sql.DB, where string) int {
	t.Helper()
	var n int
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM tracking_inbox WHERE "+where).Scan(&n))
	return n
}
