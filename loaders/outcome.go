package loaders

import "slices"

// outcome is what became of a key.
type outcome[V any] struct {
	value V
	err   error
}

// outcomes are what became of keys. Most loaders of an answer are asked for a few: these stand in a list, and only many in a map.
type outcomes[K comparable, V any] struct {
	list []known[K, V]
	many map[K]outcome[V]
}

// known is a key of which something is known.
type known[K comparable, V any] struct {
	key    K
	became outcome[V]
}

// fewKeys is how many keys stand in the list.
const fewKeys = 32

// of is what became of a key, if anything is known of it.
func (o *outcomes[K, V]) of(key K) (outcome[V], bool) {
	for i := range o.list {
		if o.list[i].key == key {
			return o.list[i].became, true
		}
	}
	became, ok := o.many[key]
	return became, ok
}

// keep notes what became of a key.
func (o *outcomes[K, V]) keep(key K, became outcome[V]) {
	if o.many != nil {
		o.many[key] = became
		return
	}
	for i := range o.list {
		if o.list[i].key == key {
			o.list[i].became = became
			return
		}
	}
	switch len(o.list) {
	case 1: // A second key is seldom the last one.
		o.list = slices.Grow(o.list, 7)
	case fewKeys:
		o.spread()
		o.many[key] = became
		return
	}
	o.list = append(o.list, known[K, V]{key, became})
}

// spread moves the list into the map.
func (o *outcomes[K, V]) spread() {
	o.many = make(map[K]outcome[V], 2*fewKeys)
	for _, one := range o.list {
		o.many[one.key] = one.became
	}
	o.list = nil
}
