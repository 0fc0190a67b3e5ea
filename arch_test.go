package main_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/vigie-dev/vigie/internal/arch"
)

const module = "github.com/vigie-dev/vigie"

const (
	longestFile = 400 // lines of hand-written Go; 250 is the aim
	// A resolver checks, makes one call and wraps the answer: ten lines and its signature.
	longestResolver = 12
)

// layers is the shape of the house, lowest first: dependencies point up this list only.
func layers() []arch.Layer {
	return []arch.Layer{
		{Dir: "domain", Rank: 0, Why: "domain is what all layers speak, so it imports none of them"},
		{Dir: "internal", Rank: 0, Why: "the project's tools know its files, not its packages"},
		{Dir: "internal/cmd/bench", Rank: 1, May: []string{"storage"}, Why: "the bench meets the server from outside, and the database as a tool of its own"},
		{Dir: "web", Rank: 0, Why: "web holds files to serve"},
		{Dir: "storage", Rank: 1, May: []string{"domain"}, Why: "storage speaks domain and SQL, nothing above"},
		{Dir: "tracking", Rank: 1, May: []string{"domain"}, Why: "a carrier is asked in domain's words"},
		{Dir: "loaders", Rank: 2, May: []string{"domain", "storage", "tracking"}, Why: "loaders batch what storage and tracking answer"},
		{Dir: "tower", Rank: 2, May: []string{"domain", "storage", "tracking"}, Why: "the tower judges facts, whoever asks for them"},
		{Dir: "live", Rank: 2, May: []string{"domain", "storage", "tracking"}, Why: "the feed tells changes, whoever listens"},
		{Dir: "watch", Rank: 2, May: []string{"domain", "storage", "tracking"}, Why: "the watch keeps shipments current, whoever looks at them"},
		{Dir: "ingest", Rank: 2, May: []string{"domain", "storage", "tracking"}, Why: "an import fills the database without a server"},
		{Dir: "ingest/demo", Rank: 1, May: []string{"domain", "storage"}, Why: "made-up data are rows and nothing more, so that the tests of storage may use them"},
		{Dir: "auth", Rank: 2, May: []string{"domain", "storage"}, Why: "auth turns a token into a viewer, for any transport"},
		{Dir: "audit", Rank: 2, May: []string{"domain", "storage"}, Why: "the trail is kept whatever the transport"},
		{Dir: "graph", Rank: 3, May: []string{"domain", "loaders", "auth", "audit", "web"}, Why: "graph is GraphQL itself: it gets resolvers and data handed in"},
		{
			Dir: "resolvers", Rank: 4,
			May: []string{"domain", "storage", "tracking", "loaders", "tower", "live", "auth", "audit", "graph"},
			Why: "resolvers check, call and wrap",
		},
		{Dir: ".", Rank: 5, May: []string{"..."}, Why: "main wires everything"},
	}
}

// reserved keeps the imports that would carry one layer's matter into another.
func reserved() []arch.Reserved {
	const sqlStays = "SQL stays in storage (and the LISTEN connection in live)"
	const mainChooses = "only main chooses implementations"
	const observers = "the layers tell an Observer of their own, and graph/observe makes metrics and traces of it"
	return []arch.Reserved{
		{Import: "github.com/lib/pq", For: []string{"storage", "live"}, Why: sqlStays},
		{Import: "github.com/jmoiron/sqlx", For: []string{"storage", "live"}, Why: sqlStays},
		{Import: "database/sql", For: []string{".", "storage", "live", "ingest", "internal/cmd/bench"}, Tests: true, Why: sqlStays},
		{Import: "github.com/99designs/gqlgen", For: []string{"graph", "resolvers", "internal/fieldgen", "internal/cmd/generate"}, Tests: true, Why: "GraphQL stays in graph and resolvers"},
		{Import: "github.com/vektah/gqlparser", For: []string{"graph", "resolvers", "internal"}, Tests: true, Why: "GraphQL stays in graph and resolvers"},
		{Import: "graph/generated", For: []string{"graph", "resolvers", "."}, Tests: true, Why: "generated code is behind graph"},
		{Import: "resolvers", For: []string{"."}, Why: mainChooses},
		{Import: "storage/embedded", For: []string{".", "storage/storagetest", "internal/cmd/bench"}, Tests: true, Why: mainChooses},
		{Import: "github.com/prometheus", For: []string{".", "graph/observe"}, Tests: true, Why: observers},
		{Import: "go.opentelemetry.io", For: []string{".", "graph/observe"}, Tests: true, Why: observers},
		{Import: "storage/storagetest", Tests: true, Why: "databases for tests are for tests"},
		{Import: "ingest/demo", For: []string{"."}, Tests: true, Why: mainChooses},
		{Import: "tracking/trackingtest", Tests: true, Why: "what carriers have to pass is for tests"},
		{Import: "tracking/service", For: []string{".", "loaders", "watch", "live", "tower", "resolvers"}, Tests: true, Why: "a carrier answers whoever asks, and knows nobody"},
		{Import: "github.com/stretchr/testify", For: []string{"storage/storagetest", "tracking/trackingtest"}, Tests: true, Why: "assertions are for tests"},
	}
}

// carriers keeps the adapters apart from each other and from all that speaks of carriers in general.
func carriers(t *testing.T) []arch.Reserved {
	t.Helper()
	entries, err := os.ReadDir("tracking")
	if err != nil {
		t.Fatal(err)
	}
	var apart []arch.Reserved
	for _, entry := range entries {
		if entry.IsDir() && entry.Name() != "trackingtest" && entry.Name() != "service" {
			apart = append(apart, arch.Reserved{
				Import: "tracking/" + entry.Name(), For: []string{"."}, Tests: true, Why: "only main chooses carriers, and none knows another",
			})
		}
	}
	if len(apart) == 0 {
		t.Fatal("no carriers found: the test looks in the wrong place")
	}
	return apart
}

func TestArchitecture(t *testing.T) {
	tree, err := arch.Load(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.Go) == 0 {
		t.Fatal("no Go files found: the test looks in the wrong place")
	}
	// Put together here so that this file does not find itself.
	unfinished := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME)\b`)
	machinePath := regexp.MustCompile(`(^|[^A-Za-z0-9_.$}])/(work|farm|root|home/[a-z]+)/`)

	for _, check := range []struct {
		name  string
		found []string
	}{
		{"imports", arch.Imports(tree, module, layers(), append(reserved(), carriers(t)...))},
		{"file length", arch.TooLong(tree, longestFile)},
		{"package comments", arch.Undocumented(tree)},
		{"no init", arch.Inits(tree)},
		{"no package-level mutable state", arch.MutableState(tree)},
		{"resolver length", arch.LongMethods(tree, "resolvers", longestResolver)},
		{"nothing left unfinished", arch.Matches(tree, unfinished, "finish it, or file an issue")},
		{"no machine paths", arch.Matches(tree, machinePath, "it exists on one machine only")},
	} {
		t.Run(check.name, func(t *testing.T) {
			if len(check.found) > 0 {
				t.Errorf("%d found:\n%s", len(check.found), strings.Join(check.found, "\n"))
			}
		})
	}
}

// The rules are data, so a slip in them would let everything pass: hold a few known cases.
func TestArchitectureRefusesViolations(t *testing.T) {
	for _, test := range []struct {
		file, imports string
		refused       bool
	}{
		{"domain/order.go", module + "/storage", true},
		{"domain/order.go", "database/sql", true},
		{"domain/order.go", "github.com/99designs/gqlgen/graphql", true},
		{"storage/order.go", module + "/loaders", true},
		{"storage/order.go", "github.com/lib/pq", false},
		{"storage/order_test.go", module + "/storage/storagetest", false},
		{"storage/order.go", module + "/storage/storagetest", true},
		{"tracking/dhl/dhl.go", module + "/storage", true},
		{"tracking/dhl/dhl.go", module + "/tracking", false},
		{"tracking/ups/ups.go", module + "/tracking/dhl", true},
		{"tracking/detect.go", module + "/tracking/dhl", true},
		{"tracking/dhl/dhl.go", module + "/tracking/trackingtest", true},
		{"tracking/dhl/dhl_test.go", module + "/tracking/trackingtest", false},
		{"live/poll.go", module + "/tracking/dhl", true},
		{"carriers.go", module + "/tracking/dhl", false},
		{"loaders/order.go", module + "/storage", false},
		{"loaders/order.go", module + "/graph/relay", true},
		{"loaders/order_test.go", module + "/storage/storagetest", false},
		{"ingest/run.go", module + "/resolvers", true},
		{"ingest/run.go", "github.com/jmoiron/sqlx", true},
		{"live/listen.go", "github.com/lib/pq", false},
		{"storage/observe.go", "go.opentelemetry.io/otel/trace", true},
		{"loaders/observe.go", "github.com/prometheus/client_golang/prometheus", true},
		{"graph/observe/span.go", "go.opentelemetry.io/otel/trace", false},
		{"internal/cmd/bench/database.go", module + "/storage/embedded", false},
		{"internal/cmd/bench/server.go", module + "/resolvers", true},
		{"graph/handler.go", module + "/resolvers", true},
		{"graph/httpd/handler.go", module + "/resolvers", true},
		{"graph/handler_test.go", module + "/resolvers", true},
		{"resolvers/order.go", module + "/graph/generated", false},
		{"resolvers/order.go", "github.com/jmoiron/sqlx", true},
		{"resolvers/order.go", module + "/ingest", true},
		{"resolvers/order_test.go", module + "/ingest/demo", false},
		{"server.go", module + "/resolvers", false},
		{"server.go", module + "/storage/embedded", false},
		{"server.go", "github.com/lib/pq", true},
		{"newfolder/thing.go", "fmt", true},
	} {
		source := "package p\n\nimport _ \"" + test.imports + "\"\n"
		tree, err := arch.Load(fstest.MapFS{test.file: {Data: []byte(source)}})
		if err != nil {
			t.Fatal(err)
		}
		found := arch.Imports(tree, module, layers(), append(reserved(), carriers(t)...))
		if (len(found) > 0) != test.refused {
			t.Errorf("%s importing %s: refused %v, want %v (%v)", test.file, test.imports, len(found) > 0, test.refused, found)
		}
	}
}
