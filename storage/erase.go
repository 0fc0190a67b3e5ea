package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/vigie-dev/vigie/domain"
)

// EraseCustomer takes out of a customer's rows whatever tells of a person, in one transaction, and leaves what the books are made of: numbers of
// documents, dates, quantities and amounts. It adds entry, with the customer and what was written filled in, to the audit trail. It reports
// whether anything changed; a customer that has been erased before stays as it is, without an entry. A customer that is not there, or not for
// the viewer, is NOT_FOUND.
func (s *Store) EraseCustomer(ctx context.Context, id domain.ID, entry domain.AuditEntry) (bool, error) {
	if s.viewer.Role != domain.RoleAdmin {
		return false, &domain.Error{Code: domain.CodeForbidden, Message: "you may not erase a customer"}
	}
	tx, err := s.pool.db.BeginTx(ctx, nil)
	if err != nil {
		return false, fmt.Errorf("erase a customer: %w", Translate(err))
	}
	defer func() { _ = tx.Rollback() }() // After a commit there is nothing to roll back.
	err = s.lockCustomer(ctx, tx, id, "FOR UPDATE")
	if err != nil {
		return false, err
	}
	written, err := eraseRows(ctx, tx, id)
	if err != nil || len(written) == 0 {
		return false, err
	}
	entry.Action, entry.Kind, entry.CustomerRow = domain.AuditWrite, id.Kind.String(), &id.Row
	entry.Details, err = json.Marshal(map[string]any{"rows": written})
	if err != nil {
		return false, fmt.Errorf("spell what was erased: %w", err)
	}
	err = writeAuditEntries(ctx, tx, []domain.AuditEntry{entry})
	if err != nil {
		return false, err
	}
	err = tx.Commit()
	if err != nil {
		return false, fmt.Errorf("erase a customer: %w", Translate(err))
	}
	return true, nil
}

// lockCustomer finds a customer that the viewer may see, and holds it until the transaction ends: nobody adds rows to it meanwhile.
func (s *Store) lockCustomer(ctx context.Context, tx *sql.Tx, id domain.ID, lock string) error {
	var b builder
	b.add("-- name: lockCustomer\nSELECT 1 FROM customers c WHERE c.customer_id = ", b.arg(id.Row), " AND ", customerEntity.guard(&b, s), " ", lock)
	var found int
	err := tx.QueryRowContext(ctx, b.text.String(), b.args...).Scan(&found)
	if errors.Is(err, sql.ErrNoRows) {
		return &domain.Error{Code: domain.CodeNotFound, Message: "there is no such customer"}
	}
	if err != nil {
		return fmt.Errorf("find a customer: %w", Translate(err))
	}
	return nil
}

// eraseRows erases table by table and returns how many rows of each it changed; tables without any are left out.
func eraseRows(ctx context.Context, tx *sql.Tx, id domain.ID) (map[string]int64, error) {
	written := map[string]int64{}
	for _, t := range treatments() {
		text := t.erasure()
		if text == "" {
			continue
		}
		result, err := tx.ExecContext(ctx, text, id.Row)
		if err != nil {
			return nil, fmt.Errorf("erase %s: %w", t.table, Translate(err))
		}
		rows, err := result.RowsAffected()
		if err != nil {
			return nil, fmt.Errorf("erase %s: %w", t.table, err)
		}
		if rows > 0 {
			written[t.table] = rows
		}
	}
	return written, nil
}

// erasure is the statement that erases a customer's ($1) rows, or "" where nothing in the table is to be erased. Rows that are erased already
// are not written again: the change log would tell of changes that are none.
func (t treatment) erasure() string {
	name := "-- name: erase " + t.table + "\n"
	if t.deleted {
		return name + "DELETE FROM " + t.table + " c WHERE c.customer_id = $1"
	}
	if len(t.erased) == 0 {
		return ""
	}
	var set, unlike []string
	for _, column := range slices.Sorted(maps.Keys(t.erased)) {
		set = append(set, column+" = "+t.erased[column])
		unlike = append(unlike, "c."+column+" IS DISTINCT FROM "+t.erased[column])
	}
	return name + "UPDATE " + t.table + " c SET " + strings.Join(set, ", ") + " WHERE " +
		and(and("c.customer_id = $1", t.only), "("+strings.Join(unlike, " OR ")+")")
}
