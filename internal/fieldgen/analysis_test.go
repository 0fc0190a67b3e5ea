package fieldgen

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// example loads the packages in testdata as if they were the module's.
type example struct {
	t       *testing.T
	fset    *token.FileSet
	std     types.Importer
	sources map[string]*source
	types   map[string]*types.Package
}

func newExample(t *testing.T) *example {
	fset := token.NewFileSet()
	return &example{t, fset, importer.ForCompiler(fset, "source", nil), map[string]*source{}, map[string]*types.Package{}}
}

// Import implements types.Importer.
func (e *example) Import(path string) (*types.Package, error) {
	if !strings.HasPrefix(path, modulePackage) {
		return e.std.Import(path)
	}
	e.load(path)
	return e.types[path], nil
}

func (e *example) load(path string) *source {
	if known := e.sources[path]; known != nil {
		return known
	}
	found := &source{fset: e.fset, info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Instances: map[*ast.Ident]types.Instance{},
	}}
	files, err := filepath.Glob(filepath.Join("testdata/example", strings.TrimPrefix(path, modulePackage), "*.go"))
	require.NoError(e.t, err)
	for _, name := range files {
		file, err := parser.ParseFile(e.fset, name, nil, parser.ParseComments)
		require.NoError(e.t, err)
		found.files = append(found.files, file)
	}
	// One function is about what has no type.
	config := types.Config{Importer: e, Error: func(err error) { assert.ErrorContains(e.t, err, "undefined: missing") }}
	e.types[path], _ = config.Check(path, e.fset, found.files, found.info)
	e.sources[path] = found
	return found
}

func (e *example) row(name string) *types.Named {
	pkg, err := e.Import(modulePackage + "/domain")
	require.NoError(e.t, err)
	found, ok := pkg.Scope().Lookup(name).Type().(*types.Named)
	require.True(e.t, ok, name)
	return found
}

func (e *example) analysis() *analysis {
	return &analysis{
		bound:   []*types.Named{e.row("Order"), e.row("Place")},
		explain: func(line string) { e.t.Log(line) },
		views: func(name string) ([]string, bool) {
			return []string{"City", "Street"}, name == modulePackage+"/domain.Address"
		},
		program: &program{
			load: func(path string) *source { return e.load(path) }, module: modulePackage,
			loaders: modulePackage + "/loaders", storage: modulePackage + "/storage", generated: modulePackage + "/graph/generated",
		},
	}
}

// told is an effect in the words of testdata.
func told(e *effect) string {
	words := []string{}
	if len(e.needs) > 0 {
		words = append(append(words, "needs"), sorted(e.needs)...)
	}
	if e.whole {
		words = append(words, "whole")
	}
	if len(e.reads) > 0 {
		words = append(words, "reads")
	}
	for _, name := range sorted(e.reads) {
		words = append(words, strings.TrimPrefix(name, modulePackage+"/domain."))
	}
	return strings.Join(words, " ")
}

func TestResolvers(t *testing.T) {
	e := newExample(t)
	a := e.analysis()
	seen := 0
	for _, file := range e.load(modulePackage + "/resolvers").files {
		for _, decl := range file.Decls {
			f, ok := decl.(*ast.FuncDecl)
			if !ok || f.Doc == nil {
				continue
			}
			want, ok := strings.CutPrefix(strings.TrimSpace(f.Doc.Text()), "want")
			if !ok {
				continue
			}
			seen++
			found, ok := a.program.method(modulePackage+"/resolvers", "orderResolver", f.Name.Name)
			require.True(t, ok)
			assert.Equal(t, strings.TrimSpace(want), told(a.of(found, 1<<2)), f.Name.Name)
		}
	}
	require.Greater(t, seen, 15)
}

func TestMethods(t *testing.T) {
	e := newExample(t)
	r := &reading{analysis: e.analysis()}
	for _, test := range []struct{ on, method, want string }{
		{"Order", "ID", "needs CustomerRow Row"},
		{"Order", "Ref", "needs CustomerRow"},
		{"Order", "Open", "needs Paid Total"},
		{"Order", "Keys", "needs CustomerRow Row"},
		{"Order", "Names", "needs Items"},
		{"Order", "Copy", "whole reads Order"},
		{"Order", "Self", "whole"},
		{"Order", "Even", "needs Paid Total"},
		{"Order", "Odd", "needs Paid Total"},
		{"Order", "Against", "needs Number reads Place"},
		{"Order", "Missing", "whole reads *"},
		{"Place", "Address", "needs City Street"},
		{"Place", "Kept", "whole reads Address"},
		{"Address", "Line", "needs City Street"},
		{"Connection", "Nodes", ""},
		{"Connection", "First", ""},
		{"Connection", "Boxed", "reads *"},
	} {
		assert.Equal(t, test.want, told(r.ofMethod(e.row(test.on), test.method)), "%s.%s", test.on, test.method)
	}
}

// A package that cannot be loaded is one of which nobody can tell anything.
func TestMissingPackage(t *testing.T) {
	e := newExample(t)
	r := &reading{analysis: e.analysis()}
	order := e.row("Order")
	r.analysis.program.load = func(string) *source { return nil }
	assert.Equal(t, "whole reads *", told(r.ofMethod(order, "ID")))
}
