package storage

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// ExportCustomer reads all rows of a customer, as one JSON object with a list of rows under each table's name, all of one moment. The customer's
// own users do not get what we keep to ourselves. More than limit bytes are an error. A customer that is not there, or not for the viewer, is
// NOT_FOUND; the roles that see a part of the data, or see it masked, are FORBIDDEN the whole.
func (s *Store) ExportCustomer(ctx context.Context, id domain.ID, limit int) ([]byte, error) {
	if s.viewer.Role != domain.RoleAdmin && s.viewer.Role != domain.RoleCustomer {
		return nil, &domain.Error{Code: domain.CodeForbidden, Message: "you may not export a customer"}
	}
	tx, err := s.pool.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return nil, fmt.Errorf("export a customer: %w", Translate(err))
	}
	defer func() { _ = tx.Rollback() }() // It has read only.
	err = s.lockCustomer(ctx, tx, id, "")
	if err != nil {
		return nil, err
	}
	data := export{limit: limit}
	data.text.WriteByte('{')
	for _, t := range treatments() {
		if t.unexported || s.external() && t.internal == everything {
			continue
		}
		err = data.table(ctx, tx, t, id, s.external())
		if err != nil {
			return nil, fmt.Errorf("export %s: %w", t.table, err)
		}
	}
	data.text.WriteByte('}')
	return data.text.Bytes(), nil
}

// export is a JSON object that grows up to a limit.
type export struct {
	text  bytes.Buffer
	limit int
}

// table appends a table's rows. The rows come as Postgres spells them, so that no column can be forgotten here.
func (e *export) table(ctx context.Context, tx *sql.Tx, t treatment, id domain.ID, external bool) error {
	text, hidden := t.export(external)
	rows, err := tx.QueryContext(ctx, text, id.Row, pq.Array(hidden))
	if err != nil {
		return Translate(err)
	}
	defer func() { _ = rows.Close() }() // Err below has the failure, if any.
	if e.text.Len() > 1 {
		e.text.WriteByte(',')
	}
	fmt.Fprintf(&e.text, "%q:[", t.table)
	for first := true; rows.Next(); first = false {
		var row sql.RawBytes
		err = rows.Scan(&row)
		if err != nil {
			return fmt.Errorf("read a row: %w", err)
		}
		if e.text.Len()+len(row) > e.limit {
			return domain.BadInput("the customer's data is longer than %d bytes, which is more than one answer holds", e.limit)
		}
		if !first {
			e.text.WriteByte(',')
		}
		e.text.Write(row)
	}
	e.text.WriteByte(']')
	return Translate(rows.Err())
}

// export is the statement that reads a customer's ($1) rows without some columns ($2), and those columns.
func (t treatment) export(external bool) (text string, hidden []string) {
	hidden, condition, key := t.derived, "c.customer_id = $1", "c.id"
	if external {
		hidden = append(hidden, t.hidden...)
		if t.internal != "" {
			condition = and(condition, "NOT ("+t.internal+")")
		}
	}
	if t.table == customerEntity.table {
		key = "c.customer_id"
	}
	if hidden == nil {
		hidden = []string{}
	}
	return strings.Join([]string{"-- name: export ", t.table, "\nSELECT to_jsonb(c) - $2::text[] FROM ", t.table, " c WHERE ", condition, " ORDER BY ", key}, ""), hidden
}
