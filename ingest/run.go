package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Options are what the caller of Run may choose; the zero value is usable.
type Options struct {
	// Source is what imported rows keep as their origin; the mapping's when empty. Rows are found again by it.
	Source string
	// RejectsPath is the CSV file that rejected rows go to, written only when there are any;
	// "<mapping>-rejects.csv" in the current folder when empty.
	RejectsPath string
	// AllowRejects imports a file even when most of its rows are rejected.
	AllowRejects bool
	// Progress hears how far the import is; nobody when nil.
	Progress Progress
	// Now is the clock; time.Now when nil.
	Now func() time.Time
}

// importer is one run.
type importer struct {
	mapping *Mapping
	options Options
	report  *Report
	rejects *rejectFile
}

// importLock is the advisory lock of imports: two at once would wait for each other's rows in turn.
const importLock = 0x56494749

// Run imports the files of a folder. The report is there also when the import failed, as far as it came; the
// database was not changed then. A file that cannot be imported gives a *BrokenFileError.
func Run(ctx context.Context, db *sql.DB, m *Mapping, dir string, opt Options) (*Report, error) {
	if opt.Source == "" {
		opt.Source = m.Source
	}
	if opt.RejectsPath == "" {
		opt.RejectsPath = m.Name + "-rejects.csv"
	}
	if opt.Progress == nil {
		opt.Progress = silent{}
	}
	if opt.Now == nil {
		opt.Now = time.Now
	}
	imp := &importer{
		mapping: m,
		options: opt,
		report:  &Report{Mapping: m.Name, Source: opt.Source},
		rejects: &rejectFile{path: opt.RejectsPath},
	}
	start := opt.Now()
	err := imp.run(ctx, db, dir)
	err = errors.Join(err, imp.rejects.close())
	imp.report.Duration = opt.Now().Sub(start)
	if imp.rejects.rows > 0 {
		imp.report.RejectsPath = opt.RejectsPath
	}
	if err != nil && imp.rejects.rows > 0 {
		err = fmt.Errorf("%w (the rows rejected until then are in %s)", err, opt.RejectsPath)
	}
	return imp.report, err
}

func (imp *importer) run(ctx context.Context, db *sql.DB, dir string) error {
	sources, err := imp.locate(dir)
	if err != nil {
		return err
	}
	err = imp.rejects.apart(sources)
	if err != nil {
		return err
	}
	for _, src := range sources {
		err = imp.checkHeader(src)
		if err != nil {
			return err
		}
	}
	// The transaction must not roll back by itself when ctx ends, in the middle of a COPY: each step watches ctx.
	tx, err := db.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	err = imp.prepare(ctx, tx)
	if err != nil {
		return err
	}
	for _, src := range sources {
		err = imp.stage(ctx, tx, src)
		if err != nil {
			return err
		}
	}
	err = imp.write(ctx, tx)
	if err != nil {
		return err
	}
	err = imp.collectRejects(ctx, tx, sources)
	if err != nil {
		return err
	}
	err = imp.rejects.flush()
	if err != nil {
		return err
	}
	err = tx.Commit()
	if err != nil {
		return fmt.Errorf("import: commit: %w", err)
	}
	return nil
}

// write runs the mapping's SQL, in the way that the database's state allows.
func (imp *importer) write(ctx context.Context, tx *sql.Tx) error {
	b, err := imp.beginBulk(ctx, tx)
	if err != nil {
		return err
	}
	err = imp.transform(ctx, tx)
	if err != nil || b == nil {
		return err
	}
	imp.options.Progress.Begin("building indexes", 0)
	defer imp.options.Progress.End()
	return b.finish(ctx, tx)
}

// prepare sets the transaction up: alone, without the server's time limit for requests, and with what SQL files
// may ask for.
func (imp *importer) prepare(ctx context.Context, tx *sql.Tx) error {
	zone := imp.mapping.Zone
	if zone == "" {
		zone = "UTC"
	}
	_, err := tx.ExecContext(ctx, `
		SELECT set_config('statement_timeout', '0', true),
		       set_config('idle_in_transaction_session_timeout', '0', true),
		       set_config('work_mem', '64MB', true),
		       set_config('maintenance_work_mem', '256MB', true),
		       set_config('default_statistics_target', '30', true), -- the mapping's SQL joins by keys: a small sample does
		       set_config('vigie.source', $1, true),
		       set_config('vigie.zone', $2, true),
		       set_config('vigie.currency', $3, true)`,
		imp.options.Source, zone, imp.mapping.Currency)
	if err != nil {
		return fmt.Errorf("import: settings: %w", err)
	}
	_, err = tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, importLock)
	if err != nil {
		return fmt.Errorf("import: wait for another import: %w", err)
	}
	_, err = tx.ExecContext(ctx, `
		CREATE TEMP TABLE import_reject (
			file     text NOT NULL,
			line     bigint NOT NULL,
			"column" text,
			reason   text NOT NULL
		) ON COMMIT DROP`)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	return nil
}

// checkHeader looks at a file's header before anything is loaded, so that the commonest mistakes show at once.
func (imp *importer) checkHeader(src *source) error {
	if src.missing() {
		return nil
	}
	in, err := src.open(imp.mapping)
	if err != nil {
		return err
	}
	defer in.Close()
	b, err := bind(imp.mapping, src.file, in.reader)
	if err != nil {
		return err
	}
	src.report.Absent, src.report.Unused = b.absent, b.unused
	return nil
}

// input is a file being read.
type input struct {
	*reader
	io.Closer
}

// open starts reading the source from its first row.
func (s *source) open(m *Mapping) (*input, error) {
	cs, err := newCharset(m.Encoding)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(s.path)
	if err != nil {
		return nil, fmt.Errorf("import: %w", err)
	}
	var comma byte
	if m.Delimiter != delimiterAuto {
		comma = m.Delimiter[0]
	}
	r, err := newReader(s.name, f, comma, cs)
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &input{reader: r, Closer: f}, nil
}
