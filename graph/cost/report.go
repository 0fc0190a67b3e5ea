package cost

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// dearestParts is how many parts of a query a report names.
const dearestParts = 10

// Report tells what a query costs and where it comes from. Numbers stop at Most.
type Report struct {
	// Points is the cost; Limit is what it may be at most, zero for no limit. Allowed tells whether the query would be run.
	Points  int  `json:"points"`
	Limit   int  `json:"limit"`
	Allowed bool `json:"allowed"`
	// Fields is how many values the answer can have.
	Fields int `json:"fields"`
	// Tokens, Depth, RootFields and Aliases describe the document.
	Tokens     int `json:"tokens"`
	Depth      int `json:"depth"`
	RootFields int `json:"rootFields"`
	Aliases    int `json:"aliases"`
	// Roots are the fields at the operation's top, in its order.
	Roots []Part `json:"roots"`
	// Dearest are the parts that cost most, the dearest first, each with all that is below it.
	Dearest []Part `json:"dearest"`
}

// Part is a field with all that is below it.
type Part struct {
	// Path is the field's place in the answer, without places in lists: customer.orders.nodes.
	Path string `json:"path"`
	// Points is what it costs in all its places.
	Points int `json:"points"`
	// Times is how many such values there can be.
	Times int `json:"times"`
}

// branch is a field of the query in its place.
type branch struct {
	path  string
	field *ast.Field
	// places is how often the field is called, page the size of the page that it is on.
	places, page int64
	charge       charge
}

func (b branch) points() int64 { return times(b.charge.of(b.page).cost, b.places) }

// things is how many values the field has in all its places.
func (b branch) things() int64 {
	switch b.charge.kind {
	case list:
		return times(b.places, b.charge.size)
	case paged:
		return times(b.places, b.page)
	default:
		return b.places
	}
}

// Report tells what the estimate is made of. It costs more than the estimate itself.
func (e *Estimate) Report() *Report {
	report := &Report{
		Points: e.Cost, Limit: e.limit, Allowed: e.limit == 0 || e.Cost <= e.limit, Fields: e.Fields,
		Tokens: e.Tokens, Depth: e.Depth, RootFields: e.RootFields, Aliases: e.Aliases,
		Roots: []Part{}, Dearest: []Part{},
	}
	if e.operation == nil {
		return report
	}
	open := e.pass.branches(e.operation.SelectionSet, branch{places: 1, page: listSize})
	for _, b := range open {
		report.Roots = append(report.Roots, b.part())
	}
	// No part costs more than the one that it is in, so the dearest of those in sight is the dearest that is left.
	for len(open) > 0 && len(report.Dearest) < dearestParts {
		most := 0
		for i := range open {
			if open[i].points() > open[most].points() {
				most = i
			}
		}
		next := open[most]
		open = append(open[:most], open[most+1:]...)
		report.Dearest = append(report.Dearest, next.part())
		open = append(open, e.pass.branches(next.field.SelectionSet, next)...)
	}
	return report
}

func (b branch) part() Part {
	return Part{Path: b.path, Points: int(b.points()), Times: int(b.things())}
}

// branches are the fields of a selection set that cost something, its fragments written out, each once.
func (p *pass) branches(set ast.SelectionSet, above branch) []branch {
	page := int64(listSize)
	if above.charge.kind == pager {
		page = above.charge.size
	}
	prefix := ""
	if above.path != "" {
		prefix = above.path + "."
	}
	var found []branch
	seen := map[*ast.FragmentDefinition]bool{}
	var collect func(ast.SelectionSet)
	collect = func(set ast.SelectionSet) {
		for _, selection := range set {
			switch selection := selection.(type) {
			case *ast.Field:
				charge, charged := p.charges[selection]
				b := branch{path: prefix + selection.Alias, field: selection, places: above.things(), page: page, charge: charge}
				if charged && p.included(selection.Directives) && b.points() > 0 {
					found = append(found, b)
				}
			case *ast.InlineFragment:
				if p.included(selection.Directives) {
					collect(selection.SelectionSet)
				}
			case *ast.FragmentSpread:
				fragment := p.fragments[selection.Name]
				if fragment != nil && !seen[fragment] && p.included(selection.Directives) {
					seen[fragment] = true
					collect(fragment.SelectionSet)
				}
			}
		}
	}
	collect(set)
	return found
}
