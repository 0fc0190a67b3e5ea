package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage/storagetest"
)

var metricsURL = regexp.MustCompile(`(http://\S+)/metrics\b`)

// observedServer runs the command serve, with a key that may ask for everything, until the function is called. It returns where it answers, where
// its metrics are, "" where they are nowhere, and the key.
func observedServer(t *testing.T, variables map[string]string) (string, string, string, func()) {
	t.Helper()
	db := storagetest.New(t)
	all := map[string]string{"DATABASE_URL": db.URL, "VIGIE_ADDR": "127.0.0.1:0"}
	for name, value := range variables {
		all[name] = value
	}
	env, stdout, _ := testEnvironment(all)
	require.NoError(t, run(t.Context(), []string{"key", "create", "--name=test", "--grant=*"}, env))
	key := strings.TrimSpace(stdout.String())
	ctx, cancel := context.WithCancel(t.Context())
	var out, log screen
	env.stdout, env.stderr = &out, &log
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"serve"}, env) }()
	base, admin := out.address(t), ""
	if found := metricsURL.FindStringSubmatch(out.String()); found != nil {
		admin = found[1]
	}
	return base, admin, key, sync.OnceFunc(func() {
		cancel()
		require.NoError(t, <-ended, log.String())
	})
}

func TestMetricsOfAServer(t *testing.T) {
	t.Parallel()
	base, admin, key, stop := observedServer(t, map[string]string{"VIGIE_ADMIN_ADDR": "127.0.0.1:0"})
	defer stop()
	require.NotEmpty(t, admin)
	_, answer := ask(t, base, key, "", `query Mine { customer(number: \"C-4711\") { name } }`)
	require.Contains(t, answer, `"customer":null`)
	status, _ := ask(t, base, "nonsense", "", `{ viewer { role } }`)
	require.Equal(t, http.StatusUnauthorized, status)
	_, answer = ask(t, base, key, "", `{ nope }`)
	require.Contains(t, answer, "GRAPHQL_VALIDATION_FAILED")

	status, page := get(t, admin+"/metrics")
	require.Equal(t, http.StatusOK, status)
	for _, line := range []string{
		`vigie_requests_total{code="OK",operation="Mine"} 1`,
		`vigie_request_duration_seconds_count{operation="Mine"} 1`,
		`vigie_refusals_total{code="GRAPHQL_VALIDATION_FAILED"} 1`,
		`vigie_http_responses_total{status="401"} 1`,
		`vigie_statement_duration_seconds_count{statement="CustomerByNumber"} 1`,
		`vigie_rate_viewers 1`, `vigie_audit_waiting 0`, `vigie_audit_lost_total 0`,
		`go_sql_max_open_connections{db_name="vigie"} 16`, "go_memstats_mallocs_total", "go_goroutines",
	} {
		assert.Contains(t, page, line)
	}
	assert.NotContains(t, page, "4711", "no variable")

	status, profile := get(t, admin+"/debug/pprof/goroutine?debug=1")
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, profile, "goroutine profile")
	status, _ = get(t, admin+"/debug/pprof/cmdline")
	assert.Equal(t, http.StatusNotFound, status, "a command line may hold a password")
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/pprof/heap"} {
		status, _ := get(t, base+path)
		assert.Equal(t, http.StatusNotFound, status, "%s on the public address", path)
	}

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, admin+"/metrics", nil)
	require.NoError(t, err)
	request.Host = "attacker.example"
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	assert.Equal(t, http.StatusForbidden, response.StatusCode, "a name that was made to point here")

	stop()
	_, err = http.Get(admin + "/metrics")
	assert.Error(t, err, "with the server its metrics end")
}

func TestWithoutAnAddressNothingIsObserved(t *testing.T) {
	t.Parallel()
	_, admin, _, stop := observedServer(t, nil)
	defer stop()
	assert.Empty(t, admin)
	for _, address := range []string{"", adminOff} {
		a := &app{env: environment{lookup: func(string) (string, bool) { return "", false }}}
		observed, err := a.openObservation(t.Context(), address)
		require.NoError(t, err)
		assert.Nil(t, observed)
		assert.Nil(t, observed.ofStatements())
		assert.Nil(t, observed.ofBatches())
		assert.Nil(t, observed.ofOperations())
	}
}

// collector takes what exporters of traces send.
type collector struct {
	mu    sync.Mutex
	paths map[string]bool
	text  strings.Builder
}

// ServeHTTP keeps the request's body: in protobuf's wire format texts stand as they are.
func (c *collector) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // The test misses it.
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paths[r.URL.Path] = true
	c.text.Write(body)
}

// TestTracesAreSent is not parallel to others: the exporter reads the process' environment.
func TestTracesAreSent(t *testing.T) {
	taken := &collector{paths: map[string]bool{}}
	receiver := httptest.NewServer(taken)
	defer receiver.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.URL)
	base, admin, key, stop := observedServer(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": receiver.URL})
	defer stop()
	assert.Empty(t, admin, "traces need no metrics")
	_, answer := ask(t, base, key, "", `query Mine { customer(number: \"C-4711\") { name } }`)
	require.Contains(t, answer, `"customer":null`)
	stop() // Which sends what is left.
	taken.mu.Lock()
	defer taken.mu.Unlock()
	assert.Equal(t, map[string]bool{"/v1/traces": true}, taken.paths)
	for _, name := range []string{"query Mine", "load customersByNumber", "CustomerByNumber", "service.name", "vigie"} {
		assert.Contains(t, taken.text.String(), name)
	}
	for _, secret := range []string{"4711", "SELECT", key} {
		assert.NotContains(t, taken.text.String(), secret)
	}
}

func TestWhoWantsTraces(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		variables map[string]string
		wanted    bool
		says      string
	}{
		{nil, false, ""},
		{map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, true, ""},
		{map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318/v1/traces"}, true, ""},
		{map[string]string{"OTEL_TRACES_EXPORTER": "otlp"}, true, ""},
		{map[string]string{"OTEL_TRACES_EXPORTER": "none", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318"}, false, ""},
		{map[string]string{"OTEL_SDK_DISABLED": "true", "OTEL_TRACES_EXPORTER": "otlp"}, false, ""},
		{map[string]string{"OTEL_TRACES_EXPORTER": "zipkin"}, false, "OTEL_TRACES_EXPORTER"},
		{map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, true, ""},
		{map[string]string{"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, false, "http/protobuf"},
		{map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, false, ""},
	} {
		env, _, _ := testEnvironment(test.variables)
		wanted, err := (&app{env: env}).wantsTraces()
		if test.says != "" {
			assert.ErrorContains(t, err, test.says)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, test.wanted, wanted, "%v", test.variables)
	}
}
