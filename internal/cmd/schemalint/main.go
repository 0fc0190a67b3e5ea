// Command schemalint checks the GraphQL schema against the project's conventions.
//
// It takes the project's folder, or one SDL file; the folder it runs in is the default. It exits
// with 1 when it finds something and with 2 when it cannot read the schema.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/vigie-dev/vigie/internal/schemalint"
	"github.com/vigie-dev/vigie/internal/sdl"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("schemalint", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: schemalint [FOLDER or FILE]\n\nrules:")
		for _, rule := range schemalint.Rules() {
			fmt.Fprintf(stderr, "  %-12s %s\n", rule.Name, rule.Summary)
		}
	}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err != nil {
		return 2
	}
	path := "."
	switch flags.NArg() {
	case 0:
	case 1:
		path = flags.Arg(0)
	default:
		flags.Usage()
		return 2
	}

	schema, err := sdl.Load(path)
	if err != nil {
		fmt.Fprintln(stderr, "schemalint:", err)
		return 2
	}
	findings := schemalint.Lint(schema, schemalint.Rules())
	for _, finding := range findings {
		fmt.Fprintln(stdout, finding)
	}
	if len(findings) > 0 {
		fmt.Fprintf(stderr, "schemalint: %d findings\n", len(findings))
		return 1
	}
	fmt.Fprintf(stdout, "%d types follow %d rules\n", len(sdl.Types(schema)), len(schemalint.Rules()))
	return 0
}
