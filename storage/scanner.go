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
}

type scanField struct {
	index []int
	wrap  func(pointer any) any
}

// newScanner derives the columns from the tags of T, embedded structs included.
func newScanner[T any]() scanner[T] {
	tree := reflectx.NewMapper("db").TypeMap(reflect.TypeFor[T]())
	var s scanner[T]
	for _, field := range tree.Index {
		tagged := field.Field.Tag.Get("db") != ""
		if !tagged || strings.Contains(field.Path, ".") {
			continue
		}
		s.columns = append(s.columns, field.Path)
		s.fields = append(s.fields, scanField{index: field.Index, wrap: wrapFor(field.Field.Type)})
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

// destinations are pointers into item for one row, and extra ones for the columns behind.
func (s scanner[T]) destinations(item *T, extra ...any) []any {
	value := reflect.ValueOf(item).Elem()
	into := make([]any, 0, len(s.fields)+len(extra))
	for _, field := range s.fields {
		pointer := value.FieldByIndex(field.index).Addr().Interface()
		if field.wrap != nil {
			pointer = field.wrap(pointer)
		}
		into = append(into, pointer)
	}
	return append(into, extra...)
}

// scan reads one row.
func (s scanner[T]) scan(rows *sql.Rows, extra ...any) (*T, error) {
	item := new(T)
	err := rows.Scan(s.destinations(item, extra...)...)
	if err != nil {
		return nil, fmt.Errorf("read a row of %T: %w", item, err)
	}
	return item, nil
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
