package schemadiff

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/sdl"
)

func (d *differ) types() {
	announced := d.announcedTypes()
	for _, old := range sdl.Types(d.old) {
		next := d.next.Types[old.Name]
		switch {
		case next == nil && announced[old.Name]:
			d.add(Safe, old.Name, "type removed with the deprecated elements that led to it")
		case next == nil:
			d.add(Breaking, old.Name, "type removed")
		case old.Kind != next.Kind:
			d.add(Breaking, old.Name, "kind changed from "+string(old.Kind)+" to "+string(next.Kind))
		default:
			d.definition(old, next)
		}
	}
	for _, next := range sdl.Types(d.next) {
		if d.old.Types[next.Name] == nil {
			d.add(Safe, next.Name, "type added")
		}
	}
}

func (d *differ) definition(old, next *ast.Definition) {
	switch old.Kind {
	case ast.Object, ast.Interface:
		d.interfaces(old, next)
		d.fields(old, next)
	case ast.InputObject:
		d.oneOf(old, next)
		d.inputFields(old, next)
	case ast.Enum:
		d.enumValues(old, next)
	case ast.Union:
		d.members(old, next)
	case ast.Scalar:
		if specification(old) != specification(next) {
			d.add(Dangerous, old.Name, "specification of the scalar changed")
		}
	}
}

func (d *differ) interfaces(old, next *ast.Definition) {
	for _, name := range old.Interfaces {
		if !slices.Contains(next.Interfaces, name) {
			d.add(Breaking, old.Name, "no longer implements "+name)
		}
	}
	for _, name := range next.Interfaces {
		if !slices.Contains(old.Interfaces, name) {
			d.add(Dangerous, old.Name, "now implements "+name)
		}
	}
}

func (d *differ) enumValues(old, next *ast.Definition) {
	for _, value := range old.EnumValues {
		path := old.Name + "." + value.Name
		kept := next.EnumValues.ForName(value.Name)
		if kept == nil {
			d.removed(path, "enum value", value.Directives)
			continue
		}
		d.deprecation(path, value.Directives, kept.Directives)
	}
	for _, value := range next.EnumValues {
		if old.EnumValues.ForName(value.Name) == nil {
			d.add(Dangerous, old.Name+"."+value.Name, "enum value added")
		}
	}
}

func (d *differ) members(old, next *ast.Definition) {
	for _, name := range old.Types {
		if !slices.Contains(next.Types, name) {
			d.add(Breaking, old.Name, "union member "+name+" removed")
		}
	}
	for _, name := range next.Types {
		if !slices.Contains(old.Types, name) {
			d.add(Dangerous, old.Name, "union member "+name+" added")
		}
	}
}

func (d *differ) oneOf(old, next *ast.Definition) {
	was, is := old.Directives.ForName("oneOf") != nil, next.Directives.ForName("oneOf") != nil
	switch {
	case !was && is:
		d.add(Breaking, old.Name, "now takes exactly one field")
	case was && !is:
		d.add(Safe, old.Name, "no longer takes exactly one field")
	}
}

func specification(def *ast.Definition) string {
	specified := def.Directives.ForName("specifiedBy")
	if specified == nil {
		return ""
	}
	url := specified.Arguments.ForName("url")
	if url == nil || url.Value == nil {
		return ""
	}
	return url.Value.Raw
}

// announcedTypes returns the old types that clients could reach only through elements that may be
// removed by now. A type cannot be deprecated itself, so this is how it may leave.
func (d *differ) announcedTypes() map[string]bool {
	all, unexpired := map[string]bool{}, map[string]bool{}
	for _, root := range []*ast.Definition{d.old.Query, d.old.Mutation, d.old.Subscription} {
		if root == nil {
			continue
		}
		d.reach(root.Name, all, func(ast.DirectiveList) bool { return true })
		d.reach(root.Name, unexpired, func(directives ast.DirectiveList) bool { return !d.expired(directives) })
	}
	for name := range unexpired {
		delete(all, name)
	}
	return all
}

// reach adds to seen the types that lead on from name over the elements that follow accepts.
func (d *differ) reach(name string, seen map[string]bool, follow func(ast.DirectiveList) bool) {
	def := d.old.Types[name]
	if def == nil || seen[name] {
		return
	}
	seen[name] = true
	for _, iface := range def.Interfaces {
		d.reach(iface, seen, follow)
	}
	for _, possible := range d.old.GetPossibleTypes(def) {
		d.reach(possible.Name, seen, follow)
	}
	for _, field := range def.Fields {
		if !follow(field.Directives) {
			continue
		}
		d.reach(field.Type.Name(), seen, follow)
		for _, arg := range field.Arguments {
			if follow(arg.Directives) {
				d.reach(arg.Type.Name(), seen, follow)
			}
		}
	}
}
