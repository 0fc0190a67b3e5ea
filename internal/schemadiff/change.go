// Package schemadiff compares two GraphQL schemas and says of each difference what it does to the
// clients of the old one.
package schemadiff

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/internal/sdl"
)

// Severity is what a change does to clients that were written against the old schema.
type Severity string

const (
	// Breaking changes make a valid request fail, or an answer that a client relied on go away.
	Breaking Severity = "BREAKING"
	// Dangerous changes keep requests valid and may still surprise a client: a new enum value.
	Dangerous Severity = "DANGEROUS"
	// Safe changes cannot be noticed by a client that does not look for them.
	Safe Severity = "SAFE"
)

// Change is one difference between two schemas.
type Change struct {
	Severity Severity
	// Path is the changed element: Customer.orders(first), OrderStatus.SHIPPED, @bounded.
	Path string
	// Message says what happened to it.
	Message string
}

// String gives the change as the one line by which an allow list names it.
func (c Change) String() string {
	return string(c.Severity) + " " + c.Path + ": " + c.Message
}

// Diff returns what changed from old to next, breaking changes first, then by path. An element that
// was deprecated with a removal date may be removed from that date on: today decides.
func Diff(old, next *ast.Schema, today time.Time) []Change {
	d := &differ{old: old, next: next, today: today}
	d.roots()
	d.types()
	d.directives()
	rank := []Severity{Breaking, Dangerous, Safe}
	slices.SortFunc(d.changes, func(a, b Change) int {
		return cmp.Or(
			cmp.Compare(slices.Index(rank, a.Severity), slices.Index(rank, b.Severity)),
			strings.Compare(a.Path, b.Path),
			strings.Compare(a.Message, b.Message),
		)
	})
	return d.changes
}

// differ collects the changes of one comparison.
type differ struct {
	old, next *ast.Schema
	today     time.Time
	changes   []Change
}

func (d *differ) add(severity Severity, path, message string) {
	d.changes = append(d.changes, Change{severity, path, message})
}

// removed reports an element that is gone. Its deprecation may have announced that.
func (d *differ) removed(path, what string, directives ast.DirectiveList) {
	reason, deprecated := sdl.Deprecation(directives)
	day, dated := sdl.RemovalDate(reason)
	switch {
	case !deprecated:
		d.add(Breaking, path, what+" removed")
	case !dated:
		d.add(Breaking, path, what+" removed, deprecated without a removal date")
	case d.today.Before(day):
		d.add(Breaking, path, what+" removed before its removal date "+day.Format(time.DateOnly))
	default:
		d.add(Safe, path, what+" removed, as announced for "+day.Format(time.DateOnly))
	}
}

// expired reports whether an element may be removed today.
func (d *differ) expired(directives ast.DirectiveList) bool {
	reason, deprecated := sdl.Deprecation(directives)
	day, dated := sdl.RemovalDate(reason)
	return deprecated && dated && !d.today.Before(day)
}

// deprecation reports a deprecation that came, went or was reworded: clients can only notice by
// asking for it.
func (d *differ) deprecation(path string, old, next ast.DirectiveList) {
	oldReason, was := sdl.Deprecation(old)
	nextReason, is := sdl.Deprecation(next)
	switch {
	case !was && is:
		d.add(Safe, path, "deprecated")
	case was && !is:
		d.add(Safe, path, "no longer deprecated")
	case oldReason != nextReason:
		d.add(Safe, path, "deprecation reason changed")
	}
}

func (d *differ) roots() {
	for _, root := range []struct {
		path      string
		old, next *ast.Definition
	}{
		{"schema.query", d.old.Query, d.next.Query},
		{"schema.mutation", d.old.Mutation, d.next.Mutation},
		{"schema.subscription", d.old.Subscription, d.next.Subscription},
	} {
		switch {
		case root.old == nil && root.next == nil:
		case root.old == nil:
			d.add(Safe, root.path, "operation added")
		case root.next == nil:
			d.add(Breaking, root.path, "operation removed")
		case root.old.Name != root.next.Name:
			d.add(Breaking, root.path, "type changed from "+root.old.Name+" to "+root.next.Name)
		}
	}
}
