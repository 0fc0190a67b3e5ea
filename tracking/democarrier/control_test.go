package democarrier

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// control posts to the control and reads its answer.
func control(t testing.TB, s *Server, path string, body any) (int, object) {
	t.Helper()
	text, err := json.Marshal(body)
	require.NoError(t, err)
	response, err := http.Post(s.ControlURL()+path, "application/json", bytes.NewReader(text))
	require.NoError(t, err)
	return readObject(t, response)
}

func readObject(t testing.TB, response *http.Response) (int, object) {
	t.Helper()
	defer response.Body.Close()
	var read object
	require.NoError(t, json.NewDecoder(response.Body).Decode(&read))
	return response.StatusCode, read
}

// Each fault that the control can set gives the adapter's typed error, and the carrier works again when it is over.
func TestFaults(t *testing.T) {
	wanted := map[Fault]tracking.ErrorCode{
		Hang: tracking.ErrTimeout, Drip: tracking.ErrTimeout, ServerError: tracking.ErrUnavailable, Truncated: tracking.ErrUnavailable,
		Garbage: tracking.ErrBadResponse, HTML: tracking.ErrBadResponse, Empty: tracking.ErrBadResponse, Huge: tracking.ErrBadResponse,
		WrongEncoding: tracking.ErrBadResponse, NotUTF8: tracking.ErrBadResponse, RedirectLoop: tracking.ErrBadResponse,
		Unauthorized: tracking.ErrUnauthenticated, TooMany: tracking.ErrRateLimited, TooManyWithTime: tracking.ErrRateLimited,
	}
	require.Len(t, wanted, len(Faults()))
	for _, carrier := range Carriers() {
		for _, kind := range Faults() {
			for _, warm := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s %s warm=%t", carrier, kind, warm), func(t *testing.T) {
					t.Parallel()
					fails(t, carrier, kind, wanted[kind], warm)
				})
			}
		}
	}
}

// fails lets the carrier fail for a client that has a token already, where it is warm, or needs one first.
func fails(t *testing.T, carrier string, kind Fault, wanted tracking.ErrorCode, warm bool) {
	p := parcelOf(t, carrier, 1, OnTime, bordeaux)
	s := serve(t, p)
	status, _ := control(t, s, "/clock", object{"advance": "72h"})
	require.Equal(t, http.StatusOK, status)
	client := adapter(t, s, carrier, s.Fleet.Credential(carrier), patient)
	number := []tracking.Number{{Number: p.Number}}
	if warm {
		_, err := client.Track(t.Context(), number)
		require.NoError(t, err)
	}
	status, state := control(t, s, "/fault", object{"carrier": carrier, "fault": kind})
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, object{carrier: object{"fault": string(kind)}}, state["failing"])

	ctx, cancel := t.Context(), context.CancelFunc(func() {})
	if wanted == tracking.ErrTimeout {
		// Only this call is short of time: it gets no answer however long it waits.
		ctx, cancel = context.WithTimeout(ctx, 200*time.Millisecond)
	}
	defer cancel()
	asked := time.Now()
	results, err := client.Track(ctx, number)
	require.Empty(t, results)
	var failure *tracking.Error
	require.True(t, errors.As(err, &failure), "%v", err)
	require.Equal(t, wanted, failure.Code, "%v", err)
	require.Equal(t, carrier, failure.Carrier)
	if kind == TooManyWithTime {
		require.NotNil(t, failure.RetryAt)
		require.WithinDuration(t, asked.Add(RetryAfter), *failure.RetryAt, patient)
	} else {
		require.Nil(t, failure.RetryAt)
	}

	status, state = control(t, s, "/fault", object{"carrier": carrier, "fault": ""})
	require.Equal(t, http.StatusOK, status)
	require.Empty(t, state["failing"])
	results, err = client.Track(t.Context(), number)
	require.NoError(t, err)
	require.Equal(t, domain.TrackingFound, results[0].Outcome)
}

// A fault for a while is over when the while is, and leaves the other carriers alone.
func TestFaultForAWhile(t *testing.T) {
	now := shipped()
	fleet, err := New(Options{Now: func() time.Time { return now }})
	require.NoError(t, err)
	require.NoError(t, fleet.Misbehave(DHL, ServerError, time.Minute))
	ask := func(carrier, path string) int {
		w := httptest.NewRecorder()
		fleet.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/"+carrier+path, nil))
		return w.Code
	}
	require.Equal(t, http.StatusInternalServerError, ask(DHL, "/track/shipments"))
	require.Equal(t, http.StatusUnauthorized, ask(LaPoste, "/suivi/v2/idships/CV000000000FR"))
	require.NoError(t, fleet.Advance(time.Hour), "the demo's clock does not end it")
	now = now.Add(59 * time.Second)
	require.Equal(t, http.StatusInternalServerError, ask(DHL, "/track/shipments"))
	now = now.Add(time.Second)
	require.Equal(t, http.StatusUnauthorized, ask(DHL, "/track/shipments"))
	for _, wrong := range []error{
		fleet.Misbehave("post", Hang, 0), fleet.Misbehave(DHL, "flood", 0), fleet.Misbehave(DHL, Hang, -1), fleet.Misbehave(DHL, Hang, 25*time.Hour),
	} {
		require.Equal(t, domain.CodeBadInput, domain.ErrorCode(wrong))
	}
}

// No more requests are held than there are slots.
func TestHangingIsBounded(t *testing.T) {
	slots := make(chan struct{}, 1)
	slots <- struct{}{}
	w := httptest.NewRecorder()
	fault{kind: Hang, over: make(chan struct{})}.misbehave(w, httptest.NewRequest(http.MethodGet, "/", nil), slots)
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
}

// Ending a fault, resetting and closing let go of the requests that hang.
func TestHangingEnds(t *testing.T) {
	for name, end := range map[string]func(*Fleet){
		"fault": func(f *Fleet) { f.Misbehave(DHL, "", 0) }, "other fault": func(f *Fleet) { f.Misbehave(DHL, ServerError, 0) },
		"reset": (*Fleet).Reset, "close": (*Fleet).Close,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := serve(t)
			require.NoError(t, s.Fleet.Misbehave(DHL, Drip, 0))
			response, err := http.Get(s.BaseURL(DHL) + "/track/shipments")
			require.NoError(t, err, "dripping has begun")
			defer response.Body.Close()
			end(s.Fleet)
			_, err = io.ReadAll(response.Body)
			require.Error(t, err, "the answer is cut off")
		})
	}
}

func TestServerIsForThisMachine(t *testing.T) {
	fleet, err := New(Options{})
	require.NoError(t, err)
	for _, address := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "localhost", "example.org:80"} {
		_, err := Start(context.Background(), fleet, address)
		require.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), address)
	}
}

func TestControlIsGuarded(t *testing.T) {
	fleet, err := New(Options{})
	require.NoError(t, err)
	for _, try := range []struct {
		from, host, media string
		status            int
	}{
		{"127.0.0.1:5000", "127.0.0.1:8080", "application/json", http.StatusOK},
		{"[::1]:5000", "[::1]:8080", "application/json; charset=utf-8", http.StatusOK},
		{"127.0.0.1:5000", "localhost", "application/json", http.StatusOK},
		{"192.0.2.7:5000", "127.0.0.1:8080", "application/json", http.StatusForbidden},
		{"127.0.0.1:5000", "attacker.example:8080", "application/json", http.StatusForbidden},
		{"127.0.0.1:5000", "127.0.0.1:8080", "text/plain", http.StatusUnsupportedMediaType},
		{"127.0.0.1:5000", "127.0.0.1:8080", "", http.StatusUnsupportedMediaType},
		{"nonsense", "127.0.0.1:8080", "application/json", http.StatusForbidden},
	} {
		r := httptest.NewRequest(http.MethodPost, "/control/reset", strings.NewReader("{}"))
		r.RemoteAddr, r.Host = try.from, try.host
		r.Header.Set("Content-Type", try.media)
		w := httptest.NewRecorder()
		fleet.Handler().ServeHTTP(w, r)
		require.Equal(t, try.status, w.Code, "%+v", try)
	}
}

func TestControlRefusesNonsense(t *testing.T) {
	s := serve(t)
	for path, bodies := range map[string][]any{
		"/fault": {
			object{"carrier": "post", "fault": "hang"}, object{"carrier": DHL, "fault": "flood"}, object{"carrier": DHL, "fault": Hang, "seconds": -1},
			object{"carrier": DHL, "fault": Hang, "seconds": 1 << 60}, object{"carriers": DHL}, 7, nil, strings.Repeat("x", maxBody+1),
		},
		"/clock": {object{"advance": "soon"}, object{"advance": "-1h"}, object{"advance": "90000h"}, object{}, "2h"},
	} {
		for _, body := range bodies {
			status, answer := control(t, s, path, body)
			require.Equal(t, http.StatusBadRequest, status, path)
			require.NotEmpty(t, answer["error"])
		}
	}
	require.Equal(t, shipped().Add(-24*time.Hour), s.Fleet.Now(), "nothing was moved")
}

func TestControlClockAndReset(t *testing.T) {
	s := serve(t)
	for range 2 {
		status, state := control(t, s, "/clock", object{"advance": "26h30m"})
		require.Equal(t, http.StatusOK, status)
		require.Contains(t, state["ahead"], "h")
	}
	require.Equal(t, shipped().Add(29*time.Hour), s.Fleet.Now())
	control(t, s, "/fault", object{"carrier": UPS, "fault": Hang, "seconds": 60})
	response, err := http.Get(s.ControlURL())
	require.NoError(t, err)
	_, state := readObject(t, response)
	require.Equal(t, "2026-02-15T15:31:00Z", state["failing"].(object)[UPS].(object)["until"], "by the real clock")
	_, state = control(t, s, "/reset", object{})
	require.Equal(t, "2026-02-15T15:30:00Z", state["now"])
	require.Empty(t, state["failing"])
}

// Listing goes through all parcels, each once, in pages.
func TestControlLists(t *testing.T) {
	var parcels []Parcel
	for serial := range 7 {
		for _, carrier := range Carriers() {
			parcels = append(parcels, parcelOf(t, carrier, serial, OnTime, newYork))
		}
	}
	s := serve(t, parcels...)
	require.NoError(t, s.Fleet.Advance(24*time.Hour))
	seen, after := map[string]bool{}, ""
	for pages := 1; ; pages++ {
		response, err := http.Get(s.ControlURL() + "/parcels?carrier=fedex&first=3&after=" + url.QueryEscape(after))
		require.NoError(t, err)
		status, page := readObject(t, response)
		require.Equal(t, http.StatusOK, status)
		for _, listed := range page["parcels"].([]any) {
			p := listed.(object)
			after = p["number"].(string)
			require.False(t, seen[after])
			seen[after] = true
			require.Equal(t, "ON_TIME", p["fate"])
			require.EqualValues(t, 2, p["scans"], "labelled and picked up")
		}
		if page["more"] == false {
			require.Equal(t, 3, pages)
			break
		}
	}
	require.Len(t, seen, 7)
	response, err := http.Get(s.ControlURL() + "/parcels")
	require.NoError(t, err)
	_, page := readObject(t, response)
	require.Len(t, page["parcels"], 28)
}
