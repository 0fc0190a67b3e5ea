package storage

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"

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

// insertAuditEntries takes each column as an array: the statement's text is the same for any number of entries, so that it is prepared once for
// each connection. The fields of an entry are an array too, spelled as a text.
const insertAuditEntries = `-- name: insertAuditEntries
INSERT INTO audit_entries (at, subject, viewer_name, role, action, customer_id, kind, operation, fields, request_id, details)
SELECT e.at, e.subject, e.viewer_name, e.role, e.action, e.customer_id, e.kind, e.operation, e.fields::text[], e.request_id, e.details
FROM unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::text[],
    $11::jsonb[]) AS e (at, subject, viewer_name, role, action, customer_id, kind, operation, fields, request_id, details)`

// WriteAuditEntries adds entries to the audit trail: all of them, or none with an error.
func (p *Pool) WriteAuditEntries(ctx context.Context, entries []domain.AuditEntry) error {
	told := p.watch(ctx, insertAuditEntries)
	err := writeAuditEntries(ctx, preparing{p.statements}, entries)
	told(len(entries), err)
	return err
}

// executor is a database or a transaction in it.
type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// preparing is an executor that prepares each statement once.
type preparing struct{ statements *statementCache }

// ExecContext implements executor.
func (p preparing) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	statement, err := p.statements.acquire(ctx, query)
	if err != nil {
		return nil, err
	}
	defer p.statements.release(statement)
	return statement.ExecContext(ctx, args...)
}

func writeAuditEntries(ctx context.Context, into executor, entries []domain.AuditEntry) error {
	columns := newAuditColumns(len(entries))
	for i := range entries {
		err := columns.add(&entries[i])
		if err != nil {
			return fmt.Errorf("spell an audit entry: %w", err)
		}
	}
	_, err := into.ExecContext(ctx, insertAuditEntries, columns.args()...)
	if err != nil {
		return fmt.Errorf("write audit entries: %w", Translate(err))
	}
	return nil
}

// auditColumns are entries, column by column. A nil is NULL.
type auditColumns struct {
	at, subject, viewerName, role, action, kind, fields, details []string
	customer                                                     []*int64
	operation, requestID                                         []*string
}

func newAuditColumns(entries int) *auditColumns {
	c := &auditColumns{customer: make([]*int64, 0, entries)}
	for _, texts := range []*[]string{&c.at, &c.subject, &c.viewerName, &c.role, &c.action, &c.kind, &c.fields, &c.details} {
		*texts = make([]string, 0, entries)
	}
	for _, texts := range []*[]*string{&c.operation, &c.requestID} {
		*texts = make([]*string, 0, entries)
	}
	return c
}

func (c *auditColumns) add(entry *domain.AuditEntry) error {
	fields, err := spellFields(entry.Fields)
	if err != nil {
		return err
	}
	details := "{}"
	if entry.Details != nil {
		details = string(entry.Details)
	}
	c.at = append(c.at, entry.At.Format(time.RFC3339Nano))
	c.subject = append(c.subject, storable(entry.Subject))
	c.viewerName = append(c.viewerName, storable(entry.ViewerName))
	c.role = append(c.role, storable(string(entry.Role)))
	c.action = append(c.action, storable(string(entry.Action)))
	c.customer = append(c.customer, entry.CustomerRow)
	c.kind = append(c.kind, storable(entry.Kind))
	c.operation = append(c.operation, storableOrNil(entry.Operation))
	c.fields = append(c.fields, storable(fields))
	c.requestID = append(c.requestID, storableOrNil(entry.RequestID))
	c.details = append(c.details, storable(details))
	return nil
}

// args are the statement's arguments, in its order.
func (c *auditColumns) args() []any {
	return []any{
		pq.StringArray(c.at), pq.StringArray(c.subject), pq.StringArray(c.viewerName), pq.StringArray(c.role), pq.StringArray(c.action),
		pq.Array(c.customer), pq.StringArray(c.kind), pq.Array(c.operation), pq.StringArray(c.fields), pq.Array(c.requestID), pq.StringArray(c.details),
	}
}

// spellFields writes the names of an entry's fields as Postgres writes an array.
func spellFields(names []string) (string, error) {
	if len(names) == 0 {
		return "{}", nil
	}
	spelled, err := pq.StringArray(names).Value()
	if err != nil {
		return "", err
	}
	text, ok := spelled.(string)
	if !ok {
		return "", fmt.Errorf("an array is spelled as %T", spelled)
	}
	return text, nil
}

// storable leaves out NUL, which Postgres cannot hold, and replaces what is no UTF-8: a name from somebody else's token must not keep an entry
// from being written.
func storable(text string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", ""), "\uFFFD")
}

func storableOrNil(text *string) *string {
	if text == nil {
		return nil
	}
	stored := storable(*text)
	return &stored
}
