package storage

import "github.com/vigie-dev/vigie/domain"

// rows are the rows of one branch while its tree is read.
type rows interface {
	// prepare checks what is asked for, and gives the columns that the rows themselves need.
	prepare(s *Store) (columnSet, error)
	// from is the condition that roots are found by: a FROM clause over p and a WHERE clause, where the root is pages of parents.
	from(b *builder, s *Store) (from, where string)
	// write gives the SELECT of the rows over c, of one parent p where there are parents, and that of the length of the list, total. Each is
	// empty where nobody asks for it.
	write(b *builder, s *Store, set columnSet) (selected, count string, err error)
	// paging is the page that is asked for; nil where it is no page.
	paging() *domain.PageRequest
	// want says that a row with this id is looked for, and tells whether it is yet to be found.
	want(id domain.ID) bool
	// take keeps a row. It tells whether the row is shown: the one that only says that a list goes on is not.
	take(set columnSet, cells []cell, kept *arena) (shown bool, err error)
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
	// wanted are the ids that are looked for; found has them all, with nil for those that are not found.
	wanted []domain.ID
	found  map[domain.ID]*T
	slab   slab[T]
}

func (r *objectRows[T]) prepare(s *Store) (columnSet, error) {
	ids := r.wanted
	r.wanted, r.found = nil, make(map[domain.ID]*T, len(ids))
	for _, id := range ids {
		r.want(id)
	}
	return r.entity.needed(s), r.entity.unsealed(s)
}

func (r *objectRows[T]) want(id domain.ID) bool {
	item, known := r.found[id]
	if !known {
		r.found[id] = nil
		r.wanted = append(r.wanted, id)
	}
	return item == nil
}

func (r *objectRows[T]) write(b *builder, s *Store, set columnSet) (selected, count string, err error) {
	return r.entity.selectByIDs(b, s, set, withoutProbes(r.wanted)), "", nil
}

func (r *objectRows[T]) take(set columnSet, cells []cell, kept *arena) (bool, error) {
	item := r.slab.next()
	err := r.entity.decode(item, set, cells, kept)
	if err != nil {
		return false, err
	}
	id := r.entity.id(item)
	r.want(id)
	r.found[id] = item
	return true, nil
}

func (r *objectRows[T]) deliver(_ []domain.ID, asked bool) []domain.ID {
	var ids []domain.ID
	for _, id := range r.wanted {
		item := r.found[id]
		r.into(id, item)
		if asked && item != nil {
			ids = append(ids, id)
		}
	}
	return ids
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
	// groups are the parents' pages by their place in pages; last is the place of the one that was last asked for.
	groups map[domain.ID]int
	pages  []pageGroup
	last   int
	// items are those of all pages, each page's one after the other.
	items []*T
	slab  slab[T]
}

// pageGroup is one parent's page while it is read: the items from the place from on, before the place to.
type pageGroup struct {
	parent          domain.ID
	from, to, total int
}

func (r *pageRows[T]) prepare(s *Store) (columnSet, error) {
	set, resolve := r.entity.needed(s), r.entity.ordering
	if r.relation != nil {
		set, resolve = set|r.relation.reads, r.relation.ordering
	}
	order, err := resolve(r.request.Sort)
	if err != nil {
		return 0, err
	}
	r.order, r.groups = order, make(map[domain.ID]int, len(r.parents))
	return set | order.readsFor(r.request), nil
}

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

func (r *pageRows[T]) paging() *domain.PageRequest { return &r.request }

func (r *pageRows[T]) want(domain.ID) bool { return true }

func (r *pageRows[T]) take(set columnSet, cells []cell, kept *arena) (bool, error) {
	item := r.slab.next()
	err := r.entity.decode(item, set, cells, kept)
	if err != nil {
		return false, err
	}
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
	if r.last < len(r.pages) && r.pages[r.last].parent == parent {
		return &r.pages[r.last]
	}
	at, known := r.groups[parent]
	if !known {
		at = len(r.pages)
		r.groups[parent] = at
		r.pages = append(r.pages, pageGroup{parent: parent})
	}
	r.last = at
	return &r.pages[at]
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
	at, known := r.groups[parent]
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

// unique is ids, each once.
func unique(ids []domain.ID) []domain.ID {
	if len(ids) < 2 {
		return ids
	}
	seen := make(map[domain.ID]bool, len(ids))
	kept := make([]domain.ID, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			kept = append(kept, id)
		}
	}
	return kept
}
