package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage/storagetest"
)

// patience bounds the waits for something that must happen; a test that works never spends it.
const patience = time.Minute

// screen is an output that one goroutine writes and another reads.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

var graphqlURL = regexp.MustCompile(`(http://\S+)/graphql\b`)

// address waits for the welcome and returns the address it gives.
func (s *screen) address(t *testing.T) string {
	t.Helper()
	var found []string
	require.Eventually(t, func() bool {
		found = graphqlURL.FindStringSubmatch(s.String())
		return found != nil
	}, patience, 5*time.Millisecond, "no address was printed")
	return found[1]
}

func get(t *testing.T, url string) (int, string) {
	t.Helper()
	res, err := http.Get(url)
	require.NoError(t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(body)
}

func TestServeRefusesPendingMigrations(t *testing.T) {
	t.Parallel()
	db := storagetest.NewEmpty(t)
	for _, args := range [][]string{{"serve"}, {"import", "--mapping=olist", "."}, {"seed"}, {"migrate", "--check"}} {
		env, _, _ := testEnvironment(map[string]string{"DATABASE_URL": db.URL, "VIGIE_ADDR": "127.0.0.1:0"})
		err := run(t.Context(), args, env)
		var pending *pendingError
		require.ErrorAs(t, err, &pending, "%v", args)
		assert.Positive(t, pending.count)
		assert.ErrorContains(t, err, "vigie migrate")
	}
}

func TestMigrateThenServe(t *testing.T) {
	t.Parallel()
	db := storagetest.NewEmpty(t)
	variables := map[string]string{"DATABASE_URL": db.URL, "VIGIE_ADDR": "127.0.0.1:0"}
	env, stdout, _ := testEnvironment(variables)
	require.NoError(t, run(t.Context(), []string{"migrate"}, env))
	assert.Contains(t, stdout.String(), "the schema is at version")
	assert.NotContains(t, stdout.String(), " 0 migrations")
	require.NoError(t, run(t.Context(), []string{"migrate", "--check"}, env))
	require.ErrorIs(t, run(t.Context(), []string{"serve"}, env), errNobodyCanAsk)
	require.NoError(t, run(t.Context(), []string{"key", "create", "--name=test", "--grant=orders:read"}, env))

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out, log screen
	env.stdout, env.stderr = &out, &log
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"serve", "--log-format=json"}, env) }()
	base := out.address(t)
	for path, status := range map[string]int{"/livez": 200, "/readyz": 200, "/schema.graphql": 200, "/graphiql": 200, "/nowhere": 404} {
		got, _ := get(t, base+path)
		assert.Equal(t, status, got, path)
	}
	assert.NotContains(t, out.String(), "development viewer")
	status, body := ask(t, base, "", "", "{ viewer { name } }")
	assert.Contains(t, body, "UNAUTHENTICATED", "without a token, status %d", status)
	assert.NotContains(t, out.String(), "demo data", "serve never makes data up")
	stop()
	require.NoError(t, <-ended)
	assert.NotContains(t, log.String(), db.URL, "the log must not hold the connection string")
}

func TestDemoDataGoesIntoAnEmptyDatabaseOnly(t *testing.T) {
	t.Parallel()
	db := storagetest.New(t)
	variables := map[string]string{"DATABASE_URL": db.URL, "VIGIE_ADDR": "127.0.0.1:0", "VIGIE_DATA_DIR": t.TempDir()}
	customers := func() int {
		var n int
		require.NoError(t, db.SQL().QueryRow("SELECT count(*) FROM customers").Scan(&n))
		return n
	}
	for _, round := range []string{"first", "second"} {
		ctx, stop := context.WithCancel(t.Context())
		var out screen
		env, _, stderr := testEnvironment(variables)
		env.stdout = &out
		ended := make(chan error, 1)
		go func() { ended <- run(ctx, nil, env) }()
		out.address(t)
		stop()
		require.NoError(t, <-ended, stderr.String())
		assert.Equal(t, demoCustomers, customers(), round)
		assert.Contains(t, out.String(), "demo data", "announced at the %s start", round)
	}
	env, _, _ := testEnvironment(variables)
	assert.ErrorContains(t, run(t.Context(), []string{"seed"}, env), "empty")
}

func TestListen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, err = listen(t.Context(), taken.Addr().String())
	require.ErrorContains(t, err, "VIGIE_ADDR")
	require.ErrorContains(t, err, taken.Addr().String())

	env, _, _ := testEnvironment(nil)
	a := &app{env: env}
	_, err = a.listenAnywhere(t.Context(), taken.Addr().String())
	require.Error(t, err, "an address that was asked for is used or refused")
}

func TestReachable(t *testing.T) {
	for ip, want := range map[string]string{
		"127.0.0.1": "127.0.0.1:80", "0.0.0.0": "127.0.0.1:80", "::": "127.0.0.1:80", "::1": "[::1]:80", "10.1.2.3": "10.1.2.3:80",
	} {
		assert.Equal(t, want, reachable(&net.TCPAddr{IP: net.ParseIP(ip), Port: 80}))
	}
}
