package access

import (
	"reflect"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
)

// input says where personal data hides in an input: who may give it learns by the answer what is masked elsewhere. It is nil where none does.
type input struct {
	// personal tells that the input itself stands for personal data.
	personal bool
	// fields are those of an input object, and values those of an enum, that do.
	fields map[string]*input
	values []string
}

// inputs reads the inputs of a schema, each type once.
type inputs struct {
	schema *ast.Schema
	types  map[string]*input
}

// arguments are those of a field in which personal data hides.
func (i *inputs) arguments(field *ast.FieldDefinition) map[string]*input {
	found := map[string]*input{}
	for _, argument := range field.Arguments {
		in := i.at(argument.Type, argument.Directives)
		if in.leads(nil) {
			found[argument.Name] = in
		}
	}
	return found
}

// at is an input of a type; its own directives may say that it is personal whatever the type.
func (i *inputs) at(of *ast.Type, directives ast.DirectiveList) *input {
	if directives.ForName(personalDirective) != nil {
		return &input{personal: true}
	}
	return i.typed(of.Name())
}

// typed is what a type has in itself. A filter has itself in it.
func (i *inputs) typed(name string) *input {
	known := i.types[name]
	if known != nil {
		return known
	}
	in := &input{fields: map[string]*input{}}
	i.types[name] = in
	definition := i.schema.Types[name]
	for _, value := range definition.EnumValues {
		if value.Directives.ForName(personalDirective) != nil {
			in.values = append(in.values, value.Name)
		}
	}
	if definition.Kind == ast.InputObject {
		for _, field := range definition.Fields {
			in.fields[field.Name] = i.at(field.Type, field.Directives)
		}
	}
	return in
}

// leads tells whether there is anything personal at or below an input.
func (n *input) leads(seen []*input) bool {
	if n.personal || len(n.values) > 0 {
		return true
	}
	if slices.Contains(seen, n) {
		return false
	}
	seen = append(seen, n)
	for _, field := range n.fields {
		if field.leads(seen) {
			return true
		}
	}
	return false
}

// used is the path of the first personal input that a value gives, in the order of names; empty where it gives none. Null gives nothing.
func (n *input) used(value any, path string) string {
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	switch {
	case n == nil || !v.IsValid():
		return ""
	case n.personal:
		return path
	}
	switch v.Kind() {
	case reflect.Slice, reflect.Array: // One item may stand for a list, so the schema's type does not tell.
		for at := range v.Len() {
			found := n.used(v.Index(at).Interface(), path)
			if found != "" {
				return found
			}
		}
	case reflect.Map:
		return n.usedFields(v, path)
	case reflect.String:
		if slices.Contains(n.values, v.String()) {
			return path + " " + v.String()
		}
	}
	return ""
}

func (n *input) usedFields(object reflect.Value, path string) string {
	keys := object.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	for _, key := range keys {
		found := n.fields[key.String()].used(object.MapIndex(key).Interface(), path+"."+key.String())
		if found != "" {
			return found
		}
	}
	return ""
}

// Check tells whether a viewer may ask for a field as it is written: FORBIDDEN where its rule does not allow it, or where an argument filters,
// sorts or searches by what the viewer sees masked. The variables are those of the operation, coerced.
func (r Rule) Check(viewer domain.Viewer, field *ast.Field, variables map[string]any) error {
	if !r.Allows(viewer) {
		return &domain.Error{Code: domain.CodeForbidden, Message: "you may not read this field"}
	}
	if len(r.inputs) == 0 || !viewer.Masked() {
		return nil
	}
	arguments := field.ArgumentMap(variables)
	for _, argument := range field.Definition.Arguments {
		found := r.inputs[argument.Name].used(arguments[argument.Name], argument.Name)
		if found != "" {
			return &domain.Error{Code: domain.CodeForbidden, Message: "you may not use " + found + " here: it stands for personal data, which is masked for you"}
		}
	}
	return nil
}

// Masks tells whether a viewer gets the field's value masked, where it is about a person.
func (r Rule) Masks(viewer domain.Viewer) bool { return r.Personal && viewer.Masked() }
