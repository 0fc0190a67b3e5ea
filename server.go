// Command vigie serves one GraphQL API for the whole customer: account, history, finance, sales, catalogue and
// shipments. Without a command it runs a demo that needs nothing but a Postgres installation, or a network to fetch one.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/alecthomas/kong"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/graph"
	"github.com/vigie-dev/vigie/graph/generated"
	"github.com/vigie-dev/vigie/graph/httpd"
	"github.com/vigie-dev/vigie/graph/transport"
	"github.com/vigie-dev/vigie/loaders"
	"github.com/vigie-dev/vigie/resolvers"
	"github.com/vigie-dev/vigie/storage"
	"github.com/vigie-dev/vigie/web"
)

// environment is what a run takes from the operating system; tests pass their own.
type environment struct {
	lookup func(name string) (string, bool)
	stdin  io.Reader // nil is empty
	stdout io.Writer
	stderr io.Writer
	// now is the clock that demo data is dated by.
	now func() time.Time
	// atOnce, when closed, cuts a graceful stop short.
	atOnce <-chan struct{}
}

// app is what every command gets.
type app struct {
	cfg *Config
	env environment
	log *slog.Logger
	// observed is what a server tells of itself; nil where nobody wants to know.
	observed *observation
}

func main() {
	os.Exit(start())
}

// start is main with an exit code: 0 for success, 1 for a failure, 2 for a command line that cannot be understood.
func start() int {
	spareCollector(os.LookupEnv)
	ctx, atOnce, release := stopSignals(context.Background())
	defer release()
	err := run(ctx, os.Args[1:], environment{
		lookup: os.LookupEnv,
		stdin:  os.Stdin,
		stdout: os.Stdout,
		stderr: os.Stderr,
		now:    time.Now,
		atOnce: atOnce,
	})
	if err == nil {
		return 0
	}
	fmt.Fprintln(os.Stderr, "vigie:", err)
	var usage *usageError
	if errors.As(err, &usage) {
		return 2
	}
	return 1
}

// run parses args and runs the command that they name, until it has finished or ctx is done.
func run(ctx context.Context, args []string, env environment) error {
	var cfg Config
	parsed, err := parse(&cfg, args, env)
	if errors.Is(err, errHelped) {
		return nil
	}
	if err != nil {
		return err
	}
	log, err := cfg.Log.logger(env.stderr)
	if err != nil {
		return err
	}
	return runParsed(ctx, parsed, &app{cfg: &cfg, env: env, log: log})
}

func runParsed(ctx context.Context, parsed *kong.Context, a *app) error {
	parsed.BindTo(ctx, (*context.Context)(nil))
	return parsed.Run(a)
}

// handler wires the GraphQL layers over the store. This is the one place that chooses implementations.
func (a *app) handler(store *storage.Pool, cfg httpConfig, guard *guard, trail *audit.Recorder, watch *follower) (*httpd.Handler, error) {
	api, sdl, err := a.graphQL(store, cfg, guard, trail, watch.service)
	if err != nil {
		return nil, err
	}
	page, err := web.GraphiQL()
	if err != nil {
		return nil, err
	}
	if !cfg.GraphiQL {
		page = nil
	}
	if !cfg.Introspection {
		sdl = ""
	}
	options := httpd.Options{
		GraphQL:        api,
		GraphiQL:       page,
		SDL:            sdl,
		Routes:         watch.routes(guard),
		Ready:          databaseReady(store),
		MaxBodyBytes:   cfg.MaxBody,
		RequestTimeout: cfg.RequestTimeout,
		Log:            a.log,
	}
	if a.observed != nil {
		options.Answered = a.observed.observer.Answered
	}
	return httpd.New(options), nil
}

// graphQL makes the executor over the store and the composed schema that it answers.
func (a *app) graphQL(pool *storage.Pool, cfg httpConfig, guard *guard, trail *audit.Recorder, tracker loaders.Tracker) (http.Handler, string, error) {
	bound := generated.Config{Resolvers: &resolvers.Resolver{Now: a.env.now}}
	schema := generated.NewExecutableSchema(bound)
	bucket, err := cfg.bucket(a.env.now)
	if err != nil {
		return nil, "", err
	}
	clients, err := cfg.transport(a, guard)
	if err != nil {
		return nil, "", err
	}
	if a.observed != nil {
		clients.Refused = a.observed.observer.Refused
	}
	cursors, err := cfg.Answer.cursors(a, guard)
	if err != nil {
		return nil, "", err
	}
	if guard.development {
		bucket = nil // A demo is for trying out, also under load.
	}
	a.observed.collect(pool, trail, bucket, clients.Documents.Operations())
	observer := a.observed.ofBatches()
	api, err := graph.NewHandler(graph.Options{
		Schema: schema,
		Fields: generated.Fields(bound),
		Loaders: func(ctx context.Context) *loaders.Set {
			viewer, _ := auth.For(ctx) // The zero viewer may see nothing.
			set := loaders.New(pool.For(viewer).Within(cfg.Answer.bounds()), cfg.BatchWait)
			set.Observer, set.Tracker = observer, tracker
			return set
		},
		Introspection:    cfg.Introspection,
		Limits:           cfg.limits(),
		Bucket:           bucket,
		Trail:            trail,
		Transport:        clients,
		Cursors:          cursors,
		MaxResponseBytes: cfg.Answer.MaxResponseBytes,
		Observer:         a.observed.ofOperations(),
		Log:              a.log,
	})
	if err != nil {
		return nil, "", err
	}
	cors, err := transport.CORS(transport.CORSOptions{Origins: cfg.Origins})
	if err != nil {
		return nil, "", err
	}
	return cors(transport.Compress(guard.protect(api))), graph.SDL(schema.Schema()), nil
}

// databaseReady reports the database's state under a code that gives nothing away.
func databaseReady(store *storage.Pool) func(context.Context) error {
	return func(ctx context.Context) error {
		err := store.Ping(ctx)
		if err != nil {
			return &httpd.NotReadyError{Reason: "DATABASE_UNAVAILABLE", Err: err}
		}
		return nil
	}
}
