package ingest

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
)

// rejection is one row that was not imported.
type rejection struct {
	file   string
	line   int64
	column string
	reason string
	row    []byte
}

// rejectFile writes rejected rows as CSV. The file comes into being with the first of them.
type rejectFile struct {
	path string
	rows int64
	file *os.File
	buf  *bufio.Writer
	csv  *csv.Writer
}

func (f *rejectFile) write(r rejection) error {
	if f.file == nil {
		err := f.create()
		if err != nil {
			return err
		}
	}
	f.rows++
	err := f.csv.Write([]string{r.file, strconv.FormatInt(r.line, 10), r.column, r.reason, string(r.row)})
	if err != nil {
		return fmt.Errorf("rejects file: %w", err)
	}
	return nil
}

func (f *rejectFile) create() error {
	// It has rows of customers' data: nobody else is to read it, also where an older file of that name let them.
	file, err := os.OpenFile(f.path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("rejects file: %w", err)
	}
	err = file.Chmod(0o600)
	if err != nil {
		return fmt.Errorf("rejects file: %w", errors.Join(err, file.Close()))
	}
	f.file, f.buf = file, bufio.NewWriterSize(file, 64<<10)
	f.csv = csv.NewWriter(f.buf)
	err = f.csv.Write([]string{"file", "line", "column", "reason", "row"})
	if err != nil {
		return fmt.Errorf("rejects file: %w", err)
	}
	return nil
}

// apart fails where the file is one of those that are imported, and would be written over while it is read.
func (f *rejectFile) apart(sources []*source) error {
	own, err := os.Stat(f.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("rejects file: %w", err)
	}
	for _, src := range sources {
		if src.missing() {
			continue
		}
		info, err := os.Stat(src.path)
		if err != nil {
			return fmt.Errorf("import: %w", err)
		}
		if os.SameFile(own, info) {
			return fmt.Errorf("rejects file: it is %s itself, which is imported; name another", src.name)
		}
	}
	return nil
}

func (f *rejectFile) flush() error {
	if f.file == nil {
		return nil
	}
	f.csv.Flush()
	err := errors.Join(f.csv.Error(), f.buf.Flush())
	if err != nil {
		return fmt.Errorf("rejects file: %w", err)
	}
	return nil
}

func (f *rejectFile) close() error {
	if f.file == nil {
		return nil
	}
	err := errors.Join(f.flush(), f.file.Close())
	f.file = nil
	return err
}

// collectRejects takes over what the SQL files rejected. The rows themselves are read from the files once more,
// side by side with the list, which is sorted like they are: nothing has to be held in memory.
func (imp *importer) collectRejects(ctx context.Context, tx *sql.Tx, sources []*source) error {
	for _, src := range sources {
		err := imp.collectFile(ctx, tx, src)
		if err != nil {
			return err
		}
	}
	var strays int64
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM import_reject WHERE file <> ALL (string_to_array($1, E'\n'))`,
		joinNames(sources)).Scan(&strays)
	if err != nil {
		return fmt.Errorf("import: rejected rows: %w", err)
	}
	if strays > 0 {
		return fmt.Errorf("mapping %s: its SQL rejected %d rows of files that the mapping does not name", imp.mapping.Name, strays)
	}
	return nil
}

func joinNames(sources []*source) string {
	names := ""
	for _, src := range sources {
		names += src.file.Name + "\n"
	}
	return names
}

func (imp *importer) collectFile(ctx context.Context, tx *sql.Tx, src *source) error {
	rows, err := tx.QueryContext(ctx, `
		SELECT line, string_agg(DISTINCT coalesce("column", ''), ', '), string_agg(DISTINCT reason, '; ')
		FROM import_reject WHERE file = $1 GROUP BY line ORDER BY line`, src.file.Name)
	if err != nil {
		return fmt.Errorf("import: rejected rows of %s: %w", src.name, err)
	}
	defer rows.Close()
	var in *input
	defer func() {
		if in != nil {
			_ = in.Close()
		}
	}()
	for rows.Next() {
		r := rejection{file: src.name}
		err = rows.Scan(&r.line, &r.column, &r.reason)
		if err != nil {
			return fmt.Errorf("import: rejected rows of %s: %w", src.name, err)
		}
		if in == nil {
			in, err = src.open(imp.mapping)
			if err != nil {
				return err
			}
		}
		r.row, err = in.row(r.line)
		if err != nil {
			return err
		}
		src.report.Rejected++
		err = imp.rejects.write(r)
		if err != nil {
			return err
		}
	}
	err = rows.Err()
	if err != nil {
		return fmt.Errorf("import: rejected rows of %s: %w", src.name, err)
	}
	return nil
}

// row reads on to the row that starts on a line, and returns it as written.
func (in *input) row(line int64) ([]byte, error) {
	for {
		rec, err := in.next()
		if errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("import: %s has no row on line %d", in.file, line)
		}
		if err != nil {
			return nil, err
		}
		if rec.line == line {
			return rec.raw, nil
		}
	}
}
