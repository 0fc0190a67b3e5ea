package execute

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"github.com/vigie-dev/vigie/loaders"
)

// most is the number of elements from which on a slice is not kept for the next request: one large answer must not hold its memory for ever.
const most = 4096

// newRun is an empty run of a plan.
func newRun(p *plan) *run {
	r := &run{
		plan: p, objects: make([][]any, p.selections), verdicts: make([][]Verdict, p.selections), own: make([][]Verdict, p.selections),
		results: make([][]result, p.slots), children: make([][]child, p.slots), asking: make([]*asking, p.slots),
	}
	for _, s := range p.all {
		if s.varies {
			r.own[s.slot] = make([]Verdict, len(s.fields))
		}
	}
	return r
}

// begin takes a run of the plan that an earlier request has used, or a new one.
func (e *Executor) begin(ctx context.Context, operation *graphql.OperationContext, p *plan) *run {
	r, ok := p.runs.Get().(*run)
	if !ok {
		r = newRun(p)
	}
	r.executor, r.operation, r.loaders, r.policy = e, operation, loaders.For(ctx), e.options.Policy(ctx)
	r.standing = r.policy.Standing()
	r.judged = p.judgedFor(r.standing)
	return r
}

// end gives a run back. It keeps nothing of the request.
func (r *run) end() {
	r.executor, r.operation, r.loaders, r.policy, r.standing, r.judged = nil, nil, nil, nil, "", nil
	for i := range r.objects {
		r.objects[i] = emptied(r.objects[i])
		clear(r.own[i])
	}
	for i := range r.results {
		r.results[i], r.children[i] = emptied(r.results[i]), emptied(r.children[i])
	}
	clear(r.verdicts)
	clear(r.asking)
	r.waiting, r.again, r.roots, r.begun = emptied(r.waiting), emptied(r.again), emptied(r.roots), emptied(r.begun)
	// These two grow and shrink on the way: there may be something behind their ends.
	r.trail, r.elements.Items = emptied(r.trail[:cap(r.trail)]), emptied(r.elements.Items[:cap(r.elements.Items)])
	r.plan.runs.Put(r)
}

// emptied is a slice without its elements, to be filled again.
func emptied[T any](list []T) []T {
	if cap(list) > most {
		return nil
	}
	clear(list)
	return list[:0]
}
