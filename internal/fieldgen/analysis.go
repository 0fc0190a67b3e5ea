package fieldgen

import (
	"go/ast"
	"go/types"
)

// analysis finds what functions read of rows. It goes by types: whatever is selected of a row, wherever that row comes from, is read. Where it
// cannot tell, it takes the row for read as a whole, or all rows.
type analysis struct {
	program *program
	// bound are the rows that a value behind an interface may be.
	bound []*types.Named
	// views gives the fields of a type that only shows a part of a row which was converted to it; it is not ok for all other types.
	views func(typeName string) (needs []string, ok bool)
	// explain is told why something is read as a whole; nil where nobody wants to know.
	explain func(string)
	known   map[task]*effect
}

// task is a function and a set of its parameters which are the object that the function is called for: bit 0 is the receiver, bit 1 the first
// parameter.
type task struct {
	decl    *ast.FuncDecl
	objects uint64
}

// of is the effect of a function that is called for an object.
func (a *analysis) of(f function, objects uint64) *effect {
	// What a function in a circle of calls adds is complete only for the one that was asked about, so nothing is kept for the next question.
	around := a.known
	defer func() { a.known = around }()
	a.known = map[task]*effect{}
	return a.within(f, objects)
}

// within is the effect of a function that is called on the way. One that is being looked at already adds the rest by itself.
func (a *analysis) within(f function, objects uint64) *effect {
	key := task{f.decl, objects}
	if known, ok := a.known[key]; ok {
		return known
	}
	collected := newEffect()
	a.known[key] = collected
	w := &walk{analysis: a, in: f.in, objects: objectsOf(f, objects), effect: collected}
	ast.Inspect(f.decl.Body, w.visit)
	return collected
}

// objectsOf are the variables of the parameters in a set.
func objectsOf(f function, set uint64) map[types.Object]bool {
	found := map[types.Object]bool{}
	index := 0
	add := func(list *ast.FieldList) {
		if list == nil {
			return
		}
		for _, group := range list.List {
			for _, name := range group.Names {
				if set&(1<<index) != 0 {
					found[f.in.info.Defs[name]] = true
				}
				index++
			}
			if len(group.Names) == 0 {
				index++
			}
		}
	}
	add(f.decl.Recv)
	index = 1
	add(f.decl.Type.Params)
	return found
}

// mayBe tells whether a row that the schema knows may stand behind an interface, going by the names of its methods.
func (a *analysis) mayBe(i *types.Interface) bool {
	for _, row := range a.bound {
		names := methodNames(row)
		fits := true
		for method := range i.Methods() {
			fits = fits && names[method.Name()]
		}
		if fits {
			return true
		}
	}
	return false
}

// holds is what rows a value of a type may hold.
func (a *analysis) holds(t types.Type) *holding {
	h := &holding{mayBe: a.mayBe, opaque: a.program.handsOver}
	if t != nil {
		h.visit(t)
	}
	return h
}
