package schemalint

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/sdl"
)

func checkFilter(schema *ast.Schema, report reporter) {
	for _, s := range slots(schema) {
		if s.name == "filter" && (s.typ.Elem != nil || !strings.HasSuffix(s.typ.Name(), "Filter")) {
			report(s.at, "%s is %s, not a <Noun>Filter", s.path, s.typ)
		}
	}
	for _, def := range sdl.Types(schema) {
		noun, named := strings.CutSuffix(def.Name, "Filter")
		if !named || def.Kind != ast.InputObject || !holdsNodes(schema, noun) {
			continue
		}
		for _, operator := range []struct{ name, want string }{
			{"and", "[" + def.Name + "!]"},
			{"or", "[" + def.Name + "!]"},
			{"not", def.Name},
		} {
			field := def.Fields.ForName(operator.name)
			if field == nil || field.Type.String() != operator.want {
				report(def.Position, "%s has no field %s: %s", def.Name, operator.name, operator.want)
			}
		}
	}
}

func checkOrder(schema *ast.Schema, report reporter) {
	for _, s := range slots(schema) {
		if s.name == "orderBy" && (s.typ.Elem == nil || !strings.HasSuffix(s.typ.Name(), "Order")) {
			report(s.at, "%s is %s, not a list of <Noun>Order", s.path, s.typ)
		}
	}
	for _, def := range sdl.Types(schema) {
		if def.Kind != ast.InputObject || !strings.HasSuffix(def.Name, "Order") {
			continue
		}
		want := def.Name + "Field!"
		if field := def.Fields.ForName("field"); field == nil || field.Type.String() != want {
			report(def.Position, "%s has no field field: %s", def.Name, want)
		}
		direction := def.Fields.ForName("direction")
		if direction == nil || !isDirection(schema, direction.Type) {
			report(def.Position, "%s has no field direction of an enum with ASC and DESC", def.Name)
		}
	}
}

func isDirection(schema *ast.Schema, typ *ast.Type) bool {
	def := schema.Types[typ.Name()]
	return typ.Elem == nil && def != nil && def.EnumValues.ForName("ASC") != nil && def.EnumValues.ForName("DESC") != nil
}
