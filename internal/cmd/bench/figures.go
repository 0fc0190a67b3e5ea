package main

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Metrics of the server that the bench reads (docs/observability.md).
const (
	metricStatements  = "vigie_statement_duration_seconds_count"
	metricAllocations = "go_memstats_mallocs_total"
)

// figures are what is counted about the server and its database; differences of two are what a load has cost.
type figures struct {
	statements, allocations float64
	serverCPU, postgresCPU  float64 // seconds
	resident                float64 // bytes
}

// read takes the figures now. postmaster is 0 where the database runs elsewhere.
func read(ctx context.Context, s *server, postmaster int) (figures, error) {
	page, err := get(ctx, s.metrics)
	if err != nil {
		return figures{}, fmt.Errorf("read the server's metrics: %w", err)
	}
	sums, err := sum(string(page), metricStatements, metricAllocations)
	if err != nil {
		return figures{}, err
	}
	pid := s.command.Process.Pid
	taken := figures{
		statements: sums[metricStatements], allocations: sums[metricAllocations],
		serverCPU: cpuOf(pid), postgresCPU: math.NaN(), resident: residentOf(pid),
	}
	if postmaster > 0 {
		taken.postgresCPU = cpuOfFamily(postmaster)
	}
	return taken, nil
}

// sum adds up the series of some metrics in Prometheus' text format. A metric that is not there is 0: the server makes it when it is needed.
func sum(page string, names ...string) (map[string]float64, error) {
	sums := map[string]float64{}
	for line := range strings.Lines(page) {
		for _, name := range names {
			rest, found := strings.CutPrefix(line, name)
			if !found || rest == "" || rest[0] != ' ' && rest[0] != '{' {
				continue
			}
			_, value, _ := cutLast(strings.TrimSpace(rest), " ")
			if rest[0] == ' ' {
				value = strings.TrimSpace(rest)
			}
			number, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return nil, fmt.Errorf("the metric %s has a value that is no number: %w", name, err)
			}
			sums[name] += number
		}
	}
	return sums, nil
}
