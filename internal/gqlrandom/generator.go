// Package gqlrandom makes up valid GraphQL queries over a schema, and makes smaller ones of them while something holds that was found with them.
//
// A query is a function of a random source, a budget and a vocabulary: the same seed gives the same query. Small budgets give small queries, so
// that a run that grows the budget meets its first failure in a small one.
package gqlrandom

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
)

// Document is a request.
type Document struct {
	Text string
	// Variables are those of the operation that is to be run.
	Variables map[string]any
	// OperationName is empty where the document has one operation, most of the time.
	OperationName string
}

// Limits bound a document, for the limits of an API. All count as written.
type Limits struct {
	// Depth is how deep fields may be nested, with fragments written out.
	Depth int
	// Aliases, Directives, Fragments and Spreads bound the whole document, Roots one operation.
	Aliases, Directives, Fragments, Spreads, Roots int
}

// DefaultLimits suit most APIs.
func DefaultLimits() Limits {
	return Limits{Depth: 12, Aliases: 60, Directives: 60, Fragments: 12, Spreads: 60, Roots: 8}
}

// Generator makes up queries. It is safe for concurrent use as long as the random sources are not shared.
type Generator struct {
	schema *ast.Schema
	words  Vocabulary
	limits Limits
	// nodeTypes are the types that the vocabulary has ids of, in order.
	nodeTypes []string
	// overlapping are the composite types that share an object type with a type, in order.
	overlapping map[string][]*ast.Definition
}

// New returns a generator for a schema.
func New(schema *ast.Schema, words Vocabulary, limits Limits) *Generator {
	g := &Generator{schema: schema, words: words.withIDs(), limits: limits, nodeTypes: words.nodeTypes()}
	g.overlapping = overlapping(schema)
	return g
}

// Document makes up a query whose answer has at most about so many values, each weighing more where the schema says so (@cost), lists counted as
// long as they may become.
func (g *Generator) Document(r *rand.Rand, budget int) Document {
	w := &writer{Generator: g, r: r, keys: map[string][]use{}, given: map[string]any{}}
	document := &ast.QueryDocument{}
	operations := 1
	if w.once(12) {
		operations = 2 + r.IntN(2)
	}
	named := operations > 1 || w.once(40)
	for i := range operations {
		operation := &ast.OperationDefinition{Operation: ast.Query}
		if named {
			operation.Name = fmt.Sprintf("Q%d", i+1)
		}
		operation.SelectionSet, _ = w.set(scope{on: g.schema.Query, depth: g.limits.Depth, times: 1, budget: max(budget/operations, 1)})
		document.Operations = append(document.Operations, operation)
	}
	document.Fragments = w.definitions()
	w.declare(document)
	chosen := document.Operations[r.IntN(operations)]
	made := Document{Variables: map[string]any{}}
	if operations > 1 || named && w.once(50) {
		made.OperationName = chosen.Name
	}
	for _, variable := range chosen.VariableDefinitions {
		value, given := w.given[variable.Variable]
		if given {
			made.Variables[variable.Variable] = value
		}
	}
	made.Text = format(document)
	return made
}

// writer makes up one document.
type writer struct {
	*Generator
	r *rand.Rand

	keys      map[string][]use
	fragments []*fragment
	variables []*variable
	// given are the values of variables; a variable without one is left out of the request.
	given map[string]any

	aliases, directives, spreads int
	// open counts the fragments whose definition is being written.
	open int
}

// once is true in so many of a hundred cases.
func (w *writer) once(percent int) bool { return w.r.IntN(100) < percent }

// pick is one of several.
func pick[T any](r *rand.Rand, options []T) T { return options[r.IntN(len(options))] }

// scope is where a selection set stands.
type scope struct {
	on *ast.Definition
	// depth is how many levels of fields there may be from here.
	depth int
	// times is how many such objects the answer may have, page how long the page is where the object is a connection.
	times, page int
	// budget is what the set may weigh.
	budget int
	// likely are the object types that an abstract type probably has here.
	likely []string
}

// definitions are the fragments in the order of their names.
func (w *writer) definitions() ast.FragmentDefinitionList {
	list := make(ast.FragmentDefinitionList, 0, len(w.fragments))
	for _, f := range w.fragments {
		list = append(list, f.definition)
	}
	return list
}

// declare defines for each operation the variables that it uses, in its fragments too.
func (w *writer) declare(document *ast.QueryDocument) {
	for _, operation := range document.Operations {
		used := usedVariables(document, operation)
		for _, v := range w.variables {
			if used[v.definition.Variable] {
				definition := *v.definition
				operation.VariableDefinitions = append(operation.VariableDefinitions, &definition)
			}
		}
	}
}

func format(document *ast.QueryDocument) string {
	var text strings.Builder
	formatter.NewFormatter(&text, formatter.WithIndent(" ")).FormatQueryDocument(document)
	return text.String()
}
