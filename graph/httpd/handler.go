// Package httpd is Vigie's HTTP front: the routes around the GraphQL handler, request ids, access logs, limits,
// health probes and a server that stops gracefully. It knows nothing of the schema or of the database.
package httpd

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// Defaults for the zero values of Options.
const (
	DefaultMaxBodyBytes   = 1 << 20
	DefaultRequestTimeout = 30 * time.Second
	DefaultReadyTimeout   = 2 * time.Second
)

const graphQLPath = "/graphql"

// Options are the parts that a Handler is made of. Only GraphQL is required.
type Options struct {
	// GraphQL answers /graphql: POST, GET and websocket upgrades.
	GraphQL http.Handler
	// GraphiQL answers /graphiql and everything below it; nil leaves the page out.
	GraphiQL http.Handler
	// SDL is the composed schema, served as text at /schema.graphql; empty leaves the route out.
	SDL string
	// Routes are answered beside these, by pattern. They bound their bodies and their time themselves.
	Routes map[string]http.Handler
	// Ready says whether requests can be answered now; nil means always. Return a *NotReadyError to choose the reason
	// code that /readyz shows; the text of any error is logged and never shown.
	Ready func(ctx context.Context) error
	// ReadyTimeout bounds one call of Ready; DefaultReadyTimeout when zero.
	ReadyTimeout time.Duration
	// MaxBodyBytes bounds a request's body; DefaultMaxBodyBytes when zero.
	MaxBodyBytes int64
	// RequestTimeout is the deadline of a GraphQL request that is not a websocket; DefaultRequestTimeout when zero.
	RequestTimeout time.Duration
	// Answered hears the path and the status of each response; nil where nobody wants to know.
	Answered func(path string, status int)
	// Log takes access lines and faults, each with its request id; slog.Default() when nil.
	Log *slog.Logger
	// Now is the clock of access lines and their durations; time.Now when nil.
	Now func() time.Time
}

// Handler serves every route of the API. Make it with New.
type Handler struct {
	opt     Options
	root    http.Handler
	sdlETag string

	// draining is set once by Drain: from then on /readyz answers 503.
	draining atomic.Bool
	// lastReason is the reason code of the last probe, so that only changes are logged.
	lastReason atomic.Value

	sockets *sockets
}

// New makes the handler. It panics when opt.GraphQL is nil, which is a mistake in the wiring.
func New(opt Options) *Handler {
	if opt.GraphQL == nil {
		panic("httpd: Options.GraphQL is required")
	}
	if opt.ReadyTimeout <= 0 {
		opt.ReadyTimeout = DefaultReadyTimeout
	}
	if opt.MaxBodyBytes <= 0 {
		opt.MaxBodyBytes = DefaultMaxBodyBytes
	}
	if opt.RequestTimeout <= 0 {
		opt.RequestTimeout = DefaultRequestTimeout
	}
	if opt.Answered == nil {
		opt.Answered = func(string, int) {}
	}
	if opt.Log == nil {
		opt.Log = slog.Default()
	}
	opt.Log = slog.New(LogHandler(opt.Log.Handler()))
	if opt.Now == nil {
		opt.Now = time.Now
	}
	sum := sha256.Sum256([]byte(opt.SDL))
	h := &Handler{opt: opt, sdlETag: `"` + hex.EncodeToString(sum[:12]) + `"`, sockets: newSockets()}
	h.lastReason.Store("")
	h.root = h.identify(h.access(h.contain(h.routes())))
	return h
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.root.ServeHTTP(w, r)
}

// Drain makes /readyz answer 503, so that a load balancer sends its requests elsewhere. Requests are still answered.
func (h *Handler) Drain() {
	h.draining.Store(true)
}

func (h *Handler) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(graphQLPath, h.limit(h.opt.GraphQL))
	for pattern, route := range h.opt.Routes {
		mux.Handle(pattern, route)
	}
	mux.HandleFunc("GET /livez", h.live)
	mux.HandleFunc("GET /readyz", h.ready)
	if h.opt.SDL != "" {
		mux.HandleFunc("GET /schema.graphql", h.schema)
	}
	if h.opt.GraphiQL != nil {
		mux.Handle("GET /graphiql", h.opt.GraphiQL)
		mux.Handle("GET /graphiql/", h.opt.GraphiQL)
		mux.Handle("GET /{$}", http.RedirectHandler("/graphiql", http.StatusFound))
	}
	return mux
}

func (h *Handler) schema(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", h.sdlETag)
	w.Header().Set("Cache-Control", "no-cache")
	if r.Header.Get("If-None-Match") == h.sdlETag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, err := w.Write([]byte(h.opt.SDL))
	if err != nil {
		h.opt.Log.DebugContext(r.Context(), "schema not sent", "error", err)
	}
}
