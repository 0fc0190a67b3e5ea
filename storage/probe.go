package storage

import (
	"reflect"

	"github.com/vigie-dev/vigie/domain"
)

// firstProbe is the number in a probe's first column; the others follow downwards. Rows count from 1 upwards.
const firstProbe = -1000

// Column is a column that leads from the rows of one kind to those of another, or of the same. It is comparable.
type Column struct {
	of, to domain.Kind
	index  int
	name   string
}

// From is the kind of the rows that have the column.
func (c Column) From() domain.Kind { return c.of }

// To is the kind of the rows that the column leads to.
func (c Column) To() domain.Kind { return c.to }

// String names the column, such as Order.site_id.
func (c Column) String() string { return c.of.String() + "." + c.name }

// Trace tells what an id that was asked for on a probe of a kind is: the probe's own id (self), or one that a column leads to (ok).
// Where it is neither, nothing can be read ahead.
func (s *Store) Trace(kind domain.Kind, asked domain.ID) (column Column, self, ok bool) {
	table := tableOfKind(kind)
	if table == nil || !isProbe(asked) {
		return Column{}, false, false
	}
	columns := table.columnNames()
	index := indexOfProbe(asked.Row)
	if index < 0 || index >= len(columns) {
		return Column{}, false, false
	}
	owner := allColumns(len(columns)).placeOf(table.ownerColumn())
	switch {
	case asked == table.probeID():
		return Column{}, true, false
	case asked.Kind == domain.KindCustomer && asked.Customer != asked.Row:
		return Column{}, false, false
	case asked.Kind == domain.KindCustomer:
	case asked.Kind.Owned() && (owner < 0 || asked.Customer != probeOf(owner)):
		return Column{}, false, false
	case !asked.Kind.Owned() && asked.Customer != 0:
		return Column{}, false, false
	}
	return Column{of: kind, to: asked.Kind, index: index, name: columns[index]}, false, true
}

// probeOf is the number that a probe has in a column.
func probeOf(index int) int64 { return int64(firstProbe - index) }

// indexOfProbe is the column that a probe has a number in.
func indexOfProbe(number int64) int { return int(firstProbe - number) }

// isProbe tells whether an id was made from a probe. No row has such an id.
func isProbe(id domain.ID) bool { return id.Row <= firstProbe || id.Customer <= firstProbe }

// probe is the entity's probe.
func (e *entity[T]) probe() *T {
	item := new(T)
	value := reflect.ValueOf(item).Elem()
	for i, field := range e.scanner.fields {
		into := value.FieldByIndex(field.index)
		switch into.Interface().(type) {
		case int64:
			into.SetInt(probeOf(i))
		case *int64:
			number := probeOf(i)
			into.Set(reflect.ValueOf(&number))
		}
	}
	return item
}

// probeID is the id of the entity's probe.
func (e *entity[T]) probeID() domain.ID { return e.id(e.probe()) }
