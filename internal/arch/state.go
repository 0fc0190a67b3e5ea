package arch

import (
	"fmt"
	"go/ast"
	"go/token"
)

// Inits returns the init functions: they run before main can choose anything.
func Inits(t *Tree) []string {
	var found []string
	for _, file := range t.Go {
		if file.Generated {
			continue
		}
		for _, decl := range file.AST.Decls {
			function, ok := decl.(*ast.FuncDecl)
			if ok && function.Recv == nil && function.Name.Name == "init" {
				found = append(found, fmt.Sprintf("%s:%d: func init", file.Path, t.line(function)))
			}
		}
	}
	return found
}

// MutableState returns the package-level variables that code outside tests writes to, and those
// that are made to be shared and changed: what package sync holds. Tables that are only read are
// fine.
func MutableState(t *Tree) []string {
	packages := map[string]map[string]*ast.ValueSpec{}
	var found []string
	for _, file := range t.Go {
		if file.Generated || file.Test {
			continue
		}
		for name, spec := range packageVars(file.AST) {
			if packages[file.Dir] == nil {
				packages[file.Dir] = map[string]*ast.ValueSpec{}
			}
			packages[file.Dir][name] = spec
			if usesSync(spec) {
				found = append(found, fmt.Sprintf("%s:%d: package-level %s is shared state", file.Path, t.line(spec), name))
			}
		}
	}
	for _, file := range t.Go {
		if file.Generated || file.Test {
			continue
		}
		for _, target := range written(file.AST) {
			if isPackageVar(target, packages[file.Dir]) {
				found = append(found, fmt.Sprintf("%s:%d: writes the package-level %s", file.Path, t.line(target), target.Name))
			}
		}
	}
	return found
}

func packageVars(file *ast.File) map[string]*ast.ValueSpec {
	vars := map[string]*ast.ValueSpec{}
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.VAR {
			continue
		}
		for _, spec := range group.Specs {
			value := spec.(*ast.ValueSpec)
			for _, name := range value.Names {
				if name.Name != "_" {
					vars[name.Name] = value
				}
			}
		}
	}
	return vars
}

// usesSync reports whether a declaration names package sync or atomic, function bodies apart.
func usesSync(spec *ast.ValueSpec) bool {
	uses := false
	ast.Inspect(spec, func(node ast.Node) bool {
		if _, isFunc := node.(*ast.FuncLit); isFunc {
			return false
		}
		if selector, ok := node.(*ast.SelectorExpr); ok {
			pkg, ok := selector.X.(*ast.Ident)
			uses = uses || ok && (pkg.Name == "sync" || pkg.Name == "atomic")
		}
		return true
	})
	return uses
}

// written returns the variables that a file's functions assign to, also through an index, a field
// or a pointer, or whose address they take.
func written(file *ast.File) []*ast.Ident {
	var targets []*ast.Ident
	add := func(expr ast.Expr) {
		if ident := base(expr); ident != nil {
			targets = append(targets, ident)
		}
	}
	for _, decl := range file.Decls {
		ast.Inspect(decl, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.AssignStmt:
				for _, left := range node.Lhs {
					if node.Tok != token.DEFINE {
						add(left)
					}
				}
			case *ast.IncDecStmt:
				add(node.X)
			case *ast.UnaryExpr:
				if node.Op == token.AND {
					add(node.X)
				}
			case *ast.CallExpr:
				builtin, ok := node.Fun.(*ast.Ident)
				if ok && (builtin.Name == "delete" || builtin.Name == "clear") && len(node.Args) > 0 {
					add(node.Args[0])
				}
			}
			return true
		})
	}
	return targets
}

// base returns the variable that an expression starts from.
func base(expr ast.Expr) *ast.Ident {
	for {
		switch inner := expr.(type) {
		case *ast.Ident:
			return inner
		case *ast.IndexExpr:
			expr = inner.X
		case *ast.SelectorExpr:
			expr = inner.X
		case *ast.StarExpr:
			expr = inner.X
		case *ast.ParenExpr:
			expr = inner.X
		default:
			return nil
		}
	}
}

// isPackageVar tells a package's variable from a local one of the same name. The parser resolves
// names within a file; one that it leaves open belongs to another file of the package.
func isPackageVar(ident *ast.Ident, vars map[string]*ast.ValueSpec) bool {
	spec := vars[ident.Name]
	return spec != nil && (ident.Obj == nil || ident.Obj.Decl == spec)
}
