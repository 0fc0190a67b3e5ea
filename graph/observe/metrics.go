package observe

import (
	"strconv"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
)

// Bounds of the names that a label may have. Codes, loaders and statements are named by Vigie itself, but statements that read several relations
// at once are named after all of them, in the combinations that queries ask for.
const (
	mostOperations = 100
	mostStatements = 300
	mostLoaders    = 150
	mostCodes      = 50
)

// The upper bounds of the histograms, in seconds and in keys.
var (
	requestSeconds   = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}
	statementSeconds = []float64{.00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .5, 2.5, 10}
	waitSeconds      = []float64{.0001, .0005, .001, .002, .005, .01, .05}
	batchKeys        = []float64{1, 2, 5, 10, 25, 50, 100, 250, 1000}
)

// metrics are the figures that an Observer keeps.
type metrics struct {
	registry   *prometheus.Registry
	operations *series[operationFigures]
	statements *series[statementFigures]
	loaders    *series[loaderFigures]
	refusals   *series[prometheus.Counter]
	responses  *series[prometheus.Counter]
	requested  prometheus.Counter
	spent      prometheus.Counter
}

// operationFigures are those of the operations of one name.
type operationFigures struct {
	name    string
	seconds prometheus.Observer
	codes   *series[prometheus.Counter]
}

// statementFigures are those of the statements of one name.
type statementFigures struct {
	name     string
	seconds  prometheus.Observer
	rows     prometheus.Counter
	failures *series[prometheus.Counter]
}

// loaderFigures are those of one loader.
type loaderFigures struct {
	keys prometheus.Observer
	wait prometheus.Observer
}

func newMetrics() *metrics {
	m := &metrics{registry: prometheus.NewRegistry()}
	m.operations = m.operationSeries()
	m.operations.expect("")
	m.statements = m.statementSeries()
	m.loaders = m.loaderSeries()
	m.refusals = m.codes(m.counters("vigie_refusals_total",
		"Requests that were refused before anything was run, by error code.", "code"))
	m.responses = newSeries(mostCodes, byLabel(m.counters("vigie_http_responses_total",
		"HTTP responses by status, of all routes but the probes.", "status")))
	m.requested = m.counter("vigie_cost_points_requested_total", "Points that operations were expected to cost.")
	m.spent = m.counter("vigie_cost_points_spent_total", "Points that operations did cost, which rate limits count.")
	return m
}

func (m *metrics) operationSeries() *series[operationFigures] {
	requests := m.counters("vigie_requests_total",
		"Operations that were run, by name and by the code of their first error, OK where there is none.", "operation", "code")
	seconds := m.histograms("vigie_request_duration_seconds",
		"Time from a request's arrival to its whole answer, subscriptions apart.", requestSeconds, "operation")
	return newSeries(mostOperations, func(name string) operationFigures {
		return operationFigures{
			name: name, seconds: seconds.WithLabelValues(name),
			codes: m.codes(requests.MustCurryWith(prometheus.Labels{"operation": name})),
		}
	})
}

func (m *metrics) statementSeries() *series[statementFigures] {
	seconds := m.histograms("vigie_statement_duration_seconds",
		"Time of SQL statements by name, with the wait for a connection and the reading of rows.", statementSeconds, "statement")
	rows := m.counters("vigie_statement_rows_total", "Rows that SQL statements read or wrote, by name.", "statement")
	failures := m.counters("vigie_statement_failures_total", "SQL statements that failed, by name and error code.", "statement", "code")
	s := newSeries(mostStatements, func(name string) statementFigures {
		name = shortened(name)
		return statementFigures{
			name: name, seconds: seconds.WithLabelValues(name), rows: rows.WithLabelValues(name),
			failures: m.codes(failures.MustCurryWith(prometheus.Labels{"statement": name})),
		}
	})
	s.longest = 10 * longestName
	return s
}

// shortened is the name of a statement that reads several relations, joined by +, in the length of a label: as many of them as have room, and how
// many more there are.
func shortened(name string) string {
	if len(name) <= longestName {
		return name
	}
	parts := strings.Split(name, "+")
	kept := len(parts)
	for kept > 1 && len(strings.Join(parts[:kept], "+")) > longestName {
		kept--
	}
	if kept == len(parts) {
		return name[:longestName]
	}
	return strings.Join(parts[:kept], "+") + "+" + strconv.Itoa(len(parts)-kept) + " more"
}

func (m *metrics) loaderSeries() *series[loaderFigures] {
	keys := m.histograms("vigie_loader_batch_keys", "Keys that a loader fetched at once.", batchKeys, "loader")
	wait := m.histograms("vigie_loader_wait_seconds", "Time that a batch's first key waited for others.", waitSeconds, "loader")
	return newSeries(mostLoaders, func(name string) loaderFigures {
		return loaderFigures{keys: keys.WithLabelValues(name), wait: wait.WithLabelValues(name)}
	})
}

// codes bounds the values of a counter's last label.
func (m *metrics) codes(of *prometheus.CounterVec) *series[prometheus.Counter] {
	return newSeries(mostCodes, byLabel(of))
}

func byLabel(of *prometheus.CounterVec) func(string) prometheus.Counter {
	return func(value string) prometheus.Counter { return of.WithLabelValues(value) }
}

func (m *metrics) counter(name, help string) prometheus.Counter {
	made := prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	m.registry.MustRegister(made)
	return made
}

func (m *metrics) counters(name, help string, labels ...string) *prometheus.CounterVec {
	made := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	m.registry.MustRegister(made)
	return made
}

func (m *metrics) histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	made := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	m.registry.MustRegister(made)
	return made
}
