package observe_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/gqlerror"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/observe"
	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/graph/transport/transporttest"
)

// secret is what clients send and no figure may show.
const secret = "Frau-Mustermann"

// service is a small GraphQL service that is observed.
type service struct {
	t        *testing.T
	observer *observe.Observer
	handler  http.Handler
	spans    *tracetest.InMemoryExporter
}

// observed has gqlgen's executor tell an observer what package graph does.
type observed struct{ *observe.Observer }

func (observed) ExtensionName() string                   { return "Observe" }
func (observed) Validate(graphql.ExecutableSchema) error { return nil }

func (o observed) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	ctx, operation := o.Begin(ctx, graphql.GetOperationContext(ctx))
	handler := next(context.WithValue(ctx, begunKey{}, true))
	return func(ctx context.Context) *graphql.Response { return operation.Respond(ctx, handler) }
}

func (o observed) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response != nil && ctx.Value(begunKey{}) == nil {
		o.Refusal(ctx, response)
	}
	return response
}

type begunKey struct{}

// newService makes a service whose field custom is resolved by custom.
func newService(t *testing.T, custom func(context.Context, *observe.Observer) (string, error), traced bool) *service {
	s := &service{t: t, spans: tracetest.NewInMemoryExporter()}
	options := observe.Options{}
	if traced {
		options.Traces = sdktrace.NewTracerProvider(sdktrace.WithSyncer(s.spans))
	}
	s.observer = observe.New(options)
	hooks := transporttest.Hooks{Custom: func(ctx context.Context) (string, error) { return custom(ctx, s.observer) }}
	server := transporttest.NewServer(hooks, transport.New(transport.Options{Log: slog.New(slog.DiscardHandler), Refused: s.observer.Refused}))
	server.Use(observed{s.observer})
	server.SetErrorPresenter(func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		shown.Extensions = map[string]any{"code": string(domain.ErrorCode(err))}
		return shown
	})
	s.handler = server
	return s
}

// ask sends a query with the secret as its variable, and headers.
func (s *service) ask(query string, headers ...string) string {
	s.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": map[string]any{"secret": secret}})
	require.NoError(s.t, err)
	request := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(string(body)))
	request.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, request)
	return recorder.Body.String()
}

// metrics are the lines of all metrics, without those of histograms' buckets.
func (s *service) metrics() []string {
	s.t.Helper()
	recorder := httptest.NewRecorder()
	promhttp.HandlerFor(s.observer.Registry(), promhttp.HandlerOpts{}).ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	text, err := io.ReadAll(recorder.Body)
	require.NoError(s.t, err)
	require.NotContains(s.t, string(text), secret)
	var lines []string
	for line := range strings.SplitSeq(string(text), "\n") {
		if !strings.HasPrefix(line, "#") && !strings.Contains(line, "_bucket") {
			lines = append(lines, line)
		}
	}
	return lines
}

func nothing(context.Context, *observe.Observer) (string, error) { return secret, nil }

func TestOperationsAreCounted(t *testing.T) {
	var fails error
	s := newService(t, func(context.Context, *observe.Observer) (string, error) { return secret, fails }, false)
	s.ask(`query Page($secret: String!) { echo(text: $secret) }`)
	s.ask(`query Page($secret: String!) { echo(text: $secret) }`)
	s.ask(`{ hello }`)
	fails = &domain.Error{Code: domain.CodeTimeout, Message: secret}
	s.ask(`query Page { custom }`)
	s.ask(`mutation Do { touch }`)
	lines := s.metrics()
	assert.Subset(t, lines, []string{
		`vigie_requests_total{code="OK",operation="Page"} 2`,
		`vigie_requests_total{code="OK",operation=""} 1`,
		`vigie_requests_total{code="TIMEOUT",operation="Page"} 1`,
		`vigie_requests_total{code="OK",operation="Do"} 1`,
		`vigie_request_duration_seconds_count{operation="Page"} 3`,
	})
}

func TestAPanicAndACancellationAreOutcomes(t *testing.T) {
	s := newService(t, func(ctx context.Context, _ *observe.Observer) (string, error) { panic(secret) }, false)
	s.ask(`query Panic { custom }`)
	assert.Contains(t, s.metrics(), `vigie_requests_total{code="INTERNAL_SERVER_ERROR",operation="Panic"} 1`)

	gone, cancel := context.WithCancel(t.Context())
	cancel()
	request := httptest.NewRequestWithContext(gone, http.MethodPost, "/graphql", strings.NewReader(`{"query":"query Gone { hello }"}`))
	request.Header.Set("Content-Type", "application/json")
	s.handler.ServeHTTP(httptest.NewRecorder(), request)
	assert.Contains(t, s.metrics(), `vigie_requests_total{code="CANCELLED",operation="Gone"} 1`)
}

func TestRefusalsAreCounted(t *testing.T) {
	s := newService(t, nothing, false)
	s.ask(`query Wrong { nope }`)
	s.ask(``)
	s.ask(`{ hello }`, "Content-Type", "text/plain")
	lines := s.metrics()
	assert.Subset(t, lines, []string{
		`vigie_refusals_total{code="BAD_REQUEST"} 1`, `vigie_refusals_total{code="UNSUPPORTED_MEDIA_TYPE"} 1`,
	})
	assert.Contains(t, strings.Join(lines, "\n"), `vigie_refusals_total{code="INTERNAL_SERVER_ERROR"} 1`, "the test's presenter knows no other code")
	assert.NotContains(t, strings.Join(lines, "\n"), "Wrong", "what was not run has no name")
}

// A subscription counts when it has ended, and its length is not a duration of requests.
func TestSubscriptionsAreCountedAtTheirEnd(t *testing.T) {
	s := newService(t, nothing, false)
	answer := s.ask(`subscription Ticks { count(to: 3) }`, "Accept", "text/event-stream")
	assert.Equal(t, 3, strings.Count(answer, `"count"`), answer)
	lines := s.metrics()
	assert.Contains(t, lines, `vigie_requests_total{code="OK",operation="Ticks"} 1`)
	assert.Contains(t, lines, `vigie_request_duration_seconds_count{operation="Ticks"} 0`)
}

func TestADeferredAnswerCountsOnce(t *testing.T) {
	s := newService(t, nothing, false)
	s.ask(`query Late { hello ... @defer { custom } }`, "Accept", "multipart/mixed")
	assert.Contains(t, s.metrics(), `vigie_requests_total{code="OK",operation="Late"} 1`)
}

func TestBeyondTheBoundOperationsAreOthers(t *testing.T) {
	s := newService(t, nothing, false)
	s.observer.Expect([]string{"Trusted"})
	for i := range 105 {
		s.ask(`query Q` + strings.Repeat("x", i) + ` { hello }`)
	}
	s.ask(`query Trusted { hello }`)
	lines := s.metrics()
	assert.Contains(t, lines, `vigie_requests_total{code="OK",operation="other"} 5`)
	assert.Contains(t, lines, `vigie_requests_total{code="OK",operation="Trusted"} 1`)
}

func TestStatementsBatchesAndResponses(t *testing.T) {
	s := newService(t, nothing, false)
	began := time.Now()
	s.observer.Statement(t.Context(), "ordersOfCustomer", 7, began, 3*time.Millisecond, nil)
	s.observer.Statement(t.Context(), "ordersOfCustomer", 0, began, time.Second, &domain.Error{Code: domain.CodeTimeout, Message: secret})
	s.observer.Statement(t.Context(), "ordersOfCustomer", 0, began, time.Second, errors.New(secret))
	ctx, ended := s.observer.Batch(t.Context(), "Product", 12, time.Millisecond)
	assert.Nil(t, ended, "nobody traces")
	assert.Equal(t, t.Context(), ctx)
	s.observer.Answered("/graphql", 200)
	s.observer.Answered("/livez", 200)
	lines := s.metrics()
	assert.Subset(t, lines, []string{
		`vigie_statement_duration_seconds_count{statement="ordersOfCustomer"} 3`,
		`vigie_statement_rows_total{statement="ordersOfCustomer"} 7`,
		`vigie_statement_failures_total{code="TIMEOUT",statement="ordersOfCustomer"} 1`,
		`vigie_statement_failures_total{code="INTERNAL_SERVER_ERROR",statement="ordersOfCustomer"} 1`,
		`vigie_loader_batch_keys_sum{loader="Product"} 12`,
		`vigie_loader_wait_seconds_sum{loader="Product"} 0.001`,
		`vigie_http_responses_total{status="200"} 1`,
	})
}

func TestWithoutTracesStatementsAllocateNothing(t *testing.T) {
	observer := observe.New(observe.Options{})
	began := time.Now()
	observer.Statement(t.Context(), "ordersOfCustomer", 7, began, time.Millisecond, nil)
	ctx := t.Context()
	assert.Zero(t, testing.AllocsPerRun(100, func() {
		observer.Statement(ctx, "ordersOfCustomer", 7, began, time.Millisecond, nil)
		observer.Batch(ctx, "Product", 12, time.Millisecond)
	}), "but for the first of a name")
}
