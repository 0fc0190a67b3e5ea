package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/vigie-dev/vigie/ingest"
)

// importCommand reads a folder of CSV files, or files of carriers, into the database.
type importCommand struct {
	// Paths is the folder that holds the files, or files of a carrier.
	Paths []string `arg:"" name:"path" help:"Folder of the CSV files; with --tracking, files of a carrier, - for standard input."`
	// Tracking is the format of files of a carrier.
	Tracking string `placeholder:"FORMAT" enum:",iftsta,x12214,epcis" default:"" help:"Take in files in which carriers report on shipments: iftsta (UN/EDIFACT), x12214 (ASC X12) or epcis (GS1, JSON)."`
	// Carrier says whose shipments the files may be about.
	Carrier codes `placeholder:"CODE" help:"With --tracking: the carriers whose shipments the files may be about (all). Several with commas between."`
	// Mapping says how the files become rows.
	Mapping string `short:"m" default:"vigie" placeholder:"NAME|DIR" help:"Built-in mapping, or a folder with one (${default})."`
	// Source names the origin that rows are found again by.
	Source string `placeholder:"NAME" help:"Name that the rows keep as their origin (the mapping's)."`
	// Rejects is where rejected rows go.
	Rejects string `type:"path" placeholder:"FILE" help:"File for rejected rows (MAPPING-rejects.csv in this folder)."`
	// AllowRejects lowers the guard against a wrong mapping.
	AllowRejects bool `help:"Import even a file most of whose rows are rejected."`
}

// Help is the text of --help.
func (importCommand) Help() string {
	return `Everything is imported in one transaction, or nothing. Rejected rows are written out with their reasons.
Importing the same files again changes nothing. A running server's data directory may be imported into.

Built-in mappings: ` + strings.Join(ingest.Builtin(), ", ") + `.

Example:
  vigie import --mapping olist ./olist
  vigie import --tracking iftsta --carrier dsv status-*.edi`
}

// Validate is called by the parser.
func (c *importCommand) Validate() error {
	if c.Tracking != "" {
		return nil
	}
	if len(c.Paths) != 1 {
		return errors.New("expected one \"<path>\": a folder is imported at a time")
	}
	info, err := os.Stat(c.Paths[0])
	if err != nil {
		return fmt.Errorf("<path>: %w", err)
	}
	if !info.IsDir() {
		return fmt.Errorf("<path>: %s is no folder", c.Paths[0])
	}
	return nil
}

// Run is called by the parser.
func (c *importCommand) Run(ctx context.Context, a *app) error {
	if c.Tracking != "" {
		return c.runTracking(ctx, a)
	}
	mapping, err := ingest.Open(c.Mapping)
	if err != nil {
		return err
	}
	return a.batch(ctx, func(w workspace) error {
		err := a.requireSchema(ctx, w, false)
		if err != nil {
			return err
		}
		report, err := ingest.Run(ctx, w.store.DB(), mapping, c.Paths[0], ingest.Options{
			Source:       c.Source,
			RejectsPath:  c.Rejects,
			AllowRejects: c.AllowRejects,
			Progress:     progress(a.env),
			Now:          a.env.now,
		})
		if err != nil {
			return fmt.Errorf("nothing was imported: %w", err)
		}
		return report.Write(a.env.stdout)
	})
}

// progress draws a bar where a person watches and prints lines elsewhere.
func progress(env environment) ingest.Progress {
	if isTerminal(env.stderr) {
		return ingest.Bar(env.stderr)
	}
	return ingest.Lines(env.stderr, env.now)
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
