package execute

import "context"

// call is what the calls of one field's resolver share: it is asked for all objects of a level with the same arguments and selection.
type call struct {
	memos []memo
}

// memo is something that was made once for all calls.
type memo struct {
	key, value any
	err        error
}

type callKey struct{}

// Once is what build returns, built once for all objects of a level whose resolvers are called one after the other, where it depends on the
// field's arguments and selection and not on the object. key tells apart what one resolver builds; it is comparable. Under gqlgen's own executor
// each call builds its own.
func Once[T any](ctx context.Context, key any, build func() (T, error)) (T, error) {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return build()
	}
	for i := range c.memos {
		if c.memos[i].key == key {
			value, _ := c.memos[i].value.(T) // Of another type it can only be for a key that two share, which is a fault.
			return value, c.memos[i].err
		}
	}
	value, err := build()
	c.memos = append(c.memos, memo{key, value, err})
	return value, err
}
