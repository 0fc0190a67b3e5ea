package schemalint

import (
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/sdl"
)

// personalDirective marks what holds data about a person, and what asks by it.
const personalDirective = "personal"

// checkPersonal looks for ways to ask by what is masked. A filter or an order belongs to the field of its entity that has its name; where the entity
// has none, a name that is personal anywhere else is taken to be so here. A text argument searches whatever the field's objects hold, unless it
// has the name of one of their fields.
func checkPersonal(schema *ast.Schema, report reporter) {
	names := personalNames(schema)
	for _, def := range sdl.Types(schema) {
		switch {
		case def.Kind == ast.InputObject && strings.HasSuffix(def.Name, "Filter"):
			entity := schema.Types[strings.TrimSuffix(def.Name, "Filter")]
			for _, field := range def.Fields {
				if asksByPerson(entity, field.Name, names) && field.Directives.ForName(personalDirective) == nil {
					report(field.Position, "%s.%s filters by personal data and has no @personal", def.Name, field.Name)
				}
			}
		case def.Kind == ast.Enum && strings.HasSuffix(def.Name, "OrderField"):
			entity := schema.Types[strings.TrimSuffix(def.Name, "OrderField")]
			for _, value := range def.EnumValues {
				if asksByPerson(entity, fieldNamed(value.Name), names) && value.Directives.ForName(personalDirective) == nil {
					report(value.Position, "%s.%s sorts by personal data and has no @personal", def.Name, value.Name)
				}
			}
		}
	}
	outputs(schema, func(def *ast.Definition, field *ast.FieldDefinition) {
		for _, argument := range field.Arguments {
			if searchesPersons(schema, field, argument) && argument.Directives.ForName(personalDirective) == nil {
				report(argument.Position, "%s.%s(%s) searches personal data and has no @personal", def.Name, field.Name, argument.Name)
			}
		}
	})
}

// personalNames are the names of all fields that hold personal data.
func personalNames(schema *ast.Schema) map[string]bool {
	names := map[string]bool{}
	outputs(schema, func(_ *ast.Definition, field *ast.FieldDefinition) {
		if field.Directives.ForName(personalDirective) != nil {
			names[field.Name] = true
		}
	})
	return names
}

// asksByPerson tells whether what asks an entity by a name asks by personal data. A condition on a scalar has no entity, and asks by nothing.
func asksByPerson(entity *ast.Definition, name string, names map[string]bool) bool {
	if entity == nil || entity.Kind == ast.Scalar || entity.Kind == ast.Enum {
		return false
	}
	own := entity.Fields.ForName(name)
	if own != nil {
		return own.Directives.ForName(personalDirective) != nil
	}
	return names[name]
}

// searchesPersons tells whether an argument is a text that is looked for in objects with personal data.
func searchesPersons(schema *ast.Schema, field *ast.FieldDefinition, argument *ast.ArgumentDefinition) bool {
	if argument.Type.Name() != "String" || slices.Contains([]string{"after", "before"}, argument.Name) {
		return false
	}
	found := schema.Types[field.Type.Name()]
	if isConnection(found.Name) {
		nodes := found.Fields.ForName("nodes")
		if nodes == nil {
			return false
		}
		found = schema.Types[nodes.Type.Name()]
	}
	named := found.Fields.ForName(argument.Name)
	if named != nil {
		return named.Directives.ForName(personalDirective) != nil
	}
	return slices.ContainsFunc(found.Fields, func(f *ast.FieldDefinition) bool { return f.Directives.ForName(personalDirective) != nil })
}

// fieldNamed is an enum value as a field would be called: CREATED_AT gives createdAt.
func fieldNamed(value string) string {
	words := strings.Split(strings.ToLower(value), "_")
	for i, word := range words[1:] {
		if word != "" {
			words[i+1] = strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return strings.Join(words, "")
}
