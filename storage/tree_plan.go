package storage

import (
	"strconv"

	"github.com/vigie-dev/vigie/domain"
)

// tree is one reading of a tree: its statement, and what comes of it.
type tree struct {
	store *Store
	shape *Shape
	b     builder
	text  string
	parts []treePart // each before those below it
	arms  []treeArm
	// joined tells whether all rows come as one value.
	joined bool
	// customer is the one that all roots belong to; 0 where that is not known, or there are several.
	customer int64
}

// treePart is a branch while it is read.
type treePart struct {
	*Branch
	*layout
	tree *tree
	rows rows
}

// layout is what a part has in common with those in the same place of other trees of a shape.
type layout struct {
	// set is the columns that the statement has of the part's rows, sent those that it gives.
	set, sent columnSet
	// told tells that all rows belong to the tree's customer, which is therefore not sent.
	told bool
	// number tells parts apart, and is the part's place among them: the part's rows go by t and the number.
	number int
	// over is the number of the part above, -1 for the root; below are those of the parts below.
	over  int
	below []int
	// bears tells whether pages hang below the part's rows, and numbered that rows are numbered so that the one can be left out that only says that
	// the list goes on.
	bears, numbered bool
	// at and owner are the places, in a row of the part above, of the column that leads to the part and of the customer it belongs to; -1 where that
	// is not sent.
	at, owner int
	// most is how many rows the part has at most, or more than joinedRows.
	most int
}

// joinedRows is up to how many rows Postgres puts into one value. That saves the driver's work for each, but no bound ends a value half way.
const joinedRows = 2000

// manyRoots is what several roots count as in that, however many they are: the statement is kept for any number of them.
const manyRoots = gatherMost

// treeArm is a part of the statement's UNION ALL: the rows of a part, by its number, or the lengths of its lists.
type treeArm struct {
	part   int
	totals bool
}

// nth is the column with the number of a row in its page.
const nth = "nth"

// plan opens the branches of a tree, size of them, and finds their statement: one that is kept of a tree of the same shape, or it is written.
func (t *tree) plan(root *Branch, size int) error {
	t.b.plain, t.b.args = true, append([]any(nil), root.args...)
	t.parts = make([]treePart, 0, size)
	err := t.open(root)
	if err != nil {
		return err
	}
	t.customer = t.parts[0].rows.sole()
	if t.shape == nil {
		return t.write()
	}
	key := shapeKey{scope: t.store.scopeOf(), external: t.store.external(), sole: t.customer != 0}
	key.root, err = t.rootKey()
	if err != nil {
		return err
	}
	kept := t.shape.get(key)
	if kept != nil {
		t.recall(kept)
		return nil
	}
	t.b.args, t.b.viewers = append([]any(nil), root.args...), nil
	before, err := t.writeBehindRoot()
	if err != nil {
		return err
	}
	t.shape.put(key, t.keep(before))
	return nil
}

// open opens a branch and those below it, as far as rows are read.
func (t *tree) open(branch *Branch) error {
	rows := branch.open()
	t.parts = append(t.parts, treePart{Branch: branch, tree: t, rows: rows})
	err := rows.begin(t.store)
	if err != nil {
		return err
	}
	if page := rows.paging(); page != nil && page.NoRows {
		return nil
	}
	for _, child := range branch.children {
		err = t.open(child)
		if err != nil {
			return err
		}
	}
	return nil
}

// rootKey is what the root's text depends on, and puts the root's values into the statement.
func (t *tree) rootKey() (string, error) {
	key, ok := t.parts[0].rows.brief(&t.b, t.store)
	if ok {
		return key, nil
	}
	t.lay()
	root, err := t.piece(&t.parts[0])
	return root.key(), err
}

// lay gives each part its layout.
func (t *tree) lay() {
	layouts := make([]layout, len(t.parts))
	for i := range t.parts {
		part := &t.parts[i]
		part.layout = &layouts[i]
		part.number, part.over = i, -1
		part.sent = part.rows.columns(t.store)
		part.set = part.sent | part.table.keyColumns()
	}
	t.hang(0)
	for i := range t.parts {
		t.parts[i].leaveOut()
	}
	for i := range t.parts {
		t.parts[i].settle()
	}
}

// hang finds the parts below one, which follow it, and what of its columns they need. It gives the number behind the last of them.
func (t *tree) hang(number int) int {
	part, next := &t.parts[number], number+1
	for _, child := range part.children {
		if next >= len(t.parts) || t.parts[next].Branch != child {
			break // Of a part without rows nothing below is read.
		}
		t.parts[next].over, part.below = number, append(part.below, next)
		if child.role == referenced {
			part.set |= 1 << child.column.index
			part.sent |= 1 << child.column.index
		} else {
			part.set |= part.table.set(child.above)
			part.sent |= part.table.keyColumns()
			part.bears = true
		}
		next = t.hang(next)
	}
	return next
}

// leaveOut leaves what is known of all rows out of what is sent: Postgres spends more on a value than it takes to read it here. The parts above
// have been done.
func (p *treePart) leaveOut() {
	p.told = p.belongs()
	if p.told {
		p.sent &^= p.table.ownerColumn()
	}
}

// belongs tells whether the rows of a part belong to the tree's customer.
func (p *treePart) belongs() bool {
	switch {
	case p.tree.customer == 0 || p.table.ownerColumn() == 0 || p.role == rootOfList:
		return false
	case p.role == rootOfIDs:
		return true
	case p.role == rootOfParents:
		return p.together
	case p.role == paged:
		return p.above().told && p.together
	case p.table.kindOf() == domain.KindCustomer:
		return p.above().told && p.column.name == "customer_id"
	default:
		return p.above().told
	}
}

// settle works out what depends on all the columns being known.
func (p *treePart) settle() {
	page := p.rows.paging()
	p.numbered = len(p.below) > 0 && page != nil && !page.NoMore
	p.at, p.owner = -1, -1
	if p.role == referenced {
		above := p.above()
		p.at = above.sent.placeOf(1 << p.column.index)
		p.owner = above.sent.placeOf(above.table.ownerColumn())
	}
}

// reference is what leads to the rows of a referenced part.
func (p *treePart) reference() reference {
	return reference{column: p.column, rows: p.above().shelf() + " p", shown: p.above().onPage(), sole: p.told}
}

// above is the part above, of a part that is not the root.
func (p *treePart) above() *treePart { return &p.tree.parts[p.over] }

func (p *treePart) alias() string { return "t" + strconv.Itoa(p.number) }

// shelf is the name under which the rows of a part stand for those that hang below it.
func (p *treePart) shelf() string { return "s" + strconv.Itoa(p.number) }
