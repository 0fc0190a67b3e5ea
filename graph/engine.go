package graph

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/errcode"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/vigie-dev/vigie/graph/access"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/observe"
	"github.com/vigie-dev/vigie/graph/relay"
	"github.com/vigie-dev/vigie/loaders"
)

// engine is what the transports hand requests to, in the place of gqlgen's own executor and its chain of extensions: what each request goes through
// stands here, in its order.
type engine struct {
	schema        graphql.ExecutableSchema
	introspection bool
	documents     *documentCache
	maxTokens     int
	rules         func() *rules.Rules
	costs         *cost.Meter
	bounds        answerBounds
	// observer and trail are nil where nobody observes, or keeps a trail.
	observer *observe.Observer
	trail    *access.Trail
	loaders  func(context.Context) *loaders.Set
	cursors  *relay.Cursors
	present  graphql.ErrorPresenterFunc
	recover  graphql.RecoverFunc
	// fields stands around each field that gqlgen's executor answers.
	fields graphql.FieldMiddleware
}

var _ graphql.GraphExecutor = (*engine)(nil)

// CreateOperationContext makes an operation of a request, or refuses it.
func (e *engine) CreateOperationContext(ctx context.Context, request *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	operation := &graphql.OperationContext{
		RawQuery: request.Query, OperationName: request.OperationName, Extensions: request.Extensions, Headers: request.Headers,
		DisableIntrospection: !e.introspection,
		RecoverFunc:          e.recover, ResolverMiddleware: e.fields, RootResolverMiddleware: cost.AroundRootField,
		Stats: graphql.Stats{OperationStart: request.ReadTime.Start, Read: request.ReadTime},
	}
	return operation, e.prepare(ctx, operation, request)
}

// prepare finds what is to be executed, and what it may cost.
func (e *engine) prepare(ctx context.Context, operation *graphql.OperationContext, request *graphql.RawParams) gqlerror.List {
	refusal := viewerRequired(ctx)
	if refusal != nil {
		return gqlerror.List{refusal}
	}
	document, seen := e.documents.find(request.Query)
	refusal = e.costs.Screen(request, seen)
	if refusal != nil {
		return gqlerror.List{refusal}
	}
	if !seen {
		var faults gqlerror.List
		document, faults = e.parse(request.Query)
		if len(faults) > 0 {
			return faults
		}
		e.documents.keep(request.Query, document)
	}
	operation.Doc, operation.Operation = document, document.Operations.ForName(request.OperationName)
	if operation.Operation == nil {
		return wrong(errcode.ValidationFailed, gqlerror.Errorf("operation %s not found", request.OperationName))
	}
	var err error
	operation.Variables, err = coerced(e.schema.Schema(), operation.Operation, request.Variables)
	if err != nil {
		return wrong(errcode.ValidationFailed, err)
	}
	refusal = refuseNulls(operation)
	if refusal == nil {
		refusal = e.costs.Charge(ctx, operation)
	}
	if refusal != nil {
		return gqlerror.List{refusal}
	}
	return nil
}

// parse reads and validates a document.
func (e *engine) parse(text string) (*ast.QueryDocument, gqlerror.List) {
	document, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text}, e.maxTokens)
	if err != nil {
		return nil, wrong(errcode.ParseFailed, err)
	}
	if len(document.Operations) == 0 {
		return nil, wrong(errcode.ValidationFailed, gqlerror.Errorf("no operation provided"))
	}
	faults := validator.ValidateWithRules(e.schema.Schema(), document, e.rules())
	for _, fault := range faults {
		errcode.Set(fault, errcode.ValidationFailed)
	}
	return document, faults
}

// wrong is a fault of the request itself.
func wrong(code string, err error) gqlerror.List {
	var fault *gqlerror.Error
	if !errors.As(err, &fault) {
		fault = gqlerror.Wrap(err)
	}
	errcode.Set(fault, code)
	return gqlerror.List{fault}
}

// coerced are the variables of an operation as its types want them.
func coerced(schema *ast.Schema, operation *ast.OperationDefinition, given map[string]any) (map[string]any, error) {
	if settled(operation.VariableDefinitions, given) {
		return given, nil
	}
	return validator.VariableValues(schema, operation, given)
}

// settled tells that nothing has to be coerced: just the variables of the operation are given, all of them texts, ids and switches.
func settled(definitions ast.VariableDefinitionList, given map[string]any) bool {
	if len(given) != len(definitions) {
		return false
	}
	for _, definition := range definitions {
		switch given[definition.Variable].(type) {
		case string:
			if definition.Type.NamedType != "String" && definition.Type.NamedType != "ID" {
				return false
			}
		case bool:
			if definition.Type.NamedType != "Boolean" {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// DispatchError makes a response of errors. They are of a request that became no operation, or of one that fell over.
func (e *engine) DispatchError(ctx context.Context, errs gqlerror.List) *graphql.Response {
	a := e.answer(ctx)
	for _, err := range errs {
		graphql.AddError(a, err)
	}
	response := &graphql.Response{Errors: graphql.GetErrors(a), Extensions: graphql.GetExtensions(a)}
	e.finish(a, response)
	switch {
	case e.observer == nil:
	case exchangeOf(ctx) == nil:
		e.observer.Refusal(ctx, response)
	default:
		e.observer.Points(response)
	}
	return response
}

// answer begins an answer.
func (e *engine) answer(ctx context.Context) *answer {
	return &answer{Context: graphql.WithResponseContext(ctx, e.present, e.recover)}
}

// finish tells in a response what it cost, and holds it against its bounds.
func (e *engine) finish(a *answer, response *graphql.Response) {
	e.costs.Settle(a, response)
	e.bounds.hold(a, response)
}

// fail answers a request whose transport panicked.
func (e *engine) fail(w http.ResponseWriter, r *http.Request, panicked any) {
	fault := e.present(r.Context(), e.recover(r.Context(), panicked))
	body, _ := json.Marshal(&graphql.Response{Errors: gqlerror.List{fault}}) // It has texts alone.
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write(body) // The client may have gone.
}
