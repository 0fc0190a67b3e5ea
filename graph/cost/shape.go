package cost

import (
	"reflect"

	"github.com/vektah/gqlparser/v2/ast"
)

// Shape is what a document looks like, whatever the schema. Counts stop at Most.
type Shape struct {
	// Tokens is the length of the text; zero where only the parsed document was seen.
	Tokens int
	// Depth, RootFields and Selections are those of the document's largest operation, with every fragment written out. A cycle of
	// fragments, which validation refuses, is followed once.
	Depth, RootFields, Selections int
	// Aliases, Directives, Fragments and Spreads are as written, in all of the document.
	Aliases, Directives, Fragments, Spreads int
	// Validation is a bound on the steps of the validation rules that are not linear.
	Validation int
	// input is what the arguments hold.
	input input
	// visited counts the selections that the pass looked at.
	visited int
}

// extent is the size of a selection set with its fragments written out.
type extent struct {
	depth, top, selections int64
}

// inspector walks each definition of a document once.
type inspector struct {
	shape     Shape
	fragments map[string]*ast.FragmentDefinition
	// measured holds the fragments that are done, and an empty extent for those under way, which cuts cycles.
	measured map[*ast.FragmentDefinition]extent
	// names counts the fields by the name that they answer under.
	names map[string]int
}

// Inspect looks at a document that need not be valid. It visits every selection once.
func Inspect(document *ast.QueryDocument) Shape {
	i := inspector{
		fragments: byName(document.Fragments),
		measured:  make(map[*ast.FragmentDefinition]extent, len(document.Fragments)),
		names:     map[string]int{},
	}
	var largest extent
	for _, operation := range document.Operations {
		i.directives(operation.Directives)
		for _, variable := range operation.VariableDefinitions {
			i.directives(variable.Directives)
			i.shape.input.literal(variable.DefaultValue, 0)
		}
		e := i.set(operation.SelectionSet)
		largest = extent{max(largest.depth, e.depth), max(largest.top, e.top), max(largest.selections, e.selections)}
	}
	for _, fragment := range document.Fragments {
		i.fragment(fragment)
	}
	i.shape.Fragments = len(document.Fragments)
	i.shape.Depth, i.shape.RootFields, i.shape.Selections = int(largest.depth), int(largest.top), int(largest.selections)
	i.shape.Validation = i.validation(len(document.Operations))
	return i.shape
}

// validation bounds the work of the rules: each definition is walked with all that it reaches, fields of one name are compared
// pair by pair, and so are spreads.
func (i *inspector) validation(operations int) int {
	steps := times(int64(i.shape.visited), int64(operations+i.shape.Fragments))
	for _, n := range i.names {
		steps = plus(steps, pairs(n))
	}
	return int(plus(steps, pairs(i.shape.Spreads)))
}

func pairs(n int) int64 { return times(int64(n), int64(n-1)) / 2 }

func (i *inspector) fragment(fragment *ast.FragmentDefinition) extent {
	known, done := i.measured[fragment]
	if done {
		return known
	}
	i.measured[fragment] = extent{}
	i.directives(fragment.Directives)
	e := i.set(fragment.SelectionSet)
	i.measured[fragment] = e
	return e
}

func (i *inspector) set(set ast.SelectionSet) extent {
	var all extent
	for _, selection := range set {
		i.shape.visited++
		var e extent
		switch selection := selection.(type) {
		case *ast.Field:
			e = i.field(selection)
		case *ast.InlineFragment:
			i.directives(selection.Directives)
			e = i.set(selection.SelectionSet)
		case *ast.FragmentSpread:
			i.shape.Spreads++
			i.directives(selection.Directives)
			fragment := i.fragments[selection.Name]
			if fragment != nil {
				e = i.fragment(fragment)
			}
		}
		all = extent{max(all.depth, e.depth), plus(all.top, e.top), plus(all.selections, e.selections)}
	}
	return all
}

func (i *inspector) field(field *ast.Field) extent {
	if field.Alias != field.Name {
		i.shape.Aliases++
	}
	i.names[field.Alias]++
	i.arguments(field.Arguments)
	i.directives(field.Directives)
	below := i.set(field.SelectionSet)
	return extent{depth: plus(1, below.depth), top: 1, selections: plus(1, below.selections)}
}

func (i *inspector) directives(directives ast.DirectiveList) {
	i.shape.Directives += len(directives)
	for _, directive := range directives {
		i.arguments(directive.Arguments)
	}
}

func (i *inspector) arguments(arguments ast.ArgumentList) {
	for _, argument := range arguments {
		i.shape.input.literal(argument.Value, 0)
	}
}

func byName(fragments ast.FragmentDefinitionList) map[string]*ast.FragmentDefinition {
	named := make(map[string]*ast.FragmentDefinition, len(fragments))
	for _, fragment := range fragments {
		// Of two with one name, which validation refuses, the executor takes the first.
		_, taken := named[fragment.Name]
		if !taken {
			named[fragment.Name] = fragment
		}
	}
	return named
}

// input is the size of arguments or variables.
type input struct {
	// values counts all, fields those of objects; longest is the most items in a list, text the longest text in bytes.
	values, fields, longest, depth, text int
}

func (i *input) literal(value *ast.Value, depth int) {
	if value == nil {
		return
	}
	i.values++
	i.text = max(i.text, len(value.Raw))
	switch value.Kind {
	case ast.ListValue:
		i.longest = max(i.longest, len(value.Children))
	case ast.ObjectValue:
		i.fields += len(value.Children)
	default:
		return
	}
	i.depth = max(i.depth, depth+1)
	for _, child := range value.Children {
		i.literal(child.Value, depth+1)
	}
}

func (i *input) object(fields map[string]any, depth int) {
	for _, value := range fields {
		i.value(value, depth)
	}
}

func (i *input) value(value any, depth int) {
	i.values++
	switch value := value.(type) {
	case string:
		i.text = max(i.text, len(value))
	case map[string]any:
		i.fields += len(value)
		i.depth = max(i.depth, depth+1)
		i.object(value, depth+1)
	case []any:
		i.depth = max(i.depth, depth+1)
		i.longest = max(i.longest, len(value))
		for _, item := range value {
			i.value(item, depth+1)
		}
	default:
		// Coerced lists can be of any type.
		list := reflect.ValueOf(value)
		if list.Kind() != reflect.Slice {
			return
		}
		i.longest = max(i.longest, list.Len())
		for n := range list.Len() {
			i.value(list.Index(n).Interface(), depth+1)
		}
	}
}
