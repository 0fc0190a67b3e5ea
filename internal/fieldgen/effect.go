package fieldgen

import (
	"go/types"
	"maps"
	"slices"
)

// anything stands in reads for rows of whatever type.
const anything = "*"

// effect is what a function reads of rows.
type effect struct {
	// needs are the fields of the object that it is called for; whole tells that it may be all of them.
	needs map[string]bool
	whole bool
	// reads are the types, by their full names, of the other rows that it reads.
	reads map[string]bool
	// open tells that it reads values of its type parameters, which may be rows.
	open bool
}

func newEffect() *effect { return &effect{needs: map[string]bool{}, reads: map[string]bool{}} }

// unknown is what a function may read that nobody can look into.
func unknown() *effect {
	e := newEffect()
	e.whole, e.reads[anything] = true, true
	return e
}

func (e *effect) add(other *effect) {
	maps.Copy(e.needs, other.needs)
	maps.Copy(e.reads, other.reads)
	e.whole = e.whole || other.whole
}

// addCall adds what a function reads that is called with the type arguments. note looks at those that it reads values of.
func (e *effect) addCall(other *effect, arguments []types.Type, note func(types.Type)) {
	e.add(other)
	if !other.open {
		return
	}
	for _, argument := range arguments {
		note(argument)
	}
}

func (e *effect) need(names ...string) {
	for _, name := range names {
		e.needs[name] = true
	}
}

// sorted are the members of a set in alphabetical order; nil where there is none.
func sorted(set map[string]bool) []string { return slices.Sorted(maps.Keys(set)) }
