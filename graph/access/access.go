// Package access enforces who may read which field, and who may filter, sort and search by which, by the rules that stand in the schema: @allow
// and @personal.
//
// A field asks for the rule of the type that it stands on, its own, and that of the type that it leads to. Connections and edges have the rule
// of what they hold.
package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
)

// Directive names, as the schema has them.
const (
	allowDirective    = "allow"
	personalDirective = "personal"
)

// AnyGrant is the grant that holds all others.
const AnyGrant = "*"

// Rule says who may read a field.
type Rule struct {
	// Roles are those that may.
	Roles []domain.Role
	// Grants are what an INTEGRATION needs besides, all of them.
	Grants []string
	// Personal tells that the field holds personal data, which is masked for analysts.
	Personal bool
	// NonNull tells that the schema promises a value.
	NonNull bool

	// inputs are the arguments in which personal data hides.
	inputs map[string]*input
}

// Allows tells whether a viewer may read the field.
func (r Rule) Allows(viewer domain.Viewer) bool {
	if !slices.Contains(r.Roles, viewer.Role) {
		return false
	}
	if viewer.Role != domain.RoleIntegration || slices.Contains(viewer.Grants, AnyGrant) {
		return true
	}
	for _, grant := range r.Grants {
		if !slices.Contains(viewer.Grants, grant) {
			return false
		}
	}
	return true
}

// Table is the rules of all fields of a schema, by type and field.
type Table map[string]map[string]Rule

// NewTable reads the rules of a schema. It fails where a field has none, or one that names no role.
func NewTable(schema *ast.Schema) (Table, error) {
	table := Table{}
	hidden := &inputs{schema: schema, types: map[string]*input{}}
	var missing []string
	for name, definition := range schema.Types {
		if definition.Kind != ast.Object || definition.BuiltIn || strings.HasPrefix(name, "__") {
			continue
		}
		rules := map[string]Rule{}
		for _, field := range definition.Fields {
			if strings.HasPrefix(field.Name, "__") {
				continue
			}
			rule, ok := fieldRule(schema, definition, field)
			if !ok {
				missing = append(missing, name+"."+field.Name)
			}
			rule.inputs = hidden.arguments(field)
			rules[field.Name] = rule
		}
		table[name] = rules
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return nil, fmt.Errorf("no @allow rule covers %s", strings.Join(missing, ", "))
	}
	return table, nil
}

// fieldRule joins the rules that a field is under. It is not ok where none of them names a role.
func fieldRule(schema *ast.Schema, on *ast.Definition, field *ast.FieldDefinition) (Rule, bool) {
	rule := Rule{Roles: domain.Roles(), NonNull: field.Type.NonNull, Personal: field.Directives.ForName(personalDirective) != nil}
	covered := false
	sources := []*ast.Directive{typeRule(schema, on, nil), field.Directives.ForName(allowDirective)}
	if to := schema.Types[field.Type.Name()]; to != nil && to.IsCompositeType() {
		sources = append(sources, typeRule(schema, to, nil))
	}
	for _, directive := range sources {
		if directive == nil {
			continue
		}
		covered = true
		roles := namesOf(directive.Arguments.ForName("roles"))
		rule.Roles = slices.DeleteFunc(slices.Clone(rule.Roles), func(role domain.Role) bool { return !slices.Contains(roles, string(role)) })
		if grant := directive.Arguments.ForName("grant"); grant != nil && !slices.Contains(rule.Grants, grant.Value.Raw) {
			rule.Grants = append(rule.Grants, grant.Value.Raw)
		}
	}
	return rule, covered && len(rule.Roles) > 0
}

// typeRule is the rule of a type; a connection or an edge has that of its node.
func typeRule(schema *ast.Schema, definition *ast.Definition, seen []string) *ast.Directive {
	if own := definition.Directives.ForName(allowDirective); own != nil {
		return own
	}
	for _, name := range []string{"node", "nodes"} {
		field := definition.Fields.ForName(name)
		if field == nil || slices.Contains(seen, definition.Name) {
			continue
		}
		if to := schema.Types[field.Type.Name()]; to != nil && definition.Name != schema.Query.Name {
			return typeRule(schema, to, append(seen, definition.Name))
		}
	}
	return nil
}

func namesOf(argument *ast.Argument) []string {
	if argument == nil {
		return nil
	}
	var names []string
	for _, child := range argument.Value.Children {
		names = append(names, child.Value.Raw)
	}
	return names
}
