package storage

import "sync"

// keptShapes bounds the texts that a Shape keeps: a tree has as many as there are kinds of scope and numbers of roots, one or several.
const keptShapes = 8

// Shape keeps the statements of trees that are built in the same way for every request of a query, but for their roots. It is safe for
// concurrent use, and must not be used for trees that differ in anything below their roots, or for stores narrowed to other fields.
type Shape struct {
	mu   sync.Mutex
	kept map[shapeKey]*shape
}

// shapeKey is what a statement depends on besides: what the viewer may see, and the text of the root, or what that follows from.
type shapeKey struct {
	scope, root    string
	external, sole bool
}

// shape is a statement that was put together before, and how its parts are laid out.
type shape struct {
	text  string
	parts []*layout
	arms  []treeArm
	// joined is as in tree.
	joined bool
	// args are those behind the root's; at viewers stand those of the viewer's scope.
	args    []any
	viewers []int
}

// get is a statement that was put together before; nil where there is none.
func (s *Shape) get(key shapeKey) *shape {
	if s == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[key]
}

// put keeps a statement, while there is room.
func (s *Shape) put(key shapeKey, made *shape) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[shapeKey]*shape{}
	}
	if len(s.kept) < keptShapes {
		s.kept[key] = made
	}
}

// recall makes the tree's statement of one that was put together before; the root's values are there.
func (t *tree) recall(kept *shape) {
	root := len(t.b.args)
	t.b.args = append(t.b.args, kept.args...)
	for _, at := range kept.viewers {
		t.b.args[root+at] = t.store.scopeValue()
	}
	t.text, t.arms, t.joined = kept.text, kept.arms, kept.joined
	for i := range t.parts {
		t.parts[i].layout = kept.parts[i]
	}
}

// keep is the tree's statement for other trees like it; root is how many values the root has.
func (t *tree) keep(root int) *shape {
	made := &shape{text: t.text, arms: t.arms, joined: t.joined, args: append([]any(nil), t.b.args[root:]...)}
	for i := range t.parts {
		made.parts = append(made.parts, t.parts[i].layout)
	}
	for _, at := range t.b.viewers {
		if at >= root {
			made.viewers = append(made.viewers, at-root)
			made.args[at-root] = nil
		}
	}
	return made
}
