package trackingtest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// Fault is a way to misbehave.
type Fault string

// The faults. Each has been seen of a carrier, or of what stands in front of one.
const (
	Hang             Fault = "hang"                 // never answers
	Drip             Fault = "drip"                 // sends a byte now and then, for ever
	ServerError      Fault = "500"                  // with a page in HTML
	Garbage          Fault = "garbage"              // bytes that are no JSON, called JSON
	HTML             Fault = "HTML"                 // a page with status 200
	Empty            Fault = "empty"                // status 200 and nothing
	Truncated        Fault = "truncated"            // the connection ends within the body
	Huge             Fault = "10 MB"                // a body of 10 MB
	WrongEncoding    Fault = "wrong encoding"       // says that it is compressed in a way nobody asked for
	NotUTF8          Fault = "not UTF-8"            // JSON with bytes of Latin-1 in it
	RedirectLoop     Fault = "redirect loop"        // to itself
	RedirectAway     Fault = "redirect away"        // to another host, which records what comes
	Unauthorized     Fault = "401"                  // as if the credentials had ended
	TooMany          Fault = "429"                  // without Retry-After
	TooManyRetryTime Fault = "429 with Retry-After" // in RetryAfter
)

// RetryAfter is what TooManyRetryTime asks to wait.
const RetryAfter = 90 * time.Second

// Recorded is a request that the server got.
type Recorded struct {
	Method, Path string
	Query        string
	Header       http.Header
	Body         []byte
}

// Server is a carrier on a loopback address that misbehaves when told to.
type Server struct {
	URL string

	handler http.Handler
	away    *httptest.Server
	stop    chan struct{}
	hanging chan struct{}

	mu       sync.Mutex
	fault    Fault
	times    int
	spared   string
	requests []Recorded
	strayed  int
}

// NewServer serves with handler until the test ends.
func NewServer(t testing.TB, handler http.Handler) *Server {
	t.Helper()
	s := &Server{handler: handler, stop: make(chan struct{}), hanging: make(chan struct{}, 1)}
	s.away = httptest.NewServer(http.HandlerFunc(s.stray))
	server := httptest.NewServer(s)
	s.URL = server.URL
	t.Cleanup(func() {
		close(s.stop)
		server.Close()
		s.away.Close()
	})
	return s
}

// Misbehave makes the next requests fail, so many times; negative for all of them.
func (s *Server) Misbehave(fault Fault, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.times = fault, times
}

// Spare excepts a path from faults, such as the one that gives tokens.
func (s *Server) Spare(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spared = path
}

// Requests lists what came, bar what was sent to another host.
func (s *Server) Requests() []Recorded {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Recorded(nil), s.requests...)
}

// Strayed counts requests that followed RedirectAway: there should be none.
func (s *Server) Strayed() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.strayed
}

func (s *Server) stray(http.ResponseWriter, *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.strayed++
}

// ServeHTTP records the request and answers it, badly if told so.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return
	}
	fault := s.record(Recorded{r.Method, r.URL.Path, r.URL.RawQuery, r.Header.Clone(), body})
	if fault == "" {
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		s.handler.ServeHTTP(w, r)
		return
	}
	s.misbehave(w, r, fault)
}

// record keeps the request and tells how to answer it.
func (s *Server) record(request Recorded) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, request)
	if s.times == 0 || s.spared != "" && request.Path == s.spared {
		return ""
	}
	s.times--
	return s.fault
}

func (s *Server) misbehave(w http.ResponseWriter, r *http.Request, fault Fault) {
	json := func(status int, body string) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
	page := func(status int) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.WriteHeader(status)
		io.WriteString(w, "<!doctype html><title>Sorry</title><p>Something went wrong.")
	}
	switch fault {
	case Hang:
		select {
		case s.hanging <- struct{}{}:
		default:
		}
		s.wait(r)
	case Drip:
		s.drip(w, r)
	case ServerError:
		page(http.StatusInternalServerError)
	case Garbage:
		json(http.StatusOK, "\x00\x01{]}\"garbage")
	case HTML:
		page(http.StatusOK)
	case Empty:
		w.WriteHeader(http.StatusOK)
	case Truncated:
		w.Header().Set("Content-Length", "1000")
		json(http.StatusOK, `{"shipments": [`)
	case Huge:
		json(http.StatusOK, `{"padding": "`+strings.Repeat("x", 10<<20)+`"}`)
	case WrongEncoding:
		w.Header().Set("Content-Encoding", "br")
		json(http.StatusOK, "{}")
	case NotUTF8:
		json(http.StatusOK, "{\"name\": \"K\xf8benhavn\"}")
	case RedirectLoop:
		http.Redirect(w, r, r.URL.String(), http.StatusTemporaryRedirect)
	case RedirectAway:
		http.Redirect(w, r, s.away.URL+r.URL.Path, http.StatusTemporaryRedirect)
	case Unauthorized:
		json(http.StatusUnauthorized, "{}")
	case TooMany:
		json(http.StatusTooManyRequests, "{}")
	case TooManyRetryTime:
		w.Header().Set("Retry-After", "90")
		json(http.StatusTooManyRequests, "{}")
	}
}

// Hanging gives a value when a request hangs.
func (s *Server) Hanging() <-chan struct{} { return s.hanging }

// wait ends when the client has gone or the test is over.
func (s *Server) wait(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.stop:
	}
}

func (s *Server) drip(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		_, err := io.WriteString(w, " ")
		if err != nil {
			return
		}
		w.(http.Flusher).Flush()
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		case <-s.stop:
			return
		}
	}
}
