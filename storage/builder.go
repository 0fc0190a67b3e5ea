package storage

import (
	"strconv"
	"strings"

	"github.com/lib/pq"
)

// builder puts a statement together. Values only ever enter it as $n.
type builder struct {
	text strings.Builder
	args []any
	// plain makes a text that Postgres plans the same way whatever the values: limits stand in it as numbers, a single key as a single value, and
	// how many keys there are does not show.
	plain bool
	// viewers are the places in args of what the viewer's scope put there.
	viewers []int
}

func (b *builder) add(parts ...string) {
	for _, part := range parts {
		b.text.WriteString(part)
	}
}

// with writes a condition over v in which every $ stands for one value of the viewer's, with v under another name.
func (b *builder) with(condition, alias string, value any) string {
	return strings.NewReplacer("$", b.ofViewer(value), "v.", alias+".").Replace(condition)
}

// ofViewer is the placeholder of what the viewer's scope depends on.
func (b *builder) ofViewer(value any) string {
	b.viewers = append(b.viewers, len(b.args))
	return b.arg(value)
}

// array is the placeholder of an array of keys.
func (b *builder) array(keys []int64) string {
	placeholder := b.arg(pq.Array(keys)) + "::bigint[]"
	if b.plain {
		return "(SELECT " + placeholder + ")::bigint[]"
	}
	return placeholder
}

// limit is the number of rows that a LIMIT lets through.
func (b *builder) limit(n int) string {
	if b.plain {
		return strconv.Itoa(n)
	}
	return b.arg(n)
}

// arg is the placeholder of a value.
func (b *builder) arg(value any) string {
	b.args = append(b.args, value)
	return "$" + strconv.Itoa(len(b.args))
}
