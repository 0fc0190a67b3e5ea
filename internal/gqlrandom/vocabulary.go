package gqlrandom

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Vocabulary is what arguments are made of. Its places are named, from the most to the least specific:
//
//	Query.orders.after      an argument
//	OrderConnection.after   an argument of any field that returns the type
//	OrderFilter.number      a field of an input object, and all conditions on it below
//	StringFilter.contains   a field of such a condition
//	Decimal                 a scalar
//
// Values are strings, ints, float64s and bools.
type Vocabulary struct {
	// Values are what a place takes.
	Values map[string][]any
	// Wrong are what it takes and is refused when the query runs, seldom used.
	Wrong map[string][]any
	// IDs are ids of objects by their type.
	IDs map[string][]any
	// Likely are the types that a field of an abstract type leads to, as Type.field, where not to all alike.
	Likely map[string][]string
	// OneOf are the fields, as Type.field, that want exactly one of their arguments.
	OneOf map[string]bool
}

func (v Vocabulary) nodeTypes() []string { return slices.Sorted(maps.Keys(v.IDs)) }

// idsOf is the place of the ids of a type.
func idsOf(typeName string) string { return "ID of " + typeName }

// withIDs is the vocabulary with its ids among the values.
func (v Vocabulary) withIDs() Vocabulary {
	values := maps.Clone(v.Values)
	if values == nil {
		values = map[string][]any{}
	}
	for name, ids := range v.IDs {
		values[idsOf(name)] = ids
	}
	v.Values = values
	return v
}

// scalar is a literal for a scalar at a place.
func (w *writer) scalar(name string, places []string) *ast.Value {
	if len(places) > 1 && strings.HasPrefix(places[0], idsOf("")) {
		places = []string{pick(w.r, places)} // The ids of several types, all alike.
	}
	all := append(slices.Clone(places), name)
	if w.once(3) {
		for _, place := range all {
			if values := suitable(name, w.words.Wrong[place]); len(values) > 0 {
				return literal(pick(w.r, values))
			}
		}
	}
	for _, place := range all {
		values := suitable(name, w.words.Values[place])
		if len(values) > 0 && (place == name || w.once(85)) {
			return literal(pick(w.r, values))
		}
	}
	switch name {
	case "Int":
		return literal(1 + w.r.IntN(5))
	case "Float":
		return literal(float64(w.r.IntN(100)) / 4)
	case "Boolean":
		return literal(w.once(50))
	default:
		return literal("x" + strconv.Itoa(w.r.IntN(5)))
	}
}

// suitable are the values that a scalar takes as literals; scalars of the schema's own take any.
func suitable(scalar string, values []any) []any {
	return slices.DeleteFunc(slices.Clone(values), func(value any) bool {
		switch value.(type) {
		case string:
			return scalar == "Int" || scalar == "Float" || scalar == "Boolean"
		case int:
			return scalar == "String" || scalar == "Boolean"
		case float64:
			return scalar == "String" || scalar == "Boolean" || scalar == "Int" || scalar == "ID"
		default:
			return scalar == "String" || scalar == "Int" || scalar == "Float" || scalar == "ID"
		}
	})
}

// literal writes a value into a document.
func literal(value any) *ast.Value {
	switch value := value.(type) {
	case int:
		return &ast.Value{Kind: ast.IntValue, Raw: strconv.Itoa(value)}
	case float64:
		raw := strconv.FormatFloat(value, 'f', -1, 64)
		if !strings.Contains(raw, ".") {
			raw += ".0"
		}
		return &ast.Value{Kind: ast.FloatValue, Raw: raw}
	case bool:
		return &ast.Value{Kind: ast.BooleanValue, Raw: strconv.FormatBool(value)}
	case string:
		return &ast.Value{Kind: ast.StringValue, Raw: value}
	default:
		return &ast.Value{Kind: ast.NullValue, Raw: "null"}
	}
}
