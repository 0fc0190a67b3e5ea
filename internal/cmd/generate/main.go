// Command generate writes the code that follows from the schema: gqlgen's, and the table of fields beside it. With -v it tells for each field
// why it reads more than single Go fields of its object.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen/config"

	"github.com/vigie-dev/vigie/internal/fieldgen"
)

func main() {
	verbose := flag.Bool("v", false, "tell what fields read of rows, and where")
	flag.Parse()
	err := run(*verbose)
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// run generates for the gqlgen.yml of the folder or of the nearest one above it.
func run(verbose bool) error {
	log.SetOutput(io.Discard) // gqlgen tells of each field that has a resolver.
	cfg, err := config.LoadConfigFromDefaultLocations()
	if err != nil {
		return fmt.Errorf("load gqlgen.yml: %w", err)
	}
	plugin := fieldgen.Plugin{}
	if verbose {
		plugin.Explain = func(line string) { fmt.Println(line) }
	}
	err = api.Generate(cfg, api.AddPlugin(plugin))
	if err != nil {
		return err
	}
	return leaveOutDeferred(cfg.Exec.DirName)
}
