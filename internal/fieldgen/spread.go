package fieldgen

import (
	"fmt"
	"go/types"

	"github.com/99designs/gqlgen/codegen/config"
	"github.com/vektah/gqlparser/v2/ast"
)

// spread is a Go type that holds objects: one, or a list.
type spread struct {
	*config.TypeReference
}

func (b *builder) addSpread(r *config.TypeReference) (*spread, error) {
	key := r.UniquenessKey()
	if known := b.spreads[key]; known != nil {
		return known, nil
	}
	added := &spread{r}
	elem := r
	if r.IsSlice() {
		elem = r.Elem()
	}
	switch {
	case elem.GQL.Elem != nil:
		return nil, fmt.Errorf("%s is not supported: a list of lists of objects, or a list that is no slice", r.GQL)
	case elem.IsPtrToPtr() || elem.IsPtrToIntf() || elem.IsOmittable:
		return nil, fmt.Errorf("%s as %s is not supported", r.GQL, r.GO)
	case added.IsAbstract() != isInterface(elem.GO):
		return nil, fmt.Errorf("%s as %s is not supported: abstract types are Go interfaces and only they", r.GQL, r.GO)
	}
	b.spreads[key] = added
	return added, nil
}

// Maker is the name of the generated function that makes the Spread function.
func (s *spread) Maker() string {
	if s.IsAbstract() && !s.IsSlice() {
		return "spread" + s.Definition.Name
	}
	return s.Func()
}

// Func is the name of the generated function.
func (s *spread) Func() string { return "spread" + s.UniquenessKey() }

// IsAbstract tells whether the type is an interface or a union.
func (s *spread) IsAbstract() bool { return s.Definition.Kind != ast.Object }

// Own tells whether the type has a generated function of its own; single values of abstract types have that of their type.
func (s *spread) Own() bool { return !s.IsAbstract() || s.IsSlice() }

// Nullable tells whether a nil slice is null; where the schema promises a list it is an empty one.
func (s *spread) Nullable() bool { return !s.GQL.NonNull }

// Ref is the Go type of the value: structs are handed over by pointer.
func (s *spread) Ref() string {
	if byPointer(s.TypeReference) {
		return ref(types.NewPointer(s.GO))
	}
	return ref(s.GO)
}

// ElemNilable tells whether an element of the list may be nil.
func (s *spread) ElemNilable() bool { return config.IsNilable(s.Elem().GO) }
