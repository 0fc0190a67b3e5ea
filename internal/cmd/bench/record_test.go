package main

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestPercentile(t *testing.T) {
	ten := []time.Duration{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for percent, want := range map[int]time.Duration{0: 1, 1: 1, 10: 1, 11: 2, 50: 5, 90: 9, 91: 10, 99: 10, 100: 10} {
		assert.Equal(t, want, percentile(ten, percent), percent)
	}
	assert.Zero(t, percentile(nil, 50))
	assert.Equal(t, time.Duration(7), percentile([]time.Duration{7}, 99))
}

// So many percent of all values do not exceed the percentile, and fewer do not exceed any smaller value.
func TestPercentileIsTheSmallest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) time.Duration {
			return time.Duration(rapid.IntRange(0, 20).Draw(t, "value"))
		}), 1, 50).Draw(t, "values")
		slices.Sort(values)
		percent := rapid.IntRange(1, 100).Draw(t, "percent")
		found := percentile(values, percent)
		upTo := func(limit time.Duration) int {
			count := 0
			for _, value := range values {
				if value <= limit {
					count++
				}
			}
			return count * 100
		}
		if upTo(found) < percent*len(values) || upTo(found-1) >= percent*len(values) {
			t.Fatalf("percentile %d of %v is not %d", percent, values, found)
		}
	})
}

func TestNewRecord(t *testing.T) {
	came := outcome{latencies: []time.Duration{4 * time.Millisecond, 2 * time.Millisecond, 3 * time.Millisecond}, failed: 1, took: 2 * time.Second}
	before := figures{statements: 10, allocations: 100, serverCPU: 1, postgresCPU: math.NaN(), resident: 1}
	after := figures{statements: 18, allocations: 500, serverCPU: 1.002, postgresCPU: math.NaN(), resident: 4096}
	r := newRecord(came, before, after)
	assert.Equal(t, 4, r.Requests)
	assert.Equal(t, 1.5, r.PerSecond, "answers without errors alone")
	assert.Equal(t, 3.0, r.P50)
	assert.Equal(t, 4.0, r.P99)
	assert.InDelta(t, 500, *r.ServerCPU, 0.001)
	assert.Nil(t, r.PostgresCPU, "nobody could tell")
	assert.Equal(t, 100.0, *r.Allocations)
	assert.Equal(t, 2.0, *r.Statements)
	assert.Equal(t, 4096.0, *r.Resident)
}

func TestTable(t *testing.T) {
	cpu, statements, resident := 1234.5, 14.25, 50e6
	got := table([]record{
		{Query: "customer-page", Customers: 5000, Connections: 16, PerSecond: 1234567.4, P50: 1.5, P99: 10, ServerCPU: &cpu, Statements: &statements, Resident: &resident},
		{Query: "point-read", Customers: 5000, Orders: 100000, Connections: 1, Errors: 2},
	})
	want := strings.TrimPrefix(`
| query         | customers |  orders | connections | requests/s | p50 ms | p99 ms | server CPU us | Postgres CPU us | allocations | statements | RSS MB | errors |
| ------------- | --------: | ------: | ----------: | ---------: | -----: | -----: | ------------: | --------------: | ----------: | ---------: | -----: | -----: |
| customer-page |     5,000 |       - |          16 |  1,234,567 |   1.50 |  10.00 |         1,235 |               - |           - |       14.2 |     48 |      0 |
| point-read    |     5,000 | 100,000 |           1 |          0 |   0.00 |   0.00 |             - |               - |           - |          - |      - |      2 |
`, "\n")
	assert.Equal(t, want, got)
}

func TestGrouped(t *testing.T) {
	for number, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -10: "-10"} {
		assert.Equal(t, want, grouped(number))
	}
}

func TestPrintJSON(t *testing.T) {
	var out bytes.Buffer
	b := &bench{options: options{json: true, stdout: &out}}
	require.NoError(t, b.print([]record{{Query: "a", Connections: 1}, {Query: "b"}}))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 2)
	assert.JSONEq(t, `{"query":"a","customers":0,"connections":1,"requests":0,"errors":0,"requests_per_second":0,"p50_ms":0,"p99_ms":0,
		"server_cpu_us":null,"postgres_cpu_us":null,"allocations":null,"statements":null,"rss_bytes":null}`, lines[0])
}
