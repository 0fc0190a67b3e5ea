package execute

import (
	"context"
	"errors"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/graph/binding"
	"github.com/vigie-dev/vigie/loaders"
)

// errStuck says that a resolver waits for what nobody reads: it has lost loaders.ErrPending, or answers it on its own.
var errStuck = errors.New("a resolver waits for nothing")

// run answers one request by a plan.
type run struct {
	executor  *Executor
	operation *graphql.OperationContext
	plan      *plan
	loaders   *loaders.Set
	policy    Policy

	// objects are the objects of each selection; objects that belong to one parent follow each other.
	objects [][]any
	// results are those of each field that is no plain leaf, for the objects of its selection; children is what composite ones lead to.
	results  [][]result
	children [][]child
	asking   []*asking
	verdicts [][]Verdict
	waiting  []waiting
	elements binding.Elements
	roots    []rootContext

	// trail is the way from the root to what is being written.
	trail []step
}

// result is what became of a field of one object.
type result struct {
	// value is that of a leaf.
	value any
	err   error
	// begin and end are where the children stand. list tells that there is a list of them, which may be empty.
	begin, end int32
	list       bool
}

// child is an object that a composite field leads to; selection is nil for a null.
type child struct {
	selection *selection
	index     int32
}

// waiting is a resolver that is to be called again.
type waiting struct {
	selection *selection
	field     *field
	index     int
}

// asking is what the calls of one field's resolver share.
type asking struct {
	ctx       context.Context
	arguments map[string]any
	err       error
}

// rootContext is the context of all that is below a root field.
type rootContext struct {
	ctx  context.Context
	done func(null bool)
}

// ask calls all resolvers of the operation, round by round, until nothing is left to be read.
func (r *run) ask(ctx context.Context) {
	root := r.plan.root
	r.objects[root.slot] = append(r.objects[root.slot], nil)
	r.roots = make([]rootContext, len(root.fields))
	for i, f := range root.fields {
		r.roots[i] = r.executor.root(ctx, f.collected)
	}
	r.enter(root, 0)
	for len(r.waiting) > 0 {
		read := r.loaders.Read(ctx)
		again := r.waiting
		r.waiting = nil
		for _, w := range again {
			if !read || ctx.Err() != nil {
				r.results[w.field.slot][w.index].err = cmpErr(ctx.Err(), errStuck)
				continue
			}
			r.resolve(w.selection, w.field, w.index, w.index+1)
		}
	}
}

// cmpErr is the first error that is one.
func cmpErr(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// enter asks for all fields of the objects of a selection, from one on.
func (r *run) enter(s *selection, from int) {
	if !s.deep {
		return
	}
	to := len(r.objects[s.slot])
	for i, f := range s.fields {
		if f.typename != nil || f.Append != nil {
			continue
		}
		r.results[f.slot] = slices.Grow(r.results[f.slot], to-from)[:to]
		if r.verdict(s, i).Err == nil {
			r.resolve(s, f, from, to)
		}
	}
}

// verdict is how a field stands for the viewer.
func (r *run) verdict(s *selection, i int) *Verdict {
	if r.verdicts[s.slot] == nil {
		verdicts := make([]Verdict, len(s.fields))
		for j, f := range s.fields {
			if f.typename == nil {
				verdicts[j] = r.policy.Verdict(s.object.Name, f.collected.Field, r.operation.Variables)
			}
		}
		r.verdicts[s.slot] = verdicts
	}
	return &r.verdicts[s.slot][i]
}

// resolve asks for a field of some objects of its selection, and then for what is below.
func (r *run) resolve(s *selection, f *field, from, to int) {
	begun := make([]int, 0, 8)
	for _, below := range f.below {
		begun = append(begun, len(r.objects[below.slot]))
	}
	for i := from; i < to; i++ {
		value, err := r.value(f, r.objects[s.slot][i])
		if err != nil && errors.Is(err, loaders.ErrPending) {
			r.waiting = append(r.waiting, waiting{s, f, i})
			continue
		}
		r.settle(f, &r.results[f.slot][i], value, err)
	}
	for i, below := range f.below {
		if begun[i] < len(r.objects[below.slot]) {
			r.enter(below, begun[i])
		}
	}
}

// value is what a field of an object is, from its resolver or its Go field.
func (r *run) value(f *field, object any) (value any, err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			err = r.operation.RecoverFunc(r.roots[f.root].ctx, panicked)
		}
	}()
	if f.Resolve == nil {
		return f.Get(object)
	}
	a := r.asking[f.slot]
	if a == nil {
		a = r.newAsking(r.roots[f.root].ctx, f)
		r.asking[f.slot] = a
	}
	if a.err != nil {
		return nil, a.err
	}
	return f.Resolve(a.ctx, object, a.arguments)
}

// argumentError is that of arguments that cannot be read. It is made anew where it is shown, as it holds a path.
type argumentError struct{ error }

// newAsking prepares the calls of a field's resolver.
func (r *run) newAsking(ctx context.Context, f *field) *asking {
	fc := &graphql.FieldContext{Object: f.object.Name, Field: f.collected, IsResolver: true}
	ctx = graphql.WithFieldContext(ctx, fc)
	a := &asking{}
	if f.Arguments != nil {
		arguments, err := f.Arguments(ctx, r.operation, f.collected.ArgumentMap(r.operation.Variables))
		if err != nil {
			a.err = argumentError{err}
		}
		fc.Args, a.arguments = arguments, arguments
	}
	ctx = context.WithValue(ctx, callKey{}, &call{})
	a.ctx = loaders.WithAhead(ctx, &ahead{run: r, field: f})
	return a
}

// settle keeps what became of a field of an object.
func (r *run) settle(f *field, into *result, value any, err error) {
	into.err = err
	if err != nil {
		return
	}
	if f.Spread == nil {
		into.value = value
		return
	}
	children := r.children[f.slot]
	into.begin = int32(len(children))
	r.elements.Reset()
	if value == nil {
		r.elements.Null()
	} else {
		f.Spread(value, &r.elements)
	}
	into.list = r.elements.List
	for _, e := range r.elements.Items {
		below := child{}
		if e.Object != nil {
			below.selection = f.selectionOf(e.Object)
			below.index = int32(len(r.objects[below.selection.slot]))
			r.objects[below.selection.slot] = append(r.objects[below.selection.slot], e.Value)
		}
		children = append(children, below)
	}
	into.end = int32(len(children))
	r.children[f.slot] = children
}

// ahead is what is selected below a field, for the loaders that its resolver asks.
type ahead struct {
	run   *run
	field *field
}

// Ask implements loaders.Ahead: it calls the resolvers of the selections of a kind's objects that the field leads to without another resolver.
func (a *ahead) Ask(ctx context.Context, kind domain.Kind, probe any) {
	name := kind.String()
	for _, below := range a.field.below {
		a.run.probe(below, name, probe)
	}
}

// probe calls the resolvers of a selection with a probe. Nothing comes of it but what the loaders hear.
func (r *run) probe(s *selection, name string, probe any) {
	for i, f := range s.fields {
		switch {
		case f.typename != nil || f.Append != nil || r.verdict(s, i).Err != nil:
		case s.object.Name == name && f.Resolve != nil:
			r.value(f, probe) //nolint:errcheck // It is loaders.ErrPending, or says that this probe leads nowhere.
		case s.object.Name != name && f.Get != nil:
			for _, below := range f.below {
				r.probe(below, name, probe)
			}
		}
	}
}
