package graph

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
	"pgregory.net/rapid"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/observe"
	"github.com/vigie-dev/vigie/loaders"
)

const small = `
directive @allow(roles: [String!]!) on FIELD_DEFINITION
type Query { greeting(of: String, loud: Boolean, id: ID, times: Int): String @allow(roles: ["ADMIN", "AGENT"]) }
`

// stub is a schema's executor that always answers the same.
type stub struct {
	graphql.ExecutableSchema
	schema *ast.Schema
	// answer may do what resolvers do.
	answer func(context.Context)
}

func (s *stub) Schema() *ast.Schema { return s.schema }

func (s *stub) Exec(context.Context) graphql.ResponseHandler {
	return func(ctx context.Context) *graphql.Response {
		s.answer(ctx)
		return &graphql.Response{Data: json.RawMessage(`{"greeting":"hello"}`)}
	}
}

// newEngine makes the engine of a handler over a stub.
func newEngine(t testing.TB, answer func(context.Context), change func(*Options)) *engine {
	t.Helper()
	bucket, err := cost.NewBucket(cost.DefaultBucketOptions())
	require.NoError(t, err)
	set := &loaders.Set{}
	options := Options{
		Schema:  &stub{schema: gqlparser.MustLoadSchema(&ast.Source{Input: small}), answer: answer},
		Loaders: func(context.Context) *loaders.Set { return set },
		Limits:  cost.DefaultLimits(), Bucket: bucket, MaxResponseBytes: 1000, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&options)
	}
	handler, err := NewHandler(options)
	require.NoError(t, err)
	return handler.(*server).engine
}

// ask does what a transport does with a request.
func (e *engine) ask(ctx context.Context, request *graphql.RawParams) *graphql.Response {
	operation, errs := e.CreateOperationContext(ctx, request)
	ctx = graphql.WithOperationContext(ctx, operation)
	if len(errs) > 0 {
		return e.DispatchError(ctx, errs)
	}
	responses, ctx := e.DispatchOperation(ctx, operation)
	return responses(ctx)
}

func greeted(ctx context.Context, role domain.Role) context.Context {
	return auth.With(ctx, domain.Viewer{Subject: "ada", Role: role}, time.Time{})
}

func nothing(context.Context) {}

func TestRequestsAreRefusedInTheirOrder(t *testing.T) {
	e := newEngine(t, nothing, nil)
	viewer := greeted(t.Context(), domain.RoleAgent)
	for _, test := range []struct {
		name, code, message string
		ctx                 context.Context
		request             graphql.RawParams
	}{
		{"nobody", "UNAUTHENTICATED", "say who you are", t.Context(), graphql.RawParams{Query: `{`}},
		{"no document", "GRAPHQL_PARSE_FAILED", "Expected Name", viewer, graphql.RawParams{Query: `{`}},
		{"no operation", "GRAPHQL_VALIDATION_FAILED", "no operation provided", viewer, graphql.RawParams{Query: `fragment f on Query { greeting }`}},
		{"no such field", "GRAPHQL_VALIDATION_FAILED", "Cannot query field", viewer, graphql.RawParams{Query: `{ greetings }`}},
		{"no such operation", "GRAPHQL_VALIDATION_FAILED", "operation B not found", viewer, graphql.RawParams{Query: `query A { greeting }`, OperationName: "B"}},
		{"a variable is missing", "GRAPHQL_VALIDATION_FAILED", "must be defined", viewer, graphql.RawParams{Query: `query ($a: String!) { greeting(of: $a) }`}},
		{"too large", "QUERY_TOO_COMPLEX", "text bytes", viewer, graphql.RawParams{Query: `{ greetings }`, Variables: map[string]any{"a": string(make([]byte, 200_000))}}},
	} {
		response := e.ask(test.ctx, &test.request)
		assert.Nil(t, response.Data, test.name)
		require.Len(t, response.Errors, 1, test.name)
		assert.Equal(t, test.code, response.Errors[0].Extensions["code"], test.name)
		assert.Contains(t, response.Errors[0].Message, test.message, test.name)
		assert.Nil(t, cost.ToldBy(response), test.name)
	}
}

func TestAnAnswerTellsItsCostAndErrors(t *testing.T) {
	e := newEngine(t, func(ctx context.Context) { graphql.AddError(ctx, gqlerror.Errorf("by the way")) }, nil)
	for range 2 {
		response := e.ask(greeted(t.Context(), domain.RoleAgent), &graphql.RawParams{Query: `{ greeting }`})
		assert.JSONEq(t, `{"greeting":"hello"}`, string(response.Data))
		require.Len(t, response.Errors, 1)
		assert.Equal(t, "BAD_USER_INPUT", response.Errors[0].Extensions["code"])
		assert.Equal(t, int64(1), cost.ToldBy(response).Requested)
	}
}

func TestVariablesThatFitAreCoercedToThemselves(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: small})
	document := gqlparser.MustLoadQueryWithRules(schema, `query ($of: String!, $loud: Boolean, $id: ID = "x", $times: Int) { greeting(of: $of, loud: $loud, id: $id, times: $times) }`, rules.NewDefaultRules())
	value := rapid.SampledFrom([]any{nil, "a", true, json.Number("3"), json.Number("3.5"), int64(7), []any{"a"}, map[string]any{}})
	rapid.Check(t, func(t *rapid.T) {
		operation := *document.Operations[0]
		operation.VariableDefinitions = operation.VariableDefinitions[:rapid.IntRange(0, 4).Draw(t, "defined")]
		given := rapid.MapOfN(rapid.SampledFrom([]string{"of", "loud", "id", "times", "other"}), value, 0, 5).Draw(t, "given")
		want, wrong := validator.VariableValues(schema, &operation, given)
		found, err := coerced(schema, &operation, given)
		require.Equal(t, wrong, err)
		require.Equal(t, len(want), len(found))
		for name, value := range want {
			require.Equal(t, value, found[name], name)
		}
	})
}

// BenchmarkEngine is what each request costs before and after its fields are answered.
func BenchmarkEngine(b *testing.B) {
	recorder := audit.NewRecorder(audit.Options{Write: func(context.Context, []domain.AuditEntry) error { return nil }})
	defer func() { require.NoError(b, recorder.Close(context.Background())) }()
	read := func(ctx context.Context) { audit.Read(ctx, domain.CustomerID(1), "Contact", "email") }
	for _, way := range []struct {
		name   string
		answer func(context.Context)
		change func(*Options)
	}{
		{"plain", nothing, nil},
		{"observed", nothing, func(o *Options) { o.Observer = observe.New(observe.Options{}) }},
		{"audited, nothing read", nothing, func(o *Options) { o.Trail = recorder }},
		{"audited", read, func(o *Options) { o.Trail = recorder }},
	} {
		b.Run(way.name, func(b *testing.B) {
			e, ctx := newEngine(b, way.answer, way.change), greeted(b.Context(), domain.RoleAgent)
			request := &graphql.RawParams{Query: `query Greet($of: String!) { greeting(of: $of) }`, Variables: map[string]any{"of": "Ada"}}
			b.ReportAllocs()
			for b.Loop() {
				response := e.ask(ctx, request)
				if len(response.Errors) > 0 && response.Data == nil && response.Errors[0].Extensions["code"] != "RATE_LIMITED" {
					b.Fatal(response.Errors)
				}
			}
		})
	}
}
