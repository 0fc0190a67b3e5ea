package fieldgen

import (
	"go/ast"
	"go/types"
)

// call looks at what is called with what.
func (w *walk) call(call *ast.CallExpr) {
	fun, known := w.in.info.Types[call.Fun]
	switch {
	case !known:
		w.unknown(call, "its type is not known")
	case fun.IsType():
		w.conversion(call)
	case fun.IsBuiltin():
		w.copies(call)
	default:
		w.function(call)
	}
}

// conversion of a row to another type may show any of its fields there. An interface takes it as it is.
func (w *walk) conversion(call *ast.CallExpr) {
	from, to := namedOf(w.in.info.TypeOf(call.Args[0])), w.in.info.TypeOf(call)
	if !isRow(from) || types.IsInterface(to) || w.settledIn(call.Args[0]) {
		return
	}
	if into := namedOf(to); into != nil && nameOf(into) == nameOf(from) {
		return
	}
	if w.object(call.Args[0]) == nil {
		w.row(call, from)
	}
}

// settledIn tells whether the object is mentioned in an expression in a way that was accounted for.
func (w *walk) settledIn(expr ast.Expr) bool {
	name := w.object(expr)
	return name != nil && w.settled[name]
}

// copies notes the rows whose values, and not pointers to them, a builtin function moves.
func (w *walk) copies(call *ast.CallExpr) {
	for _, arg := range call.Args {
		if row, ok := types.Unalias(w.in.info.TypeOf(arg)).(*types.Named); ok && isRow(row) && !w.in.info.Types[arg].IsType() {
			w.row(arg, row)
		}
	}
}

// function is the call of a function, of a method, or of a value that is a function.
func (w *walk) function(call *ast.CallExpr) {
	called := w.callee(call.Fun)
	switch {
	case called == nil:
		if !w.isPosition(call.Fun) {
			w.handed(call)
		}
	case w.program.storage == called.Pkg().Path() && w.asksStore(called):
		w.any(call, "the store is asked")
	case w.program.follows(called.Pkg().Path()):
		w.into(call, called)
	default:
		w.handed(call)
	}
}

// callee is the function that is called; nil for a value, for a method of an interface, and for what has no package.
func (w *walk) callee(fun ast.Expr) *types.Func {
	name := nameIn(fun)
	if name == nil {
		return nil
	}
	return static(w.in.info.Uses[name])
}

func static(object types.Object) *types.Func {
	called, ok := object.(*types.Func)
	if !ok || called.Pkg() == nil {
		return nil
	}
	if receiver := called.Signature().Recv(); receiver != nil && types.IsInterface(receiver.Type()) {
		return nil
	}
	return called
}

// isPosition tells whether the position of an item in its page is asked for: storage made the page, and the function that knows.
func (w *walk) isPosition(fun ast.Expr) bool {
	expr, ok := ast.Unparen(fun).(*ast.SelectorExpr)
	if !ok || expr.Sel.Name != "Position" {
		return false
	}
	page := namedOf(w.in.info.TypeOf(expr.X))
	return page != nil && nameOf(page) == w.program.module+"/domain.Page"
}

// asksStore tells whether a method of the store reads something by itself. One without a context only makes a list, to be read later.
func (w *walk) asksStore(called *types.Func) bool {
	receiver := called.Signature().Recv()
	if receiver == nil {
		return false
	}
	named := namedOf(receiver.Type())
	return named != nil && named.Obj().Name() == "Store" && takesContext(called)
}

func takesContext(called *types.Func) bool {
	params := called.Signature().Params()
	return params.Len() > 0 && params.At(0).Type().String() == "context.Context"
}

// into follows a call, with the object in the places where it is handed over.
func (w *walk) into(call *ast.CallExpr, called *types.Func) {
	objects := uint64(0)
	if expr, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && w.in.info.Selections[expr] != nil && w.object(expr.X) != nil {
		objects = 1
	}
	variadic := called.Signature().Variadic()
	for i, arg := range call.Args {
		name := w.object(arg)
		if name == nil || variadic && i >= called.Signature().Params().Len()-1 || i > 60 {
			continue
		}
		if _, itself := ast.Unparen(arg).(*ast.Ident); itself {
			w.settle(name)
			objects |= 1 << (i + 1)
		}
	}
	w.boxedByCall(call, called)
	arguments := typeArguments(called)
	if name := nameIn(call.Fun); name != nil {
		for argument := range w.in.info.Instances[name].TypeArgs.Types() {
			arguments = append(arguments, argument)
		}
	}
	w.follow(call, called, objects, arguments)
}

// typeArguments are those of the type that a method belongs to.
func typeArguments(called *types.Func) []types.Type {
	receiver := called.Signature().Recv()
	if receiver == nil {
		return nil
	}
	var arguments []types.Type
	if named := namedOf(receiver.Type()); named != nil {
		for argument := range named.TypeArgs().Types() {
			arguments = append(arguments, argument)
		}
	}
	return arguments
}

// nameIn is the name of a function that is called.
func nameIn(fun ast.Expr) *ast.Ident {
	switch expr := ast.Unparen(fun).(type) {
	case *ast.IndexExpr:
		return nameIn(expr.X)
	case *ast.IndexListExpr:
		return nameIn(expr.X)
	case *ast.Ident:
		return expr
	case *ast.SelectorExpr:
		return expr.Sel
	default:
		return nil
	}
}

// handed takes rows for read that are given to what nobody can look into. The loaders and lists that rows come from are not rows themselves.
func (w *walk) handed(call *ast.CallExpr) {
	for _, arg := range call.Args {
		if w.in.info.Types[arg].IsNil() {
			continue
		}
		w.takeAll(call, w.in.info.TypeOf(arg))
	}
	expr, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || w.in.info.Selections[expr] == nil || w.in.info.Selections[expr].Kind() != types.MethodVal {
		return
	}
	w.takeAll(call, w.in.info.TypeOf(expr.X))
}

func (w *walk) takeAll(at ast.Node, t types.Type) {
	held := w.holds(t)
	for _, row := range held.rows {
		w.row(at, row)
	}
	if held.unknown {
		w.any(at, "an interface that a row may have is handed on")
	}
	w.effect.open = w.effect.open || held.open
}
