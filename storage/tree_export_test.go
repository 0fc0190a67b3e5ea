package storage

import "reflect"

// TreeStatement is the statement that ReadTree runs for a tree, and its values.
func TreeStatement(s *Store, root *Branch) (text string, args []any, err error) {
	t := tree{store: s}
	err = t.plan(root, MaxBranches)
	return t.text, t.b.args, err
}

// BriefValues are the values that a root has where its statement is known.
func BriefValues(s *Store, root *Branch) (args []any, err error) {
	b := builder{plain: true, args: append([]any(nil), root.args...)}
	rows := root.open()
	err = rows.begin(s)
	_, _ = rows.brief(&b, s)
	return b.args, err
}

// ParseComposite gives the columns of a composite value, nil for NULL.
func ParseComposite(text string) ([]*string, error) {
	cells, err := parseComposite(text, nil, new(arena))
	columns := make([]*string, len(cells))
	for i, cell := range cells {
		if !cell.null {
			columns[i] = &cell.text
		}
	}
	return columns, err
}

// Decode reads a value that is not NULL, as Postgres writes it, into what pointer points to.
func Decode(pointer any, text string) error {
	into := reflect.ValueOf(pointer).Elem()
	return decoderFor(into.Type())(into.Addr().UnsafePointer(), text, new(arena))
}

// ChildrenOf are the branches below one.
func ChildrenOf(b *Branch) []*Branch { return b.children }
