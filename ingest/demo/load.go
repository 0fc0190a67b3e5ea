package demo

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// loader puts batches into the database, inside one transaction.
type loader struct {
	tx      *sql.Tx
	opts    Options
	started time.Time

	rows   [tableCount]int64
	phases []PhaseDuration
}

func (l *loader) run(ctx context.Context, gen *generator) error {
	err := l.takeEmpty(ctx)
	if err != nil {
		return err
	}

	var relaxed *relaxation
	err = l.phase(PhasePrepare, func() error {
		relaxed, err = relax(ctx, l.tx)
		return err
	})
	if err != nil {
		return err
	}

	err = l.phase(PhaseCopy, func() error {
		return produce(ctx, gen, l.copyBatch)
	})
	if err != nil {
		return err
	}

	err = l.phase(PhaseIndex, func() error {
		return relaxed.restore(ctx, l.tx, func(done, total int) {
			l.progress(Progress{Phase: PhaseIndex, Done: done, Total: total})
		})
	})
	if err != nil {
		return err
	}
	return l.phase(PhaseAnalyse, func() error { return l.finish(ctx) })
}

func (l *loader) phase(phase Phase, work func() error) error {
	l.progress(Progress{Phase: phase})
	started := time.Now()
	err := work()
	l.phases = append(l.phases, PhaseDuration{Phase: phase, Duration: time.Since(started)})
	return err
}

func (l *loader) progress(p Progress) {
	if l.opts.Progress == nil {
		return
	}
	for _, n := range l.rows {
		p.Rows += n
	}
	l.opts.Progress(p)
}

// takeEmpty locks the tables if they are empty, so that they stay so. A database in use is refused without a lock that
// would make its users wait.
func (l *loader) takeEmpty(ctx context.Context) error {
	err := l.requireEmpty(ctx)
	if err != nil {
		return err
	}
	_, err = l.tx.ExecContext(ctx, "LOCK TABLE "+strings.Join(tableNames(), ", ")+" IN ACCESS EXCLUSIVE MODE")
	if err != nil {
		return fmt.Errorf("lock the tables: %w", err)
	}
	return l.requireEmpty(ctx)
}

func (l *loader) requireEmpty(ctx context.Context) error {
	for _, name := range tableNames() {
		var found bool
		err := l.tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT FROM "+name+")").Scan(&found)
		if err != nil {
			return fmt.Errorf("look into %s: %w", name, err)
		}
		if found {
			return &domain.Error{Code: domain.CodeConflict, Err: ErrNotEmpty,
				Message: "the database holds " + strings.ReplaceAll(name, "_", " ") + " already"}
		}
	}
	return nil
}

func (l *loader) copyBatch(ctx context.Context, b *batch) error {
	for t := range b.sheets {
		err := l.copySheet(ctx, table(t), &b.sheets[t])
		if err != nil {
			return fmt.Errorf("copy into %s: %w", tables[t].name, err)
		}
	}
	l.progress(Progress{Phase: PhaseCopy, Done: b.customers, Total: l.opts.Customers})
	return nil
}

func (l *loader) copySheet(ctx context.Context, t table, s *sheet) error {
	if len(s.ends) == 0 {
		return nil
	}
	// FREEZE is allowed on tables that this transaction truncated: no vacuum has to visit the rows again.
	query := fmt.Sprintf("COPY %s (%s) FROM STDIN (DELIMITER E'\\x1f', NULL '', FREEZE)", tables[t].name, tables[t].columns)
	stmt, err := l.tx.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = stmt.Close() }()

	// A row goes over as one value with the delimiters inside it. Handing the columns to the driver one by one costs
	// several times as much as everything else that is done to a row on this side.
	text := string(s.text)
	start := 0
	for _, end := range s.ends {
		_, err = stmt.Exec(text[start:end])
		if err != nil {
			return err
		}
		start = end
	}
	_, err = stmt.Exec()
	if err != nil {
		return err
	}
	l.rows[t] += int64(len(s.ends))
	return nil
}

// finish moves each identity past the ids that were given out here and tells the planner what there is now.
func (l *loader) finish(ctx context.Context) error {
	for t, rows := range l.rows {
		if rows == 0 {
			continue
		}
		id := "id"
		if table(t) == tableCustomers {
			id = "customer_id"
		}
		query := fmt.Sprintf("SELECT setval(pg_get_serial_sequence('%s', '%s'), %d)", tables[t].name, id, rows)
		_, err := l.tx.ExecContext(ctx, query)
		if err != nil {
			return fmt.Errorf("advance the identity of %s: %w", tables[t].name, err)
		}
	}
	_, err := l.tx.ExecContext(ctx, "ANALYZE "+strings.Join(tableNames(), ", "))
	if err != nil {
		return fmt.Errorf("analyse: %w", err)
	}
	return nil
}

func (l *loader) report() Report {
	r := Report{Phases: l.phases, Duration: time.Since(l.started)}
	for t, rows := range l.rows {
		r.Tables = append(r.Tables, TableCount{Table: tables[t].name, Rows: rows})
	}
	return r
}
