package observe_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/observe"
)

// page does what the fields of an operation do: a batch, and a statement in it.
func page(failure error) func(context.Context, *observe.Observer) (string, error) {
	return func(ctx context.Context, observer *observe.Observer) (string, error) {
		inner, ended := observer.Batch(ctx, "linesOfOrder", 10, 1500*time.Microsecond)
		observer.Statement(inner, "linesOfOrder", 42, time.Now().Add(-time.Second), time.Second, failure)
		if ended != nil {
			ended(failure)
		}
		return secret, failure
	}
}

// spans are those of the service by name, after a look for what must not be in them.
func (s *service) named() map[string]tracetest.SpanStub {
	s.t.Helper()
	named := map[string]tracetest.SpanStub{}
	for _, span := range s.spans.GetSpans() {
		named[span.Name] = span
		require.NotContains(s.t, fmt.Sprintf("%+v", span), secret)
	}
	return named
}

func attributes(span tracetest.SpanStub) map[string]string {
	found := map[string]string{}
	for _, attribute := range span.Attributes {
		found[string(attribute.Key)] = attribute.Value.String()
	}
	return found
}

func TestSpansOfAnOperation(t *testing.T) {
	s := newService(t, page(nil), true)
	s.ask(`query Page($secret: String!) { echo(text: $secret) custom }`, "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
	spans := s.named()
	require.Len(t, spans, 3)
	operation, batch, statement := spans["query Page"], spans["load linesOfOrder"], spans["linesOfOrder"]
	assert.Equal(t, "4bf92f3577b34da6a3ce929d0e0e4736", operation.SpanContext.TraceID().String(), "the client's trace")
	assert.Equal(t, "00f067aa0ba902b7", operation.Parent.SpanID().String())
	assert.Equal(t, operation.SpanContext.SpanID(), batch.Parent.SpanID())
	assert.Equal(t, batch.SpanContext.SpanID(), statement.Parent.SpanID())
	assert.Equal(t, map[string]string{"graphql.operation.type": "query", "graphql.operation.name": "Page", "vigie.request_id": ""}, attributes(operation))
	assert.Equal(t, map[string]string{"vigie.loader.keys": "10", "vigie.loader.wait_ms": "1.5"}, attributes(batch))
	assert.Equal(t, map[string]string{"db.system.name": "postgresql", "db.response.returned_rows": "42"}, attributes(statement))
	assert.Equal(t, time.Second, statement.EndTime.Sub(statement.StartTime))
	assert.Equal(t, codes.Unset, operation.Status.Code)
}

func TestSpansOfAFailure(t *testing.T) {
	s := newService(t, page(&domain.Error{Code: domain.CodeTimeout, Message: secret}), true)
	s.ask(`{ custom }`)
	spans := s.named()
	for _, name := range []string{"query", "load linesOfOrder", "linesOfOrder"} {
		assert.Equal(t, codes.Error, spans[name].Status.Code, name)
		assert.Equal(t, "TIMEOUT", attributes(spans[name])["error.type"], name)
	}
}

// A client that is not traced itself says so, and is not traced here.
func TestWhatIsNotSampledHasNoSpans(t *testing.T) {
	s := newService(t, page(nil), true)
	s.ask(`query Page { custom }`, "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
	assert.Empty(t, s.named())
	assert.Contains(t, s.metrics(), `vigie_requests_total{code="OK",operation="Page"} 1`)
}

// Headers are outside input: whatever stands in traceparent, the request is answered, in a trace of its own.
func TestABrokenTraceparentIsIgnored(t *testing.T) {
	for _, header := range []string{"", secret, "00-0-0-01", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", strings.Repeat("0", 10_000)} {
		s := newService(t, page(nil), true)
		s.ask(`query Page { custom }`, "traceparent", header)
		assert.False(t, s.named()["query Page"].Parent.IsValid(), header)
		assert.Len(t, s.named(), 3)
	}
}

func TestOutsideOfAnOperationNothingIsTraced(t *testing.T) {
	s := newService(t, nothing, true)
	s.observer.Statement(t.Context(), "ping", 0, time.Now(), time.Millisecond, nil)
	_, ended := s.observer.Batch(t.Context(), "Product", 1, 0)
	assert.Nil(t, ended)
	assert.Empty(t, s.named())
}
