package storage

import (
	"context"
	"errors"
	"fmt"

	"github.com/vigie-dev/vigie/domain"
)

// The bounds of a tree, so that Postgres plans its statement in little time. Whoever builds trees keeps to them; ReadTree refuses more.
const (
	// MaxBranches is how many branches a tree may have, its root included.
	MaxBranches = 24
	// MaxDepth is how many branches may stand below each other, the root included.
	MaxDepth = 8
)

// ErrTreeTooLarge is what ReadTree gives for a tree with more than MaxBranches branches, or one deeper than MaxDepth.
var ErrTreeTooLarge = errors.New("the tree has too many branches for one statement")

// role is how the rows of a branch are found.
type role int

const (
	// rootOfIDs has the rows with given ids, rootOfParents the pages of given parents, rootOfList one page of a list.
	rootOfIDs role = iota
	rootOfParents
	rootOfList
	// paged has one page for each row of the branch above, referenced what a column of such a row leads to.
	paged
	referenced
)

// Branch is a part of a tree that one statement reads: rows of one kind, and what hangs below each of them. It is made by the Root, Branch and
// Reference methods of Objects, Relation and List, and read by ReadTree, once.
type Branch struct {
	role  role
	name  string
	store *Store
	table table
	// parent is the kind of the parents or of the rows that refer; KindUnknown where there are none.
	parent domain.Kind
	// column leads to the rows of a referenced branch; above are the columns of the branch above that one with pages compares with.
	column Column
	above  []string
	// together tells whether the rows of pages belong to the customer that their parents belong to.
	together bool
	// args are the statement's first values, of a root.
	args     []any
	children []*Branch
	open     func() rows
}

// Kind is the kind of the branch's rows.
func (b *Branch) Kind() domain.Kind { return b.table.kindOf() }

// Add hangs children below each row of the branch.
func (b *Branch) Add(children ...*Branch) { b.children = append(b.children, children...) }

// Size is the number of branches of the tree that b is the root of, and how many of them stand below each other.
func (b *Branch) Size() (branches, depth int) {
	for _, child := range b.children {
		more, deep := child.Size()
		branches, depth = branches+more, max(depth, deep)
	}
	return branches + 1, depth + 1
}

// ReadTree reads a tree in one statement and then hands everything over, parents before what hangs below them. Where it fails, nothing is
// handed over.
func (s *Store) ReadTree(ctx context.Context, root *Branch) error {
	return s.ReadShaped(ctx, root, nil)
}

// ReadShaped is ReadTree, with the statement kept in shape for other trees that are built in the same way; nil keeps nothing.
func (s *Store) ReadShaped(ctx context.Context, root *Branch, shape *Shape) error {
	size, err := root.check(s)
	if err != nil {
		return err
	}
	t := tree{store: s, shape: shape}
	err = t.plan(root, size)
	if err != nil {
		return err
	}
	err = s.pool.gatherer.read(ctx, &t)
	if err != nil {
		return err
	}
	t.parts[0].deliver(nil)
	return nil
}

// check refuses a tree that does not fit together, a fault of whoever built it, and gives how many branches it has.
func (b *Branch) check(s *Store) (branches int, err error) {
	branches, depth := b.Size()
	if branches > MaxBranches || depth > MaxDepth {
		return 0, ErrTreeTooLarge
	}
	if b.role == paged || b.role == referenced {
		return 0, fmt.Errorf("the branch %s cannot be the root of a tree", b.name)
	}
	return branches, b.checkBelow(s)
}

func (b *Branch) checkBelow(s *Store) error {
	if b.store != s {
		return fmt.Errorf("the branch %s is another viewer's", b.name)
	}
	for _, child := range b.children {
		if child.role != paged && child.role != referenced || child.parent != b.Kind() {
			return fmt.Errorf("the branch %s cannot hang below a %s", child.name, b.Kind())
		}
		err := child.checkBelow(s)
		if err != nil {
			return err
		}
	}
	return nil
}
