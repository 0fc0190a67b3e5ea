package democarrier

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// Fault is a way in which a carrier fails.
type Fault string

// The faults.
const (
	Hang            Fault = "hang"            // never answers
	Drip            Fault = "drip"            // sends a byte now and then
	ServerError     Fault = "500"             // with a page in HTML
	Garbage         Fault = "garbage"         // bytes that are no JSON, called JSON
	HTML            Fault = "html"            // a page with status 200
	Empty           Fault = "empty"           // status 200 and nothing
	Truncated       Fault = "truncated"       // the connection ends within the body
	Huge            Fault = "huge"            // a body of 10 MB
	WrongEncoding   Fault = "wrong-encoding"  // says that it is compressed in a way nobody asked for
	NotUTF8         Fault = "not-utf8"        // JSON with bytes of Latin-1 in it
	RedirectLoop    Fault = "redirect-loop"   // to itself
	Unauthorized    Fault = "401"             // tokens are given, and refused
	TooMany         Fault = "429"             // without Retry-After
	TooManyWithTime Fault = "429-retry-after" // in RetryAfter
)

// Faults lists them.
func Faults() []Fault {
	return []Fault{
		Hang, Drip, ServerError, Garbage, HTML, Empty, Truncated, Huge, WrongEncoding, NotUTF8, RedirectLoop, Unauthorized, TooMany, TooManyWithTime,
	}
}

// RetryAfter is what TooManyWithTime asks to wait.
const RetryAfter = 90 * time.Second

const (
	// longestHang ends a request that hangs or drips whatever its client does; maxHanging is how many may at once, of one carrier.
	longestHang = 2 * time.Minute
	maxHanging  = 64
	dripEvery   = 50 * time.Millisecond
)

// fault is a Fault that is going on.
type fault struct {
	kind  Fault
	until time.Time     // on the real clock; zero until told otherwise
	over  chan struct{} // closed when it ends
}

// Misbehave makes a carrier fail from now on, for a while by the real clock, or, where that is 0, until it is told otherwise. "" ends it.
func (f *Fleet) Misbehave(carrier string, kind Fault, during time.Duration) error {
	if !slices.Contains(Carriers(), carrier) || kind != "" && !slices.Contains(Faults(), kind) || during < 0 || during > 24*time.Hour {
		return domain.BadInput("no such carrier or fault, or a time that is not between 0 and 24 hours")
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.endFault(carrier)
	if kind == "" || f.closed {
		return nil
	}
	started := fault{kind: kind, over: make(chan struct{})}
	if during > 0 {
		started.until = f.now().Add(during)
	}
	f.faults[carrier] = started
	return nil
}

func (f *Fleet) endFaults() {
	for _, carrier := range Carriers() {
		f.endFault(carrier)
	}
}

func (f *Fleet) endFault(carrier string) {
	going, there := f.faults[carrier]
	if there {
		close(going.over)
		delete(f.faults, carrier)
	}
}

// fault is what is wrong with a carrier now; false where nothing is.
func (f *Fleet) fault(carrier string) (fault, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	going, there := f.faults[carrier]
	if !there || !going.until.IsZero() && !f.now().Before(going.until) {
		return fault{}, false
	}
	return going, true
}

// misbehave answers a request as the fault wants it. slots bounds how many requests it may hold.
func (going fault) misbehave(w http.ResponseWriter, r *http.Request, slots chan struct{}) {
	switch going.kind {
	case Hang, Drip:
		select {
		case slots <- struct{}{}:
			defer func() { <-slots }()
			going.hold(w, r)
		default:
			page(w, http.StatusServiceUnavailable)
		}
	case ServerError:
		page(w, http.StatusInternalServerError)
	case HTML:
		page(w, http.StatusOK)
	case Empty:
		w.WriteHeader(http.StatusOK)
	case RedirectLoop:
		// Relative, so that it leads to the same address under whatever prefix the carrier is mounted.
		w.Header().Set("Location", "?"+r.URL.RawQuery)
		w.WriteHeader(http.StatusTemporaryRedirect)
	case Unauthorized:
		raw(w, http.StatusUnauthorized, "{}")
	case TooManyWithTime:
		w.Header().Set("Retry-After", "90")
		raw(w, http.StatusTooManyRequests, "{}")
	case TooMany:
		raw(w, http.StatusTooManyRequests, "{}")
	default:
		going.corrupt(w)
	}
}

// corrupt sends a body that nobody can read.
func (going fault) corrupt(w http.ResponseWriter) {
	switch going.kind {
	case Truncated:
		w.Header().Set("Content-Length", "1000")
		raw(w, http.StatusOK, `{"half": [`)
	case Huge:
		raw(w, http.StatusOK, `{"padding": "`+strings.Repeat("x", 10<<20)+`"}`)
	case WrongEncoding:
		w.Header().Set("Content-Encoding", "br")
		raw(w, http.StatusOK, "{}")
	case NotUTF8:
		raw(w, http.StatusOK, "{\"name\": \"K\xf8benhavn\"}")
	default:
		raw(w, http.StatusOK, "\x00\x01{]}\"garbage")
	}
}

// hold keeps the request until the client goes, the fault ends or longestHang is over.
func (going fault) hold(w http.ResponseWriter, r *http.Request) {
	// A client that goes is noticed only when nothing of its request is left to read.
	_, err := io.Copy(io.Discard, io.LimitReader(r.Body, maxBody))
	if err != nil {
		return
	}
	end := time.NewTimer(longestHang)
	defer end.Stop()
	tick := time.NewTicker(dripEvery)
	defer tick.Stop()
	w.Header().Set("Content-Type", "application/json")
	flusher := http.NewResponseController(w)
	for {
		select {
		case <-tick.C:
			if going.kind != Drip {
				continue
			}
			_, err := io.WriteString(w, " ")
			if err != nil || flusher.Flush() != nil {
				return
			}
		case <-r.Context().Done():
			return
		case <-going.over:
			// What was held is cut off: it was no answer.
			panic(http.ErrAbortHandler)
		case <-end.C:
			panic(http.ErrAbortHandler)
		}
	}
}

func page(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	io.WriteString(w, "<!doctype html><title>Out of order</title><p>Please come back later.")
}

func raw(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, body)
}
