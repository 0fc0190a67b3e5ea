package gqlrandom

import (
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Shrink makes a document smaller for as long as it is valid and holds is true of it: it leaves out operations, selections, arguments, directives
// and variables, and takes fragments apart. It calls holds most times at most.
func Shrink(schema *ast.Schema, document Document, most int, holds func(Document) bool) Document {
	for smaller := true; smaller; {
		smaller = false
		for step := 0; most > 0; step++ {
			candidate, there := reduced(document, step)
			if !there {
				break
			}
			if candidate.Text == document.Text && len(candidate.Variables) == len(document.Variables) || !valid(schema, candidate) {
				continue
			}
			most--
			if holds(candidate) {
				document, smaller = candidate, true
				step-- // What stands there now is another one.
			}
		}
	}
	return document
}

func valid(schema *ast.Schema, document Document) bool {
	parsed, errs := gqlparser.LoadQueryWithRules(schema, document.Text, rules.NewDefaultRules())
	if len(errs) > 0 {
		return false
	}
	operation := parsed.Operations.ForName(document.OperationName)
	if operation == nil {
		return false
	}
	for _, definition := range operation.VariableDefinitions {
		_, given := document.Variables[definition.Variable]
		if !given && definition.Type.NonNull && definition.DefaultValue == nil {
			return false
		}
	}
	return true
}

// reduced is the document without its n-th part; false where there are not so many.
func reduced(document Document, n int) (Document, bool) {
	parsed, err := parser.ParseQuery(&ast.Source{Input: document.Text})
	if err != nil {
		return document, false
	}
	e := &edit{left: n}
	e.document(parsed, document)
	if !e.done {
		return document, false
	}
	tidy(parsed)
	smaller := Document{Text: format(parsed), OperationName: document.OperationName, Variables: map[string]any{}}
	for name, value := range document.Variables {
		if slices.ContainsFunc(parsed.Operations, func(o *ast.OperationDefinition) bool { return o.VariableDefinitions.ForName(name) != nil }) {
			smaller.Variables[name] = value
		}
	}
	if e.variable != "" {
		delete(smaller.Variables, e.variable)
	}
	return smaller, true
}

// edit is one cut: left counts down to it.
type edit struct {
	left int
	done bool
	// variable is one that is to be left out of the request.
	variable string
}

// here tells that this is the place to cut.
func (e *edit) here() bool {
	if e.done {
		return false
	}
	e.left--
	e.done = e.left < 0
	return e.done
}

func (e *edit) document(parsed *ast.QueryDocument, document Document) {
	for i, operation := range parsed.Operations {
		if operation.Name != document.OperationName && len(parsed.Operations) > 1 && e.here() {
			parsed.Operations = slices.Delete(parsed.Operations, i, i+1)
			return
		}
	}
	for _, operation := range parsed.Operations {
		operation.SelectionSet = e.set(operation.SelectionSet, parsed)
	}
	for _, fragment := range parsed.Fragments {
		fragment.SelectionSet = e.set(fragment.SelectionSet, parsed)
	}
	for _, operation := range parsed.Operations {
		for _, definition := range operation.VariableDefinitions {
			if definition.DefaultValue != nil && e.here() {
				definition.DefaultValue = nil
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(document.Variables)) {
		if e.here() {
			e.variable = name
		}
	}
}

// set is a selection set after the cut, if it was in there. A set is never emptied.
func (e *edit) set(set ast.SelectionSet, parsed *ast.QueryDocument) ast.SelectionSet {
	for i := range set {
		if e.done {
			return set
		}
		if len(set) > 1 && e.here() {
			return slices.Delete(set, i, i+1)
		}
		inside, apart := e.inside(set[i], parsed)
		if apart {
			return slices.Replace(set, i, i+1, inside...)
		}
	}
	return set
}

// inside cuts in a selection. It is apart where what is in a fragment should take its place.
func (e *edit) inside(selection ast.Selection, parsed *ast.QueryDocument) (inside ast.SelectionSet, apart bool) {
	switch selection := selection.(type) {
	case *ast.Field:
		if selection.Alias != selection.Name && e.here() {
			selection.Alias = selection.Name
			return nil, false
		}
		if len(selection.SelectionSet) > 0 && e.here() {
			selection.SelectionSet = ast.SelectionSet{&ast.Field{Name: "__typename", Alias: "__typename"}}
			return nil, false
		}
		selection.Arguments = e.arguments(selection.Arguments)
		selection.Directives = e.directives(selection.Directives)
		selection.SelectionSet = e.set(selection.SelectionSet, parsed)
	case *ast.InlineFragment:
		if e.here() {
			return selection.SelectionSet, true
		}
		selection.Directives = e.directives(selection.Directives)
		selection.SelectionSet = e.set(selection.SelectionSet, parsed)
	case *ast.FragmentSpread:
		if e.here() {
			fragment := parsed.Fragments.ForName(selection.Name)
			return ast.SelectionSet{&ast.InlineFragment{TypeCondition: fragment.TypeCondition, SelectionSet: fragment.SelectionSet}}, true
		}
		selection.Directives = e.directives(selection.Directives)
	}
	return nil, false
}

func (e *edit) directives(directives ast.DirectiveList) ast.DirectiveList {
	for i := range directives {
		if e.here() {
			return slices.Delete(directives, i, i+1)
		}
	}
	return directives
}

func (e *edit) arguments(arguments ast.ArgumentList) ast.ArgumentList {
	for i, argument := range arguments {
		if e.here() {
			return slices.Delete(arguments, i, i+1)
		}
		e.value(argument.Value)
	}
	return arguments
}

func (e *edit) value(value *ast.Value) {
	for i, child := range value.Children {
		if e.here() {
			value.Children = slices.Delete(value.Children, i, i+1)
			return
		}
		e.value(child.Value)
		if e.done {
			return
		}
	}
}

// tidy drops fragments that nothing spreads any more, and variables that nothing uses.
func tidy(document *ast.QueryDocument) {
	reached := map[string]bool{}
	for _, operation := range document.Operations {
		reach(document, operation.SelectionSet, reached)
		used := usedVariables(document, operation)
		operation.VariableDefinitions = slices.DeleteFunc(operation.VariableDefinitions, func(d *ast.VariableDefinition) bool { return !used[d.Variable] })
	}
	document.Fragments = slices.DeleteFunc(document.Fragments, func(f *ast.FragmentDefinition) bool { return !reached[f.Name] })
}

// reach notes the fragments that a set spreads, directly and not.
func reach(document *ast.QueryDocument, set ast.SelectionSet, reached map[string]bool) {
	for _, selection := range set {
		switch selection := selection.(type) {
		case *ast.Field:
			reach(document, selection.SelectionSet, reached)
		case *ast.InlineFragment:
			reach(document, selection.SelectionSet, reached)
		case *ast.FragmentSpread:
			fragment := document.Fragments.ForName(selection.Name)
			if fragment != nil && !reached[selection.Name] {
				reached[selection.Name] = true
				reach(document, fragment.SelectionSet, reached)
			}
		}
	}
}
