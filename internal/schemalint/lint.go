// Package schemalint holds the schema to the project's conventions: every element described, names
// alike, lists paged the Relay way, mutations, money, time, filters and orders of one shape.
package schemalint

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

// Rule is one convention. Its name stands in every finding, so that a reader can look it up.
type Rule struct {
	// Name is short and stable: findings and tests refer to it.
	Name string
	// Summary says what the rule asks for, in one line.
	Summary string

	check func(schema *ast.Schema, report reporter)
}

// reporter takes one finding at a position, with a message in fmt.Printf's form.
type reporter func(at *ast.Position, format string, args ...any)

// Rules returns all rules in the order in which they are documented.
func Rules() []Rule {
	return []Rule{
		{"described", "every type, field, argument, enum value, directive and scalar says what it is", checkDescribed},
		{"named", "types are PascalCase, fields, arguments and directives camelCase, enum values UPPER_SNAKE", checkNamed},
		{"deprecation", "a deprecation says what to use instead and on which day it ends", checkDeprecation},
		{"connection", "a Connection has edges, nodes, pageInfo, and totalCount as Int!", checkConnection},
		{"edge", "an Edge has a cursor and a node", checkEdge},
		{"paging", "a field that returns a Connection takes first, after, last and before", checkPaging},
		{"bounded", "a list of nodes is a connection, or carries @bounded with a reason", checkBounded},
		{"node-id", "a type that implements Node has id: ID!", checkNodeID},
		{"mutation", "a mutation takes one input and is a payload with userErrors, or null", checkMutation},
		{"personal", "what filters, sorts or searches by @personal data carries @personal itself", checkPersonal},
		{"money", "amounts of money are of type Money, never bare numbers", checkMoney},
		{"time", "names ending in At are DateTime, names ending in On are Date", checkTime},
		{"filter", "filters are named <Noun>Filter, and an entity's filter has and, or, not", checkFilter},
		{"order", "orders are lists of <Noun>Order with field and direction", checkOrder},
	}
}

// Finding is one place that breaks a rule.
type Finding struct {
	File    string
	Line    int
	Rule    string
	Message string
}

// String gives the finding in the file:line form that editors can open.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.Rule, f.Message)
}

// Lint applies the rules to a validated schema and returns what it finds, by file and line.
func Lint(schema *ast.Schema, rules []Rule) []Finding {
	var findings []Finding
	for _, rule := range rules {
		rule.check(schema, func(at *ast.Position, format string, args ...any) {
			finding := Finding{Rule: rule.Name, Message: fmt.Sprintf(format, args...)}
			if at != nil {
				finding.Line = at.Line
				if at.Src != nil {
					finding.File = at.Src.Name
				}
			}
			findings = append(findings, finding)
		})
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return findings
}
