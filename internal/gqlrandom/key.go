package gqlrandom

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// use is a field as it answers under a key. What answers under one key anywhere in a document has the same shape, and is the same field with
// the same arguments unless it is of another object type: then it does not matter which fields a fragment brings together.
type use struct {
	// on is nil where the field is one of every type.
	on              *ast.Definition
	name, arguments string
	shape           string
	call            call
}

func (w *writer) useOf(on *ast.Definition, field *ast.FieldDefinition, arguments ast.ArgumentList) use {
	return use{on: on, name: field.Name, arguments: signature(arguments), shape: w.shape(field.Type)}
}

// signature is what arguments are, in any order.
func signature(arguments ast.ArgumentList) string {
	texts := make([]string, 0, len(arguments))
	for _, argument := range arguments {
		texts = append(texts, argument.Name+":"+argument.Value.String())
	}
	slices.Sort(texts)
	return strings.Join(texts, ",")
}

// shape is a type with all composite types taken for one.
func (w *writer) shape(of *ast.Type) string {
	if w.schema.Types[of.Name()].IsCompositeType() {
		return strings.Replace(of.String(), of.Name(), "{}", 1)
	}
	return of.String()
}

func (u use) agrees(other use) bool {
	if u.shape != other.shape {
		return false
	}
	apart := u.on != nil && other.on != nil && u.on != other.on && u.on.Kind == ast.Object && other.on.Kind == ast.Object
	return apart || u.name == other.name && u.arguments == other.arguments
}

// fits tells whether a field may answer under a key.
func (w *writer) fits(key string, u use) bool {
	return !slices.ContainsFunc(w.keys[key], func(other use) bool { return !u.agrees(other) })
}

// rename gives a field the key that it answers under: its name, or another one in so many of a hundred cases and where its name is taken. It is
// false where there are aliases enough.
func (w *writer) rename(field *ast.Field, u use, percent int) bool {
	if !w.once(percent) && w.fits(field.Name, u) {
		w.keys[field.Name] = append(w.keys[field.Name], u)
		return true
	}
	if w.aliases >= w.limits.Aliases {
		if field.Name == "__typename" {
			return true // Nothing else has this name.
		}
		return false
	}
	w.aliases++
	field.Alias = w.alias(u)
	w.keys[field.Alias] = append(w.keys[field.Alias], u)
	return true
}

// alias is a key that fits: one that other fields have, or a new one.
func (w *writer) alias(u use) string {
	if w.once(50) {
		common := pick(w.r, []string{"x", "y", "z", "id", "name", "number", "nodes", "total", "customer", "items"})
		if common != u.name && w.fits(common, u) {
			return common
		}
	}
	return fmt.Sprintf("a%d", w.aliases)
}

// recall is a call of the field that was made before, at half of the occasions.
func (w *writer) recall(on *ast.Definition, field *ast.FieldDefinition, most int) (call, bool) {
	if len(field.Arguments) == 0 || !w.once(50) {
		return call{}, false
	}
	for _, known := range w.keys[field.Name] {
		if known.on == on && known.name == field.Name && known.call.size > 0 && known.call.size <= most {
			return known.call, true
		}
	}
	return call{}, false
}
