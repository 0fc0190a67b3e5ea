package graph

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

func failures(n int) gqlerror.List {
	var errs gqlerror.List
	for i := range n {
		errs = append(errs, &gqlerror.Error{Message: fmt.Sprint(i), Path: ast.Path{ast.PathName("list"), ast.PathIndex((i*7 + 3) % n), ast.PathName("name")}})
	}
	return errs
}

func TestErrorsAreShortened(t *testing.T) {
	few := failures(maxErrors)
	assert.Equal(t, few, shortened(few, -900), "as they came")
	assert.Empty(t, shortened(nil, -1000))

	many := shortened(failures(100), -900)
	require.Len(t, many, maxErrors+1)
	for i, err := range many[:maxErrors] {
		assert.Equal(t, ast.PathIndex(i), err.Path[1], "the first of the answer, whichever resolver was the fastest")
	}
	assert.Equal(t, "80 more errors are left out", many[maxErrors].Message)
	assert.Equal(t, "TOO_MANY_ERRORS", many[maxErrors].Extensions["code"])
	assert.Equal(t, "1480 more errors are left out", shortened(failures(1000), 500)[maxErrors].Message)
}

func TestPathsAreOrdered(t *testing.T) {
	path := func(elements ...any) ast.Path {
		var p ast.Path
		for _, element := range elements {
			switch element := element.(type) {
			case int:
				p = append(p, ast.PathIndex(element))
			case string:
				p = append(p, ast.PathName(element))
			}
		}
		return p
	}
	ordered := []ast.Path{nil, path("a"), path("a", 2), path("a", 2, "x"), path("a", 10), path("a", "b"), path("b")}
	for i, a := range ordered {
		for j, b := range ordered {
			switch {
			case i < j:
				assert.Negative(t, comparePaths(a, b), "%v, %v", a, b)
			case i > j:
				assert.Positive(t, comparePaths(a, b), "%v, %v", a, b)
			default:
				assert.Zero(t, comparePaths(a, b))
			}
		}
	}
}

// TestErrorsThatNobodySeesAreNotKept: an answer may have as many errors as fields.
func TestErrorsThatNobodySeesAreNotKept(t *testing.T) {
	shown := 0
	present := counted(func(context.Context, error) *gqlerror.Error {
		shown++
		return &gqlerror.Error{}
	})
	a := &answer{Context: t.Context()}
	for range maxCollected + 5 {
		present(a, errors.New("one of many"))
	}
	assert.Nil(t, present(a, errors.New("the last")))
	assert.Equal(t, maxCollected, shown)
	assert.Equal(t, int64(maxCollected+6), a.errors.Load())
	assert.NotNil(t, present(t.Context(), errors.New("before the answer has begun")))
}
