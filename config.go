package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"github.com/vigie-dev/vigie/auth"
	"github.com/vigie-dev/vigie/graph/cost"
	"github.com/vigie-dev/vigie/graph/httpd"
	"github.com/vigie-dev/vigie/graph/transport"
)

// defaultAddress is where the server listens unless told otherwise.
const defaultAddress = "127.0.0.1:8080"

// Config is the whole command line. Every flag with a variable tag can be set by that environment variable too; the
// command line wins. Fields of the form `embed` are shared between commands.
type Config struct {
	Log      logConfig      `embed:"" group:"Logs"`
	Database databaseConfig `embed:"" group:"Database"`

	Demo    demoCommand    `cmd:"" default:"withargs" help:"Serve the demo: what happens without a command."`
	Serve   serveCommand   `cmd:"" help:"Serve the API."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema up to date."`
	Import  importCommand  `cmd:"" help:"Import a folder of CSV files through a mapping, or files of carriers."`
	Seed    seedCommand    `cmd:"" help:"Fill the database with made-up customers."`
	Key     keyCommand     `cmd:"" help:"Make, list and revoke API keys."`
	Token   tokenCommand   `cmd:"" help:"Print a token of the demo."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// logConfig says how to log. Logs go to standard error.
type logConfig struct {
	// LogFormat is text for people or json for machines.
	LogFormat string `variable:"VIGIE_LOG_FORMAT" enum:"text,json" default:"text" help:"Log format: ${enum}."`
	// LogLevel is the least severe level that is written.
	LogLevel string `variable:"VIGIE_LOG_LEVEL" enum:"debug,info,warn,error" default:"info" help:"Least level to log: ${enum}."`
}

// databaseConfig says which database to use and how hard.
type databaseConfig struct {
	// DatabaseURL is a Postgres connection string; empty means the embedded Postgres of DataDir.
	DatabaseURL string `name:"database-url" variable:"DATABASE_URL" placeholder:"URL" help:"Postgres to use, as postgres://user:password@host/database. Prefer the variable: other users can read a command line. Without it, an embedded Postgres runs in the data directory."`
	// DataDir keeps the embedded Postgres.
	DataDir string `variable:"VIGIE_DATA_DIR" default:".vigie" placeholder:"DIR" help:"Data directory of the embedded Postgres (${default})."`
	// PoolSize bounds the connections to the database.
	PoolSize int `variable:"VIGIE_POOL_SIZE" default:"16" help:"Most connections to the database at once."`
	// ConnectTimeout bounds the making of one connection.
	ConnectTimeout time.Duration `variable:"VIGIE_CONNECT_TIMEOUT" default:"5s" help:"Longest time to connect to the database."`
	// StatementTimeout bounds one SQL statement of a request.
	StatementTimeout time.Duration `variable:"VIGIE_STATEMENT_TIMEOUT" default:"10s" help:"Longest time for one SQL statement of a request."`
}

// Validate is called by the parser.
func (c databaseConfig) Validate() error {
	switch {
	case c.PoolSize < 1:
		return errors.New("the pool size must be at least 1")
	case c.ConnectTimeout <= 0 || c.StatementTimeout <= 0:
		return errors.New("the connect and statement timeouts must be above zero")
	case c.DatabaseURL == "" && c.DataDir == "":
		return errors.New("without a database URL a data directory is needed")
	}
	return nil
}

// httpConfig says where to listen and what a client may take.
type httpConfig struct {
	// Addr is where to listen; empty means defaultAddress.
	Addr string `variable:"VIGIE_ADDR" placeholder:"HOST:PORT" help:"Address to listen on (127.0.0.1:8080). Port 0 takes a free one."`
	// AdminAddr is where to serve metrics and profiles; empty and adminOff mean nowhere, but in the demo empty means a free loopback port.
	AdminAddr string `variable:"VIGIE_ADMIN_ADDR" placeholder:"HOST:PORT" help:"Address for /metrics and, on loopback, /debug/pprof (docs/observability.md); \"off\" for none. Unset it is off in serve, and a free port of 127.0.0.1 in the demo."`
	// RequestTimeout is the deadline of a GraphQL request.
	RequestTimeout time.Duration `variable:"VIGIE_REQUEST_TIMEOUT" default:"30s" help:"Longest time for one request."`
	// MaxBody bounds a request's body, in bytes.
	MaxBody int64 `variable:"VIGIE_MAX_BODY" default:"1048576" help:"Largest request body in bytes."`
	// ReadHeaderTimeout bounds the wait for a request's headers.
	ReadHeaderTimeout time.Duration `variable:"VIGIE_READ_HEADER_TIMEOUT" default:"5s" help:"Longest time to receive headers."`
	// ReadTimeout bounds the wait for a whole request.
	ReadTimeout time.Duration `variable:"VIGIE_READ_TIMEOUT" default:"30s" help:"Longest time to receive a request."`
	// WriteTimeout bounds the time until an answer is sent.
	WriteTimeout time.Duration `variable:"VIGIE_WRITE_TIMEOUT" default:"60s" help:"Longest time to answer and send; websockets are exempt."`
	// IdleTimeout bounds how long a connection is kept without a request.
	IdleTimeout time.Duration `variable:"VIGIE_IDLE_TIMEOUT" default:"2m" help:"Longest idle time of a connection."`
	// Introspection and GraphiQL are for people who write queries.
	Introspection bool `variable:"VIGIE_INTROSPECTION" default:"true" negatable:"" help:"Let clients ask for the schema, and serve it at /schema.graphql."`
	GraphiQL      bool `variable:"VIGIE_GRAPHIQL" name:"graphiql" default:"true" negatable:"" help:"Serve GraphiQL at /graphiql."`
	// MaxCost bounds what one query may cost.
	MaxCost int `variable:"VIGIE_MAX_COST" default:"100000" help:"Most points that one query may cost (docs/limits.md)."`
	// Answer says how large one answer may become, and how its cursors are sealed.
	Answer answerConfig `embed:""`
	// RateCapacity and RateRestore bound what a viewer may spend over time.
	RateCapacity int `variable:"VIGIE_RATE_CAPACITY" default:"200000" help:"Points that a viewer may spend at once; 0 for no bound over time."`
	RateRestore  int `variable:"VIGIE_RATE_RESTORE" default:"5000" help:"Points that come back to a viewer each second."`
	// Origins are other sites whose pages may use the API.
	Origins []string `variable:"VIGIE_ORIGINS" placeholder:"SITE" help:"Other sites whose pages may use the API, as https://app.example.org; several with commas between."`
	// Documents and DocumentMode are for trusted documents.
	Documents    string `variable:"VIGIE_DOCUMENTS" placeholder:"FILE" help:"Manifest of trusted documents: JSON, ids to texts (docs/http.md)."`
	DocumentMode string `variable:"VIGIE_DOCUMENT_MODE" enum:"off,log,prefer,require" default:"off" help:"What trusted documents are for: ${enum}."`
	// BatchWait is the step in which a loader waits for the other fields of its level before it asks the database for all of them.
	BatchWait time.Duration `variable:"VIGIE_BATCH_WAIT" default:"1ms" help:"How long a field waits for its siblings, to read for all of them in one statement: until none has asked for so long."`
	// Tracking says how shipments are followed.
	Tracking trackingConfig `embed:"" group:"Tracking"`
	// DrainDelay is the time between /readyz turning 503 and refusing connections.
	DrainDelay time.Duration `variable:"VIGIE_DRAIN_DELAY" default:"0s" help:"When stopping, time for load balancers to see /readyz turn 503."`
	// StopTimeout bounds the wait for requests in flight when stopping.
	StopTimeout time.Duration `variable:"VIGIE_STOP_TIMEOUT" default:"15s" help:"When stopping, longest wait for requests in flight."`
}

// Validate is called by the parser.
func (c httpConfig) Validate() error {
	if c.RequestTimeout <= 0 || c.MaxBody <= 0 {
		return errors.New("the request timeout and the largest body must be above zero")
	}
	if c.MaxCost < 1 || c.RateCapacity < 0 || c.RateRestore < 1 {
		return errors.New("the most that a query may cost and the restore rate must be above zero, the rate's capacity not below")
	}
	if c.WriteTimeout < c.RequestTimeout {
		return fmt.Errorf("the write timeout, %s, must not be below the request timeout, %s: its answers would be cut", c.WriteTimeout, c.RequestTimeout)
	}
	return errors.Join(c.Answer.check(), c.Tracking.check())
}

// limits are what requests are held to.
func (c httpConfig) limits() cost.Limits {
	limits := cost.DefaultLimits()
	limits.MaxCost = c.MaxCost
	return limits
}

// bucket is what viewers may spend over time, or nil where that has no bound.
func (c httpConfig) bucket(now func() time.Time) (*cost.Bucket, error) {
	if c.RateCapacity == 0 {
		return nil, nil
	}
	options := cost.DefaultBucketOptions()
	options.Capacity, options.Restore, options.Now = c.RateCapacity, c.RateRestore, now
	return cost.NewBucket(options)
}

// hashedDocuments is how many documents are kept that clients sent with their hash.
const hashedDocuments = 1000

// transport is what clients may do over HTTP and websockets.
func (c httpConfig) transport(a *app, guard *guard) (transport.Options, error) {
	options := transport.DocumentOptions{Mode: transport.DocumentMode(c.DocumentMode), Hashed: hashedDocuments, Log: a.log}
	if c.Documents != "" {
		file, err := os.Open(c.Documents)
		if err != nil {
			return transport.Options{}, fmt.Errorf("open the manifest of trusted documents: %w", err)
		}
		options.Manifest, err = transport.ReadManifest(file)
		err = errors.Join(err, file.Close())
		if err != nil {
			return transport.Options{}, fmt.Errorf("read the manifest of trusted documents: %w", err)
		}
	}
	documents, err := transport.NewDocuments(options)
	if err != nil {
		return transport.Options{}, err
	}
	return transport.Options{
		MaxBodyBytes:     c.MaxBody,
		Documents:        documents,
		OperationTimeout: c.RequestTimeout,
		Origins:          c.Origins,
		Init:             auth.Init(guard.gate),
		Expiry:           auth.Expiry,
		Recheck:          auth.Recheck,
		Stopping:         httpd.Stopping,
		Log:              a.log,
		Now:              a.env.now,
	}, nil
}

func (c httpConfig) serveOptions(a *app) httpd.ServeOptions {
	return httpd.ServeOptions{
		ReadHeaderTimeout: c.ReadHeaderTimeout,
		ReadTimeout:       c.ReadTimeout,
		WriteTimeout:      c.WriteTimeout,
		IdleTimeout:       c.IdleTimeout,
		DrainDelay:        c.DrainDelay,
		StopTimeout:       c.StopTimeout,
		AtOnce:            a.env.atOnce,
		Log:               a.log,
	}
}

func (c logConfig) logger(w io.Writer) (*slog.Logger, error) {
	var level slog.Level
	err := level.UnmarshalText([]byte(c.LogLevel))
	if err != nil {
		return nil, fmt.Errorf("log level: %w", err)
	}
	options := &slog.HandlerOptions{Level: level}
	var handler slog.Handler = slog.NewTextHandler(w, options)
	if c.LogFormat == "json" {
		handler = slog.NewJSONHandler(w, options)
	}
	return slog.New(httpd.LogHandler(handler)), nil
}

// errHelped says that help was printed, so nothing is left to do.
var errHelped = errors.New("help was printed")

// usageError is a command line that cannot be understood.
type usageError struct {
	err error
}

func (e *usageError) Error() string {
	return e.err.Error() + " (see vigie --help)"
}

func (e *usageError) Unwrap() error {
	return e.err
}

// parse reads the command line into cfg and returns the parser's context, whose Run starts the command.
func parse(cfg *Config, args []string, env environment) (*kong.Context, error) {
	helped := false
	parser, err := kong.New(cfg,
		kong.Name("vigie"),
		kong.Description("One GraphQL API for the whole customer. Without a command: a demo with its own Postgres and made-up data."),
		kong.Writers(env.stdout, env.stderr),
		kong.Exit(func(int) { helped = true }),
		kong.Resolvers(fromEnvironment(env.lookup)),
		kong.ValueFormatter(withVariable),
		kong.ConfigureHelp(kong.HelpOptions{NoExpandSubcommands: true, WrapUpperBound: 110}),
	)
	if err != nil {
		return nil, fmt.Errorf("command line definition: %w", err)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return nil, errHelped
	}
	if err != nil {
		return nil, &usageError{err}
	}
	return parsed, nil
}

// fromEnvironment reads flags from the environment that the program was given, which in tests is not the process's. An
// empty variable counts as unset.
func fromEnvironment(lookup func(string) (string, bool)) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		name := variableOf(flag.Value)
		if name == "" {
			return nil, nil
		}
		value, found := lookup(name)
		if !found || value == "" {
			return nil, nil
		}
		return value, nil
	})
}

// withVariable appends a flag's environment variable to its help.
func withVariable(value *kong.Value) string {
	name := variableOf(value)
	if name == "" {
		return value.Help
	}
	return value.Help + " [$" + name + "]"
}

// variableOf is a flag's environment variable: the one of its tag, or with "*" the one that is named after the flag; "" where it has none.
func variableOf(value *kong.Value) string {
	name := value.Tag.Get("variable")
	if name == "*" {
		return "VIGIE_" + strings.ToUpper(strings.ReplaceAll(value.Name, "-", "_"))
	}
	return name
}
