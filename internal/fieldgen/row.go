package fieldgen

import (
	"go/types"
	"reflect"
)

// named is the named type behind a pointer, or the type itself; nil where there is none.
func namedOf(t types.Type) *types.Named {
	if t == nil {
		return nil
	}
	t = types.Unalias(t)
	if pointer, ok := t.(*types.Pointer); ok {
		t = types.Unalias(pointer.Elem())
	}
	found, _ := t.(*types.Named)
	return found
}

// nameOf is the full name of a named type.
func nameOf(t *types.Named) string {
	if t.Obj().Pkg() == nil {
		return t.Obj().Name()
	}
	return t.Obj().Pkg().Path() + "." + t.Obj().Name()
}

// isRow tells whether a struct is read from columns: it has db tags, itself or in what it embeds.
func isRow(t *types.Named) bool {
	if t == nil {
		return false
	}
	fields, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for i := range fields.NumFields() {
		if _, tagged := reflect.StructTag(fields.Tag(i)).Lookup("db"); tagged {
			return true
		}
		if embedded, ok := types.Unalias(fields.Field(i).Type()).(*types.Named); ok && fields.Field(i).Embedded() && isRow(embedded) {
			return true
		}
	}
	return false
}

// leaves are the names of the fields of a struct, with those of what it embeds in the place of that.
func leaves(t types.Type) []string {
	fields, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	var names []string
	for field := range fields.Fields() {
		inner := []string(nil)
		if field.Embedded() {
			inner = leaves(field.Type())
		}
		if inner == nil {
			inner = []string{field.Name()}
		}
		names = append(names, inner...)
	}
	return names
}

// holding finds what rows a value may hold.
type holding struct {
	// mayBe tells whether a row may stand behind an interface.
	mayBe func(*types.Interface) bool
	// opaque tells whether a package's types only hand rows over.
	opaque func(path string) bool
	rows   []*types.Named
	// unknown tells that it may hold rows of any type, open that it depends on the type arguments of the function around it.
	unknown, open bool
	seen          map[types.Type]bool
}

// visit looks at a type. What an empty interface holds was told where it was put there.
func (h *holding) visit(t types.Type) {
	t = types.Unalias(t)
	if h.seen[t] {
		return
	}
	if h.seen == nil {
		h.seen = map[types.Type]bool{}
	}
	h.seen[t] = true
	switch t := t.(type) {
	case *types.Pointer:
		h.visit(t.Elem())
	case *types.Slice:
		h.visit(t.Elem())
	case *types.Array:
		h.visit(t.Elem())
	case *types.Chan:
		h.visit(t.Elem())
	case *types.Map:
		h.visit(t.Key())
		h.visit(t.Elem())
	case *types.Tuple:
		for part := range t.Variables() {
			h.visit(part.Type())
		}
	case *types.TypeParam:
		h.open = true
	case *types.Interface:
		h.unknown = h.unknown || t.NumMethods() > 0 && h.mayBe(t)
	case *types.Struct:
		for field := range t.Fields() {
			h.visit(field.Type())
		}
	case *types.Named:
		h.visitNamed(t)
	}
}

func (h *holding) visitNamed(t *types.Named) {
	switch {
	case t.Obj().Pkg() != nil && h.opaque(t.Obj().Pkg().Path()):
	case isRow(t):
		h.rows = append(h.rows, t)
	default:
		h.visit(t.Underlying())
	}
}

// methodNames are the names of the methods of a type and of a pointer to it.
func methodNames(t *types.Named) map[string]bool {
	names := map[string]bool{}
	set := types.NewMethodSet(types.NewPointer(t))
	for method := range set.Methods() {
		names[method.Obj().Name()] = true
	}
	return names
}
