package schemalint

import (
	"strings"
	"unicode"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/sdl"
)

// element is anything in the schema that has a name and a description.
type element struct {
	kind        kind
	name        string // as written
	path        string // as a reader would say it: Customer.orders(first)
	description string
	directives  ast.DirectiveList
	at          *ast.Position
}

type kind string

const (
	kindType              kind = "type"
	kindField             kind = "field"
	kindArgument          kind = "argument"
	kindEnumValue         kind = "enum value"
	kindDirective         kind = "directive"
	kindDirectiveArgument kind = "directive argument"
)

// elements lists everything that the project named.
func elements(schema *ast.Schema) []element {
	var all []element
	for _, def := range sdl.Types(schema) {
		all = append(all, element{kindType, def.Name, def.Name, def.Description, def.Directives, def.Position})
		for _, value := range def.EnumValues {
			path := def.Name + "." + value.Name
			all = append(all, element{kindEnumValue, value.Name, path, value.Description, value.Directives, value.Position})
		}
		for _, field := range sdl.Fields(def) {
			path := def.Name + "." + field.Name
			all = append(all, element{kindField, field.Name, path, field.Description, field.Directives, field.Position})
			all = append(all, arguments(kindArgument, path, field.Arguments)...)
		}
	}
	for _, def := range sdl.Directives(schema) {
		path := "@" + def.Name
		all = append(all, element{kindDirective, def.Name, path, def.Description, nil, def.Position})
		all = append(all, arguments(kindDirectiveArgument, path, def.Arguments)...)
	}
	return all
}

func arguments(kind kind, owner string, args ast.ArgumentDefinitionList) []element {
	all := make([]element, 0, len(args))
	for _, arg := range args {
		all = append(all, element{kind, arg.Name, owner + "(" + arg.Name + ")", arg.Description, arg.Directives, arg.Position})
	}
	return all
}

// slot is anything that has a name and a type: a field, an input field or an argument.
type slot struct {
	owner *ast.Definition
	name  string
	path  string
	typ   *ast.Type
	at    *ast.Position
}

// slots lists the fields, input fields and arguments of the project's types.
func slots(schema *ast.Schema) []slot {
	var all []slot
	for _, def := range sdl.Types(schema) {
		for _, field := range sdl.Fields(def) {
			path := def.Name + "." + field.Name
			all = append(all, slot{def, field.Name, path, field.Type, field.Position})
			for _, arg := range field.Arguments {
				all = append(all, slot{def, arg.Name, path + "(" + arg.Name + ")", arg.Type, arg.Position})
			}
		}
	}
	return all
}

// outputs calls visit for each field of each object and interface.
func outputs(schema *ast.Schema, visit func(def *ast.Definition, field *ast.FieldDefinition)) {
	for _, def := range sdl.Types(schema) {
		if def.Kind != ast.Object && def.Kind != ast.Interface {
			continue
		}
		for _, field := range sdl.Fields(def) {
			visit(def, field)
		}
	}
}

// isConnection tells a connection by its name: that is the convention that clients see.
func isConnection(name string) bool {
	return strings.HasSuffix(name, "Connection")
}

// holdsNodes reports whether values of the type are entities: Node itself, what implements it, or a
// union that may hold one.
func holdsNodes(schema *ast.Schema, name string) bool {
	def := schema.Types[name]
	if def == nil {
		return false
	}
	if name == "Node" {
		return true
	}
	for _, iface := range def.Interfaces {
		if iface == "Node" {
			return true
		}
	}
	for _, member := range def.Types {
		if holdsNodes(schema, member) {
			return true
		}
	}
	return false
}

// lastWord returns the last word of a camelCase name as written: unitPrice gives Price, price price.
func lastWord(name string) string {
	last := strings.LastIndexFunc(name, unicode.IsUpper)
	if last < 0 {
		return name
	}
	return name[last:]
}
