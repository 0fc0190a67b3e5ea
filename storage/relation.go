package storage

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// relation says which children a parent has: the rows of child for which on holds, on being a condition over the parent's row p and
// the child's row c. It is declared once and read for all parents of a request in one statement.
type relation[T any] struct {
	name  string
	child *entity[T]
	// parents is the table of the parents: the statement is driven from it, which also a sharded database can do shard by shard.
	parents string
	kind    domain.Kind
	on      string
	// of tells whose child an item is.
	of func(*T) domain.ID
	// order is the list's own order where it differs from the child's.
	order []domain.Sort
}

// Relation lists the children of parents, page by page.
type Relation[T any] struct {
	store    *Store
	relation *relation[T]
}

// Signature names the order of the lists; cursors belong to it.
func (r Relation[T]) Signature(by []domain.Sort, _ string) string {
	return r.relation.child.signature(r.relation.sort(by))
}

// Pages reads one page for each parent, of all parents in one statement. A parent without children has an empty page.
func (r Relation[T]) Pages(ctx context.Context, parents []domain.ID, request domain.PageRequest) (map[domain.ID]*domain.Page[T], error) {
	return r.relation.pages(ctx, r.store, parents, request)
}

func (r *relation[T]) sort(by []domain.Sort) []domain.Sort {
	if len(by) == 0 {
		return r.order
	}
	return by
}

func (r *relation[T]) pages(ctx context.Context, s *Store, parents []domain.ID, request domain.PageRequest) (map[domain.ID]*domain.Page[T], error) {
	o, err := r.child.ordering(r.sort(request.Sort))
	if err != nil {
		return nil, err
	}
	var b builder
	text, err := r.statement(&b, s, o, parents, request)
	if err != nil {
		return nil, err
	}
	items := make(map[domain.ID][]*T, len(parents))
	totals := make(map[domain.ID]int, len(parents))
	err = s.each(ctx, func(rows *sql.Rows) error {
		var total int
		item, err := r.child.scan(rows, &total)
		if err != nil {
			return err
		}
		parent := r.of(item)
		items[parent], totals[parent] = append(items[parent], item), total
		return nil
	}, text, b.args...)
	if err != nil {
		return nil, err
	}
	pages := make(map[domain.ID]*domain.Page[T], len(parents))
	for _, parent := range parents {
		var total *int
		if request.Total {
			counted := totals[parent]
			total = &counted
		}
		pages[parent] = r.child.page(o, items[parent], request, total)
	}
	if request.Total {
		return pages, r.countBehindCursor(ctx, s, pages, request)
	}
	return pages, nil
}

// statement reads the pages of all parents: a LATERAL with the page's order and limit for each, whose rows come in that order.
// The total, where it is asked for, rides along.
func (r *relation[T]) statement(b *builder, s *Store, o ordering[T], parents []domain.ID, request domain.PageRequest) (string, error) {
	from, where := r.from(b, s, parents)
	scope := and(r.on, r.guard(b, s))
	filter, err := b.condition(r.child.fields, request.Filter)
	if err != nil {
		return "", err
	}
	total, count := "0", ""
	if request.Total {
		total = "n.total"
		count = fmt.Sprintf("\nCROSS JOIN LATERAL (SELECT count(*) AS total FROM %s c WHERE %s AND %s) n", r.child.table, scope, filter)
	}
	window, err := r.child.window(b, o, scope, filter, request)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("-- name: %s\nSELECT c.*, %s FROM %s%s\nCROSS JOIN LATERAL (%s) c%s", r.name, total, from, count, window, where), nil
}

// guard is the condition on the children. Those of a customer's own rows are in scope when the parent is, which from sees to; customers that
// belong to a customer are not, just because it is.
func (r *relation[T]) guard(b *builder, s *Store) string {
	if r.child.kind.Owned() && r.child.kind != domain.KindCustomer {
		return r.child.own(s)
	}
	return r.child.guard(b, s)
}

// from drives the statement from the parents' rows, those in scope.
func (r *relation[T]) from(b *builder, s *Store, parents []domain.ID) (from, where string) {
	switch {
	case r.kind == domain.KindCustomer:
		return r.parents + " p", "\nWHERE p.customer_id = ANY(" + b.arg(pq.Array(rowsOf(parents))) + ") AND " + s.customerScope(b, "p")
	case !r.kind.Owned():
		return r.parents + " p", "\nWHERE p.id = ANY(" + b.arg(pq.Array(rowsOf(parents))) + ")"
	default:
		return fmt.Sprintf("%s p JOIN unnest(%s::bigint[], %s::bigint[]) AS k (customer_id, id) ON p.customer_id = k.customer_id AND p.id = k.id",
			r.parents, b.arg(pq.Array(customersOf(parents))), b.arg(pq.Array(rowsOf(parents)))), "\nWHERE " + s.scope(b, "p")
	}
}

// countBehindCursor counts the lists of which a cursor has left no row to carry the total.
func (r *relation[T]) countBehindCursor(ctx context.Context, s *Store, pages map[domain.ID]*domain.Page[T], request domain.PageRequest) error {
	if request.After == nil && request.Before == nil {
		return nil
	}
	var empty []domain.ID
	for parent, page := range pages {
		if len(page.Items) == 0 {
			empty = append(empty, parent)
		}
	}
	if len(empty) == 0 {
		return nil
	}
	request.After, request.Before, request.Limit = nil, nil, 1
	whole, err := r.pages(ctx, s, empty, request)
	if err != nil {
		return err
	}
	for parent, page := range whole {
		pages[parent].Total = page.Total
	}
	return nil
}
