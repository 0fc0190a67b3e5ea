// Package transport carries GraphQL over HTTP: POST and GET in both media types of GraphQL over HTTP, server-sent events,
// multipart for @defer, and websockets that speak graphql-transport-ws. It knows nothing of the schema; the executor that
// gqlgen hands over parses, validates and runs.
package transport

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/vigie-dev/vigie/domain"
)

// Defaults for the zero values of Options.
const (
	DefaultMaxBodyBytes     = 1 << 20
	DefaultOperationTimeout = 30 * time.Second
	DefaultWriteTimeout     = 10 * time.Second
	DefaultKeepAlive        = 20 * time.Second
	DefaultInitTimeout      = 10 * time.Second
	DefaultMaxOperations    = 100
	DefaultRecheckEvery     = time.Minute
)

// Options says what clients may do. The zero value is usable: it has no trusted documents, asks websockets for no
// authentication and lets only pages of the server's own origin open them.
type Options struct {
	// MaxBodyBytes bounds a POST's body and one websocket message; DefaultMaxBodyBytes when zero.
	MaxBodyBytes int64
	// Documents are the documents that requests may name instead of sending; nil when there are none.
	Documents *Documents
	// PreflightHeaders are request headers of which one, by its presence, proves that no foreign page sent a GET on the
	// quiet: browsers ask before they send them across origins. PreflightHeaders() when nil.
	PreflightHeaders []string
	// MaxAge is how long a client may reuse the answer to a GET unasked; zero means that it asks each time, by ETag.
	MaxAge time.Duration
	// OperationTimeout bounds a query or mutation; DefaultOperationTimeout when zero. A subscription has no bound, so the
	// contexts of requests that may be one, which accept text/event-stream or upgrade, should have none either.
	OperationTimeout time.Duration
	// WriteTimeout bounds one write on a stream or websocket, and the wait for a pong; DefaultWriteTimeout when zero.
	WriteTimeout time.Duration
	// KeepAlive is the interval of pings and of comments in event streams; DefaultKeepAlive when zero.
	KeepAlive time.Duration
	// Origins are the other sites whose pages may open websockets, as scheme://host with * for any part of a host.
	Origins []string
	// InitTimeout bounds the wait for connection_init; DefaultInitTimeout when zero.
	InitTimeout time.Duration
	// MaxOperations bounds the operations running at once on one websocket; DefaultMaxOperations when zero.
	MaxOperations int
	// Init authenticates a websocket by the payload of its connection_init. The context that it returns, made from the
	// given one, is that of all operations; the websocket is closed at expiry unless that is zero. An error of domain
	// code UNAUTHENTICATED closes it with 4401, FORBIDDEN with 4403, any other with 4500. Nil lets everybody in.
	Init func(ctx context.Context, payload map[string]any) (context.Context, time.Time, error)
	// Expiry says until when the viewer of an HTTP request is authenticated, so that event streams end then; zero means
	// for good. Nil means for good always.
	Expiry func(ctx context.Context) time.Time
	// Recheck judges the authentication of a context anew, for websockets and event streams that outlive their first judgement. An error
	// of domain code UNAUTHENTICATED ends them; another says nothing, and is left for the next time. Nil means that nothing is judged anew.
	Recheck func(ctx context.Context) error
	// RecheckEvery is the time between two calls of Recheck, and bounds one; DefaultRecheckEvery when zero.
	RecheckEvery time.Duration
	// Stopping returns a channel that is closed when the server stops and subscriptions on event streams have to end, so
	// that their clients go elsewhere; queries in flight finish. Nil means never. A websocket ends with its request's context.
	Stopping func(ctx context.Context) <-chan struct{}
	// Refused hears the codes of requests that never get to the executor; nil where nobody wants to know.
	Refused func(ctx context.Context, code domain.Code)
	// Log takes what clients are not told; slog.Default() when nil.
	Log *slog.Logger
	// Now is the clock that expiry is measured by; time.Now when nil.
	Now func() time.Time
}

// PreflightHeaders are the request headers that common clients send to prove that a GET is not a foreign page's.
func PreflightHeaders() []string {
	return []string{"GraphQL-Require-Preflight", "Apollo-Require-Preflight", "X-Apollo-Operation-Name", "X-Requested-With"}
}

func (o Options) withDefaults() Options {
	if o.MaxBodyBytes <= 0 {
		o.MaxBodyBytes = DefaultMaxBodyBytes
	}
	if o.Documents == nil {
		o.Documents = &Documents{mode: DocumentsOff, manifest: &Manifest{}}
	}
	if o.PreflightHeaders == nil {
		o.PreflightHeaders = PreflightHeaders()
	}
	if o.MaxOperations <= 0 {
		o.MaxOperations = DefaultMaxOperations
	}
	o.OperationTimeout = orDefault(o.OperationTimeout, DefaultOperationTimeout)
	o.WriteTimeout = orDefault(o.WriteTimeout, DefaultWriteTimeout)
	o.KeepAlive = orDefault(o.KeepAlive, DefaultKeepAlive)
	o.InitTimeout = orDefault(o.InitTimeout, DefaultInitTimeout)
	o.RecheckEvery = orDefault(o.RecheckEvery, DefaultRecheckEvery)
	if o.Refused == nil {
		o.Refused = func(context.Context, domain.Code) {}
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func orDefault(value, otherwise time.Duration) time.Duration {
	if value <= 0 {
		return otherwise
	}
	return value
}

// New makes the transports, in the order in which a server is to ask them. Together they answer every request.
func New(o Options) []graphql.Transport {
	c := &core{Options: o.withDefaults(), accepts: usualAcceptances()}
	return []graphql.Transport{socketTransport{c}, getTransport{c}, postTransport{c}, otherTransport{c}}
}

// core is what the transports share.
type core struct {
	Options
	accepts acceptances
	buffers buffers
}

// otherTransport answers the methods that carry no GraphQL.
type otherTransport struct {
	*core
}

// Supports takes what the other transports left.
func (otherTransport) Supports(*http.Request) bool { return true }

// Do tells which methods there are.
func (t otherTransport) Do(w http.ResponseWriter, r *http.Request, _ graphql.GraphExecutor) {
	if r.Method == http.MethodOptions {
		w.Header().Set("Allow", allMethods)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	t.refuse(w, r, mediaJSON, methodNotAllowed(allMethods, "GraphQL is served over GET and POST"))
}

const allMethods = "GET, HEAD, POST, OPTIONS"
