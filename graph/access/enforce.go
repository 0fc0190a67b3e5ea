package access

import (
	"context"
	"reflect"

	"github.com/99designs/gqlgen/graphql"

	"github.com/vigie-dev/vigie/domain"
)

// masked stands in the place of personal data where the schema promises a text.
const masked = "(masked)"

// maybePersonal is an object that knows better than its type whether it is about a person.
type maybePersonal interface {
	Personal() bool
}

// Enforce makes the field interceptor that holds the table's rules for the viewer of a request. A forbidden field is null with an error
// FORBIDDEN; where the schema promises a value, the null goes on to the nearest field that may be null.
func Enforce(table Table, viewerOf func(context.Context) domain.Viewer) graphql.FieldMiddleware {
	return func(ctx context.Context, next graphql.Resolver) (any, error) {
		viewer := viewerOf(ctx)
		if viewer.Role == domain.RoleAdmin {
			return next(ctx)
		}
		field := graphql.GetFieldContext(ctx)
		rule, known := table[field.Object][field.Field.Name]
		if !known {
			return next(ctx) // Introspection: __schema, __type, and what is below them.
		}
		err := rule.Check(viewer, field.Field.Field, graphql.GetOperationContext(ctx).Variables)
		if err != nil {
			return nil, err
		}
		if rule.Masks(viewer) && isPersonal(field) {
			return mask(rule), nil
		}
		return next(ctx)
	}
}

func isPersonal(field *graphql.FieldContext) bool {
	if field.Parent == nil {
		return true
	}
	object, ok := objectOf(field.Parent.Result).(maybePersonal)
	return !ok || object.Personal()
}

// objectOf is the object itself: as an element of a list the executor knows it by a pointer to its place there, which in a list of an interface
// type holds an interface.
func objectOf(result any) any {
	v := reflect.ValueOf(result)
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer && (v.Elem().Kind() == reflect.Pointer || v.Elem().Kind() == reflect.Interface) {
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil
	}
	return v.Interface()
}

func mask(rule Rule) any {
	if rule.NonNull {
		return masked
	}
	return nil
}
