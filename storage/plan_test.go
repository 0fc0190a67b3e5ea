package storage_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// recorder is a database that answers every query with no rows and remembers what it was asked.
type recorder struct{ asked []statement }

// statement is a query and its arguments as the driver gets them.
type statement struct {
	text string
	args []any
}

// name is what the statement calls itself in its first line.
func (s statement) name() string {
	line, _, _ := strings.Cut(s.text, "\n")
	return strings.TrimPrefix(line, "-- name: ")
}

// store is an administrator's Store over the recorder.
func (r *recorder) store(t *testing.T) *storage.Store { return r.storeOf(t, admin()) }

// storeOf is a viewer's Store over the recorder.
func (r *recorder) storeOf(t *testing.T, viewer domain.Viewer) *storage.Store {
	pool := storage.New(sql.OpenDB(recordingConnector{r}))
	t.Cleanup(func() { require.NoError(t, pool.Close()) })
	return pool.For(viewer)
}

// take is what was asked since the last call.
func (r *recorder) take() []statement {
	asked := r.asked
	r.asked = nil
	return asked
}

type recordingConnector struct{ recorder *recorder }

func (c recordingConnector) Connect(context.Context) (driver.Conn, error) {
	return recordingConn(c), nil
}

func (c recordingConnector) Driver() driver.Driver { return nil }

type recordingConn struct{ recorder *recorder }

func (c recordingConn) Prepare(text string) (driver.Stmt, error) {
	return recordingStmt{c.recorder, text}, nil
}

func (c recordingConn) Close() error { return nil }

func (c recordingConn) Begin() (driver.Tx, error) {
	return nil, errors.New("reading takes no transaction")
}

type recordingStmt struct {
	recorder *recorder
	text     string
}

func (s recordingStmt) Close() error  { return nil }
func (s recordingStmt) NumInput() int { return -1 }

func (s recordingStmt) Exec([]driver.Value) (driver.Result, error) {
	return nil, errors.New("reading executes nothing")
}

func (s recordingStmt) Query(values []driver.Value) (driver.Rows, error) {
	args := make([]any, len(values))
	for i, value := range values {
		args[i] = value
	}
	s.recorder.asked = append(s.recorder.asked, statement{s.text, args})
	return noRows{}, nil
}

type noRows struct{}

func (noRows) Columns() []string         { return nil }
func (noRows) Close() error              { return nil }
func (noRows) Next([]driver.Value) error { return io.EOF }

// planNode is a node of a plan as EXPLAIN (FORMAT JSON) writes it.
type planNode struct {
	Type     string     `json:"Node Type"`
	Relation string     `json:"Relation Name"`
	Index    string     `json:"Index Name"`
	Rows     float64    `json:"Plan Rows"`
	Cost     float64    `json:"Total Cost"`
	Actual   float64    `json:"Actual Rows"`
	Loops    float64    `json:"Actual Loops"`
	Filtered float64    `json:"Rows Removed by Filter"`
	Recheck  float64    `json:"Rows Removed by Index Recheck"`
	Plans    []planNode `json:"Plans"`
}

// String shows the plan in one line a node.
func (n planNode) String() string {
	var text strings.Builder
	n.write(&text, 1)
	return text.String()
}

func (n planNode) write(text *strings.Builder, depth int) {
	fmt.Fprintf(text, "%s%s %s %s cost=%.0f rows=%.0f actual=%.0fx%.0f removed=%.0f+%.0f\n",
		strings.Repeat("  ", depth), n.Type, n.Relation, n.Index, n.Cost, n.Rows, n.Actual, n.Loops, n.Filtered, n.Recheck)
	for _, below := range n.Plans {
		below.write(text, depth+1)
	}
}

// find gives the nodes for which wanted holds.
func (n planNode) find(wanted func(planNode) bool) []planNode {
	var found []planNode
	if wanted(n) {
		found = append(found, n)
	}
	for _, below := range n.Plans {
		found = append(found, below.find(wanted)...)
	}
	return found
}

// touched is how many rows and index entries the scans of an executed plan met.
func (n planNode) touched() float64 {
	var touched float64
	for _, scan := range n.find(func(n planNode) bool { return strings.HasSuffix(n.Type, "Scan") }) {
		touched += (scan.Actual + scan.Filtered + scan.Recheck) * scan.Loops
	}
	return touched
}

const (
	// maxSorted is how many rows a plan may expect to sort for a page.
	maxSorted = 3000
	// maxTouched is how many rows a page, or 50 pages of 50 parents, may cost: walking the order's index for a page of what one row in 500 has
	// is fair, reading all is not.
	maxTouched = 30_000
	// planning is what Postgres adds to the cost of a plan that is made for the very arguments, at least.
	planning = 5
)

// faults says what makes a plan too slow for large tables.
func (e explainer) faults(n planNode, counts bool) []string {
	var faults []string
	for _, scan := range n.find(func(n planNode) bool { return n.Type == "Seq Scan" && e.large[n.Relation] }) {
		// A count of much of a table may as well read it all.
		if !counts || scan.Rows < maxSorted {
			faults = append(faults, "a sequential scan of "+scan.Relation)
		}
	}
	// What a count sorts is for a join and no page; what an executed plan left out has cost nothing.
	executed := n.Loops > 0
	for _, sort := range n.find(func(n planNode) bool {
		return n.Type == "Sort" && n.Rows > maxSorted*(1+e.slack) && !e.sorts && !counts && (n.Loops > 0 || !executed)
	}) {
		faults = append(faults, fmt.Sprintf("a sort of %.0f rows", sort.Rows))
	}
	return faults
}

// explainer asks Postgres for plans.
type explainer struct {
	db    *sql.DB
	large map[string]bool
	// sorts allows sorts of any size.
	sorts bool
	// slack is by how much a plan may exceed the bounds; zero is not at all.
	slack float64
}

// custom is the plan for the very arguments; where run is set, the statement is also executed.
func (e explainer) custom(t *testing.T, s statement, run bool) planNode {
	options := "FORMAT JSON"
	if run {
		options += ", ANALYZE, TIMING OFF"
	}
	return parsePlan(t, s, e.db.QueryRowContext(t.Context(), "EXPLAIN ("+options+")\n"+s.text, s.args...))
}

// generic is the plan that a prepared statement may come to use for all arguments.
func (e explainer) generic(t *testing.T, s statement) planNode {
	conn, err := e.db.Conn(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close()) }()
	_, err = conn.ExecContext(t.Context(), "SET plan_cache_mode = force_generic_plan; PREPARE explained AS\n"+s.text)
	require.NoError(t, err, s.text)
	defer func() {
		_, err := conn.ExecContext(t.Context(), "DEALLOCATE explained; RESET plan_cache_mode")
		require.NoError(t, err)
	}()
	call := "EXECUTE explained"
	if len(s.args) > 0 {
		call += "(NULL" + strings.Repeat(", NULL", len(s.args)-1) + ")"
	}
	return parsePlan(t, s, conn.QueryRowContext(t.Context(), "EXPLAIN (FORMAT JSON) "+call))
}

func parsePlan(t *testing.T, s statement, row *sql.Row) planNode {
	var raw []byte
	require.NoError(t, row.Scan(&raw), "%s\n%v", s.text, s.args)
	var plans []struct{ Plan planNode }
	require.NoError(t, json.Unmarshal(raw, &plans))
	require.Len(t, plans, 1)
	return plans[0].Plan
}

// check fails the test where a statement has a plan that is too slow. Where run is set, the statement is also executed, and may touch few rows
// only, and its generic plan is checked.
func (e explainer) check(t *testing.T, what string, s statement, run bool) {
	counts := strings.HasSuffix(s.name(), "Count")
	custom := e.custom(t, s, run && !counts)
	faults := e.faults(custom, counts)
	if run && !counts && custom.touched() > maxTouched*(1+e.slack) {
		faults = append(faults, fmt.Sprintf("%.0f rows touched", custom.touched()))
	}
	if len(faults) > 0 {
		t.Errorf("%s: %s\n%s\n%v\n%v", what, strings.Join(faults, ", "), s.text, s.args, custom)
	}
	if !run {
		return
	}
	generic := e.generic(t, s)
	faults = e.faults(generic, counts)
	// Postgres keeps to plans for the arguments as long as those are cheaper.
	if len(faults) > 0 && generic.Cost <= custom.Cost+planning {
		t.Errorf("%s, as a generic plan: %s\n%s\n%v%v", what, strings.Join(faults, ", "), s.text, custom, generic)
	}
}
