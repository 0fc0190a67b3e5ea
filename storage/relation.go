package storage

import (
	"context"
	"database/sql"
	"slices"
	"strings"

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
	// unique tells that the list's own order tells the children of one parent apart by itself, so that no tie has to be broken by their ids: then an
	// index that ends before these gives the order too.
	unique bool
	// reads are the columns of the child that of is made from, above the columns of the parent that on compares with.
	reads columnSet
	above []string
	// natural is the ordering of the list's own order.
	natural ordering[T]
	// together tells whether children belong to the customer that their parent belongs to.
	together bool
}

// newRelation completes a declaration.
func newRelation[T any](r relation[T]) *relation[T] {
	item := r.child.probe()
	parent := r.of(item)
	for _, number := range []int64{parent.Row, parent.Customer} {
		if number != 0 {
			r.reads |= 1 << indexOfProbe(number)
		}
	}
	r.above = columnsOf(r.on, "p.")
	r.together = r.child.kind != domain.KindCustomer && strings.HasPrefix(r.on, "c.customer_id = p.customer_id")
	natural, err := r.child.ordering(r.order)
	if err != nil {
		panic(err) // A fault in the declaration.
	}
	if r.unique {
		apart := natural
		apart.keys = natural.keys[:len(natural.keys)-1]
		natural.forward, natural.backward = apart.orderBy(false), apart.orderBy(true)
	}
	r.natural = natural
	return &r
}

// ordering resolves a sort.
func (r *relation[T]) ordering(by []domain.Sort) (ordering[T], error) {
	if len(by) == 0 {
		return r.natural, nil
	}
	return r.child.ordering(by)
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

// Root is the root of a tree: one page for each parent, as far as the viewer may see the parent. into is called once for each parent; one without
// children has an empty page.
func (r Relation[T]) Root(parents []domain.ID, request *domain.PageRequest, into func(parent domain.ID, page *domain.Page[T]), children ...*Branch) *Branch {
	branch := r.branch(request, into, children)
	branch.role = rootOfParents
	open := branch.open
	branch.open = func() rows {
		opened := open()
		opened.(*pageRows[T]).parents = parents
		return opened
	}
	return branch
}

// Branch is one page for each row of the branch above. into is called once for each of them; one without children has an empty page.
func (r Relation[T]) Branch(request *domain.PageRequest, into func(parent domain.ID, page *domain.Page[T]), children ...*Branch) *Branch {
	branch := r.branch(request, into, children)
	branch.role = paged
	return branch
}

func (r Relation[T]) branch(request *domain.PageRequest, into func(domain.ID, *domain.Page[T]), children []*Branch) *Branch {
	return &Branch{
		name: r.relation.name, store: r.store, table: r.relation.child,
		parent: r.relation.kind, above: r.relation.above, together: r.relation.together, children: children,
		open: func() rows {
			return &pageRows[T]{entity: r.relation.child, relation: r.relation, request: *request, into: into}
		},
	}
}

func (r *relation[T]) sort(by []domain.Sort) []domain.Sort {
	if len(by) == 0 {
		return r.order
	}
	return by
}

func (r *relation[T]) pages(ctx context.Context, s *Store, parents []domain.ID, request domain.PageRequest) (map[domain.ID]*domain.Page[T], error) {
	o, err := r.ordering(request.Sort)
	if err != nil {
		return nil, err
	}
	items := make(map[domain.ID][]*T, len(parents))
	totals := make(map[domain.ID]int, len(parents))
	if !request.NoRows {
		err = r.readPages(ctx, s, o, parents, request, items, totals)
	} else if request.Total {
		err = r.readTotals(ctx, s, parents, request, totals)
	}
	if err != nil {
		return nil, err
	}
	if !request.NoRows && request.Total && (request.After != nil || request.Before != nil) {
		// Of some lists the cursor may have left no row to carry the total.
		empty := slices.DeleteFunc(slices.Clone(parents), func(parent domain.ID) bool { return len(items[parent]) > 0 })
		err = r.readTotals(ctx, s, empty, request, totals)
		if err != nil {
			return nil, err
		}
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
	return pages, nil
}

// readPages reads the rows of the pages of all parents; the total, where it is asked for, rides along.
func (r *relation[T]) readPages(
	ctx context.Context, s *Store, o ordering[T], parents []domain.ID, request domain.PageRequest, items map[domain.ID][]*T, totals map[domain.ID]int,
) error {
	var b builder
	set := r.child.needed(s) | o.readsFor(request) | r.reads
	from, where := r.from(&b, s, withoutProbes(parents))
	scope, filter, err := r.conditions(&b, s, request)
	if err != nil {
		return err
	}
	total, count := "0", ""
	if request.Total {
		total, count = "n.total", r.count(scope, filter)
	}
	window, err := r.child.window(&b, o, set, scope, filter, request)
	if err != nil {
		return err
	}
	text := "-- name: " + r.name + "\nSELECT c.*, " + total + " FROM " + from + count + "\nCROSS JOIN LATERAL (" + window + ") c" + where
	return s.each(ctx, func(rows *sql.Rows) error {
		var total int
		item, err := r.child.scan(rows, set, &total)
		if err != nil {
			return err
		}
		parent := r.of(item)
		items[parent], totals[parent] = append(items[parent], item), total
		return nil
	}, text, b.args...)
}

// readTotals reads the lengths of the lists of parents.
func (r *relation[T]) readTotals(ctx context.Context, s *Store, parents []domain.ID, request domain.PageRequest, totals map[domain.ID]int) error {
	if len(parents) == 0 {
		return nil
	}
	var b builder
	from, where := r.from(&b, s, withoutProbes(parents))
	scope, filter, err := r.conditions(&b, s, request)
	if err != nil {
		return err
	}
	text := "-- name: " + r.name + "Count\nSELECT " + strings.Join(keysOf(r.kind, "p"), ", ") + ", n.total FROM " + from + r.count(scope, filter) + where
	return s.each(ctx, func(rows *sql.Rows) error {
		parent := domain.ID{Kind: r.kind}
		var total int
		err := rows.Scan(keyInto(&parent, &total)...)
		if r.kind == domain.KindCustomer {
			parent.Customer = parent.Row
		}
		totals[parent] = total
		return err
	}, text, b.args...)
}

// conditions writes what makes a child one of the parent p, and what the request filters by.
func (r *relation[T]) conditions(b *builder, s *Store, request domain.PageRequest) (scope, filter string, err error) {
	scope = and(r.on, r.guard(b, s))
	filter, err = b.condition(r.child.fields, request.Filter)
	return scope, filter, err
}

// count joins the length n.total of each parent's list to the parents.
func (r *relation[T]) count(scope, filter string) string {
	return "\nCROSS JOIN LATERAL (" + r.child.selectTotal(scope, filter) + ") n"
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
	join, found := b.keyed(r.kind, "p", parents)
	switch {
	case r.kind == domain.KindCustomer:
		found = and(found, s.customerScope(b, "p"))
	case r.kind.Owned():
		found = and(found, s.scope(b, "p"))
	}
	return r.parents + " p" + join, "\nWHERE " + found
}
