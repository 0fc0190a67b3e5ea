package gqlrandom

import (
	"fmt"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// maxInputDepth is how deep conditions are nested.
const maxInputDepth = 4

// slot is where a value is wanted.
type slot struct {
	of *ast.Type
	// optional tells that the schema has a default for it.
	optional bool
	// places name it for the vocabulary, the most specific first.
	places []string
	depth  int
	// constant forbids variables: the value is itself a variable's.
	constant bool
	// solid forbids the null of a variable that has a default.
	solid bool
}

func (s slot) nullable() *ast.Type {
	of := *s.of
	of.NonNull = false
	return &of
}

// value is a literal or a variable for a slot.
func (w *writer) value(s slot) *ast.Value {
	chance := 22
	if s.depth > 0 {
		chance = 10
	}
	if !s.constant && w.once(chance) {
		return w.variable(s)
	}
	if !s.of.NonNull && w.once(3) {
		return literal(nil)
	}
	if s.of.Elem != nil {
		return w.list(s)
	}
	definition := w.schema.Types[s.of.NamedType]
	switch definition.Kind {
	case ast.InputObject:
		return w.object(s, definition)
	case ast.Enum:
		return &ast.Value{Kind: ast.EnumValue, Raw: pick(w.r, definition.EnumValues).Name}
	default:
		return w.scalar(definition.Name, s.places)
	}
}

// list is a list, seldom an empty one, or one value in the place of a list of one.
func (w *writer) list(s slot) *ast.Value {
	element := slot{of: s.of.Elem, places: s.places, depth: s.depth + 1, constant: s.constant}
	if w.once(8) {
		element.constant = true // A variable would be wanted as a list.
		return w.value(element)
	}
	list := &ast.Value{Kind: ast.ListValue}
	length := 1 + w.r.IntN(3)
	if w.once(5) {
		length = 0
	}
	for range length {
		list.Children = append(list.Children, &ast.ChildValue{Value: w.value(element)})
	}
	return list
}

// object is an input object with what it needs and few of the other fields.
func (w *writer) object(s slot, of *ast.Definition) *ast.Value {
	object := &ast.Value{Kind: ast.ObjectValue}
	wanted := map[string]bool{}
	var optional []string
	for _, field := range of.Fields {
		recursive := field.Type.Name() == of.Name
		switch {
		case field.Type.NonNull && field.DefaultValue == nil:
			wanted[field.Name] = true
		case !recursive || s.depth < maxInputDepth:
			optional = append(optional, field.Name)
		}
	}
	count := 1 + w.r.IntN(2)
	if w.once(4) {
		count = 0
	}
	for range min(count, len(optional)) {
		wanted[pick(w.r, optional)] = true
	}
	for _, field := range of.Fields {
		if !wanted[field.Name] {
			continue
		}
		inner := slot{of: field.Type, optional: field.DefaultValue != nil, depth: s.depth + 1, constant: s.constant}
		inner.places = append(slices.Clone(s.places), of.Name+"."+field.Name)
		if len(s.places) == 0 || field.Type.Name() == of.Name || !w.simple(field) {
			inner.places = []string{of.Name + "." + field.Name}
		}
		if field.Type.Name() == of.Name {
			inner.places = nil
		}
		object.Children = append(object.Children, &ast.ChildValue{Name: field.Name, Value: w.value(inner)})
	}
	return object
}

// simple tells a field that says something about the same thing as the object that it is in: a scalar of an object without objects.
func (w *writer) simple(field *ast.FieldDefinition) bool {
	return w.schema.Types[field.Type.Name()].IsLeafType()
}

// variable is a variable of a document.
type variable struct {
	definition *ast.VariableDefinition
	slot       string
}

// variable is a new variable for a slot, or one that there is for the like.
func (w *writer) variable(s slot) *ast.Value {
	name := fmt.Sprint(s.of.String(), s.optional, s.places)
	for _, known := range w.variables {
		if known.slot == name && w.once(40) {
			return reference(known.definition.Variable)
		}
	}
	// A null where the schema wants a value, given for a variable with a default, is refused by nobody before a resolver meets it.
	s.solid = s.solid || s.of.NonNull && s.depth > 0
	s.constant = true
	definition := &ast.VariableDefinition{Variable: fmt.Sprintf("v%d", len(w.variables)+1), Type: s.of}
	needsDefault := false
	switch {
	case !s.of.NonNull && w.once(40):
		definition.Type = present(s.of)
	case s.of.NonNull && w.once(30):
		definition.Type = s.nullable()
		needsDefault = !s.optional
	}
	w.variables = append(w.variables, &variable{definition: definition, slot: name})
	if needsDefault || w.once(20) {
		whole := s
		whole.of = present(s.of)
		definition.DefaultValue = w.value(whole)
	}
	w.give(definition, s)
	return reference(definition.Variable)
}

// give sets a variable, or leaves it out or null where it may be.
func (w *writer) give(definition *ast.VariableDefinition, s slot) {
	if (!definition.Type.NonNull || definition.DefaultValue != nil) && w.once(25) {
		return
	}
	if !definition.Type.NonNull && !s.solid && w.once(12) {
		w.given[definition.Variable] = nil
		return
	}
	s.of = present(definition.Type)
	value, err := w.value(s).Value(nil)
	if err == nil { // What was just made has a value.
		w.given[definition.Variable] = filled(value)
	}
}

// filled is a value in which an empty list is a list and no null.
func filled(value any) any {
	switch value := value.(type) {
	case []any:
		list := make([]any, len(value))
		for i := range value {
			list[i] = filled(value[i])
		}
		return list
	case map[string]any:
		for name := range value {
			value[name] = filled(value[name])
		}
	}
	return value
}

func reference(name string) *ast.Value { return &ast.Value{Kind: ast.Variable, Raw: name} }
