package fieldgen

import (
	"errors"
	"fmt"
	"go/types"
	"path/filepath"
	"slices"
	"strings"

	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/codegen/templates"
	"github.com/vektah/gqlparser/v2/ast"
)

// model is what the templates show.
type model struct {
	Families []*family
	Objects  []*object
	Leaves   []*leaf
	Spreads  []*spread
	Abstract []*abstract
}

// family is the object types that stand in one file of the schema.
type family struct {
	Name    string
	Objects []*object
}

// object is an object type.
type object struct {
	*codegen.Object
	Fields []*field
	// Needs and Whole tell what Personal reads, where the type has that method.
	Needs []string
	Whole bool
}

// HasResolvers tells whether some field of the object has a resolver of its own.
func (o *object) HasResolvers() bool { return o.Object.HasResolvers() }

// abstract is an interface or a union.
type abstract struct {
	*codegen.Interface
	// Types are the object types that it may be, in alphabetical order.
	Types []string
}

// Func is the name of the generated function that takes a value of the type apart.
func (a *abstract) Func() string { return "spread" + a.Name }

func newModel(data *codegen.Data, explain func(string)) (*model, error) {
	if data.Config.UseFunctionSyntaxForExecutionContext {
		return nil, errors.New("use_function_syntax_for_execution_context is not supported")
	}
	if len(data.AllDirectives.LocationDirectives("FIELD")) > 0 {
		return nil, errors.New("a directive of queries that runs is not supported: the executor does not call it")
	}
	b := &builder{data: data, model: &model{}, reading: newReading(data, explain), leaves: map[string]*leaf{}, spreads: map[string]*spread{}}
	for _, o := range data.Objects {
		if o.BuiltIn || o.IsReserved() || o == data.MutationRoot || o == data.SubscriptionRoot {
			continue
		}
		err := b.addObject(o)
		if err != nil {
			return nil, err
		}
	}
	b.addAbstract()
	b.sort()
	return b.model, nil
}

// builder collects the model.
type builder struct {
	data    *codegen.Data
	model   *model
	reading *reading
	leaves  map[string]*leaf
	spreads map[string]*spread
}

func (b *builder) addObject(o *codegen.Object) error {
	if o.IsMap() {
		return fmt.Errorf("%s is bound to a map, which is not supported", o.Name)
	}
	added := &object{Object: o}
	if !o.Root {
		added.Needs, added.Whole = b.reading.personal(o)
	}
	for _, f := range o.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		field, err := b.newField(f)
		if err != nil {
			return fmt.Errorf("%s.%s: %w", o.Name, f.Name, err)
		}
		added.Fields = append(added.Fields, field)
	}
	b.model.Objects = append(b.model.Objects, added)
	name := familyOf(o)
	at := slices.IndexFunc(b.model.Families, func(f *family) bool { return f.Name == name })
	if at < 0 {
		at = len(b.model.Families)
		b.model.Families = append(b.model.Families, &family{Name: name})
	}
	b.model.Families[at].Objects = append(b.model.Families[at].Objects, added)
	return nil
}

// familyOf is the name of the schema's file that an object type stands in.
func familyOf(o *codegen.Object) string {
	file := filepath.Base(o.Position.Src.Name)
	return strings.TrimSuffix(file, filepath.Ext(file))
}

func (b *builder) addAbstract() {
	for _, i := range b.data.Interfaces {
		if i.BuiltIn || strings.HasPrefix(i.Name, "__") || len(i.Implementors) == 0 {
			continue
		}
		b.model.Abstract = append(b.model.Abstract, &abstract{i, b.typesOf(i.Definition)})
	}
}

// typesOf are the names of the object types that a value of a composite type may have.
func (b *builder) typesOf(definition *ast.Definition) []string {
	if definition.Kind == ast.Object {
		return []string{definition.Name}
	}
	var names []string
	for _, possible := range b.data.Schema.GetPossibleTypes(definition) {
		names = append(names, possible.Name)
	}
	slices.Sort(names)
	return names
}

// sort brings what was collected from maps into an order that does not change.
func (b *builder) sort() {
	for _, l := range b.leaves {
		b.model.Leaves = append(b.model.Leaves, l)
	}
	for _, s := range b.spreads {
		b.model.Spreads = append(b.model.Spreads, s)
	}
	slices.SortFunc(b.model.Leaves, func(x, y *leaf) int { return strings.Compare(x.Func(), y.Func()) })
	slices.SortFunc(b.model.Spreads, func(x, y *spread) int { return strings.Compare(x.Func(), y.Func()) })
	slices.SortFunc(b.model.Abstract, func(x, y *abstract) int { return strings.Compare(x.Name, y.Name) })
	slices.SortFunc(b.model.Families, func(x, y *family) int { return strings.Compare(x.Name, y.Name) })
}

// ref is a Go type as the file that is written names it.
func ref(t types.Type) string {
	return strings.ReplaceAll(templates.CurrentImports.LookupType(t), "interface{}", "any")
}

// imported is the name of a package in the file that is written.
func imported(path string) string { return templates.CurrentImports.Lookup(path) }

// byPointer tells whether values of a type are handed over by a pointer: structs, and what else cannot be nil.
func byPointer(r *config.TypeReference) bool { return !config.IsNilable(r.GO) }
