package execute

import (
	"slices"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/binding"
)

// anything stands in Field.Reads for objects of whatever type.
const anything = "*"

// needs collects which Go fields of the rows an operation needs, over all its places: rows of a kind are read with the same columns everywhere, so
// that a row that was read for one place will do for another.
type needs struct {
	fields map[string][]string
	whole  map[string]bool
	all    bool
}

func newNeeds() needs {
	return needs{fields: map[string][]string{}, whole: map[string]bool{}}
}

// object notes that objects of a type are handed over.
func (n *needs) object(object *binding.Object) {
	if object.Whole {
		n.whole[object.Name] = true
	}
	n.add(object.Name, object.Needs...)
}

// field notes what a field reads of its object, and what its resolver reads of others.
func (n *needs) field(object *binding.Object, f *binding.Field) {
	if f.Whole {
		n.whole[object.Name] = true
	}
	n.add(object.Name, f.Needs...)
	for _, name := range f.Reads {
		if name == anything {
			n.all = true
		}
		n.whole[name] = true
	}
}

func (n *needs) add(name string, fields ...string) {
	known := n.fields[name]
	for _, field := range fields {
		if !slices.Contains(known, field) {
			known = append(known, field)
		}
	}
	n.fields[name] = known
}

// byKind is what storage has to read of the rows of each kind; nil is everything.
func (n *needs) byKind() map[domain.Kind][]string {
	if n.all {
		return nil
	}
	kinds := map[domain.Kind][]string{}
	for _, kind := range domain.Kinds() {
		fields, selected := n.fields[kind.String()]
		if selected && !n.whole[kind.String()] {
			kinds[kind] = fields
		}
	}
	return kinds
}
