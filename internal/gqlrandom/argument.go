package gqlrandom

import (
	"strconv"

	"github.com/vektah/gqlparser/v2/ast"
)

const (
	// largestPage is what a page is taken to be at most, whatever is asked for.
	largestPage = 100
	// assumedSize is how long a list is taken to be where the schema does not say.
	assumedSize = 10
	// largestWeight is what a call is taken to weigh at most: what is dear because it asks a third party is to be met as well.
	largestWeight = 10
)

// call is how a field is called.
type call struct {
	arguments ast.ArgumentList
	// size is how many objects there will be: of a list, or of the page below.
	size int
	// likely are the types of an abstract result.
	likely []string
}

// paged tells a field that returns a page: it takes first and last.
func paged(field *ast.FieldDefinition) bool {
	return field.Arguments.ForName("first") != nil && field.Arguments.ForName("last") != nil
}

// call makes up arguments. No more than most objects should come of it; it is not ok where that cannot be.
func (w *writer) call(on *ast.Definition, field *ast.FieldDefinition, most int) (call, bool) {
	c := call{size: 1, likely: w.words.Likely[on.Name+"."+field.Name]}
	if field.Type.Elem != nil {
		c.size = listSize(field)
	}
	switch {
	case paged(field):
		return c, w.page(&c, on, field, most)
	case w.words.OneOf[on.Name+"."+field.Name] && !w.once(6):
		argument := pick(w.r, field.Arguments)
		value := w.value(slot{of: present(argument.Type), places: w.places(on, field, argument)})
		c.arguments = ast.ArgumentList{{Name: argument.Name, Value: value}}
	default:
		w.others(&c, on, field)
	}
	return c, c.size <= most
}

// present is a type whose value is given.
func present(of *ast.Type) *ast.Type {
	given := *of
	given.NonNull = true
	return &given
}

// listSize is how long the schema says that a list may become.
func listSize(field *ast.FieldDefinition) int {
	directive := field.Directives.ForName("listSize")
	if directive == nil {
		return assumedSize
	}
	assumed := directive.Arguments.ForName("assumedSize")
	if assumed == nil {
		return assumedSize
	}
	size, err := strconv.Atoi(assumed.Value.Raw)
	if err != nil {
		return assumedSize
	}
	return size
}

// weight is what a call costs besides what it returns.
func weight(field *ast.FieldDefinition) int {
	directive := field.Directives.ForName("cost")
	if directive == nil {
		return 0
	}
	points, err := strconv.Atoi(directive.Arguments.ForName("weight").Value.Raw)
	if err != nil {
		return 0
	}
	return min(points, largestWeight)
}

func (w *writer) places(on *ast.Definition, field *ast.FieldDefinition, argument *ast.ArgumentDefinition) []string {
	return []string{on.Name + "." + field.Name + "." + argument.Name, field.Type.Name() + "." + argument.Name}
}

// others makes up the arguments that are no page's.
func (w *writer) others(c *call, on *ast.Definition, field *ast.FieldDefinition) {
	for _, argument := range field.Arguments {
		switch argument.Name {
		case "first", "last", "after", "before":
			if paged(field) {
				continue
			}
		}
		optional := argument.DefaultValue != nil
		if argument.Name == "orderBy" && continued(c) && w.once(70) {
			continue // A cursor is good for one order only, most likely that without arguments.
		}
		if (!argument.Type.NonNull || optional) && !w.once(35) {
			continue
		}
		s := slot{of: argument.Type, optional: optional, places: w.places(on, field, argument)}
		if argument.Type.Name() == "ID" && w.schema.Types[field.Type.Name()].IsAbstractType() {
			s.places = w.anyIDs(c)
		}
		value := w.value(s)
		c.arguments = append(c.arguments, &ast.Argument{Name: argument.Name, Value: value})
		if value.Kind == ast.ListValue && field.Type.Elem != nil {
			c.size = len(value.Children)
		}
	}
}

// continued tells a page that does not begin at an end.
func continued(c *call) bool {
	return c.arguments.ForName("after") != nil || c.arguments.ForName("before") != nil
}

// anyIDs are the places of the ids of a few types, which the result will then be of.
func (w *writer) anyIDs(c *call) []string {
	var places []string
	for range 1 + w.r.IntN(3) {
		if len(w.nodeTypes) > 0 {
			name := pick(w.r, w.nodeTypes)
			c.likely = append(c.likely, name)
			places = append(places, idsOf(name))
		}
	}
	return places
}

// page makes up the arguments of a connection, now and then such that it is refused when it runs.
func (w *writer) page(c *call, on *ast.Definition, field *ast.FieldDefinition, most int) bool {
	sizes := []int{}
	for _, size := range []int{1, 1, 2, 2, 3, 5, 10, 40, largestPage} {
		if size <= most {
			sizes = append(sizes, size)
		}
	}
	if len(sizes) == 0 {
		return false
	}
	c.size = pick(w.r, sizes)
	asked := c.size
	if w.once(1) && largestPage <= most {
		asked, c.size = 1_000, largestPage
	}
	if w.once(1) {
		asked = -w.r.IntN(2)
	}
	names := []string{"first"}
	switch n := w.r.IntN(100); {
	case n < 1:
		names = []string{"first", "last"}
	case n < 2:
		names = nil
		if largestPage > most {
			return false
		}
		c.size = largestPage
	case n < 20:
		names = []string{"last"}
	}
	for _, name := range names {
		c.arguments = append(c.arguments, &ast.Argument{Name: name, Value: w.size(field.Arguments.ForName(name), asked)})
	}
	w.cursors(c, on, field)
	w.others(c, on, field)
	return true
}

// size is a page's size as a literal or as a variable, which always has just this value: the budget counts on it.
func (w *writer) size(argument *ast.ArgumentDefinition, asked int) *ast.Value {
	if !w.once(15) {
		return literal(asked)
	}
	name := reference("v" + strconv.Itoa(len(w.variables)+1))
	definition := &ast.VariableDefinition{Variable: name.Raw, Type: argument.Type}
	if w.once(50) {
		definition.Type = present(argument.Type)
	}
	if w.once(30) {
		definition.DefaultValue = literal(asked)
	}
	w.variables = append(w.variables, &variable{definition: definition})
	if definition.DefaultValue == nil || w.once(50) {
		w.given[name.Raw] = asked
	}
	return name
}

func (w *writer) cursors(c *call, on *ast.Definition, field *ast.FieldDefinition) {
	for _, name := range []string{"after", "before"} {
		argument := field.Arguments.ForName(name)
		if argument == nil || !w.once(8) {
			continue
		}
		value := w.value(slot{of: argument.Type, places: w.places(on, field, argument)})
		c.arguments = append(c.arguments, &ast.Argument{Name: name, Value: value})
	}
}
