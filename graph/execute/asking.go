package execute

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/loaders"
)

// asking is what the calls of one field's resolver share in a request. It is the context of all of them.
type asking struct {
	context.Context
	run   *run
	field *field
	// loaders are the request's. A run goes on to other requests, which a context that somebody has kept must not tell of.
	loaders *loaders.Set
	// place is the field's, as gqlgen tells it.
	place     graphql.FieldContext
	arguments map[string]any
	memos     []memo
	err       error
}

// argumentError is that of arguments that cannot be read. It is made anew where it is shown, as it holds a path.
type argumentError struct{ error }

// Value implements context.Context.
func (a *asking) Value(key any) any {
	switch key.(type) {
	case callKey:
		return a
	case loaders.AheadKey:
		return loaders.Ahead(a)
	case loaders.SetKey:
		return a.loaders
	default:
		return a.Context.Value(key)
	}
}

// newAsking prepares the calls of a field's resolver.
func (r *run) newAsking(f *field) *asking {
	a := &asking{run: r, field: f, loaders: r.loaders}
	a.place = graphql.FieldContext{Object: f.object.Name, Field: f.collected, IsResolver: true}
	a.Context = graphql.WithFieldContext(r.roots[f.root].ctx, &a.place)
	if f.constant && f.kept.recall(a) {
		a.place.Args = a.arguments
		return a
	}
	if f.Arguments != nil {
		arguments, err := f.Arguments(a.Context, r.operation, f.collected.ArgumentMap(r.operation.Variables))
		if err != nil {
			a.err = argumentError{err}
		}
		a.place.Args, a.arguments = arguments, arguments
	}
	if f.constant && a.err == nil {
		f.kept.learn(a.arguments)
	}
	return a
}

// kept is what a field whose arguments hold no variable keeps for later requests of the same query. Who comes first decides: all requests get the
// same, by identity.
type kept struct {
	mu        sync.Mutex
	known     bool
	arguments map[string]any
	memos     []memo
	recipes   map[recipeKey]*loaders.Recipe
}

// recipeKey is the kind of object that a recipe is for, and what its viewer may read.
type recipeKey struct {
	kind     domain.Kind
	standing string
}

// keptRecipes bounds the recipes of a field: there are as many standings as roles, and as sets of grants.
const keptRecipes = 16

// recall gives what is known to the calls of a request.
func (k *kept) recall(a *asking) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	// With no room behind them: what a request adds is its own.
	a.arguments, a.memos = k.arguments, k.memos[:len(k.memos):len(k.memos)]
	return k.known
}

// learn keeps arguments.
func (k *kept) learn(arguments map[string]any) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.known {
		k.known, k.arguments = true, arguments
	}
}

// share keeps what a resolver built, and gives what was built first.
func (k *kept) share(made memo) memo {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, known := range k.memos {
		if known.key == made.key {
			return known
		}
	}
	k.memos = append(k.memos, made)
	return made
}

// Constant implements loaders.Ahead.
func (a *asking) Constant() bool { return a.field.constant }

// Recipe implements loaders.Ahead.
func (a *asking) Recipe(kind domain.Kind) *loaders.Recipe {
	a.field.kept.mu.Lock()
	defer a.field.kept.mu.Unlock()
	return a.field.kept.recipes[recipeKey{kind, a.run.standing}]
}

// Keep implements loaders.Ahead.
func (a *asking) Keep(kind domain.Kind, recipe *loaders.Recipe) {
	k := a.field.kept
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.recipes == nil {
		k.recipes = map[recipeKey]*loaders.Recipe{}
	}
	key := recipeKey{kind, a.run.standing}
	if len(k.recipes) < keptRecipes && k.recipes[key] == nil {
		k.recipes[key] = recipe
	}
}

// Ask implements loaders.Ahead: it calls the resolvers of the selections of a kind's objects that the field leads to without another resolver.
func (a *asking) Ask(_ context.Context, kind domain.Kind, probe any) {
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
			_, _ = r.value(f, probe) // It is loaders.ErrPending, or says that this probe leads nowhere.
		case s.object.Name != name && f.Get != nil:
			for _, below := range f.below {
				r.probe(below, name, probe)
			}
		}
	}
}
