// Package binding says how the fields of a schema's object types are bound to Go, for package execute. It knows nothing of where data comes
// from, so that the generated table is not compiled again with every change of the database's side.
package binding

import (
	"context"
	"slices"

	"github.com/99designs/gqlgen/graphql"
)

// Table is what the executor knows of the Go side of a schema's types. It is generated (package internal/fieldgen), in graph/generated.
type Table map[string]*Object

// Object is an object type.
type Object struct {
	Name   string
	Fields map[string]*Field
	// Needs are the Go fields of the object that its method Personal reads, where it has one. Where Whole is set nobody could tell.
	Needs []string
	Whole bool
}

// Field is a field of an object type. It is plain, then Append or Get is set; or it has a resolver, then Resolve is.
type Field struct {
	Name string
	// NonNull tells that the schema promises a value, List that it is a list, and NonNullElements that the list has no null in it.
	NonNull, List, NonNullElements bool

	// Append appends the JSON of a plain field whose type is a scalar or an enum, or a list of such.
	Append func(b []byte, object any) ([]byte, error)
	// Get is the value of a plain field whose type is composite; Spread takes it apart.
	Get func(object any) (any, error)

	// Resolve calls the field's resolver. object is nil for the root types.
	Resolve func(ctx context.Context, object any, arguments map[string]any) (any, error)
	// AppendValue appends the JSON of a value that Resolve returned, where the field's type is a scalar or an enum, or a list of such.
	AppendValue func(b []byte, value any) ([]byte, error)

	// Spread hands over the objects that a composite value holds: one, or those of a list in its order, or a null.
	Spread func(value any, to *Elements)
	// Types are the names of the object types that Spread may hand over.
	Types []string

	// Arguments coerces arguments; nil where the field has none.
	Arguments func(ctx context.Context, operation *graphql.OperationContext, raw map[string]any) (map[string]any, error)

	// Needs are the Go fields of the object that the value depends on, as far as they are read by the field itself. Where Whole is set the
	// object has to be complete: nobody could tell what is read.
	Needs []string
	Whole bool
	// Reads are the object types of which the resolver reads objects itself, beyond handing them over: these have to be complete. "*" is any.
	Reads []string
}

// Elements takes what Spread hands over.
type Elements struct {
	// List tells that the value is a list that is not null; an empty one adds nothing.
	List bool
	// Items are what was handed over.
	Items []Element
}

// Element is an object and its type; the type is nil for a null.
type Element struct {
	Object *Object
	Value  any
}

// Reset makes it ready for another value.
func (e *Elements) Reset() { e.List, e.Items = false, e.Items[:0] }

// Begin says that a list follows; without it what is added is the value itself.
func (e *Elements) Begin(length int) {
	e.List = true
	e.Items = slices.Grow(e.Items, length)
}

// Add adds an object that is not nil.
func (e *Elements) Add(object *Object, value any) { e.Items = append(e.Items, Element{object, value}) }

// Null adds a null.
func (e *Elements) Null() { e.Items = append(e.Items, Element{}) }
