package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const object = `package generated

import (
	"context"
)

func (ec *executionContext) _Parcel(ctx context.Context, sel ast.SelectionSet, obj *domain.Parcel) graphql.Marshaler {
	for i, field := range fields {
		switch field.Name {
		case "id":
			out.Values[i] = ec._Parcel_id(ctx, field, obj)
		case "live":
			out.ResolveConcurrently(ec.OperationContext, &deferred, i,
				true, false,
				func(ctx context.Context) graphql.Marshaler {
					return ec._Parcel_live(ctx, field, obj)
				})
		}
	}
	if n := len(deferred.Defers); n > 0 {
		ec.ProcessDeferredGroup(deferred)
	}

	return out
}
`

func TestWithoutDeferred(t *testing.T) {
	after, err := withoutDeferred([]byte(object + strings.NewReplacer("_Parcel", "_Place", `case "live"`, `case "at"`).Replace(object[strings.Index(object, "func"):])))
	require.NoError(t, err)
	require.Contains(t, string(after), "\t\tec.ProcessDeferredGroup(deferred)\n\t\treturn binding.First(out, fields, \"live\")\n")
	require.Equal(t, 1, strings.Count(string(after), `binding.First(out, fields, "at")`))
	require.Contains(t, string(after), `"github.com/vigie-dev/vigie/graph/binding"`)

	plain := strings.Replace(object, "\t\t\tout.ResolveConcurrently", "\t\t\tout.resolve", 1)
	after, err = withoutDeferred([]byte(plain))
	require.NoError(t, err)
	require.Equal(t, plain, string(after), "an object without fields that can be deferred stays as it is")

	_, err = withoutDeferred([]byte(strings.NewReplacer(`case "live":`, "default:", `case "id":`, "case x:").Replace(object)))
	require.Error(t, err)
}

func TestNothingToChangeIsAFault(t *testing.T) {
	require.Error(t, leaveOutDeferred(t.TempDir()))
}
