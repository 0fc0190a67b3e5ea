package fieldgen

import (
	"go/types"
	"slices"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/templates"
)

// modulePackage is the module that the table is generated for.
const modulePackage = "github.com/vigie-dev/vigie"

// reading tells what fields read.
type reading struct {
	data     *codegen.Data
	analysis *analysis
	// objects are the object types by the full name of the Go type that they are bound to.
	objects map[string][]*codegen.Object
	// viewing are the views that are being looked at: one that leads to itself is none.
	viewing map[string]bool
}

func newReading(data *codegen.Data, explain func(string)) *reading {
	r := &reading{data: data, objects: map[string][]*codegen.Object{}, viewing: map[string]bool{}}
	r.analysis = &analysis{
		views: r.view, explain: explain,
		program: &program{
			module: modulePackage, loaders: modulePackage + "/loaders", storage: modulePackage + "/storage",
			generated: data.Config.Exec.ImportPath(),
			load: func(path string) *source {
				found := data.Config.Packages.LoadWithTypes(path)
				if found == nil || found.TypesInfo == nil {
					return nil
				}
				return &source{fset: found.Fset, files: found.Syntax, info: found.TypesInfo}
			},
		},
	}
	for _, o := range data.Objects {
		if bound := boundTo(o); bound != nil {
			r.objects[nameOf(bound)] = append(r.objects[nameOf(bound)], o)
			if isRow(bound) {
				r.analysis.bound = append(r.analysis.bound, bound)
			}
		}
	}
	return r
}

// boundTo is the Go type of an object type; nil for a root.
func boundTo(o *codegen.Object) *types.Named {
	if o.Root || o.Type == nil {
		return nil
	}
	return namedOf(o.Type)
}

// field tells what a field reads of its object, whether that may be all of it, and of which types it reads other objects.
func (r *reading) field(f *codegen.Field) (needs []string, whole bool, reads []string) {
	if explain := r.analysis.explain; explain != nil {
		explain(f.Object.Name + "." + f.Name)
	}
	found := r.effectOf(f)
	if !isRow(boundTo(f.Object)) {
		return nil, false, r.typesOf(found) // Nothing that storage could leave out.
	}
	return sorted(found.needs), found.whole, r.typesOf(found)
}

// personal tells what the method Personal of an object reads, where there is one.
func (r *reading) personal(o *codegen.Object) (needs []string, whole bool) {
	bound := boundTo(o)
	if bound == nil || !methodNames(bound)["Personal"] {
		return nil, false
	}
	found := r.ofMethod(bound, "Personal")
	return sorted(found.needs), found.whole || len(found.reads) > 0
}

func (r *reading) effectOf(f *codegen.Field) *effect {
	switch {
	case f.IsResolver:
		return r.ofResolver(f)
	case f.IsMethod():
		return r.ofMethod(boundTo(f.Object), f.GoFieldName)
	default:
		return r.ofVariable(f)
	}
}

// ofResolver is the effect of a resolver, which gqlgen finds by the name of its type.
func (r *reading) ofResolver(f *codegen.Field) *effect {
	receiver := templates.LcFirst(f.Object.Name) + templates.UcFirst(r.data.Config.Resolver.Type)
	found, ok := r.analysis.program.method(r.data.Config.Resolver.ImportPath(), receiver, f.GoFieldName)
	if !ok {
		return unknown()
	}
	object := uint64(0)
	if isRow(boundTo(f.Object)) {
		object = 1 << 2 // The second parameter, behind the context.
	}
	return r.analysis.of(found, object)
}

// ofMethod is the effect of a method of a Go type, its own or one of what it embeds.
func (r *reading) ofMethod(on *types.Named, name string) *effect {
	if on == nil {
		return unknown()
	}
	selected, path, _ := types.LookupFieldOrMethod(types.NewPointer(on), true, on.Obj().Pkg(), name)
	method, ok := selected.(*types.Func)
	if !ok || !r.analysis.program.follows(method.Pkg().Path()) {
		return unknown()
	}
	found, ok := r.analysis.program.function(method)
	if !ok {
		return unknown()
	}
	object := uint64(0)
	if isRow(on) && embeds(on, path) {
		object = 1
	}
	return r.closed(r.analysis.of(found, object), typeArguments(method))
}

// closed is an effect for the type arguments that a method's type has.
func (r *reading) closed(found *effect, arguments []types.Type) *effect {
	all := newEffect()
	all.addCall(found, arguments, func(argument types.Type) {
		held := r.analysis.holds(argument)
		for _, row := range held.rows {
			all.reads[nameOf(row)] = true
		}
		all.reads[anything] = all.reads[anything] || held.unknown || held.open
	})
	if !all.reads[anything] {
		delete(all.reads, anything)
	}
	return all
}

// embeds tells whether what a path leads to is a part of a value, and not only pointed to.
func embeds(on *types.Named, path []int) bool {
	t := on.Underlying()
	for _, index := range path[:len(path)-1] {
		fields, ok := t.(*types.Struct)
		if !ok {
			return false
		}
		t = types.Unalias(fields.Field(index).Type())
		if _, isPointer := t.(*types.Pointer); isPointer {
			return false
		}
		t = t.Underlying()
	}
	return true
}

// ofVariable is the effect of a field that is bound to a field of a struct.
func (r *reading) ofVariable(f *codegen.Field) *effect {
	found := newEffect()
	selected, _, _ := types.LookupFieldOrMethod(boundTo(f.Object), true, boundTo(f.Object).Obj().Pkg(), f.GoFieldName)
	field, ok := selected.(*types.Var)
	if !ok {
		return unknown()
	}
	found.need(f.GoFieldName)
	if names := leaves(field.Type()); field.Embedded() && names != nil {
		found.need(names...)
	}
	return found
}

// view is what the fields of an object type read that shows a part of a row.
func (r *reading) view(typeName string) ([]string, bool) {
	objects := r.objects[typeName]
	if r.viewing[typeName] {
		return nil, false
	}
	r.viewing[typeName] = true
	defer delete(r.viewing, typeName)
	all := newEffect()
	for _, o := range objects {
		for _, f := range o.Fields {
			all.add(r.effectOf(f))
		}
	}
	return sorted(all.needs), len(objects) > 0 && !all.whole && len(all.reads) == 0
}

// typesOf are the object types of the rows that are read.
func (r *reading) typesOf(found *effect) []string {
	var names []string
	for read := range found.reads {
		objects := r.objects[read]
		if len(objects) == 0 {
			return []string{anything}
		}
		for _, o := range objects {
			names = append(names, o.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
