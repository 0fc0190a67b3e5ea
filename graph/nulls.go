package graph

import (
	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/domain"
)

// refuseNulls refuses a null for a variable that stands where no null may be, inside of an argument or in a directive. A document may put a variable
// there that could be null and has a default; the null that is given all the same, gqlgen meets with a fault of its own.
func refuseNulls(operation *graphql.OperationContext) *gqlerror.Error {
	var nulls map[string]bool
	for _, definition := range operation.Operation.VariableDefinitions {
		value, given := operation.Variables[definition.Variable]
		if !given || value != nil || definition.DefaultValue == nil {
			continue
		}
		if nulls == nil {
			nulls = map[string]bool{}
		}
		nulls[definition.Variable] = true
	}
	if len(nulls) == 0 {
		return nil
	}
	found := misplaced(operation.Operation.SelectionSet, nulls)
	for _, fragment := range operation.Doc.Fragments {
		if found == nil {
			found = misplaced(fragment.SelectionSet, nulls)
		}
	}
	if found == nil {
		return nil
	}
	refusal := gqlerror.ErrorPosf(found.Position, "the variable $%s is null where %s is needed", found.Raw, found.ExpectedType)
	setCode(refusal, domain.CodeBadInput)
	return refusal
}

// misplaced is a place where one of the variables stands and must not be null; nil where there is none.
func misplaced(set ast.SelectionSet, nulls map[string]bool) *ast.Value {
	for _, selection := range set {
		var found *ast.Value
		switch s := selection.(type) {
		case *ast.Field:
			found = first(inArguments(s.Arguments, nulls), inDirectives(s.Directives, nulls), misplaced(s.SelectionSet, nulls))
		case *ast.InlineFragment:
			found = first(inDirectives(s.Directives, nulls), misplaced(s.SelectionSet, nulls))
		case *ast.FragmentSpread:
			found = inDirectives(s.Directives, nulls)
		}
		if found != nil {
			return found
		}
	}
	return nil
}

func first(found ...*ast.Value) *ast.Value {
	for _, value := range found {
		if value != nil {
			return value
		}
	}
	return nil
}

// inArguments looks inside of arguments. What a variable that is the whole argument means is the argument's matter.
func inArguments(arguments ast.ArgumentList, nulls map[string]bool) *ast.Value {
	for _, argument := range arguments {
		for _, child := range argument.Value.Children {
			if found := inValue(child.Value, nulls); found != nil {
				return found
			}
		}
	}
	return nil
}

func inDirectives(directives ast.DirectiveList, nulls map[string]bool) *ast.Value {
	for _, directive := range directives {
		for _, argument := range directive.Arguments {
			if found := inValue(argument.Value, nulls); found != nil {
				return found
			}
		}
	}
	return nil
}

func inValue(value *ast.Value, nulls map[string]bool) *ast.Value {
	if value.Kind == ast.Variable && nulls[value.Raw] && value.ExpectedType != nil && value.ExpectedType.NonNull {
		return value
	}
	for _, child := range value.Children {
		if found := inValue(child.Value, nulls); found != nil {
			return found
		}
	}
	return nil
}
