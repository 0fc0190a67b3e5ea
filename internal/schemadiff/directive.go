package schemadiff

import (
	"slices"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/sdl"
)

// executable reports whether requests may carry a directive there. The other places are in the
// schema's own text, which only tools read.
func executable(location ast.DirectiveLocation) bool {
	switch location {
	case ast.LocationQuery, ast.LocationMutation, ast.LocationSubscription, ast.LocationField,
		ast.LocationFragmentDefinition, ast.LocationFragmentSpread, ast.LocationInlineFragment,
		ast.LocationVariableDefinition:
		return true
	}
	return false
}

func (d *differ) directives() {
	for _, old := range sdl.Directives(d.old) {
		path := "@" + old.Name
		worst := Dangerous
		if slices.ContainsFunc(old.Locations, executable) {
			worst = Breaking
		}
		next := d.next.Directives[old.Name]
		if next == nil {
			d.add(worst, path, "directive removed")
			continue
		}
		d.arguments(path, old.Arguments, next.Arguments, worst)
		d.locations(path, old, next)
		switch {
		case old.IsRepeatable && !next.IsRepeatable:
			d.add(worst, path, "no longer repeatable")
		case !old.IsRepeatable && next.IsRepeatable:
			d.add(Safe, path, "now repeatable")
		}
	}
	for _, next := range sdl.Directives(d.next) {
		if d.old.Directives[next.Name] == nil {
			d.add(Safe, "@"+next.Name, "directive added")
		}
	}
}

func (d *differ) locations(path string, old, next *ast.DirectiveDefinition) {
	for _, location := range old.Locations {
		if slices.Contains(next.Locations, location) {
			continue
		}
		severity := Dangerous
		if executable(location) {
			severity = Breaking
		}
		d.add(severity, path, "location "+string(location)+" removed")
	}
	for _, location := range next.Locations {
		if !slices.Contains(old.Locations, location) {
			d.add(Safe, path, "location "+string(location)+" added")
		}
	}
}
