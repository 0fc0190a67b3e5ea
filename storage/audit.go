package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

var auditEntryEntity = newEntity(entity[domain.AuditEntry]{
	kind: domain.KindAuditEntry, table: "audit_entries", id: (*domain.AuditEntry).ID, sealed: true,
	fields: map[string]field{
		"customer": {expr: "c.customer_id", kind: fieldID, of: domain.KindCustomer},
		"subject":  {expr: "c.subject"},
		"action":   {expr: "c.action"},
		"at":       {expr: "c.at", kind: fieldInstant},
	},
	sorts: map[string]sortKey[domain.AuditEntry]{
		"AT": byInstant("c.at", func(item *domain.AuditEntry) time.Time { return item.At }),
	},
	order: descending("AT"),
})

// AuditEntries lists the audit trail. Only an administrator sees any of it.
func (s *Store) AuditEntries() List[domain.AuditEntry] {
	scope := nothing
	if s.viewer.Role == domain.RoleAdmin {
		scope = everything
	}
	return List[domain.AuditEntry]{store: s, entity: auditEntryEntity, scope: scope}
}

// AuditEntriesByID reads entries of the audit trail; those that are not there are not in the map. It is FORBIDDEN to all but administrators.
func (s *Store) AuditEntriesByID(ctx context.Context, ids []domain.ID) (map[domain.ID]*domain.AuditEntry, error) {
	return auditEntryEntity.byIDs(ctx, s, ids)
}

// insertAuditEntries takes all entries as one JSON value: the statement's text is the same for any number of them.
const insertAuditEntries = `-- name: insertAuditEntries
INSERT INTO audit_entries (at, subject, viewer_name, role, action, customer_id, kind, operation, fields, request_id, details)
SELECT e.at, e.subject, e.viewer_name, e.role, e.action, e.customer_id, e.kind, e.operation, e.fields, e.request_id, e.details
FROM jsonb_to_recordset($1::jsonb) AS e (at timestamptz, subject text, viewer_name text, role text, action text, customer_id bigint,
    kind text, operation text, fields text[], request_id text, details jsonb)`

// WriteAuditEntries adds entries to the audit trail: all of them, or none with an error.
func (p *Pool) WriteAuditEntries(ctx context.Context, entries []domain.AuditEntry) error {
	told := p.watch(ctx, insertAuditEntries)
	err := writeAuditEntries(ctx, p.db, entries)
	told(len(entries), err)
	return err
}

// executor is a database or a transaction in it.
type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func writeAuditEntries(ctx context.Context, into executor, entries []domain.AuditEntry) error {
	rows := make([]map[string]any, len(entries))
	for i, entry := range entries {
		rows[i] = auditRow(entry)
	}
	raw, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("spell audit entries: %w", err)
	}
	_, err = into.ExecContext(ctx, insertAuditEntries, string(raw))
	if err != nil {
		return fmt.Errorf("write audit entries: %w", Translate(err))
	}
	return nil
}

// auditRow is an entry by its columns.
func auditRow(entry domain.AuditEntry) map[string]any {
	row := map[string]any{
		"at": entry.At, "subject": storable(entry.Subject), "viewer_name": storable(entry.ViewerName), "role": entry.Role, "action": entry.Action,
		"customer_id": entry.CustomerRow, "kind": entry.Kind, "operation": entry.Operation, "fields": entry.Fields, "request_id": entry.RequestID,
		"details": entry.Details,
	}
	if entry.Fields == nil {
		row["fields"] = []string{}
	}
	if entry.Details == nil {
		row["details"] = struct{}{}
	}
	return row
}

// storable leaves out NUL, which Postgres cannot hold: a name from somebody else's token must not keep an entry from being written.
func storable(text string) string { return strings.ReplaceAll(text, "\x00", "") }
