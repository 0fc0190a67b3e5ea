package transport

import (
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
)

const directiveDefer = "defer"

// defers reports whether an operation has a @defer in force.
func defers(gql *graphql.OperationContext) bool {
	// Nearly all documents lack the very word.
	if !strings.Contains(gql.RawQuery, directiveDefer) {
		return false
	}
	search := deferSearch{gql: gql, seen: map[string]bool{}}
	return search.within(gql.Operation.SelectionSet)
}

// deferSearch looks for a @defer in force.
type deferSearch struct {
	gql *graphql.OperationContext
	// seen are the fragments that were looked into.
	seen map[string]bool
}

func (s *deferSearch) within(set ast.SelectionSet) bool {
	for _, selection := range set {
		var directives ast.DirectiveList
		var inner ast.SelectionSet
		switch selection := selection.(type) {
		case *ast.Field:
			inner = selection.SelectionSet
		case *ast.InlineFragment:
			directives, inner = selection.Directives, selection.SelectionSet
		case *ast.FragmentSpread:
			directives = selection.Directives
			fragment := s.gql.Doc.Fragments.ForName(selection.Name)
			if fragment != nil && !s.seen[selection.Name] {
				s.seen[selection.Name] = true
				inner = fragment.SelectionSet
			}
		}
		if s.inForce(directives.ForName(directiveDefer)) || s.within(inner) {
			return true
		}
	}
	return false
}

// inForce reads the condition as the executor does: without one, a fragment is deferred.
func (s *deferSearch) inForce(directive *ast.Directive) bool {
	if directive == nil {
		return false
	}
	condition := directive.Arguments.ForName("if")
	if condition == nil {
		return true
	}
	value, err := condition.Value.Value(s.gql.Variables)
	on, isBool := value.(bool)
	return err != nil || isBool && on
}
