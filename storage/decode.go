package storage

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"
	"unsafe"

	"github.com/vigie-dev/vigie/domain"
)

// decoder reads a column that is not NULL into the field that into points to. It does the same as database/sql and lib/pq do together, without
// what they do for types that no field has. Fields are reached by their offset: by reflection it takes more than half as long
// again, for each of the thousands of values of a large answer. That is sound because decoderFor chooses the decoder by the field's own type, and because
// only decode, in this file, makes such pointers, of a row's address and an offset within its type.
type decoder func(into unsafe.Pointer, column cell, kept *arena) error

// decoderFor is the decoder of a field's type. It panics for a type that no column has: that is a fault in the declaration.
func decoderFor(t reflect.Type) decoder {
	value, optional := t, t.Kind() == reflect.Pointer
	if optional {
		value = t.Elem()
	}
	switch value {
	case reflect.TypeFor[time.Time]():
		return decodeAs(optional, parseInstant, func(a *arena) *slab[time.Time] { return &a.times })
	case reflect.TypeFor[domain.Date]():
		return decodeAs(optional, parseDay, func(a *arena) *slab[domain.Date] { return &a.dates })
	case reflect.TypeFor[domain.Decimal]():
		return decodeAs(optional, parseDecimal, func(a *arena) *slab[domain.Decimal] { return &a.decimals })
	}
	// Below are types by what they are made from: a named one has the same shape in memory.
	switch value.Kind() {
	case reflect.Int:
		return decodeAs(optional, parseInt, func(a *arena) *slab[int] { return &a.integers })
	case reflect.Int64:
		return decodeAs(optional, parseInteger, func(a *arena) *slab[int64] { return &a.rows })
	case reflect.Float64:
		return decodeAs(optional, parseFloat, func(a *arena) *slab[float64] { return &a.floats })
	case reflect.Bool:
		return decodeAs(optional, parseBoolean, func(a *arena) *slab[bool] { return &a.booleans })
	case reflect.String:
		return decodeAs(optional, parseText, func(a *arena) *slab[string] { return &a.texts })
	}
	switch {
	case t == reflect.TypeFor[[]string]():
		return decodeTexts
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Map:
		return decodeJSON(t)
	default:
		panic(fmt.Sprintf("storage: no column can be read into a %s", t))
	}
}

// decodeAs makes a decoder of a parser, for fields of type V or, where they are optional, *V.
func decodeAs[V any](optional bool, parse func(cell) (V, error), of func(*arena) *slab[V]) decoder {
	if !optional {
		return func(into unsafe.Pointer, column cell, _ *arena) error {
			value, err := parse(column)
			if err != nil {
				return err
			}
			*(*V)(into) = value
			return nil
		}
	}
	return func(into unsafe.Pointer, column cell, kept *arena) error {
		value, err := parse(column)
		if err != nil {
			return err
		}
		place := of(kept).next()
		*place = value
		*(**V)(into) = place
		return nil
	}
}

func decodeTexts(into unsafe.Pointer, column cell, _ *arena) error {
	texts, err := parseTexts(column)
	*(*[]string)(into) = texts
	return err
}

func decodeJSON(t reflect.Type) decoder {
	return func(into unsafe.Pointer, column cell, _ *arena) error {
		text, err := jsonOf(column)
		if err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), reflect.NewAt(t, into).Interface())
	}
}

// offsetOf is where a field, given by its path, stands in a row. It panics for a field of something that the row only points to.
func offsetOf(t reflect.Type, path []int) uintptr {
	offset := uintptr(0)
	for _, index := range path {
		field := t.Field(index)
		offset, t = offset+field.Offset, field.Type
	}
	return offset
}

// decode reads the columns in set from cells into item, whose fields are at their zero values. What they point to is kept in an arena.
func (s *scanner[T]) decode(item *T, set columnSet, cells []cell, kept *arena) error {
	if len(cells) < set.len() {
		return errMissing
	}
	for rest, at := set, 0; rest != 0; at++ {
		index := rest.first()
		rest &= rest - 1
		field := &s.fields[index]
		if cells[at].null && field.nullable {
			continue
		}
		if cells[at].null {
			return fmt.Errorf("the column %s of %T is NULL, and its field has no place for that", s.columns[index], item)
		}
		err := field.decode(unsafe.Add(unsafe.Pointer(item), field.offset), cells[at], kept)
		if err != nil {
			// Without err, which may repeat the value.
			return fmt.Errorf("the column %s of %T has a value that its field cannot hold", s.columns[index], item)
		}
	}
	return nil
}

// tell puts the customer into a row that it is known to belong to without being read; 0 is not known.
func (e *entity[T]) tell(item *T, customer int64) {
	if customer != 0 && e.owner != 0 {
		// The field is an int64: newEntity has looked.
		*(*int64)(unsafe.Add(unsafe.Pointer(item), e.scanner.fields[e.owner.first()].offset)) = customer
	}
}
