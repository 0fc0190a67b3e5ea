package cost

import "github.com/vektah/gqlparser/v2/ast"

// sizeIntrospection tells how long the lists of the introspection types are, from the schema itself: exact at the top and on
// average below, so that the product is what a whole introspection answers with.
func (w *weights) sizeIntrospection(schema *ast.Schema) {
	var fields, arguments, values, inputs, interfaces, possible, objects, enums, inputTypes, abstracts int
	for _, def := range schema.Types {
		switch {
		case def.IsAbstractType():
			abstracts++
			possible += len(schema.GetPossibleTypes(def))
			fallthrough
		case def.Kind == ast.Object:
			objects++
			fields += len(def.Fields)
			interfaces += len(def.Interfaces)
			for _, field := range def.Fields {
				arguments += len(field.Arguments)
			}
		case def.Kind == ast.Enum:
			enums++
			values += len(def.EnumValues)
		case def.Kind == ast.InputObject:
			inputTypes++
			inputs += len(def.Fields)
		}
	}
	for _, list := range []struct {
		owner, name string
		items, of   int
	}{
		{"__Schema", "types", len(schema.Types), 1},
		{"__Schema", "directives", len(schema.Directives), 1},
		{"__Type", "fields", fields, objects},
		{"__Type", "interfaces", interfaces, objects},
		{"__Type", "possibleTypes", possible, abstracts},
		{"__Type", "enumValues", values, enums},
		{"__Type", "inputFields", inputs, inputTypes},
		{"__Field", "args", arguments, fields},
		{"__Directive", "args", 2, 1},
		{"__Directive", "locations", 2, 1},
	} {
		owner := w.types[list.owner]
		if owner == nil || owner.fields[list.name] == nil || list.of == 0 {
			continue
		}
		owner.fields[list.name].assumed = int64((list.items + list.of - 1) / list.of)
	}
}
