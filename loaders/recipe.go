package loaders

import (
	"context"

	"github.com/vigie-dev/vigie/domain"
	"github.com/vigie-dev/vigie/storage"
)

// Recipe is what one statement reads of the objects of a kind and of what is below them. It holds nothing of a request and is used by many at
// once.
type Recipe struct {
	steps []step
	// constant tells that it is the same for every request of the query.
	constant bool
	shape    storage.Shape
}

// step is something that hangs below rows: the pages of their children, or what a column leads to.
type step struct {
	// of is what it is read of: a set's loader of that keeps what was read.
	of grafter
	// column leads to an object; request is the page that is asked for.
	column  storage.Column
	request *domain.PageRequest
	below   []step
}

// grafter is a relation that can be read as a part of a tree.
type grafter interface {
	// graft is a step as a branch that gives to the set's loader what it reads.
	graft(set *Set, found *step) *storage.Branch
}

// room is how much a tree may still grow. What has no room in it is read when it is asked for.
type room struct{ branches, depth int }

// recipe is what is to be read ahead of objects of a kind. probe is a probe of that kind.
func (s *Set) recipe(ctx context.Context, kind domain.Kind, probe func() any, aheads []Ahead) *Recipe {
	alone := len(aheads) == 1
	if alone {
		known := aheads[0].Recipe(kind)
		if known != nil {
			return known
		}
	}
	made := &Recipe{constant: true}
	made.steps = s.describe(ctx, made, kind, probe(), aheads, &room{branches: storage.MaxBranches - 1, depth: storage.MaxDepth - 1})
	if alone && made.constant {
		aheads[0].Keep(kind, made)
	}
	return made
}

// describe finds what hangs below objects of a kind, by asking the resolvers of what is selected of them with a probe.
func (s *Set) describe(ctx context.Context, of *Recipe, kind domain.Kind, probe any, aheads []Ahead, room *room) []step {
	if room.depth == 0 {
		return nil
	}
	room.depth--
	defer func() { room.depth++ }()
	var steps []step
	for _, asked := range s.probe(ctx, kind, probe, aheads) {
		for _, ahead := range asked.aheads {
			of.constant = of.constant && ahead.Constant()
		}
		found, next, below, ok := asked.of.describe(s, kind, asked)
		if !ok || room.branches == 0 {
			continue
		}
		room.branches--
		found.below = s.describe(ctx, of, next, below, asked.aheads, room)
		steps = append(steps, found)
	}
	return steps
}

// graft makes branches of steps.
func (s *Set) graft(steps []step) []*storage.Branch {
	branches := make([]*storage.Branch, len(steps))
	for i := range steps {
		branches[i] = steps[i].of.graft(s, &steps[i])
	}
	return branches
}

// readTree reads what a tree holds.
func (s *Set) readTree(ctx context.Context, tree *storage.Branch, recipe *Recipe, loader string, keys int) error {
	ctx, ended := observe(ctx, loader, keys, 0)
	var shape *storage.Shape
	if recipe.constant {
		shape = &recipe.shape
	}
	err := s.Store.ReadShaped(ctx, tree, shape)
	ended(err)
	return err
}

// ahead reads keys of a loader whose values are the objects of T's kind, or pages of them, and what the query asks next of these. root is the
// tree over what hangs below them. Where the tree cannot be read, each part of it is read, and fails, by itself.
func ahead[T any, K comparable, V any](
	ctx context.Context, s *Set, l *Loader[K, V], keys []K, aheads []Ahead,
	root func(below []*storage.Branch) *storage.Branch,
) func() {
	objects := storage.ObjectsOf[T](s.Store)
	recipe := s.recipe(ctx, objects.Kind(), func() any { return objects.Probe() }, aheads)
	tree := root(s.graft(recipe.steps))
	return func() {
		err := s.readTree(ctx, tree, recipe, l.name, len(keys))
		if err != nil && len(recipe.steps) > 0 {
			l.fetched(ctx, keys)
			return
		}
		l.settle(keys, nil, err)
	}
}
