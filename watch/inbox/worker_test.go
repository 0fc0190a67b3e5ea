package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/aftership"
	"github.com/vigie-dev/vigie/tracking/ups"
	"github.com/vigie-dev/vigie/watch/inbox"
)

// What was acknowledged before the process ended, another works through.
func TestCrash(t *testing.T) {
	pool, db := open(t)
	first := newRig(t, pool, nil)
	require.Equal(t, http.StatusOK, first.post(ups.Code, payload(t, messages()[ups.Code])))
	first.server.Close()
	// A second died while it was at work: it has claimed the message and does not come back.
	clock := time.Now()
	_, err := pool.ClaimInboxMessages(t.Context(), []string{ups.Code}, clock.Add(time.Second), clock.Add(time.Minute), 1)
	require.NoError(t, err)

	third := newRig(t, pool, func(o *inbox.Options) { o.Now = func() time.Time { return clock.Add(2 * time.Minute) } })
	third.run()
	require.Equal(t, inbox.OutcomeRecorded, third.outcome())
	require.Equal(t, 1, count(t, db, "succeeded AND attempts = 2"))
}

// Several processes with several workers each share the messages: none is recorded twice.
func TestManyWorkers(t *testing.T) {
	pool, db := open(t)
	const all = 120
	rigs := []*rig{newRig(t, pool, nil), newRig(t, pool, nil), newRig(t, pool, nil)}
	var mu sync.Mutex
	working, twice := map[string]bool{}, 0
	for _, r := range rigs {
		r.recorder.before = func(_ context.Context, _ string, reports []tracking.Report) error {
			mu.Lock()
			defer mu.Unlock()
			if working[reports[0].Number] {
				twice++
			}
			working[reports[0].Number] = true
			return nil
		}
	}
	for n := range all {
		require.Equal(t, http.StatusOK, rigs[n%3].post(ups.Code, alert(n)))
	}
	for _, r := range rigs {
		r.run()
	}
	for range all {
		select {
		case <-rigs[0].heard.worked:
		case <-rigs[1].heard.worked:
		case <-rigs[2].heard.worked:
		}
	}
	require.Equal(t, all, count(t, db, "succeeded AND attempts = 1"))
	require.Len(t, working, all)
	require.Zero(t, twice)
}

// alert is a message of UPS about a package of its own.
func alert(n int) []byte {
	return fmt.Appendf(nil, `{"trackingNumber": "1Z%016d", "localActivityDate": "20260302", "localActivityTime": "101500",
		"activityStatus": {"type": "I", "code": "005", "description": "Departed"}}`, n)
}

// What cannot be read is not tried again, what cannot be recorded is, until it is too old.
func TestFailures(t *testing.T) {
	pool, db := open(t)
	var mu sync.Mutex
	clock := time.Now()
	forward := func(by time.Duration) {
		mu.Lock()
		defer mu.Unlock()
		clock = clock.Add(by)
	}
	r := newRig(t, pool, func(o *inbox.Options) {
		o.Now = func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return clock
		}
	})
	failing := errors.New("the secret number is in this text")
	r.recorder.before = func(context.Context, string, []tracking.Report) error { return failing }
	r.run()
	require.Equal(t, http.StatusOK, r.post(aftership.Code, []byte("<html>private</html>")))
	require.Equal(t, inbox.OutcomeRefused, r.outcome())
	require.Equal(t, 1, count(t, db, "NOT succeeded AND body IS NOT NULL AND problems->0->>'code' = 'UNREADABLE'"))
	require.Equal(t, 0, count(t, db, "problems::text LIKE '%private%'"))

	require.Equal(t, http.StatusOK, r.post(ups.Code, payload(t, messages()[ups.Code])))
	require.Equal(t, inbox.OutcomePostponed, r.outcome())
	for range 3 {
		forward(time.Hour)
		require.Equal(t, inbox.OutcomePostponed, r.outcome())
	}
	require.Equal(t, 1, count(t, db, "finished_at IS NULL AND attempts = 4"))
	forward(8 * 24 * time.Hour)
	require.Equal(t, inbox.OutcomeGivenUp, r.outcome())
	require.Equal(t, 1, count(t, db, "NOT succeeded AND problems->0->>'code' = 'NOT_RECORDED'"))
	require.NotContains(t, r.log.String(), "secret number")
	require.NotContains(t, r.log.String(), "private")
}

// panicking is a Webhook whose parser is broken.
type panicking struct{ tracking.Webhook }

// Code implements tracking.Webhook.
func (panicking) Code() string { return "broken" }

// Parse implements tracking.Webhook.
func (panicking) Parse(body []byte, _ time.Time) (tracking.Push, error) { panic(string(body)) }

// A panic is a problem of its message, or another attempt where it was the recorder's.
func TestPanic(t *testing.T) {
	pool, db := open(t)
	r := newRig(t, pool, func(o *inbox.Options) { o.Webhooks = append(o.Webhooks, panicking{o.Webhooks[2]}) })
	r.recorder.before = func(context.Context, string, []tracking.Report) error { panic("private") }
	r.run()
	body := []byte(`{"private": 1}`)
	response, _ := r.do(http.MethodPost, "/webhooks/broken", sign(ups.Code, secret, body), body)
	require.Equal(t, http.StatusOK, response.StatusCode)
	require.Equal(t, inbox.OutcomeRefused, r.outcome())
	require.Equal(t, http.StatusOK, r.post(ups.Code, payload(t, messages()[ups.Code])))
	require.Equal(t, inbox.OutcomePostponed, r.outcome())
	require.Equal(t, 1, count(t, db, "sender = 'ups' AND due_at > received_at"))
	require.NotContains(t, r.log.String(), "private")
}

// A process that is told to end in the middle of its work gives it back, and the attempt does not count.
func TestStop(t *testing.T) {
	pool, db := open(t)
	r := newRig(t, pool, nil)
	begun := make(chan struct{})
	r.recorder.before = func(ctx context.Context, _ string, _ []tracking.Report) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	}
	stop := r.run()
	require.Equal(t, http.StatusOK, r.post(ups.Code, payload(t, messages()[ups.Code])))
	<-begun
	stop()
	require.Equal(t, 1, count(t, db, "finished_at IS NULL AND attempts = 0 AND due_at < now() + interval '1 minute'"))
}

// Old messages are forgotten.
func TestPrune(t *testing.T) {
	pool, db := open(t)
	r := newRig(t, pool, nil)
	stop := r.run()
	require.Equal(t, http.StatusOK, r.post(ups.Code, payload(t, messages()[ups.Code])))
	require.Equal(t, inbox.OutcomeRecorded, r.outcome())
	stop()
	later := newRig(t, pool, func(o *inbox.Options) { o.Now = func() time.Time { return time.Now().Add(31 * 24 * time.Hour) } })
	end := later.run()
	require.Eventually(t, func() bool { return count(t, db, "true") == 0 }, 30*time.Second, 5*time.Millisecond)
	end()
}
