package main

import (
	"math"
	"slices"
	"time"
)

// record is one measurement. Figures that nobody could take are nil.
type record struct {
	Query       string `json:"query"`
	Customers   int    `json:"customers"`
	Orders      int    `json:"orders,omitempty"` // of the one customer that was asked about, 0 where it was many
	Connections int    `json:"connections"`
	Requests    int    `json:"requests"`
	Errors      int    `json:"errors"`

	PerSecond   float64  `json:"requests_per_second"`
	P50         float64  `json:"p50_ms"`
	P99         float64  `json:"p99_ms"`
	ServerCPU   *float64 `json:"server_cpu_us"`
	PostgresCPU *float64 `json:"postgres_cpu_us"`
	Allocations *float64 `json:"allocations"`
	Statements  *float64 `json:"statements"`
	Resident    *float64 `json:"rss_bytes"`
}

// newRecord works out what one request cost, of what came of a load and the figures before and after.
func newRecord(came outcome, before, after figures) record {
	requests := len(came.latencies) + came.failed
	slices.Sort(came.latencies)
	each := func(from, to, unit float64) *float64 { return known((to - from) * unit / float64(max(1, requests))) }
	return record{
		Requests: requests, Errors: came.failed,
		PerSecond: float64(len(came.latencies)) / came.took.Seconds(),
		P50:       milliseconds(percentile(came.latencies, 50)), P99: milliseconds(percentile(came.latencies, 99)),
		ServerCPU: each(before.serverCPU, after.serverCPU, 1e6), PostgresCPU: each(before.postgresCPU, after.postgresCPU, 1e6),
		Allocations: each(before.allocations, after.allocations, 1), Statements: each(before.statements, after.statements, 1),
		Resident: known(after.resident),
	}
}

// known is a figure, or nil where nobody could take it.
func known(figure float64) *float64 {
	if math.IsNaN(figure) {
		return nil
	}
	return &figure
}

// percentile is the smallest of sorted values that so many percent of all do not exceed; zero of none.
func percentile(sorted []time.Duration, percent int) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	rank := (len(sorted)*percent + 99) / 100
	return sorted[max(rank, 1)-1]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
