package storage

import (
	"fmt"
	"strconv"
	"strings"
)

// write puts the statement together: the rows that others are read from, and then the rows and lengths of all parts, each as one value that begins
// with the number of its arm, in the form of parseRecord. So no row is padded to what other parts have, and nothing is written as text to be read
// again. Where the limits in a tree let it have few rows, they come as one value, one behind the other.
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
	if part.idle() {
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
			if len(part.below) > 0 {
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
	before, behind := "\n", ""
	t.joined = t.most() <= joinedRows
	if t.joined {
		before, behind = "\nSELECT string_agg(row, ''::bytea) FROM (\n", "\n) joined (row)"
	}
	for i, arm := range arms {
		t.b.add([...]string{before, "\nUNION ALL\n"}[min(i, 1)], arm)
	}
	t.b.add(behind)
	t.text = t.b.text.String()
	return nil
}

// most is how many rows the tree has at most, lengths of lists included, or some number above joinedRows.
func (t *tree) most() int {
	most := 0
	for i := range t.parts {
		part, over := &t.parts[i], 1
		if part.over >= 0 {
			over = part.above().most
		}
		part.most = min(part.rows.most(over), joinedRows+1)
		most += part.most
		if page := part.rows.paging(); page != nil && page.Total {
			most += over
		}
	}
	return most
}

// idle tells whether nobody asks for anything of a part.
func (p *treePart) idle() bool {
	page := p.rows.paging()
	return page != nil && page.NoRows && !page.Total
}

// selected writes the SELECT of a part's rows and that of its length.
func (t *tree) selected(part *treePart) (selected, count string, err error) {
	if part.role == referenced {
		return part.table.selectReferenced(&t.b, t.store, part.set, part.reference()), "", nil
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
		return source{" FROM " + part.above().shelf() + " p", where(part.above().onPage())}
	case referenced:
		return source{from: part.reference().pairs()}
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

// rowsArm writes the part of the UNION ALL with a part's rows.
func (t *tree) rowsArm(part *treePart, found source) string {
	var columns strings.Builder
	columns.Grow(20 * part.sent.len())
	names, alias := part.table.columnNames(), ", "+part.alias()+"."
	for rest := part.sent; rest != 0; rest &= rest - 1 {
		columns.WriteString(alias)
		columns.WriteString(names[rest.first()])
	}
	return t.arm(treeArm{part: part.number}, columns.String()) + found.from + found.where
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
	// Of all types Postgres sends a bytea with the least ado.
	return fmt.Sprintf(`SELECT record_send(ROW('\x%02x'::bytea%s))`, len(t.arms)-1, columns)
}
