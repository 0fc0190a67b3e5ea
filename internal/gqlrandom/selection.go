package gqlrandom

import (
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// widest is how many selections a set has at most, bar those that it needs.
const widest = 6

// placed is a composite field of a set, which may be written there again with other selections.
type placed struct {
	field *ast.Field
	to    scope
	// size is how many objects each call gives.
	weight int
}

// set makes up a selection set and tells what it weighs.
func (w *writer) set(s scope) (ast.SelectionSet, int) {
	var set ast.SelectionSet
	var composites []placed
	spent := 0
	count := 1 + w.r.IntN(widest)
	if s.on == w.schema.Query {
		count = 1 + w.r.IntN(w.limits.Roots/2) // Fragments and fields written twice add to them.
	}
	for i := range count {
		inner := s
		inner.budget = s.budget - spent
		if inner.budget < s.times {
			break
		}
		selection, weight := w.selection(inner, &composites, i)
		if selection != nil {
			set = append(set, selection)
			spent += weight
		}
	}
	if len(set) == 0 {
		return ast.SelectionSet{w.typename()}, s.times
	}
	return set, spent
}

// selection makes up one selection; none where nothing fits. i is how many the set had tried before.
func (w *writer) selection(s scope, composites *[]placed, i int) (ast.Selection, int) {
	kind := w.r.IntN(100)
	if s.page > 0 && i == 0 {
		kind = 50 // A page without its items is of little use.
	}
	abstract := s.on.IsAbstractType()
	switch {
	case kind < 5:
		return w.typename(), s.times
	case kind < 14 || abstract && kind < 60:
		return w.inline(s)
	case kind < 24:
		return w.spread(s)
	case kind < 32 && len(*composites) > 0:
		return w.again(s, pick(w.r, *composites))
	default:
		return w.someField(s, composites)
	}
}

func (w *writer) typename() *ast.Field {
	field := &ast.Field{Name: "__typename", Alias: "__typename"}
	w.rename(field, use{name: field.Name, shape: "String!"}, 10)
	w.direct(&field.Directives)
	return field
}

// someField makes up a field: of the introspection seldom, and of a page its items most of the time.
func (w *writer) someField(s scope, composites *[]placed) (ast.Selection, int) {
	var leaves, objects ast.FieldList
	for _, field := range s.on.Fields {
		introspective := strings.HasPrefix(field.Name, "__")
		switch {
		case introspective && !w.once(4):
		case w.schema.Types[field.Type.Name()].IsLeafType():
			leaves = append(leaves, field)
		case strings.HasPrefix(s.on.Name, "__") && field.Type.Elem != nil: // All of a schema is too much.
		case s.page > 0 && items(field) && w.once(80):
			return w.composite(s, field, composites)
		case s.depth > 1:
			objects = append(objects, field)
		}
	}
	if len(objects) > 0 && (len(leaves) == 0 || w.once(40)) {
		return w.composite(s, pick(w.r, objects), composites)
	}
	if len(leaves) == 0 {
		return nil, 0
	}
	return w.leaf(s, pick(w.r, leaves))
}

// items tells the fields of a page that are as long as the page.
func items(field *ast.FieldDefinition) bool { return field.Name == "nodes" || field.Name == "edges" }

func (w *writer) leaf(s scope, definition *ast.FieldDefinition) (ast.Selection, int) {
	c, _ := w.call(s.on, definition, largestPage)
	field := &ast.Field{Name: definition.Name, Alias: definition.Name, Arguments: c.arguments}
	if !w.rename(field, w.useOf(s.on, definition, c.arguments), 12) {
		return nil, 0
	}
	w.direct(&field.Directives)
	return field, s.times * (1 + weight(definition))
}

// composite makes up a field with selections of its own.
func (w *writer) composite(s scope, definition *ast.FieldDefinition, composites *[]placed) (ast.Selection, int) {
	own := s.times * (1 + weight(definition))
	room := (s.budget - own) * (30 + w.r.IntN(65)) / 100
	to := scope{on: w.schema.Types[definition.Type.Name()], depth: s.depth - 1, times: s.times, budget: room}
	if s.depth <= 1 || room < s.times {
		return nil, 0
	}
	field := &ast.Field{Name: definition.Name, Alias: definition.Name}
	c, ok := w.recall(s.on, definition, room/s.times)
	if !ok {
		c, ok = w.call(s.on, definition, room/s.times)
	}
	if !ok {
		return nil, 0
	}
	field.Arguments, to.likely = c.arguments, c.likely
	switch {
	case paged(definition):
		to.page = c.size
	case s.page > 0 && items(definition):
		to.times *= s.page
	case definition.Type.Elem != nil:
		to.times *= max(c.size, 1)
	}
	if to.times > room {
		return nil, 0
	}
	known := w.useOf(s.on, definition, c.arguments)
	known.call = c
	if !w.rename(field, known, 12) {
		return nil, 0
	}
	w.direct(&field.Directives)
	var below int
	field.SelectionSet, below = w.set(to)
	*composites = append(*composites, placed{field, to, own})
	return field, own + below
}

// again writes a field of the same set once more, with the same arguments and other selections: the two are merged.
func (w *writer) again(s scope, before placed) (ast.Selection, int) {
	to := before.to
	to.budget = (s.budget - before.weight) / 2
	if to.budget < to.times {
		return nil, 0
	}
	field := &ast.Field{Name: before.field.Name, Alias: before.field.Alias, Arguments: before.field.Arguments}
	if field.Alias != field.Name {
		if w.aliases >= w.limits.Aliases {
			return nil, 0
		}
		w.aliases++
	}
	w.direct(&field.Directives)
	var below int
	field.SelectionSet, below = w.set(to)
	return field, before.weight + below
}

// direct adds @skip and @include now and then, mostly such that the selection stays.
func (w *writer) direct(to *ast.DirectiveList) {
	for _, directive := range []string{"include", "skip"} {
		if !w.once(4) || w.directives >= w.limits.Directives {
			continue
		}
		w.directives++
		stays := directive == "include"
		value := literal(stays == w.once(70))
		if w.once(50) {
			value = w.variable(slot{of: ast.NonNullNamedType("Boolean", nil), places: []string{"@" + directive}, solid: true})
		}
		*to = append(*to, &ast.Directive{Name: directive, Arguments: ast.ArgumentList{{Name: "if", Value: value}}})
	}
}
