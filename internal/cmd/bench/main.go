// Command bench measures the server as its clients meet it: it fills a database with made-up customers, starts the server as a process of its own,
// loads it over HTTP, and prints what a request costs.
//
//	go run ./internal/cmd/bench                  requests per second, latency, CPU, allocations and statements of three queries
//	go run ./internal/cmd/bench -growth          the same queries as the data grow
//	go run ./internal/cmd/bench -json            one JSON object a line instead of a table
//
// The database is an embedded Postgres in the directory -data, which is kept for the next time, or the one that VIGIE_BENCH_DATABASE_URL names:
// that is migrated, filled where it is empty, and otherwise read as it is.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// databaseEnv names a database to use in place of the embedded one.
const databaseEnv = "VIGIE_BENCH_DATABASE_URL"

// options say what to measure.
type options struct {
	databaseURL string
	data        string
	server      string
	seed        uint64
	customers   int
	connections []int
	queries     []string
	warmUp      time.Duration
	duration    time.Duration
	json        bool
	growth      bool
	sizes       []int
	orders      []int

	stdout, stderr io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := start(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func start(ctx context.Context, args []string) error {
	o := options{stdout: os.Stdout, stderr: os.Stderr, databaseURL: os.Getenv(databaseEnv)}
	err := o.parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	return run(ctx, o)
}

// parse reads the command line.
func (o *options) parse(args []string) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(o.stderr)
	flags.StringVar(&o.data, "data", ".vigie/bench", "directory of the embedded Postgres, kept for the next time")
	flags.StringVar(&o.server, "server", "", "server program to measure; built from this folder when empty")
	flags.Uint64Var(&o.seed, "seed", 1, "the same seed makes the same customers")
	flags.IntVar(&o.customers, "customers", 5_000, "how many customers to make in an empty database")
	flags.DurationVar(&o.warmUp, "warmup", 2*time.Second, "time before each measurement")
	flags.DurationVar(&o.duration, "duration", 10*time.Second, "time of each measurement")
	flags.BoolVar(&o.json, "json", false, "print records as JSON lines")
	flags.BoolVar(&o.growth, "growth", false, "measure as the data grow: customers, and orders of one customer")
	connections := flags.String("connections", "1,16,64", "numbers of connections at once")
	queries := flags.String("queries", strings.Join(queryNames(), ","), "queries to measure")
	sizes := flags.String("sizes", "5000,50000,500000", "with -growth, numbers of customers")
	orders := flags.String("orders", "10,1000,100000", "with -growth, numbers of orders of one customer")
	err := flags.Parse(args)
	if err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("%q is no flag", flags.Arg(0))
	}
	var problems [3]error
	o.connections, problems[0] = numbers(*connections)
	o.sizes, problems[1] = numbers(*sizes)
	o.orders, problems[2] = numbers(*orders)
	o.queries = strings.Split(*queries, ",")
	return errors.Join(append(problems[:], o.check())...)
}

func (o *options) check() error {
	switch {
	case o.customers < 1 || o.duration <= 0 || o.warmUp < 0:
		return errors.New("-customers and -duration must be above zero")
	case o.growth && o.databaseURL != "":
		return errors.New("-growth makes databases of its own: unset " + databaseEnv)
	}
	for _, name := range o.queries {
		_, err := queryText(name)
		if err != nil {
			return err
		}
	}
	return nil
}

// numbers reads a list of numbers above zero.
func numbers(text string) ([]int, error) {
	var list []int
	for part := range strings.SplitSeq(text, ",") {
		number, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || number < 1 {
			return nil, fmt.Errorf("%q is not a list of numbers above zero, as in 1,16,64", text)
		}
		list = append(list, number)
	}
	return list, nil
}

// run measures what the options ask for and ends all that it started.
func run(ctx context.Context, o options) error {
	program, remove, err := buildServer(ctx, o.server)
	if err != nil {
		return err
	}
	defer remove()
	b := &bench{options: o, program: program}
	if o.growth {
		return b.measureGrowth(ctx)
	}
	records, err := b.measureOnce(ctx)
	return errors.Join(err, b.print(records))
}
