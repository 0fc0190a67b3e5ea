package execute

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/vigie-dev/vigie/graph/binding"
	"github.com/vigie-dev/vigie/loaders"
)

// errStuck says that a resolver waits for what nobody reads: it has lost loaders.ErrPending, or answers it on its own.
var errStuck = errors.New("a resolver waits for nothing")

// mostRounds bounds how often a request reads. A resolver may ask for one thing after the other, up a tree of categories for instance; one that
// asks for something else each time it is called would never end.
const mostRounds = 1000

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
	// verdicts are those of each selection's fields, once they have been asked for.
	verdicts [][]Verdict
	// judged are the verdicts that viewers of the same standing share, and own are places for those that variables have a say in.
	judged   judged
	own      [][]Verdict
	waiting  []waiting
	again    []waiting
	elements binding.Elements
	// begun are where the objects begin that fields lead to which are being asked for.
	begun []int
	// standing names what the viewer may read.
	standing string
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

// rootContext is the context of all that is below a root field.
type rootContext struct {
	ctx  context.Context
	done func(null bool)
}

// ask calls all resolvers of the operation, round by round, until nothing is left to be read.
func (r *run) ask(ctx context.Context) {
	root := r.plan.root
	r.objects[root.slot] = append(r.objects[root.slot], nil)
	for _, f := range root.fields {
		r.roots = append(r.roots, r.executor.root(ctx, f.collected))
	}
	r.enter(root, 0)
	for round := 1; len(r.waiting) > 0; round++ {
		read := round < mostRounds && r.loaders.Read(ctx)
		r.again, r.waiting = r.waiting, r.again[:0]
		for _, w := range r.again {
			if !read || ctx.Err() != nil {
				r.results[w.field.slot][w.index].err = cmp.Or(ctx.Err(), errStuck)
				continue
			}
			r.resolve(w.selection, w.field, w.index, w.index+1)
		}
	}
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

// resolve asks for a field of some objects of its selection, and then for what is below.
func (r *run) resolve(s *selection, f *field, from, to int) {
	begun := len(r.begun)
	for _, below := range f.below {
		r.begun = append(r.begun, len(r.objects[below.slot]))
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
		if first := r.begun[begun+i]; first < len(r.objects[below.slot]) {
			r.enter(below, first)
		}
	}
	r.begun = r.begun[:begun]
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
		a = r.newAsking(f)
		r.asking[f.slot] = a
	}
	if a.err != nil {
		return nil, a.err
	}
	return f.Resolve(a, object, a.arguments)
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
