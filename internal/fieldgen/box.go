package fieldgen

import (
	"go/ast"
	"go/types"
)

// A row that becomes a value of an empty interface may be read by whoever gets that, in ways that types do not tell. So it counts as read where it
// becomes one. What becomes an interface with methods is looked at where these are called.

// boxed looks at a value that is given to a place of a type.
func (w *walk) boxed(into types.Type, value ast.Expr) {
	if into == nil || !isEmptyInterface(into) || w.in.info.Types[value].IsNil() {
		return
	}
	w.takeAll(value, w.in.info.TypeOf(value))
}

func isEmptyInterface(t types.Type) bool {
	if _, open := types.Unalias(t).(*types.TypeParam); open {
		return false
	}
	i, ok := t.Underlying().(*types.Interface)
	return ok && i.NumMethods() == 0
}

func (w *walk) boxedByAssignment(statement *ast.AssignStmt) {
	if len(statement.Lhs) != len(statement.Rhs) {
		return
	}
	for i, left := range statement.Lhs {
		w.boxed(w.in.info.TypeOf(left), statement.Rhs[i])
	}
}

func (w *walk) boxedByDeclaration(spec *ast.ValueSpec) {
	if spec.Type == nil {
		return
	}
	for _, value := range spec.Values {
		w.boxed(w.in.info.TypeOf(spec.Type), value)
	}
}

// boxedByCall looks at the arguments of a call that is followed.
func (w *walk) boxedByCall(call *ast.CallExpr, called *types.Func) {
	params := called.Signature().Params()
	for i, arg := range call.Args {
		last := params.Len() - 1
		if last < 0 {
			return
		}
		into := params.At(min(i, last)).Type()
		if called.Signature().Variadic() && i >= last && !call.Ellipsis.IsValid() {
			into = into.(*types.Slice).Elem()
		}
		w.boxed(into, arg)
	}
}

func (w *walk) boxedByLiteral(literal *ast.CompositeLit) {
	t := w.in.info.TypeOf(literal)
	if t == nil {
		return
	}
	fields, isStruct := t.Underlying().(*types.Struct)
	for i, element := range literal.Elts {
		pair, keyed := element.(*ast.KeyValueExpr)
		switch {
		case isStruct && keyed:
			name, _ := pair.Key.(*ast.Ident)
			w.boxed(fieldType(fields, name), pair.Value)
		case isStruct:
			w.boxed(fields.Field(i).Type(), element)
		case keyed:
			w.boxed(elementType(t), pair.Value)
		default:
			w.boxed(elementType(t), element)
		}
	}
}

func fieldType(fields *types.Struct, name *ast.Ident) types.Type {
	for field := range fields.Fields() {
		if name != nil && field.Name() == name.Name {
			return field.Type()
		}
	}
	return nil
}

func elementType(t types.Type) types.Type {
	list, ok := t.Underlying().(interface{ Elem() types.Type })
	if !ok {
		return nil
	}
	return list.Elem()
}
