package resolvers_test

import (
	"embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/vigie-dev/vigie/ingest/demo"
	"github.com/vigie-dev/vigie/internal/gqlrandom"
	"github.com/vigie-dev/vigie/storage/storagetest"
)

//go:embed testdata/differential
var differentialCases embed.FS

const (
	// differentialDocuments is how many documents a plain test run tries; VIGIE_DIFFERENTIAL_DOCUMENTS says otherwise.
	differentialDocuments = 2_000
	// differentialSeed is the seed of the first half of them; the other half has a new one each time, or VIGIE_DIFFERENTIAL_SEED.
	differentialSeed = 1
	// differentialWorkers are as many pairs of executors.
	differentialWorkers = 4
	// differentialBudget is what the largest documents weigh.
	differentialBudget = 1_500
	// differentialRetries is how often statements are counted again: on a busy machine a loader's batch may be cut in two.
	differentialRetries = 5
	// differentialSurvey is of how many documents one is looked at for its constructs, which takes as long as to validate it.
	differentialSurvey = 8
	// differentialShrinks is how many smaller documents are tried for a failure.
	differentialShrinks = 400
)

// contest holds one executor against another.
type contest struct {
	*api
	t         testing.TB
	database  *storagetest.Database
	words     gqlrandom.Vocabulary
	generator *gqlrandom.Generator
	viewers   []person
}

// newDifference is a contest over demo data, in which every relation has something.
func newDifference(t testing.TB) *contest {
	t.Helper()
	database := storagetest.New(t)
	c := &contest{t: t, database: database, api: newAPIOver(t, database, waiting(time.Millisecond))}
	_, err := demo.Load(t.Context(), c.db, demo.Options{Customers: 40, Seed: 7, Now: present()})
	require.NoError(t, err)
	c.fillRareRelations()
	c.exec(pastTimes)
	c.exec(`ANALYZE`)
	c.words = c.vocabulary(newExecutor(t, database, nil))
	c.generator = gqlrandom.New(c.schema, c.words, gqlrandom.DefaultLimits())
	c.viewers = c.people()
	for i := range c.viewers {
		c.viewers[i].viewer.Subject = c.viewers[i].name
	}
	return c
}

// pastTimes moves what was written just now, at the database's own time, to a fixed one: cursors hold times, and a seed has to give the same
// documents tomorrow.
const pastTimes = `DO $$
DECLARE c record;
BEGIN
	SET LOCAL session_replication_role = replica;
	FOR c IN SELECT format('%I', table_name) AS t, format('%I', column_name) AS n FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
		WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type = 'timestamp with time zone' AND is_generated = 'NEVER' LOOP
		EXECUTE 'UPDATE ' || c.t || ' SET ' || c.n || ' = ''2026-03-01T12:00:00Z'' WHERE ' || c.n || ' BETWEEN now() - interval ''1 hour'' AND now()';
	END LOOP;
END $$`

// exchange is one document for one viewer.
type exchange struct {
	seed   uint64
	number int
	viewer person
	// before is who sends the document to the fast executor first.
	before   person
	document gqlrandom.Document
}

// exchange makes up the document of a number. The first ones are small.
func (c *contest) exchange(seed uint64, number int) exchange {
	r := rand.New(rand.NewPCG(seed, uint64(number)))
	viewers := c.viewers
	if r.IntN(4) > 0 { // Those who see nothing make no large answers.
		viewers = slices.DeleteFunc(slices.Clone(viewers), func(p person) bool { return p.sees == "false" || p.name == "integration without grants" })
	}
	viewer, before := viewers[r.IntN(len(viewers))], viewers[r.IntN(len(viewers))]
	budget := 10 + r.IntN(min(10+2*number, differentialBudget))
	return exchange{seed, number, viewer, before, c.generator.Document(r, budget)}
}

// pair is two executors of which one is right.
type pair struct{ reference, fast *executor }

// differ is what sets the two apart in an exchange.
func (p pair) differ(x exchange) (want outcome, found []string) {
	for range differentialRetries {
		want = p.reference.run(x.viewer.viewer, x.document)
		// Somebody else asks first, and the viewer twice: what is kept of a document for later requests must be right for them too.
		p.fast.run(x.before.viewer, x.document)
		found = differences(want, p.fast.run(x.viewer.viewer, x.document))
		if len(found) == 0 {
			found = differences(want, p.fast.run(x.viewer.viewer, x.document))
		}
		if len(found) != 1 || aspectOf(found) != "statements" {
			break
		}
	}
	return want, found
}

// aspectOf is the first thing that differs: status, data, errors, audit, extensions, statements.
func aspectOf(found []string) string {
	if len(found) == 0 {
		return ""
	}
	return found[0][:strings.IndexAny(found[0], ".: ")]
}

// report is what a failure tells: the smallest document that still shows it.
func (c *contest) report(p pair, x exchange, found []string) string {
	kind := aspectOf(found)
	x.document = gqlrandom.Shrink(c.schema, x.document, differentialShrinks, func(smaller gqlrandom.Document) bool {
		y := x
		y.document = smaller
		_, different := p.differ(y)
		return aspectOf(different) == kind
	})
	want, different := p.differ(x)
	got := p.fast.run(x.viewer.viewer, x.document)
	if len(different) == 0 {
		different = append(found, "(seen once, and not again)")
	}
	sent, err := json.Marshal(x.document.Variables)
	require.NoError(c.t, err)
	return fmt.Sprintf("document %d of VIGIE_DIFFERENTIAL_SEED=%d for the viewer %q differs\n%s\n\n# viewer: %s\n# operation: %s\n# variables: %s\n%s\nreference: %s\nfast: %s",
		x.number, x.seed, x.viewer.name, strings.Join(different, "\n"), x.viewer.name, x.document.OperationName, sent, x.document.Text, want.body, got.body)
}

// tally is what a run has met.
type tally struct {
	mu                         sync.Mutex
	documents                  int
	failing, nothing, surveyed int
	codes, constructs          map[string]int
	statements, leaves         int
}

func (y *tally) add(want outcome) {
	y.mu.Lock()
	defer y.mu.Unlock()
	y.documents++
	y.statements += len(want.statements)
	y.leaves += want.data.size()
	if len(want.errors) > 0 {
		y.failing++
	}
	if want.data.kind != '{' {
		y.nothing++
	}
	for _, code := range []string{"FORBIDDEN", "BAD_USER_INPUT", "QUERY_TOO_COMPLEX", "GRAPHQL_VALIDATION_FAILED", "INTERNAL", "TIMEOUT"} {
		if strings.Contains(strings.Join(want.errors, ""), `"`+code) {
			y.codes[code]++
		}
	}
	if strings.Contains(want.body, "(masked)") {
		y.codes["(masked)"]++
	}
	if len(want.audit) > 0 {
		y.codes["(audited)"]++
	}
	if strings.Contains(want.body, `"FRESH"`) || strings.Contains(want.body, `"NOT_FOUND"`) || strings.Contains(want.body, `"NO_TRACKING_NUMBER"`) {
		y.codes["(live)"]++
	}
}

// survey notes the constructs of a document.
func (y *tally) survey(c *contest, document gqlrandom.Document) {
	has, err := gqlrandom.Survey(c.schema, document)
	y.mu.Lock()
	defer y.mu.Unlock()
	if assert.NoError(c.t, err, document.Text) {
		y.surveyed++
	}
	for name := range has {
		y.constructs[name]++
	}
}

// size is how many leaves a value has.
func (o ordered) size() int {
	if o.kind == 'v' {
		return 1
	}
	size := 0
	for _, item := range o.items {
		size += item.size()
	}
	return size
}

// run tries documents by number until there are enough or one fails.
func (c *contest) run(seed uint64, documents int, pairs []pair, y *tally) string {
	var next atomic.Int64
	var failed atomic.Pointer[string]
	var workers sync.WaitGroup
	for _, p := range pairs {
		workers.Go(func() {
			for failed.Load() == nil {
				number := int(next.Add(1)) - 1
				if number >= documents {
					return
				}
				x := c.exchange(seed, number)
				want, found := p.differ(x)
				y.add(want)
				if number%differentialSurvey == 0 {
					y.survey(c, x.document)
				}
				if len(found) > 0 {
					text := c.report(p, x, found)
					failed.CompareAndSwap(nil, &text)
				}
			}
		})
	}
	workers.Wait()
	if text := failed.Load(); text != nil {
		return *text
	}
	return ""
}

func (c *contest) pairs() []pair {
	pairs := make([]pair, differentialWorkers)
	for i := range pairs {
		pairs[i].reference, pairs[i].fast = newExecutors(c.t, c.database)
	}
	return pairs
}

// TestBothExecutorsGiveTheSameAnswers asks random queries of both, for viewers of each kind.
func TestBothExecutorsGiveTheSameAnswers(t *testing.T) {
	t.Parallel()
	documents := wanted(t, "VIGIE_DIFFERENTIAL_DOCUMENTS", differentialDocuments)
	c := newDifference(t)
	pairs := c.pairs()
	y := &tally{codes: map[string]int{}, constructs: map[string]int{}}
	since := time.Now()
	for _, seed := range []uint64{differentialSeed, uint64(wanted(t, "VIGIE_DIFFERENTIAL_SEED", int(rand.Int64())))} {
		failure := c.run(seed, (documents+1)/2, pairs, y)
		require.Empty(t, failure)
	}
	c.judge(y, time.Since(since))
}

// judge holds that the run has met what it is for.
func (c *contest) judge(y *tally, took time.Duration) {
	table := ""
	for _, name := range gqlrandom.Constructs() {
		table += fmt.Sprintf("%5.1f %%  %s\n", 100*float64(y.constructs[name])/float64(max(y.surveyed, 1)), name)
	}
	c.t.Logf("%d documents in %s, %.0f a second; %d with errors, %d without data; %d statements, %d values; by code %v\n%s",
		y.documents, took.Round(time.Millisecond), float64(y.documents)/took.Seconds(), y.failing, y.nothing, y.statements, y.leaves, y.codes, table)
	if y.documents < 500 {
		return
	}
	share := func(n int) float64 { return float64(n) / float64(y.documents) }
	assert.Less(c.t, share(y.codes["QUERY_TOO_COMPLEX"]), 0.02)
	assert.Less(c.t, share(y.nothing), 0.4, "documents without data")
	assert.Greater(c.t, share(y.failing), 0.1, "documents with errors")
	assert.Greater(c.t, share(y.leaves), 10.0, "values for each document")
	for _, code := range []string{"FORBIDDEN", "BAD_USER_INPUT", "(audited)"} {
		assert.Greater(c.t, share(y.codes[code]), 0.002, code)
	}
	assert.Positive(c.t, y.codes["(masked)"], "documents with masked values")
	assert.Positive(c.t, y.codes["(live)"], "documents that ask carriers")
	assert.Zero(c.t, y.codes["INTERNAL"]+y.codes["TIMEOUT"], "documents with a fault of our own")
}

// wanted is a number of the environment, or the usual one.
func wanted(t *testing.T, variable string, usual int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err, variable)
	return n
}

// TestDifferentialCases asks what once made a difference, or might.
func TestDifferentialCases(t *testing.T) {
	t.Parallel()
	c := newDifference(t)
	p := pair{}
	p.reference, p.fast = newExecutors(t, c.database)
	files, err := differentialCases.ReadDir("testdata/differential")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := differentialCases.ReadFile("testdata/differential/" + file.Name())
		require.NoError(t, err)
		x := c.readCase(string(text))
		want, found := p.differ(x)
		assert.Empty(t, found, "%s\nreference: %s", file.Name(), want.body)
		for _, code := range []string{"GRAPHQL_", "QUERY_TOO_COMPLEX", "INTERNAL"} {
			assert.NotContains(t, want.body, code, "%s is out of date", file.Name())
		}
	}
}

// readCase reads a document that begins with what a failure reports of it, as comments.
func (c *contest) readCase(text string) exchange {
	c.t.Helper()
	x := exchange{document: gqlrandom.Document{Text: text, Variables: map[string]any{}}}
	for line := range strings.Lines(text) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch name {
		case "# viewer":
			i := slices.IndexFunc(c.viewers, func(p person) bool { return p.name == value })
			require.GreaterOrEqual(c.t, i, 0, "no viewer %q", value)
			x.viewer = c.viewers[i]
		case "# operation":
			x.document.OperationName = value
		case "# variables":
			require.NoError(c.t, json.Unmarshal([]byte(value), &x.document.Variables))
		}
	}
	require.NotEmpty(c.t, x.viewer.name, "a case says for whom it is")
	return x
}
