// Package execute answers queries level by level: it asks every resolver of a level before it reads anything, reads what they asked for at once,
// and appends the answer's JSON in one walk at the end. Mutations, subscriptions, introspection and deferred parts are left to gqlgen's own
// executor, which stays the reference: for every query both give the same answer.
package execute

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/graph/binding"
)

// keptPlans are the operations whose plans are kept, as many as documents are.
const keptPlans = 1_000

// Options say how an executor answers.
type Options struct {
	// Table has the fields of the schema.
	Table binding.Table
	// Policy is what the viewer of a request may read.
	Policy func(context.Context) Policy
	// Root, where it is set, is told of each root field before it is answered; what it returns is the context of all that is below the field, and
	// what to call when it has been.
	Root func(ctx context.Context, field *ast.Field) (context.Context, func(null bool))
}

// Executor answers queries level by level, and leaves all other operations to gqlgen's executor.
type Executor struct {
	graphql.ExecutableSchema
	options Options
	plans   *lru.Cache[*ast.OperationDefinition, *plan]
}

// New makes an executor over gqlgen's for the same schema.
func New(reference graphql.ExecutableSchema, options Options) *Executor {
	plans, err := lru.New[*ast.OperationDefinition, *plan](keptPlans)
	if err != nil {
		panic(err) // The size is a positive constant.
	}
	return &Executor{ExecutableSchema: reference, options: options, plans: plans}
}

// Forget drops what is kept of a document, which holds as much again as the document.
func (e *Executor) Forget(document *ast.QueryDocument) {
	for _, operation := range document.Operations {
		e.plans.Remove(operation)
	}
}

// Exec implements graphql.ExecutableSchema.
func (e *Executor) Exec(ctx context.Context) graphql.ResponseHandler {
	operation := graphql.GetOperationContext(ctx)
	plan := e.planOf(operation)
	if plan == nil {
		return e.ExecutableSchema.Exec(ctx)
	}
	answered := false
	return func(ctx context.Context) *graphql.Response {
		if answered {
			return nil
		}
		answered = true
		return &graphql.Response{Data: e.answer(ctx, operation, plan)}
	}
}

// planOf is the plan of an operation; nil where gqlgen's executor has to answer it.
func (e *Executor) planOf(operation *graphql.OperationContext) *plan {
	definition := operation.Operation
	if definition.Operation != ast.Query {
		return nil
	}
	known, ok := e.plans.Get(definition)
	if ok {
		return known
	}
	if deferred(definition.SelectionSet, map[*ast.FragmentDefinition]bool{}) {
		return nil
	}
	made := newPlan(e.options.Table, e.Schema(), operation)
	if made != nil && !conditional(definition.SelectionSet, map[*ast.FragmentDefinition]bool{}) {
		e.plans.Add(definition, made)
	}
	return made
}

// answer is the data of an answer.
func (e *Executor) answer(ctx context.Context, operation *graphql.OperationContext, p *plan) []byte {
	r := e.begin(ctx, operation, p)
	defer r.end()
	r.loaders.Rounds(p.needs)
	defer r.loaders.Settle()
	r.ask(ctx)
	b, ok := r.write(make([]byte, 0, min(max(p.size.Load()+spare, spare), largest)), p.root, 0)
	p.size.Store(max(int64(len(b)), p.size.Load()*15/16))
	for i, f := range p.root.fields {
		r.roots[i].done(r.null(p.root, f, i))
	}
	if !ok {
		return []byte(null)
	}
	return b
}

// An answer gets as much room as the longest of the last ones of its query took, and some to spare.
const (
	spare   = 512
	largest = 1 << 20
)

// null tells whether a root field turned out to be null.
func (r *run) null(root *selection, f *field, i int) bool {
	switch {
	case f.typename != nil || f.Append != nil:
		return false
	case r.verdict(root, i).Err != nil || r.results[f.slot][0].err != nil:
		return true
	case f.Spread == nil:
		return r.results[f.slot][0].value == nil
	default:
		result := r.results[f.slot][0]
		return !result.list && r.children[f.slot][result.begin].selection == nil
	}
}

// root tells the options of a root field.
func (e *Executor) root(ctx context.Context, f graphql.CollectedField) rootContext {
	if e.options.Root == nil {
		return rootContext{ctx, func(bool) {}}
	}
	inner, done := e.options.Root(ctx, f.Field)
	return rootContext{inner, done}
}
