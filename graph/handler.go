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
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
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
	server := handler.New(o.executable(rules, documents))
	for _, t := range transport.New(o.Transport) {
		server.AddTransport(t)
	}
	if o.Observer != nil {
		server.Use(o.Observer) // The first, so that it sees what the others refuse and add.
	}
	server.Use(&answerBounds{maxBytes: o.MaxResponseBytes})
	server.Use(viewerRequired{})
	server.SetQueryCache(documents)
	server.SetParserTokenLimit(o.Limits.MaxTokens)
	validation := quietRules
	if o.Introspection {
		server.Use(extension.Introspection{})
		validation = usualRules
	}
	server.SetValidationRulesFn(validation)
	server.SetDisableSuggestion(!o.Introspection)
	costs := &cost.Extension{Limits: o.Limits, Bucket: o.Bucket, Subject: subjectOf, Documents: documents, Rules: validation}
	server.Use(nullGuard{})
	server.Use(costs)
	documents.forget = append(documents.forget, costs.Forget)
	// In AroundResponses and not around the operation: each event of a subscription is a response and must not see an earlier one's values.
	server.AroundResponses(func(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
		return next(relay.WithCursors(loaders.With(ctx, o.Loaders(ctx)), cursors))
	})
	server.SetErrorPresenter(counted(presenter(o.Log)))
	server.SetRecoverFunc(func(_ context.Context, panicked any) error {
		return &panicError{value: panicked, stack: debug.Stack()}
	})
	server.AroundFields(transport.WhileWanted)
	server.AroundFields(access.Enforce(rules, viewerOf))
	if o.Trail != nil {
		server.Use(access.NewTrail(rules, viewerOf, o.Trail))
	}
	return server, nil
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

// viewerRequired answers nobody that has not said who it is.
type viewerRequired struct{}

// ExtensionName is what gqlgen knows it by.
func (viewerRequired) ExtensionName() string { return "ViewerRequired" }

// Validate has nothing to check.
func (viewerRequired) Validate(graphql.ExecutableSchema) error { return nil }

// MutateOperationParameters refuses before the document is looked at.
func (viewerRequired) MutateOperationParameters(ctx context.Context, _ *graphql.RawParams) *gqlerror.Error {
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

// panicError is a resolver's panic on its way to the presenter, which logs and masks it.
type panicError struct {
	value any
	stack []byte
}

// Error is for the log.
func (e *panicError) Error() string { return fmt.Sprintf("panic: %v", e.value) }
