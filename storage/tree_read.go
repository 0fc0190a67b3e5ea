package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/vigie-dev/vigie/domain"
)

var errMissing = errors.New("a row of a tree has not the columns that it should have")

// read runs the statement and gives each row to its part.
func (t *tree) read(ctx context.Context) error {
	if len(t.arms) == 0 {
		return nil
	}
	err := t.store.budget.take(0, 0)
	if err != nil {
		return err
	}
	r := treeRows{tree: t, cells: make([]cell, 0, t.widest())}
	into := []any{&r.raw}
	told := t.store.pool.watch(ctx, t.text)
	err = t.store.pool.eachRow(ctx, func(rows *sql.Rows) error {
		err := rows.Scan(into...)
		if err != nil {
			return err
		}
		return r.take()
	}, t.text, t.b.args...)
	told(r.count, err)
	return err
}

// treeRows reads what a tree's statement gives: values of one row each, or of many one behind the other.
type treeRows struct {
	tree  *tree
	raw   sql.RawBytes
	kept  arena
	cells []cell
	count int
}

// take gives the rows in a value to their parts.
func (r *treeRows) take() error {
	// The values of the rows' columns are parts of this copy.
	rest := r.kept.copy(r.raw)
	if r.tree.joined {
		err := r.tree.announce(rest)
		if err != nil {
			return err
		}
	}
	for rest != "" {
		var err error
		r.cells, rest, err = parseRecord(rest, r.cells[:0])
		if err != nil {
			return fmt.Errorf("read a row of a tree: %w", err)
		}
		err = r.tree.store.budget.take(1, sizeOfCells(r.cells))
		if err != nil {
			return err
		}
		err = r.tree.take(r.cells, &r.kept)
		if err != nil {
			return err
		}
		r.count++
	}
	return nil
}

// announce tells the parts how many rows of theirs are among rows that stand one behind the other.
func (t *tree) announce(rows string) error {
	var counts [2 * MaxBranches]int // A part has at most two arms.
	for rows != "" {
		first, rest, err := passRecord(rows)
		if err != nil {
			return fmt.Errorf("count the rows of a tree: %w", err)
		}
		number, ok := t.armOf(first)
		if !ok {
			return errMissing
		}
		counts[number]++
		rows = rest
	}
	for number, arm := range t.arms {
		if !arm.totals && counts[number] > 0 {
			t.parts[arm.part].rows.expect(counts[number])
		}
	}
	return nil
}

// armOf is the number of the arm that a row with such a first column is of.
func (t *tree) armOf(first cell) (number int, ok bool) {
	if len(first.data) != 1 || int(first.data[0]) >= len(t.arms) {
		return 0, false
	}
	return int(first.data[0]), true
}

// widest is how many columns the longest row has.
func (t *tree) widest() int {
	most := 0
	for i := range t.parts {
		most = max(most, 1+t.parts[i].sent.len())
	}
	return most
}

// take gives one row to its part.
func (t *tree) take(cells []cell, kept *arena) error {
	if len(cells) == 0 {
		return errMissing
	}
	number, ok := t.armOf(cells[0])
	if !ok {
		return errMissing
	}
	part := &t.parts[t.arms[number].part]
	if t.arms[number].totals {
		return part.takeTotal(cells[1:])
	}
	if len(cells) != 1+part.sent.len() {
		return errMissing
	}
	return part.take(cells[1:], kept)
}

// whole is the whole number in a cell.
func whole(cells []cell, at int) (int64, bool) {
	if at < 0 || at >= len(cells) || cells[at].null {
		return 0, false
	}
	number, err := parseInteger(cells[at])
	return number, err == nil
}

// take gives a row to the part, and says to those below it which rows it leads to.
func (p *treePart) take(cells []cell, kept *arena) error {
	customer := int64(0)
	if p.told {
		customer = p.tree.customer
	}
	shown, err := p.rows.take(p.sent, cells, customer, kept)
	if err != nil || !shown {
		return err
	}
	for _, number := range p.below {
		below := &p.tree.parts[number]
		if below.role != referenced {
			continue
		}
		id, leads := below.leads(cells)
		if leads {
			below.rows.want(id)
		}
	}
	return nil
}

// leads is the id of the row that a row of the part above, own, leads to.
func (p *treePart) leads(own []cell) (id domain.ID, ok bool) {
	kind, customer := p.table.kindOf(), p.tree.customer
	if p.at < 0 {
		return domain.CustomerID(customer), true // The column is the one with the customer, who is told.
	}
	row, ok := whole(own, p.at)
	switch {
	case !ok:
		return domain.ID{}, false
	case kind == domain.KindCustomer:
		return domain.CustomerID(row), true
	case !kind.Owned():
		return domain.SharedID(kind, row), true
	case !p.above().told:
		customer, ok = whole(own, p.owner)
	}
	return domain.OwnedID(kind, customer, row), ok
}

// takeTotal reads the length of a list behind the key of its parent.
func (p *treePart) takeTotal(cells []cell) error {
	total, ok := whole(cells, len(cells)-1)
	if !ok {
		return errMissing
	}
	parent := domain.ID{Kind: p.parent}
	switch {
	case len(cells) == 1:
		parent = domain.ID{}
	case len(cells) == 2:
		parent.Row, ok = whole(cells, 0)
		if parent.Kind == domain.KindCustomer {
			parent.Customer = parent.Row
		}
	default:
		var known bool
		parent.Customer, known = whole(cells, 0)
		parent.Row, ok = whole(cells, 1)
		ok = ok && known
	}
	if !ok {
		return errMissing
	}
	p.rows.takeTotal(parent, int(total))
	return nil
}

// deliver hands over what the part and those below it have read.
func (p *treePart) deliver(parents []domain.ID) {
	ids := p.rows.deliver(parents, p.bears)
	for _, number := range p.below {
		p.tree.parts[number].deliver(ids)
	}
}
