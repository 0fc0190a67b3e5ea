package gqlrandom

import (
	"strings"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Constructs are what Survey looks for, in the order of a table.
func Constructs() []string {
	return []string{
		"several operations", "operation name", "several roots", "nested page", "first", "last", "cursor", "filter", "filter with and", "filter with or", "filter with not",
		"order", "alias", "one field under several keys", "merged selections", "key shared by types", "named fragment", "fragment in fragment", "fragment spread twice",
		"fragment on an interface", "fragment on a union", "inline fragment with a condition", "inline fragment without a condition", "inline fragment on an interface",
		"inline fragment on a union", "variable", "variable of an input object", "variable of a list", "variable in a fragment", "variable in a literal", "default",
		"null variable", "missing variable", "null literal", "single value for a list", "include", "skip", "directive with a variable", "__typename", "introspection",
		"interface field", "page size refused", "first and last", "deep",
	}
}

// Survey tells which constructs a document has. It fails where the document is not valid.
func Survey(schema *ast.Schema, document Document) (map[string]bool, error) {
	parsed, errs := gqlparser.LoadQueryWithRules(schema, document.Text, rules.NewDefaultRules())
	if len(errs) > 0 {
		return nil, errs
	}
	s := &survey{schema: schema, document: parsed, has: map[string]bool{}, spreads: map[string]int{}}
	s.note("several operations", len(parsed.Operations) > 1)
	s.note("operation name", document.OperationName != "")
	for _, operation := range parsed.Operations {
		s.note("several roots", len(operation.SelectionSet) > 1)
		s.set(operation.SelectionSet, place{})
		for _, definition := range operation.VariableDefinitions {
			s.variable(definition, document)
		}
	}
	for _, fragment := range parsed.Fragments {
		s.condition("fragment on ", fragment.TypeCondition)
		s.set(fragment.SelectionSet, place{fragment: true})
	}
	return s.has, nil
}

type survey struct {
	schema   *ast.Schema
	document *ast.QueryDocument
	has      map[string]bool
	spreads  map[string]int
}

// place is where a selection stands.
type place struct {
	depth, pages int
	fragment     bool
}

func (s *survey) note(name string, there bool) {
	if there {
		s.has[name] = true
	}
}

func (s *survey) condition(prefix, name string) {
	s.note(prefix+"an interface", s.schema.Types[name].Kind == ast.Interface)
	s.note(prefix+"a union", s.schema.Types[name].Kind == ast.Union)
}

func (s *survey) variable(definition *ast.VariableDefinition, document Document) {
	value, given := document.Variables[definition.Variable]
	s.note("variable", true)
	s.note("variable of an input object", s.schema.Types[definition.Type.Name()].Kind == ast.InputObject)
	s.note("variable of a list", definition.Type.Elem != nil)
	s.note("default", definition.DefaultValue != nil)
	s.note("null variable", given && value == nil)
	s.note("missing variable", !given)
}

func (s *survey) set(set ast.SelectionSet, at place) {
	keys := map[string]string{}
	for _, selection := range set {
		for _, directive := range directivesOf(selection) {
			s.note(directive.Name, true)
			s.note("directive with a variable", directive.Arguments[0].Value.Kind == ast.Variable)
		}
		switch selection := selection.(type) {
		case *ast.Field:
			for key, name := range keys {
				s.note("one field under several keys", name == selection.Name && key != selection.Alias && len(selection.Arguments) > 0)
			}
			_, twice := keys[selection.Alias]
			s.note("merged selections", twice && len(selection.SelectionSet) > 0)
			keys[selection.Alias] = selection.Name
			s.field(selection, at)
		case *ast.InlineFragment:
			s.note("inline fragment with a condition", selection.TypeCondition != "")
			s.note("inline fragment without a condition", selection.TypeCondition == "")
			if selection.TypeCondition != "" {
				s.condition("inline fragment on ", selection.TypeCondition)
			}
			s.set(selection.SelectionSet, at)
		case *ast.FragmentSpread:
			s.spreads[selection.Name]++
			s.note("named fragment", true)
			s.note("fragment in fragment", at.fragment)
			s.note("fragment spread twice", s.spreads[selection.Name] > 1)
		}
	}
	s.shared(set)
}

// shared looks for keys that fragments on different types give to different fields.
func (s *survey) shared(set ast.SelectionSet) {
	names := map[string]string{}
	for _, selection := range set {
		inline, ok := selection.(*ast.InlineFragment)
		if !ok || inline.TypeCondition == "" {
			continue
		}
		for _, inner := range inline.SelectionSet {
			field, ok := inner.(*ast.Field)
			if !ok {
				continue
			}
			before, known := names[field.Alias]
			s.note("key shared by types", known && before != inline.TypeCondition)
			names[field.Alias] = inline.TypeCondition
		}
	}
}

func (s *survey) field(field *ast.Field, at place) {
	at.depth++
	s.note("deep", at.depth >= 6)
	s.note("alias", field.Alias != field.Name)
	s.note("__typename", field.Name == "__typename")
	s.note("introspection", field.Name == "__schema" || field.Name == "__type")
	s.note("interface field", field.Definition != nil && s.schema.Types[field.Definition.Type.Name()].IsAbstractType())
	for _, argument := range field.Arguments {
		s.argument(field, argument, at)
	}
	if field.Definition != nil && paged(field.Definition) {
		s.note("first and last", field.Arguments.ForName("first") != nil && field.Arguments.ForName("last") != nil)
		at.pages++
		s.note("nested page", at.pages > 1)
	}
	s.set(field.SelectionSet, at)
}

func (s *survey) argument(field *ast.Field, argument *ast.Argument, at place) {
	value := argument.Value
	switch argument.Name {
	case "first", "last":
		s.note(argument.Name, true)
		s.note("page size refused", value.Raw == "0" || value.Raw == "-1" || value.Raw == "1000")
	case "after", "before":
		s.note("cursor", true)
	case "orderBy":
		s.note("order", true)
	case "filter":
		s.note("filter", true)
		for _, name := range []string{"and", "or", "not"} {
			s.note("filter with "+name, strings.Contains(value.String(), name+":"))
		}
	}
	used := map[string]bool{}
	noteValue(value, used)
	s.note("variable in a fragment", len(used) > 0 && at.fragment)
	s.note("variable in a literal", len(used) > 0 && value.Kind != ast.Variable)
	definition := field.Definition.Arguments.ForName(argument.Name)
	s.literal(value, definition.Type)
}

func (s *survey) literal(value *ast.Value, of *ast.Type) {
	s.note("null literal", value.Kind == ast.NullValue)
	if of == nil {
		return
	}
	s.note("single value for a list", of.Elem != nil && value.Kind != ast.ListValue && value.Kind != ast.Variable && value.Kind != ast.NullValue)
	definition := s.schema.Types[of.Name()]
	for _, child := range value.Children {
		inner := of.Elem
		if child.Name != "" && definition.Kind == ast.InputObject {
			inner = definition.Fields.ForName(child.Name).Type
		}
		s.literal(child.Value, inner)
	}
}
