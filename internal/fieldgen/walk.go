package fieldgen

import (
	"go/ast"
	"go/token"
	"go/types"
)

// walk goes through the body of one function.
type walk struct {
	*analysis
	in *source
	// objects are the variables that hold the object which the function is called for.
	objects map[types.Object]bool
	effect  *effect
	// settled are the mentions of the object that an expression around them has accounted for.
	settled map[*ast.Ident]bool
}

// visit is called for each node of the body, those around before those within.
func (w *walk) visit(node ast.Node) bool {
	switch node := node.(type) {
	case *ast.SelectorExpr:
		w.selector(node)
	case *ast.CallExpr:
		w.call(node)
	case *ast.BinaryExpr:
		w.comparison(node)
	case *ast.StarExpr:
		w.copied(node)
	case *ast.ReturnStmt:
		w.view(node)
	case *ast.AssignStmt:
		w.assigned(node)
		w.boxedByAssignment(node)
	case *ast.ValueSpec:
		w.boxedByDeclaration(node)
	case *ast.CompositeLit:
		w.boxedByLiteral(node)
	case *ast.Ident:
		w.mention(node)
	}
	return true
}

// mention takes a use of the object that nothing around it has explained for a use of all of it.
func (w *walk) mention(name *ast.Ident) {
	if w.objects[w.in.info.Uses[name]] && !w.settled[name] {
		w.whole(name, "the object is handed on")
	}
}

func (w *walk) settle(name *ast.Ident) {
	if w.settled == nil {
		w.settled = map[*ast.Ident]bool{}
	}
	w.settled[name] = true
}

// object is the mention of the object that an expression is: the variable itself, or a struct in it that it embeds.
func (w *walk) object(expr ast.Expr) *ast.Ident {
	switch expr := ast.Unparen(expr).(type) {
	case *ast.Ident:
		if w.objects[w.in.info.Uses[expr]] {
			return expr
		}
	case *ast.SelectorExpr:
		selection := w.in.info.Selections[expr]
		if selection == nil || selection.Kind() != types.FieldVal {
			return nil
		}
		field := selection.Obj().(*types.Var)
		if _, isPointer := types.Unalias(field.Type()).(*types.Pointer); field.Embedded() && !isPointer {
			return w.object(expr.X)
		}
	}
	return nil
}

// selector reads a field of a row, or calls a method of it.
func (w *walk) selector(expr *ast.SelectorExpr) {
	selection := w.in.info.Selections[expr]
	if selection == nil {
		w.unselected(expr)
		return
	}
	on := w.in.info.TypeOf(expr.X)
	if name := w.object(expr.X); name != nil {
		w.settle(name)
		w.ofObject(expr, selection, on)
		return
	}
	if embedded, ok := ast.Unparen(expr.X).(*ast.SelectorExpr); ok && w.object(embedded) != nil {
		return
	}
	if i, ok := types.Unalias(on).Underlying().(*types.Interface); ok {
		if selection.Kind() == types.MethodVal && w.mayBe(i) && i.NumMethods() > 0 {
			w.any(expr, "a method of an interface that a row may have")
		}
		return
	}
	switch row := namedOf(on); {
	case isRow(row):
		w.row(expr, row)
	case row != nil && nameOf(row) == graphqlPackage+".FieldContext" && expr.Sel.Name == "Result":
		w.any(expr, "the objects around the field come as values of any type")
	}
}

// unselected is a selector that is a name of a package, or one whose type is not known.
func (w *walk) unselected(expr *ast.SelectorExpr) {
	if w.in.info.Uses[expr.Sel] == nil {
		w.unknown(expr, "its type is not known")
	}
}

// ofObject reads a field of the object, or calls a method of it.
func (w *walk) ofObject(expr *ast.SelectorExpr, selection *types.Selection, on types.Type) {
	if throughPointer(selection, on) {
		w.unknown(expr, "it stands behind a pointer of the object")
		return
	}
	switch selected := selection.Obj().(type) {
	case *types.Var:
		if names := leaves(selected.Type()); selected.Embedded() && names != nil {
			w.effect.need(names...)
			return
		}
		w.effect.need(selected.Name())
	case *types.Func:
		w.follow(expr, selected, 1, typeArguments(selected))
	}
}

// throughPointer tells whether what is selected stands in something else that the object only points to.
func throughPointer(selection *types.Selection, on types.Type) bool {
	named := namedOf(on)
	if named == nil {
		return true
	}
	path := selection.Index()
	t := named.Underlying()
	for _, index := range path[:len(path)-1] {
		fields, ok := t.(*types.Struct)
		if !ok {
			return true
		}
		inner := types.Unalias(fields.Field(index).Type())
		if _, isPointer := inner.(*types.Pointer); isPointer {
			return true
		}
		t = inner.Underlying()
	}
	return false
}

// follow adds what a function reads that gets the object.
func (w *walk) follow(at ast.Node, called *types.Func, objects uint64, arguments []types.Type) {
	if called.Pkg() == nil || !w.program.follows(called.Pkg().Path()) {
		if objects != 0 {
			w.whole(at, "it goes to another module")
		}
		return
	}
	found, ok := w.program.function(called)
	if !ok {
		w.unknown(at, "the function's body is not there")
		return
	}
	w.effect.addCall(w.within(found, objects), arguments, func(t types.Type) { w.takeAll(at, t) })
}

// comparison of the object with nil reads nothing of it.
func (w *walk) comparison(expr *ast.BinaryExpr) {
	if expr.Op != token.EQL && expr.Op != token.NEQ {
		return
	}
	for _, side := range []ast.Expr{expr.X, expr.Y} {
		if name, ok := ast.Unparen(side).(*ast.Ident); ok && w.object(name) != nil && (w.isNil(expr.X) || w.isNil(expr.Y)) {
			w.settle(name)
		}
	}
}

func (w *walk) isNil(expr ast.Expr) bool {
	value, known := w.in.info.Types[expr]
	return known && value.IsNil()
}

// copied is what stands behind a pointer: a copy of a row reads all of it.
func (w *walk) copied(expr *ast.StarExpr) {
	value, known := w.in.info.Types[expr]
	if !known || !value.IsValue() {
		return
	}
	if row, ok := types.Unalias(value.Type).(*types.Named); ok && isRow(row) {
		w.row(expr, row)
	}
}

// assigned notes that another row takes the place of the object: from there on nobody can tell the two apart.
func (w *walk) assigned(statement *ast.AssignStmt) {
	for _, left := range statement.Lhs {
		name, ok := ast.Unparen(left).(*ast.Ident)
		if !ok || !w.objects[w.in.info.Uses[name]] {
			continue
		}
		w.whole(left, "another row takes the object's place")
		if row := namedOf(w.in.info.TypeOf(name)); row != nil {
			w.row(left, row)
		}
	}
}

// view is a method that returns its object as another type, which shows some of its fields.
func (w *walk) view(statement *ast.ReturnStmt) {
	if len(statement.Results) != 1 {
		return
	}
	conversion, ok := ast.Unparen(statement.Results[0]).(*ast.CallExpr)
	if !ok || len(conversion.Args) != 1 || !w.in.info.Types[conversion.Fun].IsType() {
		return
	}
	name := w.object(conversion.Args[0])
	to := namedOf(w.in.info.TypeOf(conversion))
	if name == nil || to == nil {
		return
	}
	if needs, ok := w.views(nameOf(to)); ok {
		w.settle(name)
		w.effect.need(needs...)
	}
}

// row notes that a row is read, whichever of its type.
func (w *walk) row(at ast.Node, row *types.Named) {
	w.effect.reads[nameOf(row)] = true
	w.tell(at, "reads "+nameOf(row))
}

// any notes that rows of whatever type are read.
func (w *walk) any(at ast.Node, why string) {
	w.effect.reads[anything] = true
	w.tell(at, "reads anything: "+why)
}

// whole notes that all of the object is read.
func (w *walk) whole(at ast.Node, why string) {
	w.effect.whole = true
	w.tell(at, "reads the whole object: "+why)
}

// unknown notes that nobody can tell what is read.
func (w *walk) unknown(at ast.Node, why string) {
	w.effect.add(unknown())
	w.tell(at, "reads anything: "+why)
}

func (w *walk) tell(at ast.Node, what string) {
	if w.explain != nil {
		w.explain(w.in.fset.Position(at.Pos()).String() + ": " + what)
	}
}
