// Command schemadiff compares the GraphQL schema with what clients rely on.
//
//	schemadiff [-allow FILE] [-write] [OLD [NEW]]
//
// OLD and NEW are SDL files or project folders: the committed baseline and the current folder when
// left out. It prints one line a change and exits with 1 when one is breaking and not in the allow
// list, with 2 when it cannot compare. With -write, a comparison that passes (or a baseline that
// does not exist yet) makes NEW the baseline.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/schemadiff"
	"github.com/vigie-dev/vigie/internal/sdl"
)

// baseline is the schema that clients were told of, composed into one file.
const baseline = "graph/schema.baseline.graphql"

const header = "# What clients rely on: the schema as of the last release, composed by internal/cmd/schemadiff -write.\n"

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr, time.Now().UTC()))
}

// run returns the exit code.
func run(args []string, stdout, stderr io.Writer, today time.Time) int {
	flags := flag.NewFlagSet("schemadiff", flag.ContinueOnError)
	flags.SetOutput(stderr)
	allow := flags.String("allow", "", "file of breaking changes that were decided on, one printed line each")
	write := flags.Bool("write", false, "make the new schema the baseline when nothing breaking is left")
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil || flags.NArg() > 2 {
		return 2
	}
	oldPath, nextPath := baseline, "."
	if flags.NArg() > 0 {
		oldPath = flags.Arg(0)
	}
	if flags.NArg() > 1 {
		nextPath = flags.Arg(1)
	}

	next, err := sdl.Load(nextPath)
	if err != nil {
		return fail(stderr, err)
	}
	old, err := sdl.Load(oldPath)
	if errors.Is(err, fs.ErrNotExist) && *write {
		return save(stdout, stderr, oldPath, next)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w (write a first baseline with -write)", err)
	}
	if err != nil {
		return fail(stderr, err)
	}
	list, err := readAllowList(*allow)
	if err != nil {
		return fail(stderr, err)
	}

	refused := report(stdout, schemadiff.Diff(old, next, today), list)
	if refused > 0 {
		fmt.Fprintf(stderr, "schemadiff: %d breaking changes: deprecate first, or put the line into the allow list\n", refused)
		return 1
	}
	if *write {
		return save(stdout, stderr, oldPath, next)
	}
	return 0
}

// report prints the changes and what is odd about the allow list, and counts the changes refused.
func report(stdout io.Writer, changes []schemadiff.Change, list schemadiff.AllowList) int {
	for _, change := range changes {
		fmt.Fprintln(stdout, change)
	}
	refused, stale := list.Refused(changes)
	for _, line := range stale {
		fmt.Fprintln(stdout, "the allow list names no breaking change with:", line)
	}
	fmt.Fprintf(stdout, "%d changes, %d of them breaking and not allowed\n", len(changes), len(refused))
	return len(refused)
}

func readAllowList(path string) (schemadiff.AllowList, error) {
	if path == "" {
		return nil, nil
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return schemadiff.ReadAllowList(file)
}

func save(stdout, stderr io.Writer, path string, schema *ast.Schema) int {
	err := os.WriteFile(path, []byte(header+sdl.Format(schema)), 0o644)
	if err != nil {
		return fail(stderr, err)
	}
	fmt.Fprintln(stdout, "wrote", path)
	return 0
}

func fail(stderr io.Writer, err error) int {
	fmt.Fprintln(stderr, "schemadiff:", err)
	return 2
}
