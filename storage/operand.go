package storage

import (
	"reflect"

	"github.com/vigie-dev/vigie/domain"
)

// operand turns a coerced input value into what the driver takes: named strings to strings, ids to rows, pointers to what they point to.
func (f field) operand(term domain.Term) (any, error) {
	switch value := plain(term.Value).(type) {
	case domain.ID:
		return f.rowOf(term, value)
	case []domain.ID:
		rows := make([]int64, len(value))
		for i, id := range value {
			row, err := f.rowOf(term, id)
			if err != nil {
				return nil, err
			}
			rows[i] = row
		}
		return rows, nil
	case domain.Date:
		return value.String(), nil
	default:
		return value, nil
	}
}

func (f field) rowOf(term domain.Term, id domain.ID) (int64, error) {
	if id.Kind != f.of {
		return 0, domain.BadInput("the filter %s takes the id of a %s, not of a %s", term.Field, f.of, id.Kind)
	}
	return id.Row, nil
}

// plain takes pointers, named strings and slices of such apart.
func plain(value any) any {
	v := reflect.ValueOf(value)
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	switch {
	case !v.IsValid():
		return nil
	case v.Kind() == reflect.String:
		return v.String()
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String:
		list := make([]string, v.Len())
		for i := range list {
			list[i] = v.Index(i).String()
		}
		return list
	case v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[*domain.ID]():
		list := make([]domain.ID, v.Len())
		for i := range list {
			list[i] = *v.Index(i).Interface().(*domain.ID)
		}
		return list
	default:
		return v.Interface()
	}
}

// escapeLike takes the meaning from the wildcards of LIKE.
func escapeLike(value any) any {
	text, ok := value.(string)
	if !ok {
		return value
	}
	return escapeWildcards(text)
}
