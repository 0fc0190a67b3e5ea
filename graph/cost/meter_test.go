package cost_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/cost"
)

// server is gqlgen's executor over the shop's schema, with fields answered by the test.
type server struct {
	*handler.Server
	// answer stands for the resolvers: it is called once for each root field, with the field's context.
	answer func(context.Context) graphql.Marshaler
	ran    int
	// last is what the last answer told of its cost.
	last *cost.Told
}

func newServer(t *testing.T, options cost.Options) *server {
	t.Helper()
	s := &server{answer: func(context.Context) graphql.Marshaler { return graphql.MarshalString("x") }}
	meter, err := cost.NewMeter(shopSchema(t), options)
	require.NoError(t, err)
	s.Server = handler.New(&graphql.ExecutableSchemaMock{
		SchemaFunc: always(shopSchema(t)),
		ExecFunc:   s.exec,
	})
	s.AddTransport(transport.POST{})
	s.Use(metered{meter, s})
	return s
}

// metered has gqlgen's executor do with a meter what package graph does.
type metered struct {
	*cost.Meter
	server *server
}

func (metered) ExtensionName() string                   { return "Cost" }
func (metered) Validate(graphql.ExecutableSchema) error { return nil }

func (m metered) MutateOperationParameters(_ context.Context, request *graphql.RawParams) *gqlerror.Error {
	return m.Screen(request, false)
}

func (m metered) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	return m.Charge(ctx, operation)
}

func (metered) InterceptRootField(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	return cost.AroundRootField(ctx, next)
}

func (m metered) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	m.Settle(ctx, response)
	m.server.last = cost.ToldBy(response)
	return response
}

func always(schema *ast.Schema) func() *ast.Schema { return func() *ast.Schema { return schema } }

// exec does with root fields what generated code does, and when it does.
func (s *server) exec(context.Context) graphql.ResponseHandler {
	done := false
	return func(ctx context.Context) *graphql.Response {
		if done {
			return nil
		}
		done = true
		return s.respond(ctx)
	}
}

func (s *server) respond(ctx context.Context) *graphql.Response {
	s.ran++
	operation := graphql.GetOperationContext(ctx)
	fields := graphql.CollectFields(operation, operation.Operation.SelectionSet, []string{"Query"})
	set := graphql.NewFieldSet(fields)
	for i, field := range fields {
		at := graphql.WithRootFieldContext(ctx, &graphql.RootFieldContext{Object: field.Name, Field: field})
		set.Values[i] = operation.RootResolverMiddleware(at, func(ctx context.Context) graphql.Marshaler {
			return s.answer(graphql.WithFieldContext(ctx, &graphql.FieldContext{Object: "Query", Field: field}))
		})
	}
	var data strings.Builder
	set.MarshalGQL(&data)
	return &graphql.Response{Data: json.RawMessage(data.String())}
}

// answered is what a client sees.
type answered struct {
	Data   json.RawMessage
	Errors []struct {
		Message    string
		Extensions struct {
			Code       string
			RetryAfter int
			Limit      struct {
				Name               string
				Requested, Allowed int
			}
			Cost struct {
				Requested, Limit int
				Breakdown        struct{ Roots, Dearest []cost.Part }
			}
		}
	}
	Extensions struct {
		Cost struct{ Requested, Actual, Remaining, RestoreRate int }
	}
}

func (s *server) ask(t *testing.T, query string) answered {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query})
	require.NoError(t, err)
	request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(string(body)))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	var a answered
	require.NoError(t, json.Unmarshal(recorder.Body.Bytes(), &a), recorder.Body.String())
	return a
}

func (s *server) code(t *testing.T, query string) string {
	t.Helper()
	a := s.ask(t, query)
	require.Len(t, a.Errors, 1)
	return a.Errors[0].Extensions.Code
}

// told is what the answer to a query tells of its cost.
func (s *server) told(t *testing.T, query string) *cost.Told {
	t.Helper()
	s.ask(t, query)
	require.NotNil(t, s.last)
	return s.last
}

func somebody(context.Context) string { return "somebody" }

func TestMeterTellsTheCost(t *testing.T) {
	s := newServer(t, cost.Options{Limits: cost.DefaultLimits()})
	a := s.ask(t, `{ shops(first: 5) { nodes { id } } }`)
	assert.Empty(t, a.Errors)
	assert.Equal(t, 6, a.Extensions.Cost.Requested)
	assert.Equal(t, 6, a.Extensions.Cost.Actual, "what nobody counts stays charged")
	assert.Equal(t, 1, s.ask(t, `{ __typename }`).Extensions.Cost.Requested, "each request is charged something")
}

func TestMeterRefusesBeforeValidation(t *testing.T) {
	s := newServer(t, cost.Options{Limits: cost.DefaultLimits()})
	a := s.ask(t, `{ shop {`+strings.Repeat(" nothing", 1000)+` } }`)
	require.Len(t, a.Errors, 1, "validation would have found a thousand")
	assert.Equal(t, "QUERY_TOO_COMPLEX", a.Errors[0].Extensions.Code)
	assert.Equal(t, "validation steps", a.Errors[0].Extensions.Limit.Name)
	assert.Greater(t, a.Errors[0].Extensions.Limit.Requested, a.Errors[0].Extensions.Limit.Allowed)
	assert.Zero(t, s.ran)
}

func TestMeterLeavesFaultsToTheExecutor(t *testing.T) {
	s := newServer(t, cost.Options{Limits: cost.DefaultLimits()})
	assert.Equal(t, "GRAPHQL_PARSE_FAILED", s.code(t, `{`))
	assert.Equal(t, "GRAPHQL_VALIDATION_FAILED", s.code(t, `{ nothing }`))
}

func TestMeterRefusesWhatIsTooDear(t *testing.T) {
	limits := cost.DefaultLimits()
	limits.MaxCost = 50
	s := newServer(t, cost.Options{Limits: limits})
	a := s.ask(t, `{ shop { id } dear: shops(first: 60) { nodes { id } } }`)
	require.Len(t, a.Errors, 1)
	assert.Equal(t, "QUERY_TOO_COMPLEX", a.Errors[0].Extensions.Code)
	told := a.Errors[0].Extensions.Cost
	assert.Equal(t, 62, told.Requested)
	assert.Equal(t, 50, told.Limit)
	assert.Equal(t, []cost.Part{{Path: "shop", Points: 1, Times: 1}, {Path: "dear", Points: 61, Times: 1}}, told.Breakdown.Roots)
	assert.Equal(t, []cost.Part{
		{Path: "dear", Points: 61, Times: 1}, {Path: "dear.nodes", Points: 60, Times: 60}, {Path: "shop", Points: 1, Times: 1},
	}, told.Breakdown.Dearest)
	assert.Zero(t, s.ran)
}

func TestMeterLooksAtVariablesOfKnownDocuments(t *testing.T) {
	limits := cost.DefaultLimits()
	limits.MaxListItems = 2
	meter, err := cost.NewMeter(shopSchema(t), cost.Options{Limits: limits})
	require.NoError(t, err)
	for _, test := range []struct {
		ids     []any
		refused bool
	}{{[]any{"a"}, false}, {[]any{"a", "b", "c"}, true}} {
		request := &graphql.RawParams{Query: `query($ids: [ID!]!) { nodes(ids: $ids) { id } }`, Variables: map[string]any{"ids": test.ids}}
		assert.Equal(t, test.refused, meter.Screen(request, true) != nil)
		assert.Equal(t, test.refused, meter.Screen(request, false) != nil)
	}
}

func TestMeterPaysBackWhatWasNotNeeded(t *testing.T) {
	c := newClock()
	s := newServer(t, cost.Options{Limits: cost.DefaultLimits(), Bucket: newBucket(t, c, 100, 10, 5), Subject: somebody})
	s.answer = func(ctx context.Context) graphql.Marshaler {
		cost.Count(ctx, 2)
		return graphql.MarshalString("x")
	}
	a := s.ask(t, `{ shops(first: 5) { nodes { parent { id } } } }`).Extensions.Cost
	assert.Equal(t, 1+5*2, a.Requested)
	assert.Equal(t, 1+2*2, a.Actual)
	assert.Equal(t, 100-(1+2*2), a.Remaining)
	assert.Equal(t, 10, a.RestoreRate)

	a = s.ask(t, `{ find(text: "x", first: 4) { score } }`).Extensions.Cost
	assert.Equal(t, 20+4, a.Requested)
	assert.Equal(t, 20+2, a.Actual, "the call is not paid back")
	assert.Equal(t, 100-5-22, a.Remaining)

	a = s.ask(t, `{ find(text: "x", first: 1) { score } }`).Extensions.Cost
	assert.Equal(t, 20+1, a.Requested)
	assert.Equal(t, 20+2, a.Actual, "more than was expected")
}

func TestMeterPaysBackWhatWasNotFound(t *testing.T) {
	s := newServer(t, cost.Options{Limits: cost.DefaultLimits()})
	s.answer = func(context.Context) graphql.Marshaler { return graphql.Null }
	a := s.ask(t, `{ shop { children(first: 50) { nodes { id } } } }`).Extensions.Cost
	assert.Equal(t, 52, a.Requested)
	assert.Equal(t, 1, a.Actual)
}

func TestMeterPaysNothingBackForFailures(t *testing.T) {
	s := newServer(t, cost.Options{Limits: cost.DefaultLimits()})
	s.answer = func(ctx context.Context) graphql.Marshaler {
		graphql.AddError(ctx, gqlerror.Errorf("it broke after much work"))
		return graphql.Null
	}
	a := s.ask(t, `{ shop { children(first: 50) { nodes { id } } } }`)
	assert.Equal(t, 52, a.Extensions.Cost.Actual)
}

// A field that is counted twice, or wrongly, must not pay for the field beside it.
func TestMeterPaysBackNoMoreThanAFieldWasCharged(t *testing.T) {
	s := newServer(t, cost.Options{Limits: cost.DefaultLimits()})
	s.answer = func(ctx context.Context) graphql.Marshaler {
		if graphql.GetFieldContext(ctx).Field.Alias == "honest" {
			return graphql.MarshalString("x")
		}
		for range 10 {
			cost.Count(ctx, 0)
		}
		return graphql.MarshalString("x")
	}
	a := s.ask(t, `{ empty: shops(first: 50) { nodes { id } } honest: shops(first: 50) { nodes { id } } }`).Extensions.Cost
	assert.Equal(t, 2*51, a.Requested)
	assert.Equal(t, 51, a.Actual)
}

func TestMeterLimitsTheRate(t *testing.T) {
	c := newClock()
	who := "a"
	s := newServer(t, cost.Options{
		Limits: cost.DefaultLimits(), Bucket: newBucket(t, c, 100, 10, 5),
		Subject: func(context.Context) string { return who },
	})
	const query = `{ shops(first: 69) { nodes { id } } }`
	assert.Empty(t, s.ask(t, query).Errors)
	a := s.ask(t, query)
	require.Len(t, a.Errors, 1)
	assert.Equal(t, "RATE_LIMITED", a.Errors[0].Extensions.Code)
	assert.Equal(t, 4, a.Errors[0].Extensions.RetryAfter)
	assert.Equal(t, 70, a.Errors[0].Extensions.Cost.Requested)
	assert.Equal(t, 30, a.Errors[0].Extensions.Cost.Limit)
	assert.Equal(t, 1, s.ran)
	c.pass(4 * time.Second)
	assert.Empty(t, s.ask(t, query).Errors)
	who = "b"
	assert.Empty(t, s.ask(t, query).Errors, "another viewer has points of its own")
	assert.Equal(t, "QUERY_TOO_COMPLEX", s.code(t, `{ a: shops(first: 100) { nodes { id } } }`), "it could never be paid")
}

func TestMeterNeedsASubjectForItsBucket(t *testing.T) {
	_, err := cost.NewMeter(shopSchema(t), cost.Options{Bucket: newBucket(t, newClock(), 1, 1, 1)})
	assert.Error(t, err)
}

func TestExplainInARequest(t *testing.T) {
	s := newServer(t, cost.Options{Limits: cost.DefaultLimits()})
	name := "Q"
	explain := func(variables *string) (*cost.Report, error) {
		var report *cost.Report
		var err error
		s.answer = func(ctx context.Context) graphql.Marshaler {
			report, err = cost.Explain(ctx, `query Q($n: Int!) { shops(first: $n) { nodes { id } } } query R { shop { id } }`, variables, &name)
			return graphql.Null
		}
		s.ask(t, `{ shop { id } }`)
		return report, err
	}
	text := `{"n": 7}`
	report, err := explain(&text)
	require.NoError(t, err)
	assert.Equal(t, 1+7, report.Points)
	for _, text := range []string{`{"n": "x"}`, `{`, `[]`, `{} {}`, ``, `{"n": 1.5}`} {
		_, err = explain(&text)
		assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err), text)
	}
	_, err = explain(nil)
	assert.Equal(t, domain.CodeBadInput, domain.ErrorCode(err))
	_, err = cost.Explain(t.Context(), `{ shop { id } }`, nil, nil)
	assert.Error(t, err)
}

func TestCountOutsideARequest(t *testing.T) {
	assert.NotPanics(t, func() { cost.Count(t.Context(), 3) })
}
