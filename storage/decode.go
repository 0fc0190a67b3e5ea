package storage

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"time"

	"github.com/govalues/decimal"
	"github.com/lib/pq"

	"github.com/vigie-dev/vigie/domain"
)

// decoder reads a column that is not NULL, as Postgres writes it, into a field. It does the same as database/sql and lib/pq do together, without
// what they do for types that no field has.
type decoder func(into reflect.Value, text string) error

var (
	errNoBool = errors.New("it is neither t nor f")
)

// decoderFor is the decoder of a field's type. It panics for a type that no column has: that is a fault in the declaration.
func decoderFor(t reflect.Type) decoder {
	switch t {
	case reflect.TypeFor[time.Time]():
		return decodeAs(parseInstant)
	case reflect.TypeFor[domain.Date]():
		return decodeAs(parseDay)
	case reflect.TypeFor[domain.Decimal]():
		return decodeAs(decimal.Parse)
	case reflect.TypeFor[[]string]():
		return decodeArray
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return decodeInteger
	case reflect.Float64:
		return decodeFloat
	case reflect.Bool:
		return decodeBoolean
	case reflect.String:
		return decodeText
	case reflect.Slice, reflect.Map:
		return decodeJSON
	case reflect.Pointer:
		return decodePointer(t.Elem())
	default:
		panic(fmt.Sprintf("storage: no column can be read into a %s", t))
	}
}

// decodeAs makes a decoder of a parser.
func decodeAs[V any](parse func(string) (V, error)) decoder {
	return func(into reflect.Value, text string) error {
		value, err := parse(text)
		if err != nil {
			return err
		}
		*into.Addr().Interface().(*V) = value
		return nil
	}
}

func decodeInteger(into reflect.Value, text string) error {
	number, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return err
	}
	into.SetInt(number)
	return nil
}

func decodeFloat(into reflect.Value, text string) error {
	number, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return err
	}
	into.SetFloat(number)
	return nil
}

func decodeBoolean(into reflect.Value, text string) error {
	if text != "t" && text != "f" {
		return errNoBool
	}
	into.SetBool(text == "t")
	return nil
}

func decodeText(into reflect.Value, text string) error {
	into.SetString(text)
	return nil
}

func decodeArray(into reflect.Value, text string) error {
	return pq.Array(into.Addr().Interface()).Scan(text)
}

func decodeJSON(into reflect.Value, text string) error {
	return json.Unmarshal([]byte(text), into.Addr().Interface())
}

func decodePointer(t reflect.Type) decoder {
	decode := decoderFor(t)
	return func(into reflect.Value, text string) error {
		value := reflect.New(t)
		err := decode(value.Elem(), text)
		if err != nil {
			return err
		}
		into.Set(value)
		return nil
	}
}

// decode reads the columns in set from cells into item, whose fields are at their zero values.
func (s scanner[T]) decode(item *T, set columnSet, cells []cell) error {
	if len(cells) < set.len() {
		return errMissing
	}
	value := reflect.ValueOf(item).Elem()
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
		err := field.decode(value.FieldByIndex(field.index), cells[at].text)
		if err != nil {
			// Without err, which may repeat the value.
			return fmt.Errorf("the column %s of %T has a value that its field cannot hold", s.columns[index], item)
		}
	}
	return nil
}

// slab allocates items in chunks that grow.
type slab[T any] struct {
	free []T
	size int
}

func (s *slab[T]) next() *T {
	if len(s.free) == 0 {
		s.size = min(max(4, 2*s.size), 64)
		s.free = make([]T, s.size)
	}
	item := &s.free[0]
	s.free = s.free[1:]
	return item
}
