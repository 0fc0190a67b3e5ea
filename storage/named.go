package storage

import (
	"context"
	"database/sql"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// Named reads things of one kind by the name that people use for them, regardless of case.
type Named[T any] struct {
	store  *Store
	entity *entity[T]
	// name is that of the statement.
	name, column string
}

// CustomersByNumber reads customers by number.
func (s *Store) CustomersByNumber() Named[domain.Customer] {
	return Named[domain.Customer]{s, customerEntity, "CustomerByNumber", "number"}
}

// ProductsBySKU reads products by SKU.
func (s *Store) ProductsBySKU() Named[domain.Product] {
	return Named[domain.Product]{s, productEntity, "ProductBySKU", "sku"}
}

// same is the condition that the column holds a name.
func (n Named[T]) same(name string) string {
	return "upper(c." + n.column + `) COLLATE "C" = upper(` + name + ")"
}

// Read reads things by name; those that are not there are not in the map. Its keys are the names as they were given.
func (n Named[T]) Read(ctx context.Context, names []string) (map[string]*T, error) {
	set := n.entity.needed(n.store)
	b := builder{args: []any{pq.Array(withoutNUL(names))}}
	b.add("-- name: ", n.name, "\nSELECT ", n.entity.selection(set), ", k.name FROM unnest($1::text[]) AS k (name)\nJOIN ",
		n.entity.table, " c ON ", n.same("k.name"), " WHERE ", n.entity.guard(&b, n.store))
	found := make(map[string]*T, len(names))
	err := n.store.each(ctx, func(rows *sql.Rows) error {
		var asked string
		item, err := n.entity.scan(rows, set, &asked)
		found[asked] = item
		return err
	}, b.text.String(), b.args...)
	return found, err
}

// Root is the root of a tree: the thing with a name, which holds no NUL, as far as the viewer may see it. into is called once, with nil where
// there is none.
func (n Named[T]) Root(name string, into func(item *T), children ...*Branch) *Branch {
	return &Branch{
		role: rootOfIDs, name: n.name, store: n.store, table: n.entity, children: children,
		open: func() rows {
			return &namedRow[T]{objectRows: objectRows[T]{entity: n.entity}, by: n, name: name, named: into}
		},
	}
}

// namedRow is the row with a name.
type namedRow[T any] struct {
	objectRows[T]
	by    Named[T]
	name  string
	named func(item *T)
}

func (r *namedRow[T]) write(b *builder, s *Store, set columnSet) (selected, count string, err error) {
	name := b.arg(r.name) + "::text"
	return "SELECT " + r.entity.selection(set) + " FROM " + r.entity.table + " c WHERE " + and(r.by.same(name), r.entity.guard(b, s)) + " LIMIT 1", "", nil
}

func (r *namedRow[T]) brief(b *builder, s *Store) (string, bool) {
	b.arg(r.name)
	r.entity.guardValues(b, s)
	return "", true
}

func (r *namedRow[T]) deliver(_ []domain.ID, _ bool) []domain.ID {
	if len(r.found) == 0 {
		r.named(nil)
		return nil
	}
	r.named(r.found[0])
	return r.wanted.ids[:1]
}
