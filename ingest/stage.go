package ingest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"
)

// lineColumn is the staging tables' column with the line of the file.
const lineColumn = "line"

// watchEvery is after how many rows the copy looks at the context and tells its progress.
const watchEvery = 2048

// stage copies the good rows of one file into its staging table. A missing file leaves an empty table, so that
// SQL files need not care.
func (imp *importer) stage(ctx context.Context, tx *sql.Tx, src *source) error {
	columns := []string{lineColumn}
	keys := []string{lineColumn}
	definition := []string{lineColumn + " bigint NOT NULL"}
	for _, c := range src.file.Columns {
		columns = append(columns, quoteIdent(c.As))
		definition = append(definition, quoteIdent(c.As)+" text")
		if c.Required {
			keys = append(keys, quoteIdent(c.As))
		}
	}
	table := quoteIdent(src.file.Table)
	_, err := tx.ExecContext(ctx, fmt.Sprintf("CREATE TEMP TABLE %s (%s) ON COMMIT DROP", table, strings.Join(definition, ", ")))
	if err != nil {
		return fmt.Errorf("import: staging table of %s: %w", src.name, err)
	}
	if !src.missing() {
		err = imp.load(ctx, tx, src, fmt.Sprintf("COPY %s (%s) FROM STDIN", table, strings.Join(columns, ", ")))
		if err != nil {
			return err
		}
	}
	// SQL files join by keys, and keys are required.
	_, err = tx.ExecContext(ctx, fmt.Sprintf("ANALYZE %s (%s)", table, strings.Join(keys, ", ")))
	if err != nil {
		return fmt.Errorf("import: analyse the staging table of %s: %w", src.name, err)
	}
	return nil
}

func (imp *importer) load(ctx context.Context, tx *sql.Tx, src *source, command string) error {
	in, err := src.open(imp.mapping)
	if err != nil {
		return err
	}
	defer in.Close()
	b, err := bind(imp.mapping, src.file, in.reader)
	if err != nil {
		return err
	}
	imp.options.Progress.Begin("reading "+src.name, src.size)
	defer imp.options.Progress.End()
	// Not with ctx: a COPY that is cut off in the middle costs the connection.
	stmt, err := tx.Prepare(command)
	if err != nil {
		return fmt.Errorf("import: copy %s: %w", src.name, err)
	}
	defer stmt.Close()
	l := &loader{importer: imp, src: src, in: in, binding: b, stmt: stmt, tally: newTally(b)}
	err = l.rows(ctx)
	if err != nil {
		return err
	}
	_, err = stmt.Exec()
	if err != nil {
		return fmt.Errorf("import: copy %s: %w", src.name, err)
	}
	return l.tally.verdict(src, imp.options.AllowRejects)
}

// loader copies the rows of one file.
type loader struct {
	*importer
	src     *source
	in      *input
	binding *binding
	stmt    *sql.Stmt
	tally   *tally
}

func (l *loader) rows(ctx context.Context) error {
	args := make([]any, 1+len(l.binding.at))
	var told int64
	for {
		rec, err := l.in.next()
		if errors.Is(err, io.EOF) {
			l.options.Progress.Advance(l.in.offset - told)
			return nil
		}
		if err != nil {
			return l.readError(err)
		}
		if rec.blank() {
			continue
		}
		l.src.report.Rows++
		if l.src.report.Rows%watchEvery == 0 {
			if ctx.Err() != nil {
				return fmt.Errorf("import: %w", context.Cause(ctx))
			}
			l.options.Progress.Advance(l.in.offset - told)
			told = l.in.offset
		}
		problems := l.normalise(rec, args)
		if len(problems) > 0 {
			err = l.reject(rec, problems)
			if err != nil {
				return err
			}
			continue
		}
		_, err = l.stmt.Exec(args...)
		if err != nil {
			return fmt.Errorf("import: copy %s: %w", l.src.name, err)
		}
	}
}

func (l *loader) readError(err error) error {
	var broken *BrokenFileError
	if errors.As(err, &broken) {
		return err
	}
	return fmt.Errorf("import: read %s: %w", l.src.name, err)
}

// normalise fills args with the staging table's values, or says what is wrong with the row.
func (l *loader) normalise(rec *record, args []any) []problem {
	if len(rec.fields) != l.binding.fields {
		return []problem{{what: fmt.Sprintf("the row has %d fields where the header has %d", len(rec.fields), l.binding.fields)}}
	}
	args[0] = rec.line
	var problems []problem
	for i, n := range l.binding.normalisers {
		at := l.binding.at[i]
		if at < 0 {
			args[i+1] = nil
			continue
		}
		value := rec.fields[at]
		normal, wrong := n.apply(value)
		l.tally.value(i, value, wrong)
		switch {
		case wrong != "":
			problems = append(problems, problem{column: n.column, what: wrong, value: value})
		case normal == "":
			args[i+1] = nil
		default:
			args[i+1] = normal
		}
	}
	return problems
}

func (l *loader) reject(rec *record, problems []problem) error {
	l.src.report.Rejected++
	l.tally.row(problems)
	return l.rejects.write(rejection{
		file:   l.src.name,
		line:   rec.line,
		column: problems[0].column,
		reason: describe(problems),
		row:    rec.raw,
	})
}

func describe(problems []problem) string {
	text := problems[0].String()
	for _, p := range problems[1:] {
		text += "; " + p.column + ": " + p.String()
	}
	return text
}

// quoteIdent needs no escaping: names were checked against identifier when the mapping was read.
func quoteIdent(name string) string {
	return `"` + name + `"`
}
