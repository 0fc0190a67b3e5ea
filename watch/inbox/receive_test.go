package inbox_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage/storagetest"
	"github.com/vigie-dev/vigie/tracking/aftership"
	"github.com/vigie-dev/vigie/tracking/dcsa"
	"github.com/vigie-dev/vigie/tracking/easypost"
	"github.com/vigie-dev/vigie/tracking/ups"
	"github.com/vigie-dev/vigie/watch/inbox"
)

// Each sender's message is acknowledged as that sender expects, recorded once, and forgotten; one that is signed wrong is not.
func TestWebhooks(t *testing.T) {
	pool, db := open(t)
	r := newRig(t, pool, nil)
	r.run()
	for sender, file := range messages() {
		body := payload(t, file)
		want := http.StatusOK
		if sender == dcsa.Code {
			want = http.StatusNoContent
		}
		response, text := r.do(http.MethodPost, "/webhooks/"+sender, sign(sender, "another secret", body), body)
		assert.Equal(t, http.StatusUnauthorized, response.StatusCode, sender)
		assert.NotContains(t, text, "secret")
		assert.Equal(t, 0, count(t, db, "sender = '"+sender+"'"), sender)
		require.Equal(t, want, r.post(sender, body), sender)
		require.Equal(t, inbox.OutcomeRecorded, r.outcome(), sender)
		require.Equal(t, want, r.post(sender, body), sender)

		calls := r.recorder.all()
		last := calls[len(calls)-1]
		assert.Equal(t, sender, last.sender)
		require.NotEmpty(t, last.reports, sender)
		assert.NotEmpty(t, last.reports[0].Events, sender)
		assert.Equal(t, 1, count(t, db, "sender = '"+sender+"' AND succeeded AND body IS NULL AND events > 0 AND shipments = 1"), sender)
	}
	assert.Len(t, r.recorder.all(), len(messages()), "what comes again is not recorded again")
}

func TestGreeting(t *testing.T) {
	r := newRig(t, newMemory(), nil)
	for path, want := range map[string]int{"/webhooks/dcsa": 204, "/webhooks/ups": 204, "/webhooks/nobody": 404, "/webhooks/": 404} {
		response, _ := r.do(http.MethodHead, path, nil, nil)
		assert.Equal(t, want, response.StatusCode, path)
	}
	response, _ := r.do(http.MethodGet, "/webhooks/ups", nil, nil)
	assert.Equal(t, http.StatusMethodNotAllowed, response.StatusCode)
}

// What a request may look like, how it is answered, and how many messages are stored.
func TestRequests(t *testing.T) {
	body := payload(t, messages()[easypost.Code])
	signed := sign(easypost.Code, secret, body)
	with := func(header http.Header, more ...string) http.Header {
		header = header.Clone()
		for i := 0; i < len(more); i += 2 {
			header.Set(more[i], more[i+1])
		}
		return header
	}
	small := packed(t, body)
	bomb := packed(t, make([]byte, 64<<20))
	require.Less(t, len(bomb), 1<<20)
	large := bytes.Repeat([]byte("x"), 10<<20)
	for name, test := range map[string]struct {
		path   string
		header http.Header
		body   []byte
		want   int
		stored int
	}{
		"right":                         {"easypost", signed, body, 200, 1},
		"of nobody":                     {"nobody", signed, body, 404, 0},
		"of another":                    {"aftership", signed, body, 401, 0},
		"not signed":                    {"easypost", nil, body, 401, 0},
		"another content type":          {"easypost", with(signed, "Content-Type", "text/html"), body, 200, 1},
		"no content type":               {"easypost", with(signed, "Content-Type", ""), body, 200, 1},
		"packed, signed before":         {"easypost", with(signed, "Content-Encoding", "gzip"), small, 200, 1},
		"packed, signed after":          {"easypost", with(sign(easypost.Code, secret, small), "Content-Encoding", "gzip"), small, 200, 1},
		"said to be packed":             {"easypost", with(signed, "Content-Encoding", "gzip"), body, 400, 0},
		"packed and cut":                {"easypost", with(signed, "Content-Encoding", "gzip"), small[:len(small)-9], 400, 0},
		"a bomb":                        {"easypost", with(sign(easypost.Code, secret, bomb), "Content-Encoding", "gzip"), bomb, 413, 0},
		"in another encoding":           {"easypost", with(signed, "Content-Encoding", "br"), body, 415, 0},
		"packed twice":                  {"easypost", with(signed, "Content-Encoding", "gzip, gzip"), body, 415, 0},
		"too large":                     {"easypost", sign(easypost.Code, secret, large), large, 413, 0},
		"empty":                         {"easypost", sign(easypost.Code, secret, nil), nil, 200, 1},
		"empty, not signed":             {"easypost", nil, nil, 401, 0},
		"empty, of one who signs not":   {"ups", sign(ups.Code, secret, nil), nil, 200, 1},
		"garbage that is signed":        {"aftership", sign(aftership.Code, secret, []byte("\x00\xff<")), []byte("\x00\xff<"), 200, 1},
		"of one who expects no content": {"dcsa", sign(dcsa.Code, secret, []byte("{}")), []byte("{}"), 204, 1},
	} {
		t.Run(name, func(t *testing.T) {
			store := newMemory()
			r := newRig(t, store, nil)
			response, text := r.do(http.MethodPost, "/webhooks/"+test.path, test.header, test.body)
			assert.Equal(t, test.want, response.StatusCode, text)
			assert.Len(t, store.rows, test.stored)
			if test.want >= 400 {
				assert.Equal(t, "application/problem+json", response.Header.Get("Content-Type"))
				assert.NotContains(t, text, "tracker")
			} else {
				assert.Empty(t, text)
			}
			assert.NotContains(t, r.log.String(), "tracker")
		})
	}
}

// A body without a length that goes on is cut off, and so is one that does not come.
func TestEndlessAndSlowBodies(t *testing.T) {
	store := newMemory()
	r := newRig(t, store, func(o *inbox.Options) { o.ReadTimeout = 50 * time.Millisecond })
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.server.URL+"/webhooks/ups", io.LimitReader(zeros{}, 1<<30))
	require.NoError(t, err)
	response, err := r.server.Client().Do(request)
	if err == nil { // The server may have hung up while the client was still writing.
		require.NoError(t, response.Body.Close())
		require.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
	}

	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", r.server.Listener.Addr().String())
	require.NoError(t, err)
	_, err = fmt.Fprintf(connection, "POST /webhooks/ups HTTP/1.1\r\nHost: x\r\ncredential: %s\r\nContent-Length: 100\r\n\r\n{", secret)
	require.NoError(t, err)
	answer, err := io.ReadAll(connection)
	require.NoError(t, err, "the server hangs up")
	require.NoError(t, connection.Close())
	require.Contains(t, string(answer), "408 Request Timeout")
	require.Empty(t, store.rows)
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// A message that comes fifty times at once is one row and is recorded once.
func TestReplays(t *testing.T) {
	pool, db := open(t)
	r := newRig(t, pool, nil)
	stop := r.run()
	body := payload(t, messages()[easypost.Code])
	// EasyPost sends an event again with other words about its own attempts; its id is the same.
	other := bytes.Replace(body, []byte(`{`), []byte(`{"pending_urls": [],`), 1)
	var all sync.WaitGroup
	statuses := make(chan int, 100)
	for n := range 50 {
		all.Go(func() {
			sent := body
			if n%2 == 1 {
				sent = other
			}
			statuses <- r.post(easypost.Code, sent)
		})
	}
	all.Wait()
	close(statuses)
	for status := range statuses {
		require.Equal(t, http.StatusOK, status)
	}
	require.Equal(t, inbox.OutcomeRecorded, r.outcome())
	stop()
	require.Equal(t, 1, count(t, db, "true"))
	require.Len(t, r.recorder.all(), 1)
	require.Empty(t, r.heard.worked)
}

// Without the database senders are told to come again, and when it is back everything goes on by itself.
func TestDatabaseGone(t *testing.T) {
	database := storagetest.New(t)
	pool, db := connect(t, database)
	var name string
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT current_database()").Scan(&name))
	at := strings.LastIndex(database.URL, "/"+name)
	require.Positive(t, at)
	beside := storagetest.Existing(t, database.URL[:at]+"/postgres"+database.URL[at+1+len(name):]).SQL()
	r := newRig(t, pool, nil)
	r.run()
	body := payload(t, messages()[ups.Code])
	allow := func(yes bool) {
		_, err := beside.ExecContext(t.Context(), fmt.Sprintf("ALTER DATABASE %s WITH ALLOW_CONNECTIONS %t", name, yes))
		require.NoError(t, err)
		if !yes {
			_, err = beside.ExecContext(t.Context(), "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", name)
			require.NoError(t, err)
		}
	}
	allow(false)
	response, text := r.do(http.MethodPost, "/webhooks/ups", sign(ups.Code, secret, body), body)
	require.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.NotEmpty(t, response.Header.Get("Retry-After"))
	require.NotContains(t, strings.ToLower(text), "postgres")
	require.Empty(t, r.heard.worked)
	allow(true)
	require.Equal(t, http.StatusOK, r.post(ups.Code, body))
	require.Equal(t, inbox.OutcomeRecorded, r.outcome())
}

// A sender who goes away before the answer is no outage.
func TestSenderGoes(t *testing.T) {
	store := newMemory()
	r := newRig(t, store, nil)
	ctx, cancel := context.WithCancel(t.Context())
	store.adding = func() { cancel() }
	body := []byte("{}")
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, r.server.URL+"/webhooks/ups", bytes.NewReader(body))
	require.NoError(t, err)
	request.Header = sign(ups.Code, secret, body)
	_, err = r.server.Client().Do(request)
	require.ErrorIs(t, err, context.Canceled)
	r.server.Close() // It waits for the request.
	require.Empty(t, r.log.String())
}
