package resolvers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
)

// masked asserts that a failure tells nothing but an id under which the log tells all, and returns the log's line.
func (a *api) masked(failure failure) string {
	a.t.Helper()
	assert.Equal(a.t, "Internal error", failure.Message)
	assert.Equal(a.t, string(domain.CodeInternal), failure.Extensions.Code)
	require.NotEmpty(a.t, failure.Extensions.ErrorID)
	for line := range strings.Lines(a.log.String()) {
		if strings.Contains(line, failure.Extensions.ErrorID) {
			return line
		}
	}
	require.Fail(a.t, "not in the log", "id %s", failure.Extensions.ErrorID)
	return ""
}

func TestAPanicIsMasked(t *testing.T) {
	t.Parallel()
	a := newShop(t, clock(func() time.Time { panic("the secret of the clock") }))
	answer := a.ask(`{ customers(first: 1) { nodes { number credit { used { amount } } } } carriers(first: 1) { totalCount } }`, nil)
	require.Len(t, answer.Errors, 1)
	assert.NotContains(t, answer.body, "secret")
	assert.Empty(t, leaks(answer.body))
	line := a.masked(answer.Errors[0])
	assert.Contains(t, line, "the secret of the clock")
	assert.Contains(t, line, "finance.go", "the log has the stack")
	// The server lives on.
	assert.Equal(t, "2", a.must(`{ carriers(first: 1) { totalCount } }`, nil).text("carriers.totalCount"))
}

func TestAnUnknownErrorIsMasked(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.exec(`ALTER TABLE cases RENAME TO cases_elsewhere`)
	answer := a.ask(`query ($s: String!) { customer(number: $s) { name cases(first: 1, filter: { number: { eq: "a-very-secret-number" } }) { nodes { id } } } }`, variables{"s": "C-1001"})
	require.Len(t, answer.Errors, 1)
	assert.Equal(t, []any{"customer", "cases"}, answer.Errors[0].Path)
	assert.Empty(t, leaks(answer.body))
	line := a.masked(answer.Errors[0])
	assert.Contains(t, line, "42P01", "the log has Postgres' own code")
	for _, hidden := range []string{"a-very-secret-number", "SELECT"} {
		assert.NotContains(t, line, hidden)
		assert.NotContains(t, answer.body, hidden)
	}
	again := a.ask(`{ cases(first: 1) { totalCount } }`, nil)
	assert.NotEqual(t, answer.Errors[0].Extensions.ErrorID, again.Errors[0].Extensions.ErrorID, "each has an id of its own")
}

// A nullable field is null and the rest of the answer stands.
func TestTheRestOfTheAnswerStands(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	a.exec(`ALTER TABLE users RENAME TO users_elsewhere`)
	answer := a.ask(`{ customer(number: "C-1001") { name accountManager { name } orders(first: 1) { nodes { number } } } }`, nil)
	require.Len(t, answer.Errors, 1)
	assert.Equal(t, []any{"customer", "accountManager"}, answer.Errors[0].Path)
	assert.Equal(t, "Müller Maschinenbau", answer.text("customer.name"))
	assert.Nil(t, answer.at("customer.accountManager"))
	assert.Equal(t, "O-5001", answer.text("customer.orders.nodes.0.number"))

	a.exec(`ALTER TABLE contacts RENAME TO contacts_elsewhere`)
	answer = a.ask(`{ a: customer(number: "C-1001") { contacts(first: 1) { totalCount } } b: customer(number: "C-1002") { name } viewer { name } }`, nil)
	assert.Nil(t, answer.at("a"), "a list that must be there takes its parent along")
	assert.Equal(t, "Yamada Shoten", answer.text("b.name"))
	assert.Equal(t, "Ada", answer.text("viewer.name"))
}

func TestTheDatabaseGoesAway(t *testing.T) {
	t.Parallel()
	a, proxy := newCuttable(t)
	const query = `{ viewer { name } customer(number: "C-1001") { name } product(sku: "DR-100") { name } }`
	a.must(query, nil)
	address := proxy.listener.Addr().String()
	proxy.cut()
	for range 3 {
		answer := a.ask(query, nil)
		require.Len(t, answer.Errors, 2)
		for _, failure := range answer.Errors {
			assert.Equal(t, string(domain.CodeUnavailable), failure.Extensions.Code, "%s\n%s", answer.body, a.log)
		}
		assert.Empty(t, leaks(answer.body))
		assert.NotContains(t, answer.body, address)
		assert.Equal(t, "Ada", answer.text("viewer.name"), "what needs no database is answered")
		assert.Nil(t, answer.at("customer"))
	}
	assert.Contains(t, a.log.String(), "UNAVAILABLE")
	proxy.open(t, address)
	assert.Equal(t, "Müller Maschinenbau", a.must(query, nil).text("customer.name"), "it comes back by itself")
}

func TestTerminatedConnectionsAreReplaced(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	for range 3 {
		a.must(`{ customers(first: 3) { nodes { orders(first: 1) { nodes { id } } contacts(first: 1) { totalCount } } } }`, nil)
		a.exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	}
	a.must(`{ customers(first: 3) { nodes { orders(first: 1) { nodes { id } } } } }`, nil)
}

func TestAClosedDatabaseIsNoSecretEither(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	require.NoError(t, a.pool.Close())
	answer := a.ask(`{ customer(number: "C-1001") { name } }`, nil)
	require.Len(t, answer.Errors, 1)
	assert.Contains(t, []string{string(domain.CodeUnavailable), string(domain.CodeInternal)}, answer.Errors[0].Extensions.Code)
	assert.Empty(t, leaks(answer.body))
}

// A statement that takes too long is given up by the server; the client is told so.
func TestAStatementThatTakesTooLong(t *testing.T) {
	t.Parallel()
	a := newShop(t)
	lock, err := a.db.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	_, err = lock.ExecContext(t.Context(), `LOCK TABLE carriers IN ACCESS EXCLUSIVE MODE`)
	require.NoError(t, err)
	a.exec(fmt.Sprintf(`ALTER DATABASE %s SET statement_timeout = '50ms'`, a.value(`SELECT current_database()`)))
	answer := a.ask(`{ viewer { name } carriers(first: 1) { nodes { name } } }`, nil)
	require.NoError(t, lock.Rollback())
	require.Len(t, answer.Errors, 1)
	assert.Equal(t, string(domain.CodeTimeout), answer.Errors[0].Extensions.Code)
	assert.Equal(t, "the database took too long", answer.Errors[0].Message)
}
