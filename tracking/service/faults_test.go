package service_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
	"github.com/vigie-dev/vigie/tracking/trackingtest"
)

// wire is a carrier over HTTP whose answers are results as JSON.
type wire struct {
	carrier
	client *tracking.Client
}

func newWire(t testing.TB, code, url string, timeout time.Duration) *wire {
	t.Helper()
	client, err := tracking.NewClient(tracking.ClientOptions{Carrier: code, BaseURL: url, Timeout: timeout})
	require.NoError(t, err)
	w := &wire{client: client}
	w.code, w.limits, w.answer = code, tracking.Limits{NumbersPerCall: 30}, w.track
	return w
}

func (w *wire) track(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	asked, err := json.Marshal(numbers)
	if err != nil {
		return nil, err
	}
	response, err := w.client.Do(ctx, tracking.Request{Method: http.MethodPost, Path: "/track", Body: asked, ContentType: "application/json"})
	if err != nil {
		return nil, err
	}
	var results []tracking.Result
	err = json.Unmarshal(response.Body, &results)
	if err != nil {
		return nil, w.client.Explain(response, err)
	}
	return results, nil
}

// works answers as wire expects it: all numbers are in transit.
func works(t testing.TB) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var numbers []tracking.Number
		err := json.NewDecoder(r.Body).Decode(&numbers)
		if !assert.NoError(t, err) {
			return
		}
		results, err := all(domain.MilestoneInTransit)(r.Context(), numbers)
		assert.NoError(t, err)
		w.Header().Set("Content-Type", "application/json")
		assert.NoError(t, json.NewEncoder(w).Encode(results))
	})
}

// A carrier that misbehaves, in whatever way, costs its own numbers their freshness and nothing else; and it is asked again when it works.
func TestFaults(t *testing.T) {
	for fault, want := range map[trackingtest.Fault][]service.FailureCode{
		trackingtest.Hang: {service.FailedOutOfTime}, trackingtest.Drip: {service.FailedOutOfTime},
		trackingtest.ServerError: {service.FailedUnavailable}, trackingtest.Truncated: {service.FailedUnavailable},
		trackingtest.Garbage: {service.FailedBadResponse}, trackingtest.HTML: {service.FailedBadResponse},
		trackingtest.Empty: {service.FailedBadResponse}, trackingtest.Huge: {service.FailedBadResponse, service.FailedOutOfTime},
		trackingtest.WrongEncoding: {service.FailedBadResponse}, trackingtest.NotUTF8: {service.FailedBadResponse},
		trackingtest.RedirectLoop: {service.FailedBadResponse}, trackingtest.RedirectAway: {service.FailedBadResponse},
		trackingtest.Unauthorized: {service.FailedUnauthenticated},
		trackingtest.TooMany:      {service.FailedRateLimited},
	} {
		t.Run(string(fault), func(t *testing.T) {
			t.Parallel()
			misbehaves(t, fault, want)
		})
	}
}

func misbehaves(t *testing.T, fault trackingtest.Fault, want []service.FailureCode) {
	sick, well := trackingtest.NewServer(t, works(t)), trackingtest.NewServer(t, works(t))
	sick.Misbehave(fault, -1)
	kept := &store{kept: map[string]service.Stored{
		"1": {Reports: []tracking.Report{report("1", domain.MilestonePickedUp)}, FetchedAt: time.Now().Add(-time.Hour)},
	}}
	s := open(t, service.Options{
		Budget: time.Second, Retries: -1, Pause: time.Millisecond, Store: kept, Lifetimes: service.Lifetimes{Failed: 1},
	}, newWire(t, "sick", sick.URL, 6*time.Second), newWire(t, "well", well.URL, time.Minute))

	began := time.Now()
	found := s.Ask(t.Context(), append(ask("sick", "1", "2"), ask("well", "3")...))
	// Much more than the budget, for a machine that is busy; a client that was waited for would have taken the six seconds of its timeout.
	assert.Less(t, time.Since(began), 5900*time.Millisecond)
	require.NotNil(t, found[0].Failure)
	assert.Contains(t, want, found[0].Failure.Code)
	assert.Equal(t, service.Stale, found[0].Freshness)
	assert.Equal(t, domain.MilestonePickedUp, found[0].State.Milestone)
	require.NotNil(t, found[1].Failure)
	assert.Equal(t, service.Unavailable, found[1].Freshness)
	requireFresh(t, found[2], service.FromCarrier)

	sick.Misbehave("", 0)
	answer := one(t, s, "sick", "1")
	// What still hangs has to end first.
	for range 1000 {
		if answer.Freshness == service.Fresh {
			break
		}
		answer = one(t, s, "sick", "1")
	}
	requireFresh(t, answer, service.FromCarrier)
	assert.Equal(t, domain.MilestoneInTransit, answer.State.Milestone)
}

// Closing ends calls that hang.
func TestCloseEndsHangingCalls(t *testing.T) {
	server := trackingtest.NewServer(t, works(t))
	server.Misbehave(trackingtest.Hang, -1)
	s, err := service.New([]tracking.Carrier{newWire(t, "a", server.URL, time.Hour)}, service.Options{Budget: time.Hour, CallTimeout: time.Hour})
	require.NoError(t, err)
	answered := make(chan service.Answer, 1)
	go func() { answered <- s.Ask(t.Context(), ask("a", "1"))[0] }()
	<-server.Hanging()
	require.NoError(t, s.Close(t.Context()))
	requireFailed(t, <-answered, service.Unavailable, service.FailedStopped)
}
