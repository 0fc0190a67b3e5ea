package resolvers_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/tracking/service"
)

// stalled is a carrier that answers when it is let go.
type stalled struct {
	asked, letGo chan struct{}
}

func (stalled) Code() string            { return "POST" }
func (stalled) Name() string            { return "The Post" }
func (stalled) Limits() tracking.Limits { return tracking.Limits{NumbersPerCall: 10} }

func (s stalled) Track(ctx context.Context, numbers []tracking.Number) ([]tracking.Result, error) {
	s.asked <- struct{}{}
	select {
	case <-s.letGo:
	case <-ctx.Done():
		return nil, &tracking.Error{Code: tracking.ErrTimeout, Temporary: true, Err: ctx.Err()}
	}
	results := make([]tracking.Result, len(numbers))
	for i, number := range numbers {
		results[i] = tracking.Result{Number: number.Number, Outcome: domain.TrackingFound, Reports: []tracking.Report{journey(number.Number, 5)}}
	}
	return results, nil
}

// stall puts a carrier in the place of all others that hangs until it is let go, before a service that waits for it for so long.
func (a *api) stall(budget time.Duration) stalled {
	a.t.Helper()
	carrier := stalled{asked: make(chan struct{}, 10), letGo: make(chan struct{})}
	asks, err := service.New([]tracking.Carrier{carrier}, service.Options{Budget: budget})
	require.NoError(a.t, err)
	a.t.Cleanup(func() { require.NoError(a.t, asks.Close(context.WithoutCancel(a.t.Context()))) })
	a.carriers.replace(asks)
	return carrier
}

const deferredLive = `{ shipments(first: 5, orderBy: [{ field: NUMBER }]) { nodes { number carrier { code } order { number } ... @defer(label: "live") { live { freshness milestone sourceError { code } } } } } }`

// stream sends a document over a real connection and reads the answer as it comes.
func (a *api) stream(query, accept string) *bufio.Reader {
	a.t.Helper()
	viewer := a.context()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(viewer)
		defer cancel()
		defer context.AfterFunc(r.Context(), cancel)()
		a.handler.ServeHTTP(w, r.WithContext(ctx))
	}))
	a.t.Cleanup(server.Close)
	body, err := json.Marshal(map[string]any{"query": query})
	require.NoError(a.t, err)
	request, err := http.NewRequestWithContext(a.t.Context(), http.MethodPost, server.URL+"/graphql", bytes.NewReader(body))
	require.NoError(a.t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", accept)
	answer, err := http.DefaultClient.Do(request)
	require.NoError(a.t, err)
	a.t.Cleanup(func() { require.NoError(a.t, answer.Body.Close()) })
	require.Equal(a.t, http.StatusOK, answer.StatusCode)
	return bufio.NewReader(answer.Body)
}

// payloads reads the JSON of the next parts or events, until one says that none follows or there are enough.
func payloads(t testing.TB, from *bufio.Reader, most int) []map[string]any {
	t.Helper()
	var found []map[string]any
	for len(found) < most {
		line, err := from.ReadString('\n')
		require.NoError(t, err, "after %v", found)
		text := strings.TrimPrefix(strings.TrimSpace(line), "data: ")
		if !strings.HasPrefix(text, "{") {
			continue
		}
		var payload map[string]any
		require.NoError(t, json.Unmarshal([]byte(text), &payload), line)
		found = append(found, payload)
		if payload["hasNext"] == false {
			return found
		}
	}
	return found
}

// TestDeferredLiveComesBehindTheRest: the rest of the answer is there while the carrier still hangs.
func TestDeferredLiveComesBehindTheRest(t *testing.T) {
	t.Parallel()
	for name, accept := range map[string]string{"multipart": "multipart/mixed;deferSpec=20220824", "events": "text/event-stream"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newShop(t)
			carrier := a.stall(30 * time.Second)
			answer := a.stream(deferredLive, accept)
			first := payloads(t, answer, 1)[0]
			// A null where something follows would look like an answer.
			assert.Equal(t, map[string]any{"shipments": map[string]any{"nodes": []any{
				map[string]any{"number": "S-8001", "carrier": map[string]any{"code": "POST"}, "order": map[string]any{"number": "O-5001"}},
				map[string]any{"number": "S-8002", "carrier": map[string]any{"code": "VAN"}, "order": nil},
			}}}, first["data"])
			assert.Equal(t, true, first["hasNext"])
			<-carrier.asked
			close(carrier.letGo)

			byPath := map[float64]any{}
			for _, payload := range payloads(t, answer, 9) {
				for _, part := range payload["incremental"].([]any) {
					part := part.(map[string]any)
					assert.Equal(t, "live", part["label"])
					byPath[part["path"].([]any)[2].(float64)] = part["data"].(map[string]any)["live"]
				}
			}
			assert.Equal(t, map[float64]any{
				0: map[string]any{"freshness": "FRESH", "milestone": "OUT_FOR_DELIVERY", "sourceError": nil},
				1: map[string]any{"freshness": "UNAVAILABLE", "milestone": nil, "sourceError": map[string]any{"code": "NO_TRACKING_NUMBER"}},
			}, byPath)
			require.Len(t, a.carriers.questions(), 1, "the parts are asked for at once")
		})
	}
}

// A carrier that hangs costs the answer its time budget, and nothing else.
func TestAStalledCarrierCostsFreshnessOnly(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.stall(50 * time.Millisecond)
	answer := a.must(strings.ReplaceAll(deferredLive, `@defer(label: "live")`, ""), nil)
	assert.Equal(t, []string{"S-8001", "S-8002"}, answer.each("shipments.nodes", "number"))
	assert.Equal(t, "O-5001", answer.text("shipments.nodes.0.order.number"))
	assert.Equal(t, []string{"OUT_OF_TIME", "NO_TRACKING_NUMBER"}, answer.each("shipments.nodes", "live.sourceError.code"))
}

// TestAClientThatLeavesWaitsForNoCarrier: what is asked for it ends with it.
func TestAClientThatLeavesWaitsForNoCarrier(t *testing.T) {
	t.Parallel()
	for _, query := range []string{deferredLive, strings.ReplaceAll(deferredLive, `@defer(label: "live")`, "")} {
		a := newShop(t)
		carrier := a.stall(10 * time.Minute)
		ctx, leave := context.WithCancel(a.context())
		body, err := json.Marshal(map[string]any{"query": query})
		require.NoError(t, err)
		request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Accept", "multipart/mixed, application/json;q=0.9")
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			a.handler.ServeHTTP(httptest.NewRecorder(), request)
		}()
		<-carrier.asked
		leave()
		<-ended
	}
}
