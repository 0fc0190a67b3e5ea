package storage

import (
	"strconv"
	"strings"

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
	set columnSet
	// number tells parts apart, and is the part's place among them: the part's rows go by t and the number.
	number int
	// over is the number of the part above, -1 for the root; below are those of the parts below.
	over  int
	below []int
	// inline tells whether the part's columns stand behind those of the part above, in the same row.
	inline bool
	// shared tells whether other parts are read from the part's rows; numbered, that its rows are numbered so that those can leave out the one
	// that only says that the list goes on.
	shared, numbered bool
	// at and owner are the places, in a row of the part above, of the column that leads to the part and of the customer it belongs to.
	at, owner int
	// key is the place of a column that is never NULL in a row of the part.
	key int
	// width is how many columns the part has, with those of the inline parts below it.
	width int
}

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
	if t.shape == nil {
		return t.write()
	}
	key := shapeKey{scope: t.store.scopeOf(), external: t.store.external()}
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
		part.number, part.over, part.inline = i, -1, part.role == referenced
		part.set = part.rows.columns(t.store) | part.table.keyColumns()
	}
	t.hang(0)
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
		below := &t.parts[next]
		below.over, part.below = number, append(part.below, next)
		if child.role == referenced {
			part.set |= 1 << child.column.index
		} else {
			part.set |= part.table.set(child.above)
		}
		next = t.hang(next)
		part.inline = part.inline && below.inline
		part.shared = part.shared || !below.inline
	}
	return next
}

// settle works out what depends on all the columns of a part being known.
func (p *treePart) settle() {
	page := p.rows.paging()
	p.numbered = p.shared && page != nil && !page.NoMore
	if p.role == referenced {
		above := p.above()
		p.at, p.owner = above.set.place(p.column.index), -1
		if owner := ownerOf(above.table); owner >= 0 {
			p.owner = above.set.place(owner)
		}
	}
	p.key, p.width = p.set.place(p.table.keyColumns().first()), p.measure()
}

// above is the part above, of a part that is not the root.
func (p *treePart) above() *treePart { return &p.tree.parts[p.over] }

func (p *treePart) measure() int {
	width := p.set.len()
	for _, number := range p.below {
		if below := &p.tree.parts[number]; below.inline {
			width += below.measure()
		}
	}
	return width
}

func (p *treePart) alias() string { return "t" + strconv.Itoa(p.number) }

// shelf is the name under which the rows of a part that is shared stand.
func (p *treePart) shelf() string { return "s" + strconv.Itoa(p.number) }

// write puts the statement together: the rows that others are read from, and then the rows and lengths of all parts, each as one composite value
// that begins with the number of its arm. Postgres sends such a value as text, without padding it to what other parts have.
func (t *tree) write() error {
	_, err := t.writeBehindRoot()
	return err
}

// writeBehindRoot is write, and gives how many of the statement's values are the root's.
func (t *tree) writeBehindRoot() (values int, err error) {
	t.lay()
	root, err := t.piece(&t.parts[0])
	if err != nil {
		return 0, err
	}
	values = len(t.b.args)
	return values, t.assemble(root)
}

// piece is what is written of one part: the rows that it is found for, its own SELECT, and that of its length.
type piece struct {
	over            source
	selected, count string
}

// key tells pieces apart.
func (p *piece) key() string {
	return p.over.from + "\x00" + p.over.where + "\x00" + p.selected + "\x00" + p.count
}

func (t *tree) piece(part *treePart) (p piece, err error) {
	if part.inline || part.idle() {
		return piece{}, nil
	}
	p.over = t.over(part)
	p.selected, p.count, err = t.selected(part)
	return p, err
}

// assemble writes the whole statement; the root's piece has been written.
func (t *tree) assemble(root piece) error {
	var shelves, arms []string
	names := make([]string, 0, len(t.parts))
	for i := range t.parts {
		part := &t.parts[i]
		names = append(names, part.name)
		p := root
		if i > 0 {
			var err error
			p, err = t.piece(part)
			if err != nil {
				return err
			}
		}
		if p.selected != "" {
			found := part.lateral(p.over, p.selected)
			if part.shared {
				shelves = append(shelves, part.shelf()+" AS MATERIALIZED (SELECT "+part.alias()+".*"+found.from+found.where+")")
				found = source{from: " FROM " + part.shelf() + " " + part.alias()}
			}
			arms = append(arms, t.rowsArm(part, found))
		}
		if p.count != "" {
			arms = append(arms, t.totalsArm(part, p.over, p.count))
		}
	}
	t.b.text.Grow(4096)
	t.b.add("-- name: ", strings.Join(names, "+"))
	for i, shelf := range shelves {
		t.b.add([...]string{"\nWITH ", ",\n"}[min(i, 1)], shelf)
	}
	for i, arm := range arms {
		t.b.add([...]string{"\n", "\nUNION ALL\n"}[min(i, 1)], arm)
	}
	t.text = t.b.text.String()
	return nil
}

// idle tells whether nobody asks for anything of a part.
func (p *treePart) idle() bool {
	page := p.rows.paging()
	return page != nil && page.NoRows && !page.Total
}

// selected writes the SELECT of a part's rows and that of its length.
func (t *tree) selected(part *treePart) (selected, count string, err error) {
	if part.role == referenced {
		return part.table.selectReferenced(&t.b, t.store, part.set, part.column, "p"), "", nil
	}
	return part.rows.write(&t.b, t.store, part.set)
}

// source is where rows come from: a FROM clause and a WHERE clause.
type source struct{ from, where string }

// over is the rows p that a part's rows are found for; nothing where the part stands by itself.
func (t *tree) over(part *treePart) source {
	switch part.role {
	case rootOfParents:
		from, where := part.rows.from(&t.b, t.store)
		return source{" FROM " + from, where}
	case paged:
		condition := part.above().onPage()
		if condition != "" {
			condition = "\nWHERE " + condition
		}
		return source{" FROM " + part.above().shelf() + " p", condition}
	case referenced:
		key := "p." + part.column.name
		if ownerOf(part.table) >= 0 && part.table.kindOf() != domain.KindCustomer {
			key += ", p.customer_id"
		}
		condition := and("p."+part.column.name+" IS NOT NULL", part.above().onPage())
		return source{from: " FROM (SELECT DISTINCT " + key + " FROM " + part.above().shelf() + " p WHERE " + condition + ") p"}
	default:
		return source{}
	}
}

// onPage is the condition that leaves the row out of a part's rows p that only says that the list goes on.
func (p *treePart) onPage() string {
	if !p.numbered {
		return ""
	}
	return "p." + nth + " <= " + strconv.Itoa(p.rows.paging().Limit)
}

// lateral joins the rows of a part, t, to those that they are found for.
func (p *treePart) lateral(over source, selected string) source {
	if p.numbered {
		selected = "SELECT w.*, row_number() OVER () AS " + nth + " FROM (" + selected + ") w"
	}
	if over.from == "" {
		return source{from: " FROM (" + selected + ") " + p.alias()}
	}
	return source{over.from + "\nCROSS JOIN LATERAL (" + selected + ") " + p.alias(), over.where}
}

// rowsArm writes the part of the UNION ALL with a part's rows, what they refer to joined to them. A nested loop, which LATERAL makes of it, keeps
// the order of the rows.
func (t *tree) rowsArm(part *treePart, found source) string {
	var columns, joins strings.Builder
	columns.Grow(20 * part.width)
	t.columns(part, &columns, &joins)
	return t.arm(treeArm{part: part.number}, columns.String()) + found.from + joins.String() + found.where
}

// columns writes the columns of a part and of the inline parts below it, and the joins to these.
func (t *tree) columns(part *treePart, columns, joins *strings.Builder) {
	names, alias := part.table.columnNames(), ", "+part.alias()+"."
	for rest := part.set; rest != 0; rest &= rest - 1 {
		columns.WriteString(alias)
		columns.WriteString(names[rest.first()])
	}
	for _, number := range part.below {
		if below := &t.parts[number]; below.inline {
			selected := below.table.selectReferenced(&t.b, t.store, below.set, below.column, part.alias())
			joins.WriteString("\nLEFT JOIN LATERAL (" + selected + ") " + below.alias() + " ON true")
			t.columns(below, columns, joins)
		}
	}
}

// totalsArm writes the part of the UNION ALL with the lengths of a part's lists, each behind the key of its parent.
func (t *tree) totalsArm(part *treePart, over source, count string) string {
	arm := treeArm{part: part.number, totals: true}
	if over.from == "" {
		return t.arm(arm, ", n.total") + " FROM (" + count + ") n"
	}
	keys := strings.Join(keysOf(part.parent, "p"), ", ")
	return t.arm(arm, ", "+keys+", n.total") + over.from + "\nCROSS JOIN LATERAL (" + count + ") n" + over.where
}

func (t *tree) arm(arm treeArm, columns string) string {
	t.arms = append(t.arms, arm)
	return "SELECT ROW(" + strconv.Itoa(len(t.arms)-1) + columns + ")"
}
