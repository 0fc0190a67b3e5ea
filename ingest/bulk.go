package ingest

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// bulk is the first import into an empty database, where keeping indexes, foreign keys and the change log row by
// row would take two thirds of the time. They are taken off inside the transaction, and built again over whole
// tables before it ends: nobody else ever sees the tables without them, and a failed import never had them off.
type bulk struct {
	restore []string // statements, in order
}

// beginBulk returns nil when the import must go the ordinary way: some of the mapping's tables have rows, or they
// are another role's, or they are sharded.
func (imp *importer) beginBulk(ctx context.Context, tx *sql.Tx) (*bulk, error) {
	tables := imp.mapping.Tables
	if len(tables) == 0 {
		return nil, nil
	}
	var possible bool
	err := tx.QueryRowContext(ctx, `
		SELECT count(*) = $2 AND bool_and(pg_has_role(c.relowner, 'USAGE') AND c.relkind = 'r')
		       AND NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')
		FROM pg_class c
		WHERE c.oid IN (SELECT to_regclass(name) FROM unnest(string_to_array($1, ',')) AS name)`,
		strings.Join(tables, ","), len(tables)).Scan(&possible)
	if err != nil {
		return nil, fmt.Errorf("import: look at the tables: %w", err)
	}
	if !possible {
		return nil, nil
	}
	empty, err := allEmpty(ctx, tx, tables)
	if err != nil || !empty {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, "LOCK TABLE "+strings.Join(tables, ", ")+" IN ACCESS EXCLUSIVE MODE")
	if err != nil {
		return nil, fmt.Errorf("import: lock the tables: %w", err)
	}
	// Somebody may have written while the lock was waited for.
	empty, err = allEmpty(ctx, tx, tables)
	if err != nil || !empty {
		return nil, err
	}
	return takeOff(ctx, tx, tables)
}

func allEmpty(ctx context.Context, tx *sql.Tx, tables []string) (bool, error) {
	var tests []string
	for _, table := range tables {
		tests = append(tests, "NOT EXISTS (SELECT FROM "+quoteIdent(table)+")")
	}
	var empty bool
	err := tx.QueryRowContext(ctx, "SELECT "+strings.Join(tests, " AND ")).Scan(&empty)
	if err != nil {
		return false, fmt.Errorf("import: look at the tables: %w", err)
	}
	return empty, nil
}

// bulkStatements lists, for each thing to take off, the statement that does it and the one that puts it back.
// Unique indexes stay: upserts need them. The change log is written from the whole table: every row of a table
// that was empty is an insert.
const bulkStatements = `
WITH tables AS (
    SELECT to_regclass(name)::oid AS oid FROM unnest(string_to_array($1, ',')) AS name
)
SELECT 1 AS step, format('DROP INDEX %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
FROM pg_index i JOIN tables t ON t.oid = i.indrelid
WHERE NOT i.indisunique AND i.indisvalid
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
UNION ALL
SELECT 2, format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),
       format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
FROM pg_constraint c JOIN tables t ON t.oid = c.conrelid
WHERE c.contype = 'f'
UNION ALL
SELECT 3, format('ALTER TABLE %s DISABLE TRIGGER log_write', g.tgrelid::regclass),
       format('ALTER TABLE %s ENABLE TRIGGER log_write; ', g.tgrelid::regclass) || CASE p.proname
           WHEN 'log_customer_change' THEN
               format('INSERT INTO changes (customer_id, kind, row_id, operation) SELECT customer_id, %L, customer_id, ''INSERT'' FROM %s',
                      'Customer', g.tgrelid::regclass)
           WHEN 'log_change' THEN
               format('INSERT INTO changes (customer_id, kind, row_id, operation) SELECT customer_id, %L, id, ''INSERT'' FROM %s',
                      a.kind, g.tgrelid::regclass)
           ELSE
               format('INSERT INTO catalogue_changes (kind, row_id, operation) SELECT %L, id, ''INSERT'' FROM %s',
                      a.kind, g.tgrelid::regclass)
       END
FROM pg_trigger g
JOIN tables t ON t.oid = g.tgrelid
JOIN pg_proc p ON p.oid = g.tgfoid
CROSS JOIN LATERAL (SELECT convert_from(substring(g.tgargs FOR length(g.tgargs) - 1), 'UTF8') AS kind) a
WHERE g.tgname = 'log_write' AND g.tgnargs = 1
  AND p.proname IN ('log_customer_change', 'log_change', 'log_catalogue_change')
ORDER BY 1, 2`

func takeOff(ctx context.Context, tx *sql.Tx, tables []string) (*bulk, error) {
	rows, err := tx.QueryContext(ctx, bulkStatements, strings.Join(tables, ","))
	if err != nil {
		return nil, fmt.Errorf("import: list indexes: %w", err)
	}
	defer rows.Close()
	b := &bulk{}
	var off []string
	for rows.Next() {
		var step int
		var remove, restore string
		err = rows.Scan(&step, &remove, &restore)
		if err != nil {
			return nil, fmt.Errorf("import: list indexes: %w", err)
		}
		off = append(off, remove)
		b.restore = append(b.restore, restore)
	}
	err = rows.Err()
	if err != nil {
		return nil, fmt.Errorf("import: list indexes: %w", err)
	}
	_, err = tx.ExecContext(ctx, strings.Join(off, ";\n"))
	if err != nil {
		return nil, fmt.Errorf("import: take indexes off: %w", err)
	}
	return b, nil
}

// finish puts everything back. Foreign keys are checked over whole tables here.
func (b *bulk) finish(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, strings.Join(b.restore, ";\n"))
	if err != nil {
		return fmt.Errorf("import: put indexes and foreign keys back: %w", err)
	}
	return nil
}
