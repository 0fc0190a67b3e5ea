package execute

import "context"

// memo is something that was made once for all calls of a field's resolver.
type memo struct {
	key, value any
	err        error
}

type callKey struct{}

// Once is what build returns, built once for all objects of a level whose resolvers are called one after the other. It must depend on nothing but
// the field's arguments, its selection and key, which tells apart what one resolver builds and is comparable: where no variable stands in the
// arguments, later requests of the same query get the same. Under gqlgen's own executor each call builds its own.
func Once[T any](ctx context.Context, key any, build func() (T, error)) (T, error) {
	a, ok := ctx.Value(callKey{}).(*asking)
	if !ok {
		return build()
	}
	for i := range a.memos {
		if a.memos[i].key == key {
			value, _ := a.memos[i].value.(T) // Of another type it can only be for a key that two share, which is a fault.
			return value, a.memos[i].err
		}
	}
	value, err := build()
	made := memo{key, value, err}
	if a.field.constant {
		made = a.field.kept.share(made)
		value, _ = made.value.(T)
	}
	a.memos = append(a.memos, made)
	return value, made.err
}
