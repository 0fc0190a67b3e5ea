package ingest

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// resultColumns is what a SELECT of a SQL file must return to be taken as its result.
var resultColumns = [...]string{"entity", "inserted", "updated", "unchanged"}

// transform runs the mapping's SQL files in order.
func (imp *importer) transform(ctx context.Context, tx *sql.Tx) error {
	for _, s := range imp.mapping.steps {
		imp.options.Progress.Begin("running "+s.name, 0)
		err := imp.runStep(ctx, tx, s)
		imp.options.Progress.End()
		if err != nil {
			return fmt.Errorf("mapping %s, %s: %w", imp.mapping.Name, s.name, err)
		}
	}
	return nil
}

// runStep sends a whole file at once and reads the results of those of its statements that tell what they did.
func (imp *importer) runStep(ctx context.Context, tx *sql.Tx, s step) error {
	rows, err := tx.QueryContext(ctx, s.sql)
	if err != nil {
		return err
	}
	defer rows.Close()
	for {
		columns, err := rows.Columns()
		if err != nil {
			return err
		}
		counts := slices.Equal(columns, resultColumns[:])
		for rows.Next() {
			if !counts {
				continue
			}
			var e EntityReport
			err = rows.Scan(&e.Entity, &e.Inserted, &e.Updated, &e.Unchanged)
			if err != nil {
				return err
			}
			imp.report.addEntity(e)
		}
		if !rows.NextResultSet() {
			break
		}
	}
	return rows.Err()
}
