package storage

import (
	"reflect"

	"github.com/lib/pq/oid"
)

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

// ParseRecord gives the columns of rows that stand one behind the other, nil for NULL, and the numbers of their types.
func ParseRecord(data string) (columns []*string, types []oid.Oid, err error) {
	var cells []cell
	for data != "" {
		cells, data, err = parseRecord(data, cells)
		if err != nil {
			return nil, nil, err
		}
	}
	for i := range cells {
		types = append(types, cells[i].oid)
		columns = append(columns, &cells[i].data)
		if cells[i].null {
			columns[i] = nil
		}
	}
	return columns, types, nil
}

// Decode reads a value that is not NULL, in the binary form of its type, into what pointer points to.
func Decode(pointer any, of oid.Oid, data string) error {
	into := reflect.ValueOf(pointer).Elem()
	return decoderFor(into.Type())(into.Addr().UnsafePointer(), cell{data: data, oid: of}, new(arena))
}

// ChildrenOf are the branches below one.
func ChildrenOf(b *Branch) []*Branch { return b.children }

// UniqueOrder is a relation whose own order is declared to be unique: the table of its children, and the columns that have to be.
type UniqueOrder struct {
	Table   string
	Columns []string
}

// UniqueOrders are those that relations declare, by name.
func UniqueOrders() map[string]UniqueOrder {
	unique := map[string]UniqueOrder{}
	noteUnique(unique, linesOfOrder)
	noteUnique(unique, linesOfInvoice)
	noteUnique(unique, linesOfQuote)
	noteUnique(unique, linesOfReturn)
	return unique
}

func noteUnique[T any](into map[string]UniqueOrder, r *relation[T]) {
	if r.unique {
		into[r.name] = UniqueOrder{r.child.table, append(columnsOf(r.on, "c."), columnsOf(r.natural.forward, "c.")...)}
	}
}
