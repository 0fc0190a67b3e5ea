package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/storage/storagetest"
)

func TestIsLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:8080": true, "127.9.9.9": true, "[::1]:8080": true, "::1": true, "localhost:8080": true, "localhost": true,
		"0.0.0.0:8080": false, "[::]:8080": false, "10.0.0.1:80": false, "example.org:8080": false, "": false, "localhost.example.org": false,
	} {
		assert.Equal(t, want, isLoopback(address), address)
	}
}

// TestWhoTheDemoAnswers asks a running demo as each persona, as nobody, and in the name of another host.
func TestWhoTheDemoAnswers(t *testing.T) {
	t.Parallel()
	db := storagetest.New(t)
	dir := t.TempDir()
	variables := map[string]string{"DATABASE_URL": db.URL, "VIGIE_ADDR": "127.0.0.1:0", "VIGIE_DATA_DIR": dir}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out screen
	env, _, stderr := testEnvironment(variables)
	env.stdout = &out
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, nil, env) }()
	base := out.address(t)

	_, anonymous := ask(t, base, "", "", `{ viewer { role } }`)
	assert.Contains(t, anonymous, `"ADMIN"`, "whoever is on this machine")
	_, rebound := ask(t, base, "", "attacker.example", `{ viewer { role } }`)
	assert.Contains(t, rebound, "UNAUTHENTICATED")
	status, _ := ask(t, base, "nonsense", "", `{ viewer { role } }`)
	assert.Equal(t, http.StatusUnauthorized, status)

	counts := map[string]string{}
	for _, persona := range []string{"agent", "sales", "analyst", "customer", "integration", "admin"} {
		env, printed, _ := testEnvironment(variables)
		require.NoError(t, run(t.Context(), []string{"token", "--persona", persona, "--data-dir", dir}, env), persona)
		token := strings.TrimSuffix(printed.String(), "\n")
		assert.NotContains(t, token, "\n", "the token alone is printed")
		assert.Contains(t, out.String(), persona)
		_, body := ask(t, base, token, "", `{ viewer { role } customers(first: 1) { totalCount } }`)
		assert.Contains(t, body, `"`+strings.ToUpper(persona)+`"`)
		counts[persona] = body[strings.Index(body, "totalCount"):]
	}
	assert.Equal(t, counts["admin"], counts["analyst"])
	assert.NotEqual(t, counts["admin"], counts["agent"])
	assert.NotEqual(t, counts["admin"], counts["sales"])
	assert.Contains(t, counts["customer"], "totalCount\":1}")
	stop()
	require.NoError(t, <-ended, stderr.String())
}

// TestASchemaThatIsNotShown starts the demo without introspection: nothing tells a name that the client did not know.
func TestASchemaThatIsNotShown(t *testing.T) {
	t.Parallel()
	db := storagetest.New(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var out screen
	env, _, stderr := testEnvironment(map[string]string{"DATABASE_URL": db.URL, "VIGIE_ADDR": "127.0.0.1:0", "VIGIE_DATA_DIR": t.TempDir()})
	env.stdout = &out
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, []string{"demo", "--no-introspection", "--no-graphiql"}, env) }()
	base := out.address(t)
	assert.NotContains(t, out.String(), "/graphiql", "the start names what there is, and nothing else")
	assert.NotContains(t, out.String(), "/schema.graphql")
	for _, query := range []string{
		`{ __schema { types { name } } }`, `{ customrs(first: 1) { nodes { id } } }`, `{ customers(frst: 1) { nodes { id } } }`,
		`{ node(id: \"x\") { ... on Custmer { id } } }`, `{ orders(first: 1, filter: { status: { eq: SHIPED } }) { nodes { id } } }`,
	} {
		_, body := ask(t, base, "", "", query)
		assert.Contains(t, body, `"errors"`, query)
		for _, secret := range []string{"Did you mean", "customers", "first", "SHIPPED", "FollowUp"} {
			if !strings.Contains(query, secret) {
				assert.NotContains(t, body, secret, query)
			}
		}
	}
	for _, path := range []string{"/schema.graphql", "/graphiql"} {
		status, _ := get(t, base+path)
		assert.Equal(t, http.StatusNotFound, status, path)
	}
	stop()
	require.NoError(t, <-ended, stderr.String())
}

func ask(t *testing.T, base, token, host, query string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/graphql", strings.NewReader(`{"query":"`+query+`"}`))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if host != "" {
		request.Host = host
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(body)
}
