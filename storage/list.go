package storage

import (
	"context"
	"database/sql"

	"github.com/vigie-dev/vigie/domain"
)

// List is a list of all rows of a kind, to be read page by page.
type List[T any] struct {
	store  *Store
	entity *entity[T]
	// scope is a condition that makes the list a part of all rows.
	scope string
}

// Signature names the order of the list; cursors belong to it.
func (l List[T]) Signature(by []domain.Sort, _ string) string { return l.entity.signature(by) }

// Page reads a page.
func (l List[T]) Page(ctx context.Context, request domain.PageRequest) (*domain.Page[T], error) {
	return l.entity.list(ctx, l.store, &builder{}, l.scope, request)
}

// Root is the root of a tree: a page of the list.
func (l List[T]) Root(request *domain.PageRequest, into func(page *domain.Page[T]), children ...*Branch) *Branch {
	return listRoot(l.store, l.entity, &builder{}, l.scope, *request, into, children)
}

// listRoot is a page of the rows under scope, whose values b has.
func listRoot[T any](s *Store, e *entity[T], b *builder, scope string, request domain.PageRequest, into func(*domain.Page[T]), children []*Branch) *Branch {
	return &Branch{
		role: rootOfList, name: e.table, store: s, table: e, args: b.args, children: children,
		open: func() rows {
			return &pageRows[T]{
				entity: e, scope: scope, request: request,
				parents: []domain.ID{{}}, into: func(_ domain.ID, page *domain.Page[T]) { into(page) },
			}
		},
	}
}

// list reads a page of the rows under scope.
func (e *entity[T]) list(ctx context.Context, s *Store, b *builder, scope string, request domain.PageRequest) (*domain.Page[T], error) {
	o, err := e.ordering(request.Sort)
	if err != nil {
		return nil, err
	}
	filter, err := b.condition(e.fields, request.Filter)
	if err != nil {
		return nil, err
	}
	r := e.reach(b, s)
	var total *int
	if request.Total {
		total, err = e.count(ctx, s, e.listCount(r, scope, filter), b.args)
		if err != nil {
			return nil, err
		}
	}
	if request.NoRows {
		return e.page(o, nil, request, total), nil
	}
	set := e.needed(s) | o.readsFor(request)
	text, err := e.listWindow(b, r, o, set, scope, filter, request)
	if err != nil {
		return nil, err
	}
	var items []*T
	err = s.each(ctx, func(rows *sql.Rows) error {
		item, err := e.scan(rows, set)
		items = append(items, item)
		return err
	}, "-- name: "+e.table+"\n"+text, b.args...)
	if err != nil {
		return nil, err
	}
	return e.page(o, items, request, total), nil
}

// count is the number that a statement gives.
func (e *entity[T]) count(ctx context.Context, s *Store, text string, args []any) (*int, error) {
	var total int
	err := s.each(ctx, func(rows *sql.Rows) error { return rows.Scan(&total) },
		"-- name: "+e.table+"Count\n"+text, args...)
	return &total, err
}

// and joins two conditions. One that is missing, or holds always, is left out where the other is there.
func and(condition, other string) string {
	switch {
	case condition == "" || condition == everything:
		return other
	case other == "" || other == everything:
		return condition
	default:
		return condition + " AND " + other
	}
}

// where is the WHERE clause of a condition; there is none for one that is missing or holds always.
func where(condition string) string {
	if condition == "" || condition == everything {
		return ""
	}
	return " WHERE " + condition
}
