package storage

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/jmoiron/sqlx/reflectx"
	"github.com/lib/pq"
)

// scanner reads rows into T by the db tags of its fields, in the order of columns.
type scanner[T any] struct {
	columns []string
	fields  []scanField
	// byField and byColumn give the place of a column by the name of its field and by its own.
	byField, byColumn map[string]int
}

type scanField struct {
	index []int
	// offset is where the field stands in T.
	offset uintptr
	wrap   func(pointer any) any
	decode decoder
	// nullable tells whether the field has a place for NULL.
	nullable bool
}

// newScanner derives the columns from the tags of T, embedded structs included.
func newScanner[T any]() scanner[T] {
	tree := reflectx.NewMapper("db").TypeMap(reflect.TypeFor[T]())
	s := scanner[T]{byField: map[string]int{}, byColumn: map[string]int{}}
	for _, field := range tree.Index {
		tagged := field.Field.Tag.Get("db") != ""
		if !tagged || strings.Contains(field.Path, ".") {
			continue
		}
		s.byField[field.Field.Name], s.byColumn[field.Path] = len(s.columns), len(s.columns)
		s.columns = append(s.columns, field.Path)
		t := field.Field.Type
		s.fields = append(s.fields, scanField{
			index: field.Index, offset: offsetOf(reflect.TypeFor[T](), field.Index), wrap: wrapFor(t), decode: decoderFor(t),
			nullable: t.Kind() == reflect.Pointer || t == reflect.TypeFor[[]string](),
		})
	}
	if len(s.columns) > maxColumns {
		panic(fmt.Sprintf("storage: %T has more than %d columns", *new(T), maxColumns))
	}
	return s
}

// wrapFor tells how a column that database/sql cannot read itself gets into its field: text[] into []string, jsonb into other slices and maps.
func wrapFor(t reflect.Type) func(any) any {
	switch {
	case t == reflect.TypeFor[[]string]():
		return func(pointer any) any { return pq.Array(pointer) }
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Map:
		return func(pointer any) any { return jsonColumn{pointer} }
	default:
		return nil
	}
}

// destinations are pointers into item for a row of the columns in set, and extra ones for the columns behind.
func (s scanner[T]) destinations(item *T, set columnSet, extra ...any) []any {
	value := reflect.ValueOf(item).Elem()
	into := make([]any, 0, set.len()+len(extra))
	set.each(func(index int) {
		field := s.fields[index]
		pointer := value.FieldByIndex(field.index).Addr().Interface()
		if field.wrap != nil {
			pointer = field.wrap(pointer)
		}
		into = append(into, pointer)
	})
	return append(into, extra...)
}

// scan reads one row of the columns in set.
func (s scanner[T]) scan(rows *sql.Rows, set columnSet, extra ...any) (*T, error) {
	item := new(T)
	err := rows.Scan(s.destinations(item, set, extra...)...)
	if err != nil {
		return nil, fmt.Errorf("read a row of %T: %w", item, err)
	}
	return item, nil
}

// joined are the columns of a row that is put together from several tables: those in of as they are given there, the others of c.
func (s scanner[T]) joined(of map[string]string) string {
	columns := make([]string, len(s.columns))
	for i, name := range s.columns {
		columns[i] = of[name]
		if columns[i] == "" {
			columns[i] = "c." + name
		}
	}
	return strings.Join(columns, ", ")
}

// jsonColumn reads jsonb into what target points to.
type jsonColumn struct{ target any }

// Scan implements sql.Scanner.
func (c jsonColumn) Scan(value any) error {
	raw, ok := value.([]byte)
	if !ok {
		return fmt.Errorf("read %T as JSON", value)
	}
	return json.Unmarshal(raw, c.target)
}
