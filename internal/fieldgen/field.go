package fieldgen

import (
	"errors"
	"go/types"
	"strings"

	"github.com/99designs/gqlgen/codegen"
)

// field is a field of an object type.
type field struct {
	*codegen.Field
	leaf   *leaf
	spread *spread
	// Types are the object types that the field leads to; none for a leaf.
	Types []string
	// Needs, Whole and Reads are as in binding.Field.
	Needs []string
	Whole bool
	Reads []string
}

func (b *builder) newField(f *codegen.Field) (*field, error) {
	switch {
	case f.HasDirectives():
		return nil, errors.New("a directive that runs is not supported: the executor does not call it")
	case f.IsBatch() || f.Stream || f.IsMap() || f.HasHaser || f.VOkFunc || f.HasFederationRequiresArg():
		return nil, errors.New("batch resolvers, streams, maps, methods with ok and federation are not supported")
	}
	added := &field{Field: f}
	var err error
	if f.TypeReference.Definition.IsLeafType() {
		added.leaf, err = b.addLeaf(f.TypeReference)
	} else {
		added.Types = b.typesOf(f.TypeReference.Definition)
		added.spread, err = b.addSpread(f.TypeReference)
	}
	if err != nil {
		return nil, err
	}
	added.Needs, added.Whole, added.Reads = b.reading.field(f)
	return added, nil
}

// Append is the generated function that appends a leaf's value; empty for a composite field.
func (f *field) Append() string {
	if f.leaf == nil {
		return ""
	}
	return f.leaf.Func()
}

// Spread is the generated function that takes a composite value apart; empty for a leaf.
func (f *field) Spread() string {
	if f.spread == nil {
		return ""
	}
	return f.spread.Maker()
}

// Resolves tells whether the field is called with a context or with arguments: a resolver, or a method like one.
func (f *field) Resolves() bool { return f.IsResolver || f.MethodHasContext || len(f.Args) > 0 }

// Call is the Go expression of the field's value: a call, or a struct's field. The object is obj, the arguments are arguments.
func (f *field) Call() string {
	switch {
	case f.IsResolver:
		return "resolver." + f.GoFieldName + "(" + f.callArgs() + ")"
	case f.IsMethod():
		return "obj." + f.GoFieldName + "(" + f.callArgs() + ")"
	default:
		return "obj." + f.GoFieldName
	}
}

// callArgs is gqlgen's own list, with arguments in the place of its field context's.
func (f *field) callArgs() string { return strings.ReplaceAll(f.CallArgs(), "fc.Args[", "arguments[") }

// Fails tells whether the call gives an error, too.
func (f *field) Fails() bool { return f.IsResolver || f.IsMethod() && !f.NoErr }

// UsesObject tells whether the call has to do with an object.
func (f *field) UsesObject() bool { return !f.Object.Root }

// ByPointer tells whether the value is handed over by a pointer to it.
func (f *field) ByPointer() bool { return f.spread != nil && byPointer(f.TypeReference) }

// InPlace tells whether the value is a part of the object, so that a pointer into it will do.
func (f *field) InPlace() bool { return f.IsVariable() && !f.IsResolver }

// ObjectRef is the Go type of the object.
func (f *field) ObjectRef() string { return ref(f.Object.Reference()) }

// ValueRef is the Go type of the value.
func (f *field) ValueRef() string { return ref(f.TypeReference.GO) }

// NonNull tells that the schema promises a value.
func (f *field) NonNull() bool { return f.Type.NonNull }

// IsList tells that the field is a list.
func (f *field) IsList() bool { return f.Type.Elem != nil }

// NonNullElements tells that the schema promises that no element of the list is null.
func (f *field) NonNullElements() bool { return f.Type.Elem != nil && f.Type.Elem.NonNull }

// isInterface tells whether a Go type is an interface.
func isInterface(t types.Type) bool {
	_, ok := t.Underlying().(*types.Interface)
	return ok
}
