package fieldgen

import (
	"errors"
	"fmt"
	"go/types"
	"strings"

	"github.com/99designs/gqlgen/codegen/config"
)

const (
	graphqlPackage = "github.com/99designs/gqlgen/graphql"
	scalarPackage  = "github.com/vigie-dev/vigie/graph/scalar"
)

// leaf is a Go type that is written as a scalar, an enum, or a list of such.
type leaf struct {
	*config.TypeReference
	// Elem is the element of a list.
	Elem *leaf
}

func (b *builder) addLeaf(r *config.TypeReference) (*leaf, error) {
	key := r.UniquenessKey()
	if known := b.leaves[key]; known != nil {
		return known, nil
	}
	added := &leaf{TypeReference: r}
	switch {
	case r.IsPtrToSlice() || r.IsPtrToPtr() || r.IsPtrToIntf() || r.HasEnumValues() || r.IsOmittable:
		return nil, fmt.Errorf("%s as %s is not supported", r.GQL, r.GO)
	case r.IsSlice():
		elem, err := b.addLeaf(r.Elem())
		if err != nil {
			return nil, err
		}
		if elem.GQL.NonNull && config.IsNilable(elem.GO) {
			return nil, fmt.Errorf("%s is promised to have no null, but %s may: bind it to a list of values", r.GQL, r.GO)
		}
		added.Elem = elem
	case r.Marshaler == nil && !r.IsMarshaler:
		return nil, errors.New("it has no marshaler")
	}
	b.leaves[key] = added
	return added, nil
}

// Func is the name of the generated function.
func (l *leaf) Func() string { return "append" + l.UniquenessKey() }

// Ref is the Go type.
func (l *leaf) Ref() string { return ref(l.GO) }

// Nilable tells whether the value may be nil, which is null.
func (l *leaf) Nilable() bool {
	return l.Elem == nil && config.IsNilable(l.GO) || l.Elem != nil && !l.GQL.NonNull
}

// Appending is the Go expression that appends the value v to b, with an error.
func (l *leaf) Appending() string {
	if l.IsMarshaler {
		return viaMarshaler("v", l.IsContext)
	}
	value := l.value()
	name := l.Marshaler.Name()
	if l.Marshaler.Pkg().Path() == graphqlPackage {
		if known := appendBuiltin(name, value); known != "" {
			return known
		}
	}
	if known := appendBeside(l.Marshaler, value); known != "" {
		return known
	}
	return viaMarshaler(imported(l.Marshaler.Pkg().Path())+"."+name+"("+value+")", l.IsContext)
}

// value is the expression of what the marshaler takes, as gqlgen's own code has it.
func (l *leaf) value() string {
	value := "v"
	switch {
	case l.IsTargetNilable() && !l.IsNilable():
		value = "&v"
	case !l.IsTargetNilable() && l.IsNilable():
		value = "*v"
	}
	if l.CastType != nil {
		value = ref(l.CastType) + "(" + value + ")"
	}
	return value
}

// appendBuiltin appends what gqlgen's own marshalers write.
func appendBuiltin(marshaler, value string) string {
	switch marshaler {
	case "MarshalString", "MarshalID":
		return imported(scalarPackage) + ".AppendString(b, " + value + "), nil"
	case "MarshalBoolean":
		return imported("strconv") + ".AppendBool(b, " + value + "), nil"
	case "MarshalInt", "MarshalInt8", "MarshalInt16", "MarshalInt32", "MarshalInt64":
		return imported("strconv") + ".AppendInt(b, int64(" + value + "), 10), nil"
	case "MarshalFloat", "MarshalFloatContext":
		return imported(scalarPackage) + ".AppendFloat(b, " + value + ")"
	default:
		return ""
	}
}

// appendBeside appends by the function AppendX that stands beside a marshaler MarshalX.
func appendBeside(marshaler *types.Func, value string) string {
	name := "Append" + strings.TrimPrefix(marshaler.Name(), "Marshal")
	function, ok := marshaler.Pkg().Scope().Lookup(name).(*types.Func)
	if !ok {
		return ""
	}
	signature := function.Signature()
	takes := marshaler.Signature().Params()
	if signature.Params().Len() != 2 || !types.Identical(signature.Params().At(1).Type(), takes.At(0).Type()) {
		return ""
	}
	call := imported(marshaler.Pkg().Path()) + "." + name + "(b, " + value + ")"
	if signature.Results().Len() == 1 {
		call += ", nil"
	}
	return call
}

// viaMarshaler appends what a marshaler writes.
func viaMarshaler(marshaler string, hasContext bool) string {
	if hasContext {
		return imported(scalarPackage) + ".AppendContextMarshaler(" + imported("context") + ".Background(), b, " + marshaler + ")"
	}
	return imported(scalarPackage) + ".AppendMarshaler(b, " + marshaler + "), nil"
}
