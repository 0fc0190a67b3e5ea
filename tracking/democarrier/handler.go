package democarrier

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxBody bounds what a request may send, in bytes.
const maxBody = 64 << 10

// object is one of JSON.
type object = map[string]any

// Handler serves each carrier under its code, such as /dhl/, and the control under /control.
func (f *Fleet) Handler() http.Handler {
	mux := http.NewServeMux()
	for _, carrier := range Carriers() {
		mux.Handle("/"+carrier+"/", http.StripPrefix("/"+carrier, f.Carrier(carrier)))
	}
	mux.Handle("/control", f.Control())
	mux.Handle("/control/", f.Control())
	return mux
}

// Carrier serves one carrier, with the paths of its API. A carrier that is not played is nowhere.
func (f *Fleet) Carrier(carrier string) http.Handler {
	mux := http.NewServeMux()
	tokenPath := ""
	switch carrier {
	case DHL:
		mux.HandleFunc("GET /track/shipments", f.dhlTrack)
	case UPS:
		tokenPath = "/security/v1/oauth/token"
		mux.HandleFunc("POST "+tokenPath, f.upsToken)
		mux.HandleFunc("GET /api/track/v1/details/{number}", f.upsTrack)
	case FedEx:
		tokenPath = "/oauth/token"
		mux.HandleFunc("POST "+tokenPath, f.fedexToken)
		mux.HandleFunc("POST /track/v1/trackingnumbers", f.fedexTrack)
	case LaPoste:
		mux.HandleFunc("GET /suivi/v2/idships/{numbers}", f.laposteTrack)
	}
	slots := make(chan struct{}, maxHanging)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		going, failing := f.fault(carrier)
		if failing && !(going.kind == Unauthorized && r.URL.Path == tokenPath) {
			going.misbehave(w, r, slots)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// answer writes value as JSON of a media type.
func answer(w http.ResponseWriter, status int, media string, value any) {
	body, err := json.Marshal(value)
	if err != nil {
		page(w, http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", media)
	w.WriteHeader(status)
	w.Write(body)
}

const plainJSON = "application/json"

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// token is one that ends after life. It carries its end and a signature, so that none has to be kept.
func (f *Fleet) token(carrier string, life time.Duration) string {
	until := strconv.FormatInt(f.Now().Add(life).Unix(), 10)
	return until + "." + f.sign(carrier, until)
}

func (f *Fleet) sign(carrier, until string) string {
	mac := hmac.New(sha256.New, f.signing)
	mac.Write([]byte(carrier + "." + until))
	return hex.EncodeToString(mac.Sum(nil))
}

// bears tells whether the request has a token of the carrier that has not ended.
func (f *Fleet) bears(r *http.Request, carrier string) bool {
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	until, signature, _ := strings.Cut(token, ".")
	if !found || !same(signature, f.sign(carrier, until)) {
		return false
	}
	seconds, err := strconv.ParseInt(until, 10, 64)
	return err == nil && f.Now().Before(time.Unix(seconds, 0))
}
