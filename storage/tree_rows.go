package storage

import (
	"slices"

	"github.com/vigie-dev/vigie/domain"
)

// rows are the rows of one branch while its tree is read.
type rows interface {
	// begin checks what is asked for, and makes room for it.
	begin(s *Store) error
	// columns are those that are read of the rows for themselves.
	columns(s *Store) columnSet
	// sole is the one customer that all rows of a root belong to; 0 where that is not known, or there are several.
	sole() int64
	// brief tells what the text of a root follows from, where that can be told without writing it, and puts the values into b that write would.
	brief(b *builder, s *Store) (key string, ok bool)
	// from is the condition that roots are found by: a FROM clause over p and a WHERE clause, where the root is pages of parents.
	from(b *builder, s *Store) (from, where string)
	// write gives the SELECT of the rows over c, of one parent p where there are parents, and that of the length of the list, total. Each is
	// empty where nobody asks for it.
	write(b *builder, s *Store, set columnSet) (selected, count string, err error)
	// paging is the page that is asked for; nil where it is no page.
	paging() *domain.PageRequest
	// most is how many rows there are at most for so many rows that they are found for.
	most(over int) int
	// expect makes room for so many rows.
	expect(rows int)
	// want says that a row with this id is looked for.
	want(id domain.ID)
	// take keeps a row that belongs to a customer, where that is known without its cells. It tells whether the row is shown: the one that only says
	// that a list goes on is not.
	take(set columnSet, cells []cell, customer int64, kept *arena) (shown bool, err error)
	// takeTotal keeps the length of a parent's list.
	takeTotal(parent domain.ID, total int)
	// deliver hands over what was read, the pages of parents or, at the root, of its own ones. It gives the ids of the rows that are shown, where
	// that is asked for.
	deliver(parents []domain.ID, asked bool) []domain.ID
}

// objectRows are rows that are found by their ids.
type objectRows[T any] struct {
	entity *entity[T]
	into   func(id domain.ID, item *T)
	// wanted are the ids that are looked for, and found what was found of each, at the same places; nil where nothing was.
	wanted places
	found  []*T
	// sizes are those of the found rows in bytes.
	sizes []int64
	slab  slab[T]
}

func (r *objectRows[T]) begin(s *Store) error {
	ids := r.wanted.ids
	r.wanted = places{}
	for _, id := range ids {
		r.want(id)
	}
	return r.entity.unsealed(s)
}

func (r *objectRows[T]) columns(s *Store) columnSet { return r.entity.needed(s) }

func (r *objectRows[T]) expect(rows int) {
	r.slab.room(rows)
	r.found, r.sizes = slices.Grow(r.found, rows), slices.Grow(r.sizes, rows)
}

func (r *objectRows[T]) sole() int64 { return soleCustomer(withoutProbes(r.wanted.ids)) }

func (r *objectRows[T]) want(id domain.ID) { r.place(id) }

// place is where an id stands among those that are looked for, from now on at the latest.
func (r *objectRows[T]) place(id domain.ID) int {
	at := r.wanted.of(id)
	if at == len(r.found) {
		r.found, r.sizes = append(r.found, nil), append(r.sizes, 0)
	}
	return at
}

func (r *objectRows[T]) brief(b *builder, s *Store) (string, bool) {
	return r.entity.valuesByIDs(b, s, withoutProbes(r.wanted.ids)), true
}

func (r *objectRows[T]) write(b *builder, s *Store, set columnSet) (selected, count string, err error) {
	return r.entity.selectByIDs(b, s, set, withoutProbes(r.wanted.ids)), "", nil
}

func (r *objectRows[T]) take(set columnSet, cells []cell, customer int64, kept *arena) (bool, error) {
	item := r.slab.next()
	err := r.entity.decode(item, set, cells, kept)
	if err != nil {
		return false, err
	}
	r.entity.tell(item, customer)
	at := r.place(r.entity.id(item))
	r.found[at], r.sizes[at] = item, sizeOfCells(cells[:set.len()])
	return true, nil
}

func (r *objectRows[T]) deliver(_ []domain.ID, asked bool) []domain.ID {
	var ids []domain.ID
	for i, id := range r.wanted.ids {
		item := r.found[i]
		r.into(id, item)
		if asked && item != nil {
			ids = append(ids, id)
		}
	}
	return ids
}

func (r *objectRows[T]) most(over int) int {
	if len(r.wanted.ids) > 1 {
		return manyRoots
	}
	return over
}

func (r *objectRows[T]) from(*builder, *Store) (from, where string) { return "", "" }
func (r *objectRows[T]) paging() *domain.PageRequest                { return nil }
func (r *objectRows[T]) takeTotal(domain.ID, int)                   {}

// pageRows are rows of pages: of one list, or of a list for each parent.
type pageRows[T any] struct {
	entity   *entity[T]
	relation *relation[T] // nil for a list of all rows
	scope    string       // of a list of all rows
	request  domain.PageRequest
	parents  []domain.ID // of a root; a list of all rows has the zero ID for its parent
	into     func(parent domain.ID, page *domain.Page[T])

	order ordering[T]
	// groups are the parents that have pages, at the same places; last is the place of the one that was last asked for.
	groups places
	pages  []pageGroup
	last   int
	// items are those of all pages, each page's one after the other.
	items []*T
	slab  slab[T]
}

// pageGroup is one parent's page while it is read: the items from the place from on, before the place to.
type pageGroup struct{ from, to, total int }

func (r *pageRows[T]) begin(*Store) error {
	resolve := r.entity.ordering
	if r.relation != nil {
		resolve = r.relation.ordering
	}
	order, err := resolve(r.request.Sort)
	if err != nil {
		return err
	}
	r.order = order
	return nil
}

func (r *pageRows[T]) columns(s *Store) columnSet {
	set := r.entity.asked(s) | r.order.readsFor(r.request)
	if r.relation != nil {
		set |= r.relation.reads
	}
	return set
}

func (r *pageRows[T]) expect(rows int) {
	r.slab.room(rows)
	r.items = slices.Grow(r.items, rows)
}

func (r *pageRows[T]) sole() int64 { return soleCustomer(withoutProbes(unique(r.parents))) }

// soleCustomer is the customer that the only one of ids belongs to.
func soleCustomer(ids []domain.ID) int64 {
	if len(ids) != 1 {
		return 0
	}
	return ids[0].Customer
}

func (r *pageRows[T]) brief(*builder, *Store) (string, bool) { return "", false }

func (r *pageRows[T]) from(b *builder, s *Store) (from, where string) {
	return r.relation.from(b, s, withoutProbes(unique(r.parents)))
}

func (r *pageRows[T]) write(b *builder, s *Store, set columnSet) (selected, count string, err error) {
	if r.relation == nil {
		return r.writeList(b, s, set)
	}
	scope, filter, err := r.relation.conditions(b, s, r.request)
	if err != nil {
		return "", "", err
	}
	if !r.request.NoRows {
		selected, err = r.entity.window(b, r.order, set, scope, filter, r.request)
	}
	if r.request.Total {
		count = r.entity.selectTotal(scope, filter)
	}
	return selected, count, err
}

// writeList is write for the list of all rows that are in the viewer's reach.
func (r *pageRows[T]) writeList(b *builder, s *Store, set columnSet) (selected, count string, err error) {
	filter, err := b.condition(r.entity.fields, r.request.Filter)
	if err != nil {
		return "", "", err
	}
	reach := r.entity.reach(b, s)
	if !r.request.NoRows {
		selected, err = r.entity.listWindow(b, reach, r.order, set, r.scope, filter, r.request)
	}
	if r.request.Total {
		count = r.entity.listCount(reach, r.scope, filter)
	}
	return selected, count, err
}

func (r *pageRows[T]) most(over int) int {
	if r.request.NoRows {
		return 0
	}
	if len(r.parents) > 1 {
		over = manyRoots
	}
	return over * readFor(r.request)
}

func (r *pageRows[T]) paging() *domain.PageRequest { return &r.request }

func (r *pageRows[T]) want(domain.ID) {}

func (r *pageRows[T]) take(set columnSet, cells []cell, customer int64, kept *arena) (bool, error) {
	item := r.slab.next()
	err := r.entity.decode(item, set, cells, kept)
	if err != nil {
		return false, err
	}
	r.entity.tell(item, customer)
	var parent domain.ID
	if r.relation != nil {
		parent = r.relation.of(item)
	}
	group := r.group(parent)
	if group.to != len(r.items) {
		group.from, r.items = len(r.items), append(r.items, r.items[group.from:group.to]...)
	}
	r.items = append(r.items, item)
	group.to = len(r.items)
	return group.to-group.from <= r.request.Limit, nil
}

func (r *pageRows[T]) takeTotal(parent domain.ID, total int) { r.group(parent).total = total }

// group is a parent's page, to be used before the next one is asked for. Rows of a parent come one after the other, so it mostly is the last one.
func (r *pageRows[T]) group(parent domain.ID) *pageGroup {
	if r.last < len(r.pages) && r.groups.ids[r.last] == parent {
		return &r.pages[r.last]
	}
	r.last = r.groups.of(parent)
	if r.last == len(r.pages) {
		r.pages = append(r.pages, pageGroup{})
	}
	return &r.pages[r.last]
}

func (r *pageRows[T]) deliver(parents []domain.ID, asked bool) []domain.ID {
	if r.parents != nil {
		parents = unique(r.parents)
	}
	var ids []domain.ID
	if asked {
		ids = make([]domain.ID, 0, len(r.items))
	}
	position := r.order.position(r.entity.id)
	pages := make([]domain.Page[T], len(parents))
	for i, parent := range parents {
		r.fill(&pages[i], parent)
		pages[i].Position = position
		r.into(parent, &pages[i])
		if asked {
			for _, item := range pages[i].Items {
				ids = append(ids, r.entity.id(item))
			}
		}
	}
	return ids
}

// fill makes a parent's page.
func (r *pageRows[T]) fill(page *domain.Page[T], parent domain.ID) {
	var group pageGroup
	at, known := r.groups.find(parent)
	if known {
		group = r.pages[at]
	}
	var total *int
	if r.request.Total {
		total = new(int)
		*total = group.total
	}
	r.order.fill(page, r.items[group.from:group.to:group.to], r.request, total)
}
