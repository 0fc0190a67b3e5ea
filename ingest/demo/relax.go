package demo

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// relaxation remembers what was taken off the tables for the load, as the statements that put it back.
//
// Checking a foreign key and extending an index row by row is what makes loading slow. The database does both much
// faster for a whole table at once, so they are taken off, and put back over the loaded rows before the transaction
// ends: what is committed has been checked in full.
type relaxation struct {
	statements []string
}

// The order matters on the way back: keys first, since foreign keys lean on them.
const relaxQuery = `
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
       CASE contype WHEN 'f' THEN 3 ELSE 1 END AS rank
FROM pg_constraint
WHERE conrelid = ANY ($1::regclass[]) AND contype IN ('f', 'u', 'p')
   OR confrelid = ANY ($1::regclass[]) AND contype = 'f'
UNION ALL
SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid), 2
FROM pg_index i
WHERE indrelid = ANY ($1::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
ORDER BY rank, 2`

// relax takes keys, indexes, foreign keys and the change log's triggers off the loaded tables and truncates them.
func relax(ctx context.Context, tx *sql.Tx) (*relaxation, error) {
	names := tableNames()
	rows, err := tx.QueryContext(ctx, relaxQuery, "{"+strings.Join(names, ",")+"}")
	if err != nil {
		return nil, fmt.Errorf("read the constraints: %w", err)
	}
	defer func() { _ = rows.Close() }()
	r := &relaxation{}
	var drops []string
	for rows.Next() {
		var drop, restore string
		var rank int
		err = rows.Scan(&drop, &restore, &rank)
		if err != nil {
			return nil, fmt.Errorf("read the constraints: %w", err)
		}
		drops = append(drops, drop)
		r.statements = append(r.statements, restore)
	}
	err = errors.Join(rows.Err(), rows.Close())
	if err != nil {
		return nil, fmt.Errorf("read the constraints: %w", err)
	}

	statements := []string{
		"SET LOCAL maintenance_work_mem = '256MB'",
		"SET LOCAL max_parallel_maintenance_workers = 2",
	}
	// In reverse, since a foreign key has to go before the key that it leans on.
	for i := len(drops) - 1; i >= 0; i-- {
		statements = append(statements, drops[i])
	}
	// The change log tells readers what is new since they last looked. Nobody has looked at an empty database, and
	// several million entries that repeat its first state would serve nobody.
	enable, err := logTriggers(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, name := range enable {
		statements = append(statements, fmt.Sprintf("ALTER TABLE %s DISABLE TRIGGER log_write", name))
		r.statements = append(r.statements, fmt.Sprintf("ALTER TABLE %s ENABLE TRIGGER log_write", name))
	}
	statements = append(statements, "TRUNCATE "+strings.Join(names, ", "))

	// One message: there are a few hundred of them, and a small load would mostly wait for round trips.
	_, err = tx.ExecContext(ctx, strings.Join(statements, ";\n"))
	if err != nil {
		return nil, fmt.Errorf("take indexes and foreign keys off: %w", err)
	}
	return r, nil
}

func logTriggers(ctx context.Context, tx *sql.Tx) ([]string, error) {
	var list string
	err := tx.QueryRowContext(ctx, `SELECT coalesce(string_agg(tgrelid::regclass::text, ',' ORDER BY tgrelid), '')
FROM pg_trigger WHERE tgname = 'log_write' AND tgrelid = ANY ($1::regclass[])`,
		"{"+strings.Join(tableNames(), ",")+"}").Scan(&list)
	if err != nil {
		return nil, fmt.Errorf("find the change log's triggers: %w", err)
	}
	if list == "" {
		return nil, nil
	}
	return strings.Split(list, ","), nil
}

// restore puts back what relax took off. Statements go over in small groups, so that progress can be told.
func (r *relaxation) restore(ctx context.Context, tx *sql.Tx, progress func(done, total int)) error {
	const group = 8
	for start := 0; start < len(r.statements); start += group {
		end := min(start+group, len(r.statements))
		_, err := tx.ExecContext(ctx, strings.Join(r.statements[start:end], ";\n"))
		if err != nil {
			return fmt.Errorf("put indexes and foreign keys back: %w", err)
		}
		progress(end, len(r.statements))
	}
	return nil
}
