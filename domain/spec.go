package domain

import (
	"maps"
	"slices"
)

// ProductSpecs is a product's properties by name.
type ProductSpecs map[string]string

// List is the properties, sorted by name.
func (s ProductSpecs) List() []ProductSpec {
	list := make([]ProductSpec, 0, len(s))
	for _, name := range slices.Sorted(maps.Keys(s)) {
		list = append(list, ProductSpec{Name: name, Value: s[name]})
	}
	return list
}
