package storage

import (
	"math/bits"

	"github.com/vigie-dev/vigie/domain"
)

// columnSet is a set of columns of one entity, by their place in its declaration.
type columnSet uint64

// maxColumns is how many columns an entity can have.
const maxColumns = 64

// allColumns is the set of the first n columns.
func allColumns(n int) columnSet { return columnSet(1)<<n - 1 }

func (c columnSet) len() int { return bits.OnesCount64(uint64(c)) }

// first is the first column of the set.
func (c columnSet) first() int { return bits.TrailingZeros64(uint64(c)) }

// place is where a column of the set stands among the set's columns.
func (c columnSet) place(index int) int { return (c & allColumns(index)).len() }

// placeOf is the place of the one column in another set; -1 where it is not in this one.
func (c columnSet) placeOf(column columnSet) int {
	if c&column == 0 {
		return -1
	}
	return c.place(column.first())
}

// each calls do for each column of the set, in order.
func (c columnSet) each(do func(index int)) {
	for rest := c; rest != 0; rest &= rest - 1 {
		do(rest.first())
	}
}

// Narrow makes all later reads leave out what nobody asks for: of the kinds in needed, only the columns of the named fields of their Go types are
// read, and those that reading itself takes (keys, what rows are sorted by, what connects them); other fields are left at their zero values.
// Kinds that are not in needed are read whole, and so is one with a name that is no column's. It is called before the first read or not at all.
func (s *Store) Narrow(needed map[domain.Kind][]string) { s.needed = needed }

// needed is the columns of the entity that the store's reads select, without what a certain read takes besides.
func (e *entity[T]) needed(s *Store) columnSet { return e.keys | e.asked(s) }

// asked is needed, without the row's own number where nobody asks for it.
func (e *entity[T]) asked(s *Store) columnSet {
	names, narrowed := s.needed[e.kind]
	if !narrowed {
		return allColumns(len(e.columns))
	}
	set := e.owner
	for _, name := range names {
		index, known := e.scanner.byField[name]
		if !known {
			return allColumns(len(e.columns))
		}
		set |= 1 << index
	}
	return set
}
