package democarrier

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/tracking"
)

// A client with the wrong secret, or the wrong id, is refused by every carrier.
func TestCredentialsAreChecked(t *testing.T) {
	for _, carrier := range Carriers() {
		p := parcelOf(t, carrier, 1, OnTime, newYork)
		s := serve(t, p)
		right := s.Fleet.Credential(carrier)
		require.NotEmpty(t, right.Secret)
		wrong := []Credential{{right.ID, right.Secret + "x"}}
		if carrier == UPS || carrier == FedEx {
			wrong = append(wrong, Credential{"somebody", right.Secret})
		}
		for _, credential := range wrong {
			_, err := adapter(t, s, carrier, credential, patient).Track(t.Context(), []tracking.Number{{Number: p.Number}})
			var failure *tracking.Error
			require.True(t, errors.As(err, &failure), "%s: %v", carrier, err)
			require.Equal(t, tracking.ErrUnauthenticated, failure.Code, carrier)
		}
	}
}

// Credentials that are given are those that count.
func TestCredentialsAreTaken(t *testing.T) {
	mine := Credential{ID: "me", Secret: "mine"}
	fleet, err := New(Options{Credentials: map[string]Credential{UPS: mine}})
	require.NoError(t, err)
	require.Equal(t, mine, fleet.Credential(UPS))
	require.NotEqual(t, fleet.Credential(DHL).Secret, fleet.Credential(LaPoste).Secret)
}

// A token ends by the demo's clock; the clients take a new one by themselves. One carrier's token is not another's.
func TestTokens(t *testing.T) {
	for _, carrier := range []string{UPS, FedEx} {
		p := parcelOf(t, carrier, 1, OnTime, newYork)
		s := serve(t, p)
		client := adapter(t, s, carrier, s.Fleet.Credential(carrier), patient)
		for range 4 {
			require.NoError(t, s.Fleet.Advance(24*time.Hour))
			results, err := client.Track(t.Context(), []tracking.Number{{Number: p.Number}})
			require.NoError(t, err)
			require.Equal(t, domain.TrackingFound, results[0].Outcome)
		}
		token := s.Fleet.token(carrier, time.Hour)
		bears := func(token, of string) bool {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Authorization", token)
			return s.Fleet.bears(r, of)
		}
		require.True(t, bears("Bearer "+token, carrier))
		require.False(t, bears("Bearer "+token, DHL))
		require.False(t, bears(token, carrier))
		require.False(t, bears("Bearer 9"+token, carrier), "a later end")
		require.False(t, bears("Bearer ", carrier))
		require.NoError(t, s.Fleet.Advance(time.Hour))
		require.False(t, bears("Bearer "+token, carrier))
	}
}

// Thirty numbers in a call of FedEx and ten of La Poste, some of them unknown: each has its own outcome.
func TestBatches(t *testing.T) {
	for carrier, size := range map[string]int{FedEx: fedexPerCall, LaPoste: laposteNumbers} {
		var parcels []Parcel
		var numbers []tracking.Number
		for serial := range size {
			p := parcelOf(t, carrier, serial, OnTime, bordeaux)
			numbers = append(numbers, tracking.Number{Number: p.Number})
			if serial%3 != 0 {
				parcels = append(parcels, p)
			}
		}
		// Right in form, and wrong in its check digit.
		numbers[1].Number = strings.Replace(numbers[1].Number, "00", "01", 1)
		s := serve(t, parcels...)
		require.NoError(t, s.Fleet.Advance(72*time.Hour))
		client := adapter(t, s, carrier, s.Fleet.Credential(carrier), patient)
		results, err := client.Track(t.Context(), numbers)
		require.NoError(t, err)
		require.Len(t, results, size)
		for i, result := range results {
			require.Equal(t, numbers[i].Number, result.Number)
			switch {
			case i == 1:
				require.Equal(t, domain.TrackingInvalid, result.Outcome)
			case i%3 == 0:
				require.Equal(t, domain.TrackingNotFound, result.Outcome)
			default:
				require.Equal(t, domain.TrackingFound, result.Outcome)
			}
		}
	}
}

// send is a request that the adapters would not make.
func send(t *testing.T, f *Fleet, method, target string, header http.Header, body string) (int, string, []byte) {
	t.Helper()
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header = header
	w := httptest.NewRecorder()
	f.Handler().ServeHTTP(w, r)
	return w.Code, w.Header().Get("Content-Type"), w.Body.Bytes()
}

func TestRefusals(t *testing.T) {
	fleet, err := New(Options{Parcels: []Parcel{parcelOf(t, DHL, 1, OnTime, bordeaux)}})
	require.NoError(t, err)
	bearer := func(carrier string) http.Header {
		return http.Header{"Authorization": {"Bearer " + fleet.token(carrier, time.Hour)}}
	}
	key := http.Header{"Dhl-Api-Key": {fleet.Credential(DHL).Secret}}
	okapi := http.Header{"X-Okapi-Key": {fleet.Credential(LaPoste).Secret}}
	tooMany := `{"trackingInfo": [` + strings.Repeat(`{"trackingNumberInfo": {"trackingNumber": "1"}},`, 30) + `{}]}`
	upsNumber, err := Number(UPS, 5)
	require.NoError(t, err)
	for _, try := range []struct {
		method, target string
		header         http.Header
		body           string
		status         int
		says           string
	}{
		{"GET", "/dhl/track/shipments", http.Header{}, "", 401, `"status":401`},
		{"GET", "/dhl/track/shipments", key, "", 400, `"status":400`},
		{"GET", "/dhl/track/shipments?trackingNumber=00340434111000000018", key, "", 404, `"title":"No result found"`},
		{"POST", "/dhl/track/shipments", key, "", 405, "Not Allowed"},
		{"GET", "/ups/api/track/v1/details/" + upsNumber, http.Header{}, "", 401, `"code":"250002"`},
		{"GET", "/ups/api/track/v1/details/" + upsNumber, bearer(UPS), "", 400, "required header"},
		{"GET", "/ups/api/track/v1/details/" + upsNumber, bearer(FedEx), "", 401, `"code":"250002"`},
		{"POST", "/ups/security/v1/oauth/token", http.Header{}, "", 401, `"code":"10401"`},
		{"POST", "/fedex/oauth/token", http.Header{}, "", 401, "NOT.AUTHORIZED.ERROR"},
		{"POST", "/fedex/track/v1/trackingnumbers", http.Header{}, "{}", 401, "NOT.AUTHORIZED.ERROR"},
		{"POST", "/fedex/track/v1/trackingnumbers", bearer(FedEx), "{}", 400, "TRACKING.TRACKINGNUMBER.EMPTY"},
		{"POST", "/fedex/track/v1/trackingnumbers", bearer(FedEx), "[", 422, "INVALID.INPUT.EXCEPTION"},
		{"POST", "/fedex/track/v1/trackingnumbers", bearer(FedEx), tooMany, 400, "At most 30"},
		{"POST", "/fedex/track/v1/trackingnumbers", bearer(FedEx), strings.Repeat(" ", maxBody+1), 422, "INVALID.INPUT.EXCEPTION"},
		{"GET", "/laposte/suivi/v2/idships/X", http.Header{}, "", 401, `"returnCode":401`},
		{"GET", "/laposte/suivi/v2/idships/X", okapi, "", 400, `"returnCode":400`},
		{"GET", "/laposte/suivi/v2/idships/X,Y", okapi, "", 400, `[{`},
		{"GET", "/laposte/suivi/v2/idships/1,2,3,4,5,6,7,8,9,10,11", okapi, "", 400, "supérieur à 10"},
		{"GET", "/laposte/suivi/v2/idships/CV000000005FR,X,CV000000005FR", okapi, "", 207, `"returnCode":404`},
		{"GET", "/aramex/track", http.Header{}, "", 404, "not found"},
	} {
		status, _, body := send(t, fleet, try.method, try.target, try.header, try.body)
		require.Equal(t, try.status, status, "%s %s: %s", try.method, try.target, body)
		require.Contains(t, string(body), try.says, try.target)
	}
	_, media, _ := send(t, fleet, "GET", "/dhl/track/shipments", http.Header{}, "")
	require.Equal(t, "application/problem+json", media)
}

// What UPS remembers ends after 120 days, and a number that it does not know has status 200 and a warning.
func TestUPSForgets(t *testing.T) {
	p := parcelOf(t, UPS, 1, OnTime, newYork)
	s := serve(t, p)
	client := adapter(t, s, UPS, s.Fleet.Credential(UPS), patient)
	for days, outcome := range map[int]domain.TrackingOutcome{100: domain.TrackingFound, 130: domain.TrackingNotFound} {
		s.Fleet.Reset()
		require.NoError(t, s.Fleet.Advance(time.Duration(days)*24*time.Hour))
		results, err := client.Track(t.Context(), []tracking.Number{{Number: p.Number}})
		require.NoError(t, err)
		require.Equal(t, outcome, results[0].Outcome, "%d days", days)
	}
}

// The quirks are on the wire, not only in what the adapters make of it.
func TestQuirks(t *testing.T) {
	for carrier, wanted := range map[string][]string{
		DHL:     {`"timestamp":"2026-02-16T16:30:00"`, `"estimatedTimeOfDelivery":"2026-02-20T00:00:00"`},
		UPS:     {`"gmtTime":"15:30:00"`, `"time":"163000"`, `"gmtOffset":"+01:00"`, `"deliveryDate":[{"date":"20260220","type":"SDD"}]`},
		FedEx:   {`"date":"2026-02-16T16:30:00+01:00"`, `"dateTime":"2026-02-20T00:00:00-06:00"`},
		LaPoste: {`"date":"2026-02-16T16:30:00+01:00"`, `"isFinal":false`},
	} {
		p := parcelOf(t, carrier, 1, OnTime, newYork)
		fleet, err := New(Options{Parcels: []Parcel{p}, Now: shipped})
		require.NoError(t, err)
		s, found := fleet.look(carrier, strings.ToLower(p.Number))
		require.True(t, found)
		paris, err := time.LoadLocation("Europe/Paris")
		require.NoError(t, err)
		told := map[string]func() object{
			DHL: func() object { return s.dhl("") }, UPS: s.ups, LaPoste: func() object { return s.laposte("fr_FR", paris) },
			FedEx: func() object { return fleet.fedexResult(p.Number, "", true) },
		}[carrier]()
		text, err := json.Marshal(told)
		require.NoError(t, err)
		for _, part := range wanted {
			require.Contains(t, string(text), part, carrier)
		}
		if carrier == LaPoste {
			require.Contains(t, string(text), "pris en charge")
		}
	}
}

// Whatever is sent, something is answered, and nothing is moved by what has no right to.
func FuzzHandler(f *testing.F) {
	f.Add("POST", "/fedex/track/v1/trackingnumbers", `{"trackingInfo": [{"trackingNumberInfo": {"trackingNumber": "794000000014"}}]}`)
	f.Add("POST", "/control/fault", `{"carrier": "dhl", "fault": "500"}`)
	f.Add("GET", "/laposte/suivi/v2/idships/A,B", "")
	f.Add("GET", "/ups/api/track/v1/details/1Z", "")
	f.Add("GET", "/control/parcels?first=-1&after=%00", "")
	f.Fuzz(func(t *testing.T, method, target, body string) {
		fleet, err := New(Options{Now: shipped})
		require.NoError(t, err)
		r, err := http.NewRequest(method, "http://127.0.0.1"+target, bytes.NewReader([]byte(body)))
		if err != nil || r.Host != "127.0.0.1" || !strings.HasPrefix(target, "/") {
			return
		}
		r.RemoteAddr = "127.0.0.1:5000"
		r.Header = http.Header{
			"Content-Type": {"application/json"}, "X-Okapi-Key": {fleet.Credential(LaPoste).Secret}, "Dhl-Api-Key": {fleet.Credential(DHL).Secret},
			"Authorization": {"Bearer " + fleet.token(FedEx, time.Hour)},
		}
		w := httptest.NewRecorder()
		fleet.Handler().ServeHTTP(w, r)
		require.Less(t, w.Code, 500, fmt.Sprintf("%s %s", method, target))
		if !strings.HasPrefix(r.URL.Path, "/control") && w.Code < 300 {
			require.Equal(t, shipped(), fleet.Now())
		}
	})
}
