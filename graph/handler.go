// Package graph is GraphQL itself: the executor over HTTP and websockets, what clients see of errors, and the composed schema.
// It gets resolvers and data handed in.
package graph

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/access"
	"github.com/vigie-dev/vigie/graph/binding"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/execute"
	"github.com/vigie-dev/vigie/graph/observe"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/loaders"
)

// Options is what a handler is made of.
type Options struct {
	Schema graphql.ExecutableSchema
	// Fields, where they are given, let queries be answered level by level (package execute). Without them gqlgen's executor answers everything.
	Fields binding.Table
	// Loaders makes the loaders of one response, for the viewer of its context.
	Loaders func(context.Context) *loaders.Set
	// Introspection lets clients ask for the schema. Without it errors do not help them guess it, either.
	Introspection bool
	// Limits bound what one request may ask for, and Bucket what a viewer may ask for over time; nil is no such bound.
	Limits cost.Limits
	Bucket *cost.Bucket
	// MaxResponseBytes bounds the data of one answer; zero is no bound.
	MaxResponseBytes int64
	// Cursors seals the cursors of lists; with nil they end with the process.
	Cursors *relay.Cursors
	// Trail takes who read whose personal data; nil where nobody keeps it.
	Trail *audit.Recorder
	// Transport says what clients may do over HTTP and websockets.
	Transport transport.Options
	// Observer counts and traces what is run; nil where nobody does.
	Observer *observe.Observer
	Log      *slog.Logger
}

// NewHandler answers GraphQL requests of viewers (package auth), over the transports of package transport. It fails where a field of the
// schema has no rule.
func NewHandler(o Options) (http.Handler, error) {
	rules, err := access.NewTable(o.Schema.Schema())
	if err != nil {
		return nil, err
	}
	cursors := o.Cursors
	if cursors == nil {
		cursors, err = relay.OwnCursors()
		if err != nil {
			return nil, err
		}
	}
	documents, err := newDocumentCache(cachedDocuments, cachedBytes)
	if err != nil {
		return nil, err
	}
	validation := quietRules
	if o.Introspection {
		validation = usualRules
	}
	costs, err := cost.NewMeter(o.Schema.Schema(), cost.Options{Limits: o.Limits, Bucket: o.Bucket, Subject: subjectOf, Rules: validation})
	if err != nil {
		return nil, err
	}
	documents.forget = append(documents.forget, costs.Forget)
	e := &engine{
		schema: o.executable(rules, documents), introspection: o.Introspection,
		documents: documents, maxTokens: o.Limits.MaxTokens, rules: validation,
		costs: costs, bounds: answerBounds{maxBytes: o.MaxResponseBytes}, observer: o.Observer,
		loaders: o.Loaders, cursors: cursors, present: counted(presenter(o.Log)), recover: recovered,
	}
	e.fields = outermost(e.bounds.aroundField, transport.WhileWanted, access.Enforce(rules, viewerOf))
	if o.Trail != nil {
		e.trail = access.NewTrail(rules, viewerOf, o.Trail)
		e.fields = outermost(e.fields, e.trail.AroundField)
	}
	return &server{transports: transport.New(o.Transport), engine: e}, nil
}

// executable is the schema's executor.
func (o *Options) executable(rules access.Table, documents *documentCache) graphql.ExecutableSchema {
	if o.Fields == nil {
		return o.Schema
	}
	executor := execute.New(o.Schema, execute.Options{
		Table:  o.Fields,
		Policy: func(ctx context.Context) execute.Policy { return rules.Policy(viewerOf(ctx)) },
		Root:   cost.Root,
	})
	documents.forget = append(documents.forget, executor.Forget)
	return executor
}

// outermost makes one field middleware of several, the first around the others.
func outermost(middlewares ...graphql.FieldMiddleware) graphql.FieldMiddleware {
	if len(middlewares) == 1 {
		return middlewares[0]
	}
	first, others := middlewares[0], outermost(middlewares[1:]...)
	return func(ctx context.Context, next graphql.Resolver) (any, error) {
		return first(ctx, func(ctx context.Context) (any, error) { return others(ctx, next) })
	}
}

// server hands each request to the first transport that takes it; the last takes all.
type server struct {
	transports []graphql.Transport
	engine     *engine
}

// ServeHTTP implements http.Handler.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		panicked := recover()
		if panicked != nil {
			s.engine.fail(w, r, panicked)
		}
	}()
	r = r.WithContext(graphql.StartOperationTrace(r.Context()))
	for _, t := range s.transports {
		if t.Supports(r) {
			t.Do(w, r, s.engine)
			return
		}
	}
}

// viewerRequired refuses who has not said who it is.
func viewerRequired(ctx context.Context) *gqlerror.Error {
	_, known := auth.For(ctx)
	if known {
		return nil
	}
	refusal := gqlerror.Errorf("say who you are: send a token as Authorization: Bearer")
	setCode(refusal, domain.CodeUnauthenticated)
	return refusal
}

// subjectOf says whose points a request spends. Those without a viewer are refused, and share what they spend until then.
func subjectOf(ctx context.Context) string { return viewerOf(ctx).Subject }

func viewerOf(ctx context.Context) domain.Viewer {
	viewer, _ := auth.For(ctx) // The zero viewer may see nothing.
	return viewer
}

// recovered is the error of a resolver that panicked.
func recovered(_ context.Context, panicked any) error {
	return &panicError{value: panicked, stack: debug.Stack()}
}

// panicError is a resolver's panic on its way to the presenter, which logs and masks it.
type panicError struct {
	value any
	stack []byte
}

// Error is for the log.
func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }
