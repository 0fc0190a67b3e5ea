package cost

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// Estimate is what one operation is expected to cost at most, before it runs.
type Estimate struct {
	Shape
	// Cost is in points.
	Cost int
	// Fields is how many values the answer can have.
	Fields int

	limit     int
	operation *ast.OperationDefinition
	pass      *pass
	// steps counts what the pass did.
	steps int
}

// amount is a cost, in points, and a number of values.
type amount struct {
	cost, fields int64
}

func (a amount) plus(b amount) amount { return amount{plus(a.cost, b.cost), plus(a.fields, b.fields)} }

func (a amount) times(n int64) amount { return amount{times(a.cost, n), times(a.fields, n)} }

func (a amount) max(b amount) amount { return amount{max(a.cost, b.cost), max(a.fields, b.fields)} }

// measure is what a selection set costs for one object. A part of it grows with the size of the page that the object is, which
// the set cannot know: a fragment on a connection is measured once and spread under pages of any size.
type measure struct {
	once, each amount
}

func (m measure) plus(n measure) measure { return measure{m.once.plus(n.once), m.each.plus(n.each)} }

func (m measure) max(n measure) measure { return measure{m.once.max(n.once), m.each.max(n.each)} }

// of is the cost under a page of a size.
func (m measure) of(page int64) amount { return m.once.plus(m.each.times(page)) }

// choice is a measure whose rest depends on what concrete type the object is.
type choice struct {
	always measure
	only   map[*object]measure
}

func (c *choice) add(t *object, m measure) {
	if c.only == nil {
		c.only = map[*object]measure{}
	}
	c.only[t] = c.only[t].plus(m)
}

// dearest is the measure for the type that costs most.
func (c *choice) dearest() measure {
	var most measure
	for _, m := range c.only {
		most = most.max(m)
	}
	return c.always.plus(most)
}

// charge is what a field was taken to cost, for the breakdown and for paying back.
type charge struct {
	measure
	// size is how many things were expected, and unit what each of them costs. For a connection they are the items of its page.
	size, unit int64
	// kind tells what the size is of.
	kind sizeKind
}

// sizeKind says what a field's size means.
type sizeKind int

const (
	single sizeKind = iota
	list
	// pager passes its size on to the paged fields below.
	pager
	// paged takes the size of the page above.
	paged
)

// pass measures one operation with its variables.
type pass struct {
	weights   *weights
	variables map[string]any
	// inputs holds how many fields of input objects there are in the variables that were looked at.
	inputs    map[string]int64
	fragments map[string]*ast.FragmentDefinition
	// measured holds the fragments that are done, and an empty choice for those under way, which cuts cycles.
	measured map[*ast.FragmentDefinition]*choice
	// spread holds the set, by its number, that a fragment was last spread in.
	spread map[*ast.FragmentDefinition]int
	sets   int
	// charges holds the fields that cost something.
	charges map[*ast.Field]charge
	steps   int
}

// measure fills in the cost and the number of fields.
func (a *Analyser) measure(e *Estimate, document *ast.QueryDocument, operation *ast.OperationDefinition, variables map[string]any) {
	p := &pass{
		weights:   a.weights,
		variables: variables,
		inputs:    map[string]int64{},
		fragments: byName(document.Fragments),
		measured:  make(map[*ast.FragmentDefinition]*choice, len(document.Fragments)),
		spread:    map[*ast.FragmentDefinition]int{},
		charges:   map[*ast.Field]charge{},
	}
	top := p.set(operation.SelectionSet, a.weights.roots[operation.Operation])
	total := top.dearest().of(listSize)
	e.Cost, e.Fields = int(total.cost), int(total.fields)
	e.operation, e.pass, e.steps = operation, p, p.steps
}

// set measures a selection set on a type, which is nil where the document names one that does not exist.
func (p *pass) set(set ast.SelectionSet, on *object) choice {
	var sum choice
	p.sets++
	current := p.sets
	for _, selection := range set {
		p.steps++
		switch selection := selection.(type) {
		case *ast.Field:
			if p.included(selection.Directives) {
				sum.always = sum.always.plus(p.field(selection, on))
			}
		case *ast.InlineFragment:
			if !p.included(selection.Directives) {
				continue
			}
			condition := on
			if selection.TypeCondition != "" {
				condition = p.weights.types[selection.TypeCondition]
			}
			part := p.set(selection.SelectionSet, condition)
			p.merge(&sum, &part, condition, on)
		case *ast.FragmentSpread:
			fragment := p.fragments[selection.Name]
			// The executor takes a fragment once that is spread twice in one set.
			if fragment == nil || p.spread[fragment] == current || !p.included(selection.Directives) {
				continue
			}
			p.spread[fragment] = current
			p.merge(&sum, p.fragment(fragment), p.weights.types[fragment.TypeCondition], on)
		}
	}
	return sum
}

func (p *pass) fragment(fragment *ast.FragmentDefinition) *choice {
	known, done := p.measured[fragment]
	if done {
		return known
	}
	p.measured[fragment] = &choice{}
	c := p.set(fragment.SelectionSet, p.weights.types[fragment.TypeCondition])
	p.measured[fragment] = &c
	return &c
}

// merge adds a part with a type condition to a sum on a type.
func (p *pass) merge(sum, part *choice, condition, on *object) {
	if on == nil || condition == nil || condition.covers(on) {
		sum.always = sum.always.plus(part.always)
		for concrete, m := range part.only {
			p.steps++
			switch {
			case concrete == on:
				sum.always = sum.always.plus(m)
			case on == nil || on.possible[concrete]:
				sum.add(concrete, m)
			}
		}
		return
	}
	if !condition.abstract() {
		p.steps++
		if on.possible[condition] {
			sum.add(condition, part.always)
		}
		return
	}
	for concrete := range on.possible {
		p.steps++
		if condition.possible[concrete] {
			sum.add(concrete, part.always.plus(part.only[concrete]))
		}
	}
}

// field measures a field for one object of a type.
func (p *pass) field(f *ast.Field, on *object) measure {
	var known *field
	if on != nil {
		known = on.fields[f.Name]
	}
	if known == nil {
		// A __typename, or a field that validation refuses.
		part := p.set(f.SelectionSet, nil)
		below := part.dearest().of(listSize)
		return measure{once: amount{fields: 1}.plus(below)}
	}
	c := charge{kind: known.kind, size: p.size(f, known)}
	if known.of == nil && known.cheap() {
		c.once.fields = 1
		return c.measure
	}
	page := int64(listSize)
	if c.kind == pager {
		page = c.size
	}
	part := p.set(f.SelectionSet, known.of)
	inside := part.dearest()
	below := inside.of(page)
	each := amount{cost: known.unit}.plus(below)
	c.once = amount{cost: plus(known.call, p.arguments(f, known)), fields: 1}
	c.unit = each.cost
	switch c.kind {
	case paged:
		c.each = each
	case pager:
		c.once = c.once.plus(each)
		c.unit = inside.each.cost
	default:
		c.once = c.once.plus(each.times(c.size))
	}
	p.charges[f] = c
	return c.measure
}
