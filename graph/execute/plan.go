package execute

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/binding"
)

// plan is an operation, bound to the table. It is used by many requests at once.
type plan struct {
	root *selection
	// selections and slots count the places where a run keeps objects and results.
	selections, slots int
	// needs are the Go fields that are needed of the rows of each kind; a kind that is not there is needed whole, and all are where it is nil.
	needs map[domain.Kind][]string
	// all are the selections, and runs are runs that are not in use.
	all  []*selection
	runs sync.Pool
	// verdicts are kept for later requests.
	verdicts verdicts
	// size is how long the longest of the last answers was; it shrinks by and by.
	size atomic.Int64
}

// selection is what is selected of the objects of one type at one place of an operation.
type selection struct {
	object *binding.Object
	fields []*field
	// slot is where a run keeps the objects.
	slot int
	// deep tells that something below is composite or has a resolver, so that the objects have to be walked before they are written.
	deep bool
	// varies tells that variables stand in the arguments of a field, so that the verdicts may depend on them.
	varies bool
}

// field is a field of a selection.
type field struct {
	*binding.Field
	collected graphql.CollectedField
	// label is the key in the answer with its quotes and colon.
	label []byte
	// typename is the answer of __typename; nil for all other fields.
	typename []byte
	// object is the type that the field stands on, and root the place of the root field that it is below of.
	object *binding.Object
	root   int
	// below is what is selected of what the field leads to, one for each type.
	below []*selection
	// slot is where a run keeps the results of a field that is no plain leaf.
	slot int
	// constant tells that no variable stands in the arguments.
	constant bool
	// kept is what is the same in all requests, of a field with a resolver.
	kept *kept
}

// planner binds an operation.
type planner struct {
	table     binding.Table
	schema    *ast.Schema
	operation *graphql.OperationContext
	plan      *plan
	needs     needs
	// at is the place of the root field that is being bound.
	at int
}

// newPlan binds the operation of a request. The plan is nil where the operation is not for this executor.
func newPlan(table binding.Table, schema *ast.Schema, operation *graphql.OperationContext) *plan {
	p := &planner{table: table, schema: schema, operation: operation, plan: &plan{}, needs: newNeeds()}
	root := table[schema.Query.Name]
	if root == nil || !p.bind(root, operation.Operation.SelectionSet, &p.plan.root) {
		return nil
	}
	p.plan.needs = p.needs.byKind()
	return p.plan
}

// bind makes the selection of an object type. It is false where something is not in the table: introspection.
func (p *planner) bind(object *binding.Object, set ast.SelectionSet, into **selection) bool {
	s := &selection{object: object, slot: p.plan.selections}
	p.plan.selections++
	p.plan.all = append(p.plan.all, s)
	*into = s
	p.needs.object(object)
	for i, collected := range p.collect(object, set) {
		if s == p.plan.root {
			p.at = i
		}
		f := &field{collected: collected, object: object, root: p.at, label: []byte(`"` + collected.Alias + `":`)}
		s.fields = append(s.fields, f)
		if collected.Name == "__typename" {
			f.typename = []byte(`"` + object.Name + `"`)
			continue
		}
		f.Field = object.Fields[collected.Name]
		if f.Field == nil {
			return false
		}
		p.needs.field(object, f.Field)
		f.constant = constant(collected.Arguments)
		s.varies = s.varies || !f.constant
		if f.Append != nil {
			continue
		}
		s.deep = true
		f.kept = &kept{}
		f.slot = p.plan.slots
		p.plan.slots++
		if f.Spread == nil {
			continue
		}
		f.below = make([]*selection, len(f.Types))
		for i, name := range f.Types {
			if !p.bind(p.table[name], collected.Selections, &f.below[i]) {
				return false
			}
		}
	}
	return true
}

// collect are the fields that a selection asks of an object type. What goes by one name in the answer is one field: gqlgen's collection tells
// fields apart also by the type that they were asked of, an interface or the object itself.
func (p *planner) collect(object *binding.Object, set ast.SelectionSet) []graphql.CollectedField {
	var fields []graphql.CollectedField
	for _, collected := range graphql.CollectFields(p.operation, set, p.satisfied(object.Name)) {
		i := slices.IndexFunc(fields, func(f graphql.CollectedField) bool { return f.Alias == collected.Alias })
		if i < 0 {
			fields = append(fields, collected)
			continue
		}
		fields[i].Selections = slices.Concat(fields[i].Selections, collected.Selections)
	}
	return fields
}

// selectionOf is what is selected of objects of a type that the field leads to.
func (f *field) selectionOf(object *binding.Object) *selection {
	for _, below := range f.below {
		if below.object == object {
			return below
		}
	}
	panic("execute: " + f.Name + " led to " + object.Name + ", which the table does not say")
}

// satisfied are the names that a fragment on an object type may go by: its own, its interfaces and unions.
func (p *planner) satisfied(name string) []string {
	names := []string{name}
	for _, abstract := range p.schema.GetImplements(p.schema.Types[name]) {
		names = append(names, abstract.Name)
	}
	return names
}

// deferred tells whether an operation has deferred parts.
func deferred(set ast.SelectionSet, seen map[*ast.FragmentDefinition]bool) bool {
	return slices.ContainsFunc(set, func(selected ast.Selection) bool {
		switch s := selected.(type) {
		case *ast.Field:
			return deferred(s.SelectionSet, seen)
		case *ast.InlineFragment:
			return s.Directives.ForName("defer") != nil || deferred(s.SelectionSet, seen)
		case *ast.FragmentSpread:
			if s.Directives.ForName("defer") != nil {
				return true
			}
			if s.Definition == nil || seen[s.Definition] {
				return false
			}
			seen[s.Definition] = true
			return deferred(s.Definition.SelectionSet, seen)
		default:
			return false
		}
	})
}

// constant tells whether arguments hold no variable.
func constant(arguments ast.ArgumentList) bool {
	return !slices.ContainsFunc(arguments, func(a *ast.Argument) bool { return variable(a.Value) })
}

func variable(value *ast.Value) bool {
	return value.Kind == ast.Variable || slices.ContainsFunc(value.Children, func(child *ast.ChildValue) bool { return variable(child.Value) })
}

// conditional tells whether what is selected depends on variables: @include and @skip.
func conditional(set ast.SelectionSet, seen map[*ast.FragmentDefinition]bool) bool {
	return slices.ContainsFunc(set, func(selected ast.Selection) bool {
		switch s := selected.(type) {
		case *ast.Field:
			return depends(s.Directives) || conditional(s.SelectionSet, seen)
		case *ast.InlineFragment:
			return depends(s.Directives) || conditional(s.SelectionSet, seen)
		case *ast.FragmentSpread:
			if depends(s.Directives) {
				return true
			}
			if s.Definition == nil || seen[s.Definition] {
				return false
			}
			seen[s.Definition] = true
			return conditional(s.Definition.SelectionSet, seen)
		default:
			return false
		}
	})
}

func depends(directives ast.DirectiveList) bool {
	return slices.ContainsFunc(directives, func(d *ast.Directive) bool { return !constant(d.Arguments) })
}
