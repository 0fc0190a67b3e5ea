package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"text/tabwriter"
	"time"

	"github.com/vigie-dev/vigie/tracking"
	"github.com/vigie-dev/vigie/watch/ledger"
)

// standardInput is the path that stands for it.
const standardInput = "-"

// recordPart is how many reports of a file are written down between two lines of progress.
const recordPart = 1000

// progressEvery is how often a long import tells how far it is.
const progressEvery = 3 * time.Second

// trackingFile is what came of one file of a carrier.
type trackingFile struct {
	path                       string
	reports, matched, newEvent int
	warnings                   []string
	// failure is why it could not be read.
	failure error
}

// runTracking takes in files in which carriers report. Files that cannot be read are told and passed over; the others are taken in.
func (c *importCommand) runTracking(ctx context.Context, a *app) error {
	i := slices.IndexFunc(files(), func(f tracking.File) bool { return f.Code() == c.Tracking })
	format := files()[i]
	carriers := []string(c.Carrier)
	if len(carriers) == 0 {
		carriers = []string{"*"}
	}
	return a.batch(ctx, func(w workspace) error {
		err := a.requireSchema(ctx, w, false)
		if err != nil {
			return err
		}
		book := ledger.New(w.store, ledger.Options{Now: a.env.now, Carriers: map[string][]string{format.Code(): carriers}})
		var done []*trackingFile
		for _, path := range c.Paths {
			file := &trackingFile{path: path}
			done = append(done, file)
			err = a.takeIn(ctx, format, book, file)
			if err != nil {
				err = fmt.Errorf("what was written down stays, and taking the files in again writes nothing twice: %w", err)
				break
			}
		}
		return errors.Join(err, writeTracking(a.env.stdout, done))
	})
}

// takeIn reads a file and writes down what it says.
func (a *app) takeIn(ctx context.Context, format tracking.File, book *ledger.Ledger, file *trackingFile) error {
	at := a.env.now()
	batch, err := a.readTracking(format, file.path, at)
	if err != nil {
		file.failure = err
		return nil
	}
	file.warnings = batch.Warnings
	told := a.env.now()
	for part := range slices.Chunk(batch.Reports, recordPart) {
		recorded, err := book.Record(ctx, format.Code(), part, at)
		if err != nil {
			return fmt.Errorf("write down what %s says: %w", file.path, err)
		}
		file.reports += len(part)
		file.matched += len(part) - recorded.Unmatched
		file.newEvent += recorded.Events
		if a.env.now().Sub(told) >= progressEvery {
			told = a.env.now()
			fmt.Fprintf(a.env.stderr, "%s: %d of %d reports\n", file.path, file.reports, len(batch.Reports))
		}
	}
	return nil
}

// readTracking reads a file, whose length the format bounds.
func (a *app) readTracking(format tracking.File, path string, at time.Time) (tracking.Batch, error) {
	if path == standardInput {
		if a.env.stdin == nil {
			return format.Read(bytes.NewReader(nil), at)
		}
		return format.Read(a.env.stdin, at)
	}
	file, err := os.Open(path)
	if err != nil {
		return tracking.Batch{}, err
	}
	batch, err := format.Read(file, at)
	return batch, errors.Join(err, file.Close())
}

// writeTracking tells what came of the files, and fails where one could not be read.
func writeTracking(to io.Writer, done []*trackingFile) error {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "file\treports\tof our shipments\tunmatched\tnew events\twarnings")
	var failures []error
	for _, file := range done {
		if file.failure != nil {
			failures = append(failures, unreadable(file))
			continue
		}
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\t%d\t%d\n",
			file.path, file.reports, file.matched, file.reports-file.matched, file.newEvent, len(file.warnings))
	}
	err := table.Flush()
	if err != nil {
		return fmt.Errorf("tell what came of the files: %w", err)
	}
	for _, file := range done {
		for _, warning := range file.warnings {
			_, err = fmt.Fprintf(to, "%s: %s\n", file.path, warning)
			if err != nil {
				return fmt.Errorf("tell what was odd: %w", err)
			}
		}
	}
	return errors.Join(failures...)
}

// unreadable says why a file cannot be read: where it is not in the format, in the words of what reads it.
func unreadable(file *trackingFile) error {
	var failure *tracking.Error
	if errors.As(file.failure, &failure) {
		return fmt.Errorf("%s cannot be read: %s", file.path, failure.Detail)
	}
	return fmt.Errorf("%s cannot be read: %w", file.path, file.failure)
}
