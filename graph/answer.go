package graph

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/vigie-dev/vigie/domain"
)

const (
	// maxErrors are shown in one answer; one more tells how many are not.
	maxErrors = 20
	// maxCollected are kept, and logged, of one answer, to choose those from that are shown. The others are only counted.
	maxCollected = 1_000
	// codeTooManyErrors marks the last error of an answer that has more than it shows.
	codeTooManyErrors domain.Code = "TOO_MANY_ERRORS"
)

// answerBounds keep answers short: whatever the limits before let through, an answer has at most so many bytes and errors.
type answerBounds struct {
	// maxBytes bounds an answer's data; zero is no bound.
	maxBytes int64
}

// answer is what an answer has come to so far. It is the context of all that the answer is made of.
type answer struct {
	context.Context
	// bytes are a lower bound of what the data takes: names and texts.
	bytes  atomic.Int64
	errors atomic.Int64
}

type answerKey struct{}

// Value implements context.Context.
func (a *answer) Value(key any) any {
	_, own := key.(answerKey)
	if own {
		return a
	}
	return a.Context.Value(key)
}

// answerOf is the answer that ctx belongs to; nil before one has begun.
func answerOf(ctx context.Context) *answer {
	a, _ := ctx.Value(answerKey{}).(*answer)
	return a
}

// hold refuses an answer that has become too large, and shortens its errors.
func (b *answerBounds) hold(a *answer, response *graphql.Response) {
	if b.maxBytes > 0 && max(a.bytes.Load(), int64(len(response.Data))) > b.maxBytes {
		refusal := gqlerror.Errorf("%s", b.tooLarge().Error())
		setCode(refusal, domain.CodeTooLarge)
		response.Data, response.Errors = nil, gqlerror.List{refusal}
		return
	}
	response.Errors = shortened(response.Errors, int(a.errors.Load())-maxCollected)
}

// aroundField counts what a field adds to the answer, where gqlgen's executor answers it. Those behind the bound have no value: the answer is refused anyhow, and grows no more.
func (b *answerBounds) aroundField(ctx context.Context, next graphql.Resolver) (any, error) {
	a := answerOf(ctx)
	if b.maxBytes == 0 || a == nil {
		return next(ctx)
	}
	if a.bytes.Load() > b.maxBytes {
		return nil, b.tooLarge()
	}
	value, err := next(ctx)
	// The name with its quotes and colon.
	a.bytes.Add(int64(len(graphql.GetFieldContext(ctx).Field.Alias) + 3 + sizeOf(value)))
	return value, err
}

func (b *answerBounds) tooLarge() error {
	return &domain.Error{Code: domain.CodeTooLarge, Message: fmt.Sprintf("the answer is longer than %d bytes: ask for less at once", b.maxBytes)}
}

// sizeOf is how long a value's text is, as far as it is one; JSON is not shorter.
func sizeOf(value any) int {
	switch v := value.(type) {
	case string:
		return len(v)
	case *string:
		if v != nil {
			return len(*v)
		}
	case []string:
		size := 0
		for _, text := range v {
			size += len(text)
		}
		return size
	}
	return 0
}

// counted drops the errors of an answer that has too many already. An error before the answer has begun is shown.
func counted(present graphql.ErrorPresenterFunc) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		a := answerOf(ctx)
		if a != nil && a.errors.Add(1) > maxCollected {
			return nil
		}
		return present(ctx, err)
	}
}

// shortened is the first errors of an answer in the order of their paths, and one that tells how many are left out. dropped were not kept at all,
// where that is above zero.
func shortened(errs gqlerror.List, dropped int) gqlerror.List {
	if len(errs) <= maxErrors {
		return errs
	}
	slices.SortStableFunc(errs, func(a, b *gqlerror.Error) int { return comparePaths(a.Path, b.Path) })
	last := gqlerror.Errorf("%d more errors are left out", len(errs)-maxErrors+max(0, dropped))
	setCode(last, codeTooManyErrors)
	return append(slices.Clone(errs[:maxErrors]), last)
}

// comparePaths orders paths as the answer does, but for names, which stand in their own order.
func comparePaths(a, b ast.Path) int {
	return slices.CompareFunc(a, b, func(a, b ast.PathElement) int {
		switch a := a.(type) {
		case ast.PathIndex:
			if b, ok := b.(ast.PathIndex); ok {
				return cmp.Compare(a, b)
			}
			return -1
		case ast.PathName:
			if b, ok := b.(ast.PathName); ok {
				return strings.Compare(string(a), string(b))
			}
		}
		return 1
	})
}
