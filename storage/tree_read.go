package storage

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/vigie-dev/vigie/domain"
)

var errMissing = errors.New("a row of a tree has not the columns that it should have")

// read runs the statement and gives each row to its part.
func (t *tree) read(ctx context.Context) error {
	if len(t.arms) == 0 {
		return nil
	}
	var kept arena
	cells := make([]cell, 0, t.widest())
	return t.store.eachValue(ctx, func(row []byte) error {
		// The texts of the row's columns are parts of its copy.
		var err error
		cells, err = parseComposite(kept.copy(row), cells[:0], &kept)
		if err != nil {
			return fmt.Errorf("read a row of a tree: %w", err)
		}
		return t.take(cells, &kept)
	}, t.text, t.b.args...)
}

// widest is how many columns the longest row has.
func (t *tree) widest() int {
	most := 0
	for _, arm := range t.arms {
		most = max(most, 1+t.parts[arm.part].width)
	}
	return most
}

// take gives one row to its part.
func (t *tree) take(cells []cell, kept *arena) error {
	number, ok := whole(cells, 0)
	if !ok || number < 0 || int(number) >= len(t.arms) {
		return errMissing
	}
	part := &t.parts[t.arms[number].part]
	if t.arms[number].totals {
		return part.takeTotal(cells[1:])
	}
	if len(cells) != 1+part.width {
		return errMissing
	}
	_, err := part.take(cells[1:], true, kept)
	return err
}

// whole is the whole number in a cell.
func whole(cells []cell, at int) (int64, bool) {
	if at >= len(cells) || cells[at].null {
		return 0, false
	}
	number, err := strconv.ParseInt(cells[at].text, 10, 64)
	return number, err == nil
}

// take gives a row to the part and to the inline parts below it, and gives the cells behind them. A row that is not wanted is passed over.
func (p *treePart) take(cells []cell, wanted bool, kept *arena) ([]cell, error) {
	own := cells[:p.set.len()]
	if wanted {
		shown, err := p.rows.take(p.set, own, kept)
		if err != nil {
			return nil, err
		}
		wanted = shown
	}
	rest := cells[len(own):]
	for _, number := range p.below {
		below := &p.tree.parts[number]
		if below.role != referenced || !below.inline && !wanted {
			continue
		}
		missing := wanted && below.want(own)
		if !below.inline {
			continue
		}
		if !missing || rest[below.key].null {
			rest = rest[below.width:]
			continue
		}
		var err error
		rest, err = below.take(rest, true, kept)
		if err != nil {
			return nil, err
		}
	}
	return rest, nil
}

// want says which row a row of the part above, own, leads to, and tells whether it is there and yet to be found.
func (p *treePart) want(own []cell) bool {
	row, ok := whole(own, p.at)
	if !ok {
		return false
	}
	kind := p.table.kindOf()
	switch {
	case kind == domain.KindCustomer:
		return p.rows.want(domain.CustomerID(row))
	case !kind.Owned():
		return p.rows.want(domain.SharedID(kind, row))
	}
	customer, ok := whole(own, p.owner)
	return ok && p.rows.want(domain.OwnedID(kind, customer, row))
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
	ids := p.rows.deliver(parents, p.shared)
	for _, number := range p.below {
		p.tree.parts[number].deliver(ids)
	}
}
