package cost

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/graph/relay"
)

// What a field weighs where the schema does not say.
const (
	objectWeight = 1
	// mutationWeight is what a call costs that writes.
	mutationWeight = 10
	// introspectionWeight is what a look at the schema costs; what is below is free, since it comes from memory.
	introspectionWeight = 10
	// countWeight is what it costs to count all that a page is a part of.
	countWeight = 5
	// listSize is assumed of a list that neither an argument nor the schema tells the length of.
	listSize = 10
)

// weights is what a schema says about cost.
type weights struct {
	types map[string]*object
	roots map[ast.Operation]*object
}

// object is an object type, an interface or a union.
type object struct {
	name string
	// unit is what one object of the type costs.
	unit   int64
	fields map[string]*field
	// possible are the object types that an interface or a union stands for; nil for an object type.
	possible map[*object]bool
}

func (o *object) abstract() bool { return o.possible != nil }

// covers tells whether whatever is another type is this one, too.
func (o *object) covers(other *object) bool {
	if o == other {
		return true
	}
	if !o.abstract() {
		return false
	}
	if !other.abstract() {
		return o.possible[other]
	}
	for concrete := range other.possible {
		if !o.possible[concrete] {
			return false
		}
	}
	return true
}

// field is a field of an object.
type field struct {
	// call is what one call costs; unit is what each thing that it returns costs.
	call, unit int64
	// of is the type of those things; nil for scalars and enums.
	of *object
	// kind says what the field's size means: its own length, or that of the fields below.
	kind sizeKind
	// slicing are the arguments that tell the size, with their defaults; assumed is the size without any.
	slicing []slicing
	assumed int64
	// most is the largest size that is answered at all; Most where nothing is known to stop it.
	most int64
	// arguments are the weights of arguments that have one.
	arguments map[string]int64
}

// slicing is an argument that tells how many there will be: a number, or a list that is as long.
type slicing struct {
	name string
	// otherwise is the argument's default in the schema; nil where there is none.
	otherwise *ast.Value
}

func newWeights(schema *ast.Schema) (*weights, error) {
	w := &weights{types: map[string]*object{}, roots: map[ast.Operation]*object{}}
	for name, def := range schema.Types {
		if !def.IsCompositeType() {
			continue
		}
		unit, err := weight(def.Directives, defaultUnit(def))
		if err != nil {
			return nil, fmt.Errorf("type %s: %w", name, err)
		}
		w.types[name] = &object{name: name, unit: unit, fields: make(map[string]*field, len(def.Fields))}
	}
	for name, o := range w.types {
		err := w.fill(schema, schema.Types[name], o)
		if err != nil {
			return nil, err
		}
	}
	w.inherit()
	err := w.page(schema)
	if err != nil {
		return nil, err
	}
	w.sizeIntrospection(schema)
	for operation, def := range map[ast.Operation]*ast.Definition{
		ast.Query: schema.Query, ast.Mutation: schema.Mutation, ast.Subscription: schema.Subscription,
	} {
		if def != nil {
			w.roots[operation] = w.types[def.Name]
		}
	}
	return w, nil
}

// defaultUnit is what an object costs whose type has no weight. An edge is its node with a cursor: the node pays.
func defaultUnit(def *ast.Definition) int64 {
	edge := strings.HasSuffix(def.Name, "Edge") && def.Fields.ForName("node") != nil
	if edge || introspective(def.Name) {
		return 0
	}
	return objectWeight
}

func introspective(name string) bool { return strings.HasPrefix(name, "__") }

func (w *weights) fill(schema *ast.Schema, def *ast.Definition, o *object) error {
	if def.IsAbstractType() {
		o.possible = map[*object]bool{}
		for _, concrete := range schema.GetPossibleTypes(def) {
			o.possible[w.types[concrete.Name]] = true
		}
	}
	for _, declared := range def.Fields {
		f, err := w.field(schema, def, declared)
		if err != nil {
			return fmt.Errorf("field %s.%s: %w", def.Name, declared.Name, err)
		}
		o.fields[declared.Name] = f
	}
	return nil
}

// cheap tells that neither the field nor an argument has a weight.
func (f *field) cheap() bool { return f.call == 0 && f.unit == 0 && len(f.arguments) == 0 }

func (w *weights) field(schema *ast.Schema, owner *ast.Definition, declared *ast.FieldDefinition) (*field, error) {
	call, err := weight(declared.Directives, defaultCall(schema, owner, declared))
	if err != nil {
		return nil, err
	}
	f := &field{
		call:      call,
		of:        w.types[declared.Type.Name()],
		kind:      single,
		arguments: map[string]int64{},
	}
	if declared.Type.Elem != nil {
		f.kind = list
	}
	if f.of != nil {
		f.unit = f.of.unit
	} else if leaf := schema.Types[declared.Type.Name()]; leaf != nil {
		f.unit, err = weight(leaf.Directives, 0)
		if err != nil {
			return nil, err
		}
	}
	for _, argument := range declared.Arguments {
		extra, err := weight(argument.Directives, 0)
		if err != nil {
			return nil, fmt.Errorf("argument %s: %w", argument.Name, err)
		}
		if extra != 0 {
			f.arguments[argument.Name] = extra
		}
	}
	return f, f.size(declared)
}

func defaultCall(schema *ast.Schema, owner *ast.Definition, declared *ast.FieldDefinition) int64 {
	switch {
	case owner == schema.Mutation && !introspective(declared.Name):
		return mutationWeight
	case owner == schema.Query && introspective(declared.Name):
		return introspectionWeight
	case declared.Name == "totalCount" && strings.HasSuffix(owner.Name, "Connection"):
		return countWeight
	default:
		return 0
	}
}

// size reads how long the field or its page may become.
func (f *field) size(declared *ast.FieldDefinition) error {
	names := []string{}
	f.assumed, f.most = 1, Most
	switch {
	case f.kind == list:
		f.assumed = listSize
	case connection(declared):
		// A larger page is refused with a message of its own.
		f.assumed, f.most = relay.MaxPage, relay.MaxPage
		names = []string{"first", "last"}
	}
	directive := declared.Directives.ForName("listSize")
	if directive != nil {
		given, err := sized(directive)
		if err != nil {
			return err
		}
		f.most = Most
		if given.assumed > 0 {
			f.assumed = given.assumed
		}
		names = given.slicing
	}
	for _, name := range names {
		argument := declared.Arguments.ForName(name)
		if argument == nil && directive != nil {
			return fmt.Errorf("@listSize: there is no argument %s", name)
		}
		if argument != nil {
			f.slicing = append(f.slicing, slicing{name: name, otherwise: argument.DefaultValue})
		}
	}
	return nil
}

// connection tells a page in the shape of the Relay conventions.
func connection(declared *ast.FieldDefinition) bool {
	return declared.Type.Elem == nil && strings.HasSuffix(declared.Type.Name(), "Connection")
}

// page marks the fields that are as long as a page: those that @listSize names, and nodes and edges of connections.
func (w *weights) page(schema *ast.Schema) error {
	for _, def := range schema.Types {
		for _, declared := range def.Fields {
			names := []string{}
			of := w.types[declared.Type.Name()]
			if of != nil && connection(declared) {
				names = present(of, "nodes", "edges")
			}
			directive := declared.Directives.ForName("listSize")
			if directive != nil && directive.Arguments.ForName("sizedFields") != nil {
				names = texts(directive.Arguments.ForName("sizedFields").Value)
			}
			for _, name := range names {
				if of == nil || of.fields[name] == nil {
					return fmt.Errorf("field %s.%s: there is no field %s to be sized", def.Name, declared.Name, name)
				}
				of.fields[name].kind = paged
				w.types[def.Name].fields[declared.Name].kind = pager
			}
		}
	}
	return nil
}

func present(o *object, names ...string) []string {
	return slices.DeleteFunc(names, func(name string) bool { return o.fields[name] == nil })
}

// inherit lets a field of an interface weigh what it weighs where it weighs most.
func (w *weights) inherit() {
	for _, o := range w.types {
		for concrete := range o.possible {
			o.unit = max(o.unit, concrete.unit)
			for name, f := range o.fields {
				if own := concrete.fields[name]; own != nil {
					f.call = max(f.call, own.call)
				}
			}
		}
	}
	for _, o := range w.types {
		for _, f := range o.fields {
			if f.of != nil {
				f.unit = f.of.unit
			}
		}
	}
}

// weight reads @cost.
func weight(directives ast.DirectiveList, otherwise int64) (int64, error) {
	directive := directives.ForName("cost")
	if directive == nil {
		return otherwise, nil
	}
	given := directive.Arguments.ForName("weight")
	if given == nil {
		return 0, errors.New("@cost has no weight")
	}
	n, err := strconv.ParseInt(given.Value.Raw, 10, 32)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("@cost: the weight %s is not a number from 0", given.Value)
	}
	return n, nil
}

// listSizing is what @listSize says.
type listSizing struct {
	assumed int64
	slicing []string
}

func sized(directive *ast.Directive) (listSizing, error) {
	var said listSizing
	assumed := directive.Arguments.ForName("assumedSize")
	if assumed != nil && assumed.Value.Kind != ast.NullValue {
		n, err := strconv.ParseInt(assumed.Value.Raw, 10, 32)
		if err != nil || n < 1 {
			return said, fmt.Errorf("@listSize: the assumed size %s is not a number from 1", assumed.Value)
		}
		said.assumed = n
	}
	names := directive.Arguments.ForName("slicingArguments")
	if names != nil {
		said.slicing = texts(names.Value)
	}
	return said, nil
}

// texts are the strings of a list, or of one string, which stands for a list of one.
func texts(value *ast.Value) []string {
	if value.Kind != ast.ListValue {
		return []string{value.Raw}
	}
	list := make([]string, 0, len(value.Children))
	for _, child := range value.Children {
		list = append(list, child.Value.Raw)
	}
	return list
}
