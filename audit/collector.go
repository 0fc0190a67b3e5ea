package audit

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/vigie-dev/vigie/domain"
)

// Access is the personal data of one customer that was read: the names of the fields, as Type.field, in order.
type Access struct {
	Customer domain.ID
	Fields   []string
}

// collector gathers what is read, of all goroutines of an operation.
type collector struct {
	mu   sync.Mutex
	read map[domain.ID]map[fieldName]struct{}
}

type fieldName struct{ typeName, field string }

type collectorKey struct{}

// Collect returns a context in which Read is heard.
func Collect(ctx context.Context) context.Context {
	return context.WithValue(ctx, collectorKey{}, &collector{})
}

// Read notes that a field with a customer's personal data was read. The same field of the same customer counts once. Where the context does not
// collect, and for the zero ID, nothing is noted.
func Read(ctx context.Context, customer domain.ID, typeName, field string) {
	c, collecting := ctx.Value(collectorKey{}).(*collector)
	if !collecting || customer.IsZero() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	fields, known := c.read[customer]
	if !known {
		if c.read == nil {
			c.read = map[domain.ID]map[fieldName]struct{}{}
		}
		fields = map[fieldName]struct{}{}
		c.read[customer] = fields
	}
	fields[fieldName{typeName, field}] = struct{}{}
}

// Drain returns what has been read since the context began to collect, or was drained last, by customer. Each response of an operation that has
// several (a subscription, a deferred part) so accounts for its own.
func Drain(ctx context.Context) []Access {
	c, collecting := ctx.Value(collectorKey{}).(*collector)
	if !collecting {
		return nil
	}
	c.mu.Lock()
	read := c.read
	c.read = nil
	c.mu.Unlock()
	accesses := make([]Access, 0, len(read))
	for customer, fields := range read {
		access := Access{Customer: customer}
		for name := range maps.Keys(fields) {
			access.Fields = append(access.Fields, name.typeName+"."+name.field)
		}
		slices.Sort(access.Fields)
		accesses = append(accesses, access)
	}
	slices.SortFunc(accesses, func(a, b Access) int { return cmp.Compare(a.Customer.Row, b.Customer.Row) })
	return accesses
}

// Entry begins an entry of the trail: who did it, and at whose request. An operation or a request without a name is left out.
func Entry(viewer domain.Viewer, operation, requestID string) domain.AuditEntry {
	return domain.AuditEntry{
		Subject: viewer.Subject, ViewerName: viewer.Name, Role: viewer.Role,
		Operation: optional(operation), RequestID: optional(requestID),
	}
}

func optional(text string) *string {
	text = strings.ReplaceAll(text, "\x00", "")
	if text == "" {
		return nil
	}
	return &text
}
