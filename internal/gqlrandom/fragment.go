package gqlrandom

import (
	"fmt"
	"maps"
	"slices"

	"github.com/vektah/gqlparser/v2/ast"
)

// fragment is a fragment that is written and may be spread.
type fragment struct {
	definition *ast.FragmentDefinition
	on         *ast.Definition
	// depth is how many levels there have to be for it, page how long the page may be, and weight what it weighs for one object.
	depth, page, weight int
}

// overlapping lists for each composite type the types that share an object type with it, itself included.
func overlapping(schema *ast.Schema) map[string][]*ast.Definition {
	all := map[string][]*ast.Definition{}
	names := slices.Sorted(maps.Keys(schema.Types))
	for _, name := range names {
		if !schema.Types[name].IsCompositeType() {
			continue
		}
		possible := schema.GetPossibleTypes(schema.Types[name])
		for _, other := range names {
			if schema.Types[other].IsCompositeType() && share(possible, schema.GetPossibleTypes(schema.Types[other])) {
				all[name] = append(all[name], schema.Types[other])
			}
		}
	}
	return all
}

func share(some, others []*ast.Definition) bool {
	return slices.ContainsFunc(some, func(d *ast.Definition) bool { return slices.Contains(others, d) })
}

// condition is a type that an object of the scope may be.
func (w *writer) condition(s scope) *ast.Definition {
	if len(s.likely) > 0 && w.once(60) {
		name := pick(w.r, s.likely)
		if slices.Contains(w.overlapping[s.on.Name], w.schema.Types[name]) {
			return w.schema.Types[name]
		}
	}
	if w.once(30) {
		return s.on
	}
	return pick(w.r, w.overlapping[s.on.Name])
}

// narrowed is a scope on a type that its object may be.
func narrowed(s scope, to *ast.Definition) scope {
	s.on = to
	if to.Kind == ast.Object {
		s.likely = nil
	}
	return s
}

// inline makes up an inline fragment.
func (w *writer) inline(s scope) (ast.Selection, int) {
	inner := s
	inner.budget = s.budget * (30 + w.r.IntN(65)) / 100
	if inner.budget < s.times || w.open > 3 || s.depth < 2 {
		return w.typename(), s.times
	}
	inline := &ast.InlineFragment{}
	if !w.once(20) {
		inner = narrowed(inner, w.condition(s))
		inline.TypeCondition = inner.on.Name
	}
	w.direct(&inline.Directives)
	inner.depth-- // Inline fragments within each other add no level: this ends them all the same.
	var weight int
	inline.SelectionSet, weight = w.set(inner)
	return inline, weight
}

// spread spreads a fragment that there is already, or a new one.
func (w *writer) spread(s scope) (ast.Selection, int) {
	if w.spreads >= w.limits.Spreads {
		return nil, 0
	}
	known := slices.DeleteFunc(slices.Clone(w.fragments), func(f *fragment) bool {
		fits := slices.Contains(w.overlapping[s.on.Name], f.on) && f.depth <= s.depth && s.page <= f.page && f.weight*s.times <= s.budget
		return !fits
	})
	var chosen *fragment
	switch {
	case len(known) > 0 && w.once(60):
		chosen = pick(w.r, known)
	case len(w.fragments)+w.open < w.limits.Fragments && s.depth > 2 && s.budget >= 4*s.times:
		chosen = w.fragment(s)
	default:
		return nil, 0
	}
	w.spreads++
	spread := &ast.FragmentSpread{Name: chosen.definition.Name}
	w.direct(&spread.Directives)
	return spread, chosen.weight * s.times
}

// fragment writes a new fragment that fits a scope. It becomes known when it is done, so none spreads itself.
func (w *writer) fragment(s scope) *fragment {
	inner := narrowed(s, w.condition(s))
	inner.budget = s.budget * (30 + w.r.IntN(65)) / 100
	inner.depth--
	w.open++
	set, weight := w.set(inner)
	w.open--
	f := &fragment{on: inner.on, depth: s.depth, page: s.page, weight: (weight + s.times - 1) / s.times}
	f.definition = &ast.FragmentDefinition{
		Name: fmt.Sprintf("F%d", len(w.fragments)+1), TypeCondition: f.on.Name, SelectionSet: set,
	}
	w.fragments = append(w.fragments, f)
	return f
}

// usedVariables are the variables that an operation uses, in its fragments too.
func usedVariables(document *ast.QueryDocument, operation *ast.OperationDefinition) map[string]bool {
	used, seen := map[string]bool{}, map[string]bool{}
	var visit func(set ast.SelectionSet)
	visit = func(set ast.SelectionSet) {
		for _, selection := range set {
			noteDirectives(directivesOf(selection), used)
			switch selection := selection.(type) {
			case *ast.Field:
				noteArguments(selection.Arguments, used)
				visit(selection.SelectionSet)
			case *ast.InlineFragment:
				visit(selection.SelectionSet)
			case *ast.FragmentSpread:
				fragment := document.Fragments.ForName(selection.Name)
				if fragment != nil && !seen[selection.Name] {
					seen[selection.Name] = true
					visit(fragment.SelectionSet)
				}
			}
		}
	}
	visit(operation.SelectionSet)
	noteDirectives(operation.Directives, used)
	return used
}

func directivesOf(selection ast.Selection) ast.DirectiveList {
	switch selection := selection.(type) {
	case *ast.Field:
		return selection.Directives
	case *ast.InlineFragment:
		return selection.Directives
	case *ast.FragmentSpread:
		return selection.Directives
	}
	return nil
}

func noteDirectives(directives ast.DirectiveList, used map[string]bool) {
	for _, directive := range directives {
		noteArguments(directive.Arguments, used)
	}
}

func noteArguments(arguments ast.ArgumentList, used map[string]bool) {
	for _, argument := range arguments {
		noteValue(argument.Value, used)
	}
}

func noteValue(value *ast.Value, used map[string]bool) {
	if value.Kind == ast.Variable {
		used[value.Raw] = true
	}
	for _, child := range value.Children {
		noteValue(child.Value, used)
	}
}
