package storage

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/vigie-dev/vigie/domain"
)

// sortByID ends a list's own order, where ties are to be broken in another direction than the last key's.
const sortByID = "ID"

// ordering is the total order of one page's list.
type ordering[T any] struct {
	keys      []sortKey[T]
	desc      []bool
	signature string
	// reads are the columns that a position is made from.
	reads columnSet
	// forward and backward are the order in SQL, as it is and turned round.
	forward, backward string
}

// ordering resolves a sort; the row's id breaks ties, in the direction of the last key.
func (e *entity[T]) ordering(by []domain.Sort) (ordering[T], error) {
	if len(by) == 0 && e.natural != nil {
		return *e.natural, nil
	}
	if len(by) == 0 {
		by = e.order
	}
	var o ordering[T]
	ties := len(by) > 0 && by[len(by)-1].Direction == domain.Descending
	for _, sort := range by {
		if sort.Field == sortByID {
			break
		}
		key, ok := e.sorts[sort.Field]
		if !ok {
			return ordering[T]{}, fmt.Errorf("the order %q of %s has no column", sort.Field, e.kind)
		}
		if key.reads == 0 {
			key.reads = allColumns(len(e.columns))
		}
		o.reads |= key.reads
		o.keys = append(o.keys, key)
		o.desc = append(o.desc, sort.Direction == domain.Descending)
	}
	if len(o.keys) > 4 {
		return ordering[T]{}, domain.BadInput("a list can be sorted by 4 things at most, not %d", len(o.keys))
	}
	o.keys = append(o.keys, sortKey[T]{
		expr: "c." + e.row(), cast: "::bigint",
		value: func(item *T) string { return strconv.FormatInt(e.id(item).Row, 10) },
	})
	o.reads |= e.keys
	o.desc = append(o.desc, ties)
	o.signature = e.signature(by)
	o.forward, o.backward = o.orderBy(false), o.orderBy(true)
	return o, nil
}

// signature names the order of a list.
func (e *entity[T]) signature(by []domain.Sort) string {
	if len(by) == 0 {
		by = e.order
	}
	parts := []string{e.kind.String()}
	for _, sort := range by {
		parts = append(parts, sort.Field+" "+string(sort.Direction))
	}
	return strings.Join(parts, ",")
}

// readsFor is the columns that tell where an item stands, where somebody asks for that.
func (o ordering[T]) readsFor(request domain.PageRequest) columnSet {
	if request.NoCursor {
		return 0
	}
	return o.reads
}

// position tells where an item stands in the order.
func (o ordering[T]) position(id func(*T) domain.ID) func(*T) domain.Position {
	return func(item *T) domain.Position {
		at := domain.Position{ID: id(item)}
		for _, key := range o.keys[:len(o.keys)-1] {
			at.Values = append(at.Values, key.value(item))
		}
		return at
	}
}

// orderBy writes the order, turned round for a page from the end.
func (o ordering[T]) orderBy(backward bool) string {
	parts := make([]string, len(o.keys))
	for i, key := range o.keys {
		parts[i] = key.expr
		if o.desc[i] != backward {
			parts[i] += " DESC"
		}
	}
	return strings.Join(parts, ", ")
}

// bound writes the condition that a row comes after (or before) a position. Keys of one direction make one row comparison, which an index
// answers; mixed directions are spelled out.
func (o ordering[T]) bound(b *builder, at *domain.Position, after bool) (string, error) {
	values := slices.Concat(at.Values, []string{strconv.FormatInt(at.ID.Row, 10)})
	if len(values) != len(o.keys) {
		return "", domain.BadInput("the cursor comes from a list in another order; begin again without it")
	}
	places := make([]string, len(values))
	exprs := make([]string, len(values))
	for i, value := range values {
		err := checkSortValue(value, o.keys[i].cast)
		if err != nil {
			return "", err
		}
		places[i], exprs[i] = b.arg(value)+o.keys[i].cast, o.keys[i].expr
		if o.keys[i].fold != "" {
			places[i] = o.keys[i].fold + "(" + places[i] + ")"
		}
	}
	operator := func(i int) string {
		if o.desc[i] == after {
			return " < "
		}
		return " > "
	}
	if !slices.Contains(o.desc, !o.desc[0]) {
		return "(" + strings.Join(exprs, ", ") + ")" + operator(0) + "(" + strings.Join(places, ", ") + ")", nil
	}
	choices := make([]string, len(values))
	for i := range values {
		equal := make([]string, 0, i+1)
		for j := range i {
			equal = append(equal, exprs[j]+" = "+places[j])
		}
		choices[i] = "(" + strings.Join(append(equal, exprs[i]+operator(i)+places[i]), " AND ") + ")"
	}
	return "(" + strings.Join(choices, " OR ") + ")", nil
}

// checkSortValue refuses a cursor whose values Postgres could not read: a cursor is outside input.
func checkSortValue(value, cast string) error {
	var err error
	switch cast {
	case "::timestamptz":
		_, err = time.Parse(time.RFC3339Nano, value)
	case "::date":
		_, err = domain.ParseDate(value)
	case "::bigint":
		_, err = strconv.ParseInt(value, 10, 64)
	case "::boolean":
		_, err = strconv.ParseBool(value)
	case "::numeric", "::float8":
		_, err = strconv.ParseFloat(value, 64)
	default:
		if strings.ContainsRune(value, 0) {
			err = fmt.Errorf("a NUL byte")
		}
	}
	if err != nil {
		return domain.BadInput("the cursor is damaged; begin again without it")
	}
	return nil
}

// window writes the SELECT of a page over c. scope is the condition that makes the list, without the filter.
func (e *entity[T]) window(b *builder, o ordering[T], set columnSet, scope, filter string, request domain.PageRequest) (string, error) {
	condition := and(scope, filter)
	if request.After != nil {
		bound, err := o.bound(b, request.After, true)
		if err != nil {
			return "", err
		}
		condition = and(condition, bound)
	}
	if request.Before != nil {
		bound, err := o.bound(b, request.Before, false)
		if err != nil {
			return "", err
		}
		condition = and(condition, bound)
	}
	order := o.forward
	if request.Backward {
		order = o.backward
	}
	return "SELECT " + e.selection(set) + " FROM " + e.table + " c" + where(condition) + " ORDER BY " + order + " LIMIT " + b.limit(readFor(request)), nil
}

// readFor is how many rows are read for a page: one more than asked for tells whether the list goes on.
func readFor(request domain.PageRequest) int {
	if request.NoMore {
		return request.Limit
	}
	return request.Limit + 1
}

// page makes a page of the rows that the window gave.
func (e *entity[T]) page(o ordering[T], items []*T, request domain.PageRequest, total *int) *domain.Page[T] {
	page := &domain.Page[T]{Position: o.position(e.id)}
	o.fill(page, items, request, total)
	return page
}

// fill makes a page of the rows that the window gave, but for the positions in it.
func (o *ordering[T]) fill(page *domain.Page[T], items []*T, request domain.PageRequest, total *int) {
	more := !request.NoMore && len(items) > request.Limit
	if more {
		items = items[:request.Limit]
	}
	page.Items, page.Total, page.Signature = items, total, o.signature
	// What a cursor stands on lies outside of the page.
	page.HasNext, page.HasPrevious = request.Before != nil, request.After != nil
	if request.Backward {
		slices.Reverse(page.Items)
		page.HasPrevious = page.HasPrevious || more
	} else {
		page.HasNext = page.HasNext || more
	}
}
