package resolvers_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/graph/httpd"
	"github.com/vigie-dev/vigie/loaders"
	"github.com/vigie-dev/vigie/resolvers"
)

func viewerOf(ctx context.Context) domain.Viewer {
	viewer, _ := auth.For(ctx)
	return viewer
}

// replaceIDs puts the ids of the shop's first contact (%) and customer (*) into a query.
func replaceIDs(query string) string {
	return strings.NewReplacer("%", opaque(domain.KindContact, 1, 1), "*", opaque(domain.KindCustomer, 1)).Replace(query)
}

// verbose is the api behind its whole HTTP surface, with a log that leaves nothing out.
func (a *api) verbose() http.Handler {
	a.t.Helper()
	log := slog.New(slog.NewJSONHandler(a.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	api, err := graph.NewHandler(graph.Options{
		Schema:  generated.NewExecutableSchema(generated.Config{Resolvers: &resolvers.Resolver{Now: present}}),
		Loaders: func(ctx context.Context) *loaders.Set { return loaders.New(a.pool.For(viewerOf(ctx)), wait) },
		Limits:  cost.DefaultLimits(),
		Log:     log,
	})
	require.NoError(a.t, err)
	return httpd.New(httpd.Options{GraphQL: api, Log: log})
}

// send asks in both ways that HTTP offers, and returns the answers.
func (a *api) send(handler http.Handler, query string, v variables) string {
	a.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": v})
	require.NoError(a.t, err)
	spelled, err := json.Marshal(v)
	require.NoError(a.t, err)
	ctx := auth.With(a.t.Context(), a.viewer, time.Time{})
	post := httptest.NewRequestWithContext(ctx, http.MethodPost, "/graphql", bytes.NewReader(body))
	post.Header.Set("Content-Type", "application/json")
	get := httptest.NewRequestWithContext(ctx, http.MethodGet, "/graphql?query="+url.QueryEscape(query)+"&variables="+url.QueryEscape(string(spelled)), nil)
	get.Header.Set("GraphQL-Require-Preflight", "1")
	var answers strings.Builder
	for _, request := range []*http.Request{post, get} {
		request.Header.Set("Accept", "application/graphql-response+json")
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		answers.WriteString(answer.Body.String())
	}
	return answers.String()
}

// TestTheLogHoldsNoPersonalData asks for all e-mail addresses and telephone numbers that there are, in every way that works and in many that
// do not, and then looks for them in the log.
func TestTheLogHoldsNoPersonalData(t *testing.T) {
	t.Parallel()
	a := newDemo(t, 30)
	handler := a.verbose()
	var secrets []string
	a.rows(func(rows *sql.Rows) error {
		var secret string
		err := rows.Scan(&secret)
		secrets = append(secrets, secret)
		return err
	}, `SELECT email FROM contacts WHERE email IS NOT NULL UNION SELECT phone FROM contacts WHERE phone IS NOT NULL
		UNION SELECT email FROM customers WHERE email IS NOT NULL UNION SELECT phone FROM customers WHERE phone IS NOT NULL
		UNION SELECT email FROM users WHERE email IS NOT NULL UNION SELECT phone FROM users WHERE phone IS NOT NULL ORDER BY 1`)
	require.Greater(t, len(secrets), 50)

	const all = `{ customers(first: 100) { nodes { email phone accountManager { email phone } contacts(first: 20) { nodes { name email phone } } } } }`
	answers := a.send(handler, all, nil)
	for i, secret := range secrets {
		v := variables{"s": secret}
		answers += a.send(handler, `query ($s: String!) { lookup(reference: $s, first: 5) { text node { id } } }`, v)
		if i%5 != 0 {
			continue // The wrong ways are as many as they are slow.
		}
		inline := fmt.Sprintf("%q", secret)
		for _, wrong := range []struct {
			query string
			v     variables
		}{
			{`{ lookup(reference: ` + inline + `, first: 500) { text } }`, nil},
			{`{ lookup(reference: ` + inline + `) { text nothing } }`, nil},
			{`{ lookup(reference: ` + inline, nil},
			{`{ node(id: ` + inline + `) { id } }`, nil},
			{`query ($s: ID!) { node(id: $s) { id } }`, v},
			{`query ($s: Int!) { customers(first: $s) { totalCount } }`, v},
			{`query ($s: String) { customers(first: 1, after: $s) { totalCount } }`, v},
			{`query ($s: DateTime) { customers(first: 1, filter: { createdAt: { eq: $s } }) { totalCount } }`, v},
			{`query ($s: Decimal) { orders(first: 1, filter: { total: { eq: $s } }) { totalCount } }`, v},
			{`query ($s: String) { customers(first: 1, filter: { number: { eq: $s } }) { nodes { contacts(first: 1000) { totalCount } } } }`, v},
			{`mutation ($s: ID!) { customerErase(input: { id: $s }) { userErrors { code } } }`, v},
		} {
			a.send(handler, wrong.query, wrong.v)
		}
	}
	// Faults: the database refuses what it is asked.
	a.exec(`ALTER TABLE contacts RENAME COLUMN email TO mail`)
	faults := a.send(handler, all, nil)
	for _, secret := range secrets[:10] {
		faults += a.send(handler, `query ($s: String!) { lookup(reference: $s, first: 5) { text } }`, variables{"s": secret})
	}
	a.exec(`ALTER TABLE contacts RENAME COLUMN mail TO email`)
	a.exec(`ALTER TABLE contacts ALTER COLUMN role TYPE integer USING 1`)
	faults += a.send(handler, `{ customers(first: 20) { nodes { contacts(first: 20) { nodes { email phone role } } } } }`, nil)
	assert.Contains(t, faults, "INTERNAL_SERVER_ERROR", "the faults are none")

	log := a.log.String()
	require.Contains(t, log, "a field failed")
	require.Contains(t, log, `"msg":"request"`)
	found := 0
	for _, secret := range secrets {
		spelled, err := json.Marshal(secret)
		require.NoError(t, err)
		for _, form := range []string{secret, strings.Trim(string(spelled), `"`), url.QueryEscape(secret), url.PathEscape(secret)} {
			assert.NotContains(t, log, form)
		}
		if strings.Contains(answers, secret) {
			found++
		}
	}
	assert.Greater(t, found, len(secrets)/2, "the answers hold what the log must not")
}
