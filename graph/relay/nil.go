package relay

import "reflect"

// isNil tells whether a coerced input value is null: gqlgen gives typed nil pointers and slices.
func isNil(value any) bool {
	if value == nil {
		return true
	}
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return v.IsNil()
	default:
		return false
	}
}
