package schemadiff

import (
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/sdl"
)

func (d *differ) fields(old, next *ast.Definition) {
	for _, field := range sdl.Fields(old) {
		path := old.Name + "." + field.Name
		kept := next.Fields.ForName(field.Name)
		if kept == nil {
			d.removed(path, "field", field.Directives)
			continue
		}
		d.typeChange(path, field.Type, kept.Type, keepsOutput, Breaking)
		d.arguments(path, field.Arguments, kept.Arguments, Breaking)
		d.deprecation(path, field.Directives, kept.Directives)
	}
	for _, field := range sdl.Fields(next) {
		if old.Fields.ForName(field.Name) == nil {
			d.add(Safe, old.Name+"."+field.Name, "field added")
		}
	}
}

func (d *differ) inputFields(old, next *ast.Definition) {
	for _, field := range old.Fields {
		path := old.Name + "." + field.Name
		kept := next.Fields.ForName(field.Name)
		if kept == nil {
			d.removed(path, "input field", field.Directives)
			continue
		}
		d.input(path, inputOf(field), inputOf(kept), Breaking)
	}
	for _, field := range next.Fields {
		if old.Fields.ForName(field.Name) == nil {
			d.inputAdded(old.Name+"."+field.Name, "input field", inputOf(field), Breaking)
		}
	}
}

// arguments compares those of a field or a directive. worst is the severity of a change that old
// callers cannot follow.
func (d *differ) arguments(owner string, old, next ast.ArgumentDefinitionList, worst Severity) {
	for _, arg := range old {
		path := owner + "(" + arg.Name + ")"
		kept := next.ForName(arg.Name)
		switch {
		case kept != nil:
			d.input(path, input{arg.Type, arg.DefaultValue, arg.Directives}, input{kept.Type, kept.DefaultValue, kept.Directives}, worst)
		case worst == Breaking:
			d.removed(path, "argument", arg.Directives)
		default:
			d.add(worst, path, "argument removed")
		}
	}
	for _, arg := range next {
		if old.ForName(arg.Name) == nil {
			d.inputAdded(owner+"("+arg.Name+")", "argument", input{arg.Type, arg.DefaultValue, arg.Directives}, worst)
		}
	}
}

// input is what an argument and an input field have in common.
type input struct {
	typ        *ast.Type
	value      *ast.Value // the default; nil without one
	directives ast.DirectiveList
}

func inputOf(field *ast.FieldDefinition) input {
	return input{field.Type, field.DefaultValue, field.Directives}
}

// required reports whether a request without it is refused.
func (i input) required() bool {
	return i.typ.NonNull && i.value == nil
}

func (d *differ) inputAdded(path, what string, added input, worst Severity) {
	if added.required() {
		d.add(worst, path, "required "+what+" added")
		return
	}
	d.add(Dangerous, path, "optional "+what+" added")
}

func (d *differ) input(path string, old, next input, worst Severity) {
	d.typeChange(path, old.typ, next.typ, acceptsInput, worst)
	d.defaultChange(path, old, next, worst)
	d.deprecation(path, old.directives, next.directives)
}

func (d *differ) defaultChange(path string, old, next input, worst Severity) {
	switch {
	case old.value == nil && next.value == nil:
	case old.value == nil && old.required():
		// Nobody left it out before, so nobody gets the new default unasked.
		d.add(Safe, path, "default "+next.value.String()+" added")
	case old.value == nil:
		d.add(Dangerous, path, "default "+next.value.String()+" added")
	case next.value == nil && next.required():
		d.add(worst, path, "default "+old.value.String()+" removed, which makes it required")
	case next.value == nil:
		d.add(Dangerous, path, "default "+old.value.String()+" removed")
	case old.value.String() != next.value.String():
		d.add(Dangerous, path, "default changed from "+old.value.String()+" to "+next.value.String())
	}
}

func (d *differ) typeChange(path string, old, next *ast.Type, keeps func(old, next *ast.Type) bool, worst Severity) {
	if old.String() == next.String() {
		return
	}
	severity := worst
	if keeps(old, next) {
		severity = Safe
	}
	d.add(severity, path, "type changed from "+old.String()+" to "+next.String())
}

// keepsOutput reports whether every answer of type next is one that a reader of old expects: the
// same, or with fewer nulls.
func keepsOutput(old, next *ast.Type) bool {
	if old.NonNull && !next.NonNull {
		return false
	}
	if old.Elem != nil || next.Elem != nil {
		return old.Elem != nil && next.Elem != nil && keepsOutput(old.Elem, next.Elem)
	}
	return old.NamedType == next.NamedType
}

// acceptsInput reports whether every value that old took is still taken: inputs vary the other way.
func acceptsInput(old, next *ast.Type) bool {
	if !old.NonNull && next.NonNull {
		return false
	}
	if old.Elem != nil || next.Elem != nil {
		return old.Elem != nil && next.Elem != nil && acceptsInput(old.Elem, next.Elem)
	}
	return old.NamedType == next.NamedType
}
