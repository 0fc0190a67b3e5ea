package access

import (
	"context"
	"reflect"

	"github.com/99designs/gqlgen/graphql"

	"github.com/vigie-dev/vigie/audit"
	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/httpd"
)

// Trail records whose personal data a response holds.
type Trail struct {
	personal map[string]map[string]bool
	viewerOf func(context.Context) domain.Viewer
	recorder *audit.Recorder
}

// NewTrail makes a trail of the fields that are personal by the table's rules.
func NewTrail(table Table, viewerOf func(context.Context) domain.Viewer, recorder *audit.Recorder) *Trail {
	trail := &Trail{personal: map[string]map[string]bool{}, viewerOf: viewerOf, recorder: recorder}
	for typeName, rules := range table {
		for name, rule := range rules {
			if !rule.Personal {
				continue
			}
			if trail.personal[typeName] == nil {
				trail.personal[typeName] = map[string]bool{}
			}
			trail.personal[typeName][name] = true
		}
	}
	return trail
}

// Record records what a response holds whose context collects it (package audit), before it goes out. A record that fails has told the log and is
// counted.
func (t *Trail) Record(ctx context.Context) {
	accesses := audit.Drain(ctx)
	if len(accesses) == 0 {
		return
	}
	viewer := t.viewerOf(ctx)
	var few [1]domain.AuditEntry
	entries := few[:0]
	for i := range accesses {
		access, entry := &accesses[i], Entry(ctx, viewer)
		entry.Action, entry.Kind = domain.AuditRead, access.Customer.Kind.String()
		entry.CustomerRow, entry.Fields = &access.Customer.Row, access.Fields
		entries = append(entries, entry)
	}
	_ = t.recorder.Record(ctx, entries...) // The recorder has told of what it lost.
}

// AroundField notes a personal field that has a value, where gqlgen's executor answers it. It belongs behind Enforce: a field that was forbidden or
// masked never gets to it.
func (t *Trail) AroundField(ctx context.Context, next graphql.Resolver) (any, error) {
	field := graphql.GetFieldContext(ctx)
	if !t.personal[field.Object][field.Field.Name] {
		return next(ctx)
	}
	value, err := next(ctx)
	if err == nil && !missing(value) && isPersonal(field) {
		audit.Read(ctx, ownerOf(field), field.Object, field.Field.Name)
	}
	return value, err
}

// Entry begins an audit entry for the operation of ctx.
func Entry(ctx context.Context, viewer domain.Viewer) domain.AuditEntry {
	name := ""
	if operation := graphql.GetOperationContext(ctx).Operation; operation != nil {
		name = operation.Name
	}
	return audit.Entry(viewer, name, httpd.RequestID(ctx))
}

// ownerOf is the customer to whom a field's object belongs, itself or the next object around it that says so. What is about our own people
// belongs to none.
func ownerOf(field *graphql.FieldContext) domain.ID {
	return ownerAmong(func(yield func(any) bool) {
		for parent := field.Parent; parent != nil && yield(objectOf(parent.Result)); parent = parent.Parent {
		}
	})
}

func owner(id domain.ID) domain.ID {
	if !id.Kind.Owned() {
		return domain.ID{}
	}
	return domain.CustomerID(id.Customer)
}

func missing(value any) bool {
	v := reflect.ValueOf(value)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}
