package resolvers_test

import (
	"database/sql"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/ingest/demo"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

// The benchmarks run over made-up data of VIGIE_BENCH_CUSTOMERS customers (2,000 where that is not set), or over the database that
// VIGIE_BENCH_DATABASE_URL names, which has data already and is only read.
const (
	benchCustomersEnv = "VIGIE_BENCH_CUSTOMERS"
	benchDatabaseEnv  = "VIGIE_BENCH_DATABASE_URL"
	benchCustomers    = 2_000
	// benchWait is what the server waits by default.
	benchWait = time.Millisecond
)

// newBench serves the data of the benchmarks.
func newBench(b *testing.B) *api {
	b.Helper()
	address := os.Getenv(benchDatabaseEnv)
	if address == "" {
		a := newAPI(b, waiting(benchWait))
		customers := benchCustomers
		if text := os.Getenv(benchCustomersEnv); text != "" {
			given, err := strconv.Atoi(text)
			require.NoError(b, err, benchCustomersEnv)
			customers = given
		}
		_, err := demo.Load(b.Context(), a.db, demo.Options{Customers: customers, Seed: 1, Now: present()})
		require.NoError(b, err)
		return a
	}
	return newAPIOver(b, storagetest.Existing(b, address), waiting(benchWait))
}

// measure asks the same kind of question over and over, of the next of some variables each time.
func (a *api) measure(b *testing.B, query string, of []variables) {
	a = a.in(b)
	require.NotEmpty(b, of)
	a.must(query, of[0])
	a.counter.Reset()
	took := make([]time.Duration, 0, b.N)
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		started := time.Now()
		answer := a.ask(query, of[i%len(of)])
		took = append(took, time.Since(started))
		if len(answer.Errors) > 0 {
			b.Fatalf("%+v", answer.Errors)
		}
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(a.counter.Count())/float64(b.N), "statements/op")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}

func BenchmarkAPI(b *testing.B) {
	a := newBench(b)
	var numbers, countries, ids []variables
	a.rows(scanInto(func(number string, id int64) {
		numbers = append(numbers, variables{"number": number})
		ids = append(ids, variables{"id": opaque(domain.KindCustomer, id)})
	}), `SELECT number, customer_id FROM customers ORDER BY md5(number) LIMIT 500`)
	a.rows(scanInto(func(country string, _ int64) { countries = append(countries, variables{"country": country}) }),
		`SELECT country_code, count(*) FROM orders WHERE country_code IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 5`)

	b.Run("customer360", func(b *testing.B) { a.measure(b, customer360, numbers) })
	b.Run("orders", func(b *testing.B) {
		a.measure(b, `query ($country: String!) { orders(first: 50, filter: { countryCode: { eq: $country } }, orderBy: [{ field: PLACED_AT, direction: DESC }]) {
			nodes { id number status placedAt total { amount currencyCode } customer { number name } lines(first: 20) { nodes { quantity unitPrice { amount } amount { amount } description } } } } }`, countries)
	})
	b.Run("point", func(b *testing.B) {
		a.measure(b, `query ($id: ID!) { node(id: $id) { ... on Customer { number name status } } }`, ids)
	})
}

// scanInto reads rows of a text and a number.
func scanInto(take func(text string, number int64)) func(*sql.Rows) error {
	return func(rows *sql.Rows) error {
		var text string
		var number int64
		err := rows.Scan(&text, &number)
		take(text, number)
		return err
	}
}
