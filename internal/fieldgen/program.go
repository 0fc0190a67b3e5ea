package fieldgen

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// source is a package with its syntax.
type source struct {
	fset  *token.FileSet
	files []*ast.File
	info  *types.Info
}

// function is a function's declaration and the package that it stands in.
type function struct {
	decl *ast.FuncDecl
	in   *source
}

// program finds the declarations of functions. Packages are loaded when something of them is asked for first. Each may have been loaded by
// itself, so that what is one type in Go may be several here: types and functions are told apart by their names.
type program struct {
	// load is nil for a package that is not there.
	load func(path string) *source
	// module is the path of the module: its functions are followed, but not those in the packages that are not opened.
	module string
	// loaders and storage read rows and hand them over. What they read of a row themselves, such as its key, they see to themselves.
	loaders, storage string
	// generated is where the table goes: it may not compile before it is written.
	generated string

	loaded    map[string]bool
	functions map[string]function
}

// follows tells whether the functions of a package are looked into.
func (p *program) follows(path string) bool {
	return !p.handsOver(path) && path != p.generated && (path == p.module || strings.HasPrefix(path, p.module+"/"))
}

// handsOver tells whether a package is one that reads rows and hands them over.
func (p *program) handsOver(path string) bool { return path == p.loaders || path == p.storage }

// function is the declaration of a function with a body.
func (p *program) function(f *types.Func) (function, bool) {
	return p.named(f.Pkg().Path(), f.Origin().FullName())
}

// method is the declaration of a method of a type, with a pointer receiver or without.
func (p *program) method(path, typeName, name string) (function, bool) {
	for _, prefix := range []string{"*", ""} {
		found, ok := p.named(path, "("+prefix+path+"."+typeName+")."+name)
		if ok {
			return found, true
		}
	}
	return function{}, false
}

func (p *program) named(path, name string) (function, bool) {
	if !p.loaded[path] {
		p.index(path)
	}
	found, ok := p.functions[name]
	return found, ok
}

// index notes the functions of a package.
func (p *program) index(path string) {
	if p.loaded == nil {
		p.loaded, p.functions = map[string]bool{}, map[string]function{}
	}
	p.loaded[path] = true
	in := p.load(path)
	if in == nil {
		return
	}
	for _, file := range in.files {
		for _, decl := range file.Decls {
			declared, ok := decl.(*ast.FuncDecl)
			if !ok || declared.Body == nil {
				continue
			}
			object, ok := in.info.Defs[declared.Name].(*types.Func)
			if ok {
				p.functions[object.FullName()] = function{declared, in}
			}
		}
	}
}
