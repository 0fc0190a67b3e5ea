package binding

import (
	"slices"

	"github.com/99designs/gqlgen/graphql"
)

// First is what a response says of an object at once: out, whose fields are fields, without those that follow in a later part. gqlgen writes null
// for them, which to a client is an answer. late names the fields that follow where they are deferred.
func First(out *graphql.FieldSet, fields []graphql.CollectedField, late ...string) graphql.Marshaler {
	var now []graphql.CollectedField
	var values []graphql.Marshaler
	for i := range fields {
		if fields[i].IsDeferred() && slices.Contains(late, fields[i].Name) {
			continue
		}
		now, values = append(now, fields[i]), append(values, out.Values[i])
	}
	first := graphql.NewFieldSet(now)
	first.Values = values
	return first
}
