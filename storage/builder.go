package storage

import (
	"fmt"
	"strings"

	"github.com/lib/pq"
)

// builder puts a statement together. Values only ever enter it as $n.
type builder struct {
	text strings.Builder
	args []any
}

func (b *builder) add(parts ...string) {
	for _, part := range parts {
		b.text.WriteString(part)
	}
}

// with writes a condition over v in which every $ stands for one value, with v under another name.
func (b *builder) with(condition, alias string, value any) string {
	if rows, ok := value.([]int64); ok {
		value = pq.Array(rows)
	}
	return strings.NewReplacer("$", b.arg(value), "v.", alias+".").Replace(condition)
}

// arg is the placeholder of a value.
func (b *builder) arg(value any) string {
	b.args = append(b.args, value)
	return fmt.Sprintf("$%d", len(b.args))
}
