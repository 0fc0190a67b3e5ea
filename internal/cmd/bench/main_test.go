package main

import (
	"bytes"
	"encoding/json"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/ingest/demo"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

func TestMain(m *testing.M) { storagetest.Main(m) }

// TestRun fills a database, starts the real server over it and measures all queries for a moment. It is about answers, not about speed.
func TestRun(t *testing.T) {
	var out, log bytes.Buffer
	o := options{stdout: &out, stderr: &log, databaseURL: storagetest.New(t).URL}
	require.NoError(t, o.parse([]string{
		"-customers=50", "-duration=150ms", "-warmup=50ms", "-connections=1,4", "-json", "-data", t.TempDir(),
	}))
	require.NoError(t, run(t.Context(), o), log.String())
	assert.NotContains(t, log.String(), "no token", "the demo's token is used")
	var records []record
	decoder := json.NewDecoder(&out)
	for {
		var r record
		err := decoder.Decode(&r)
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		records = append(records, r)
	}
	require.Len(t, records, 2*len(queryNames()))
	for i, r := range records {
		assert.Equal(t, queryNames()[i/2], r.Query)
		assert.Equal(t, []int{1, 4}[i%2], r.Connections)
		assert.Equal(t, 50, r.Customers)
		assert.Zero(t, r.Errors, r.Query)
		assert.Positive(t, r.Requests, r.Query)
		assert.Positive(t, r.P50)
		assert.GreaterOrEqual(t, r.P99, r.P50)
		require.NotNil(t, r.Statements)
		assert.Positive(t, *r.Statements, "%s: less than one where single rows were read together", r.Query)
		require.NotNil(t, r.Allocations)
		assert.Positive(t, *r.Allocations, r.Query)
		if runtime.GOOS == "linux" {
			assert.NotNil(t, r.ServerCPU)
			assert.NotNil(t, r.PostgresCPU)
			assert.NotNil(t, r.Resident)
		}
	}
}

// A heavy customer has as many orders as it is said to have, and is made once.
func TestMakeHeavy(t *testing.T) {
	db := storagetest.New(t).SQL()
	_, err := demo.Load(t.Context(), db, demo.Options{Customers: 3, Seed: 1, Now: time.Now()})
	require.NoError(t, err)
	for range 2 {
		number, err := makeHeavy(t.Context(), db, 250)
		require.NoError(t, err)
		assert.Equal(t, "BENCH-250", number)
		var orders, lines, events, open int
		require.NoError(t, db.QueryRowContext(t.Context(), `SELECT count(*), sum((SELECT count(*) FROM order_lines l WHERE l.customer_id = o.customer_id AND l.order_id = o.id)),
			(SELECT count(*) FROM tracking_events e WHERE e.customer_id = o.customer_id),
			(SELECT count(*) FROM invoices i WHERE i.customer_id = o.customer_id AND i.balance > 0)
			FROM orders o WHERE o.customer_id = (SELECT customer_id FROM customers WHERE number = $1) GROUP BY o.customer_id`, number).
			Scan(&orders, &lines, &events, &open))
		assert.Equal(t, []int{250, 500, 500}, []int{orders, lines, events})
		assert.InDelta(t, 2.5, open, 1)
	}
	count, err := countCustomers(t.Context(), db)
	require.NoError(t, err)
	assert.Equal(t, 3, count, "without the heavy one")
}

func TestParse(t *testing.T) {
	for args, says := range map[string]string{
		"-connections=0": "1,16,64", "-connections=a": "1,16,64", "-queries=nope": "nope", "-customers=0": "-customers", "extra": "extra", "-duration=0s": "-duration",
	} {
		o := options{stderr: io.Discard}
		assert.ErrorContains(t, o.parse([]string{args}), says, args)
	}
	o := options{stderr: io.Discard, databaseURL: "postgres://x"}
	assert.ErrorContains(t, o.parse([]string{"-growth"}), databaseEnv)
	o = options{stderr: io.Discard}
	require.NoError(t, o.parse(nil))
	assert.Equal(t, []int{1, 16, 64}, o.connections)
	assert.Equal(t, []int{5_000, 50_000, 500_000}, o.sizes)
	assert.Equal(t, queryNames(), o.queries)
}

func TestBodiesNameWhatTheyAreAbout(t *testing.T) {
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	customers := []customer{{ID: "i1", Number: "n1"}, {ID: "i2", Number: "n2"}}
	for query, want := range map[string]string{customerPage: `"number":"n`, pointRead: `"id":"i`, orderDesk: `"before":"202`} {
		made, err := bodies(query, customers, now)
		require.NoError(t, err)
		require.Len(t, made, 2)
		for _, body := range made {
			assert.True(t, json.Valid(body))
			assert.Contains(t, string(body), want)
		}
	}
	_, err := bodies("nope", customers, now)
	assert.ErrorContains(t, err, "nope")
}

func TestCodesShowNoData(t *testing.T) {
	assert.Equal(t, "TIMEOUT", codes([]byte(`{"errors":[{"message":"Frau Mustermann","extensions":{"code":"TIMEOUT"}}]}`)))
	assert.Equal(t, "no GraphQL answer", codes([]byte(`Frau Mustermann`)))
	assert.Equal(t, "no GraphQL answer", codes([]byte(`{}`)))
}

func TestEnvironmentIsTheBenchs(t *testing.T) {
	t.Setenv("DATABASE_URL", "postgres://somebody.else/")
	t.Setenv("VIGIE_POOL_SIZE", "3")
	list := environment("postgres://mine/", "dir")
	assert.Contains(t, list, "DATABASE_URL=postgres://mine/")
	assert.Contains(t, list, "VIGIE_POOL_SIZE=3")
	assert.NotContains(t, strings.Join(list, " "), "somebody.else")
}
