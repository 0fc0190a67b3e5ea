package cost

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/vigie-dev/vigie/domain"
)

// extensionName is under which a request's state is kept in its operation context, and the key in the answer's extensions.
const extensionName = "cost"

// Extension puts limits and costs into gqlgen's executor. Use it by pointer, behind extensions that change the document's text,
// such as persisted queries.
//
// A document that the executor has not seen is screened before it is validated. Each operation is then measured with its
// variables, refused where it costs too much or the viewer has spent too much, and paid back for what it did not need. The answer's
// extensions tell, under cost, the points requested and actual, and with a bucket the points remaining and restored each second.
type Extension struct {
	Limits Limits
	// Bucket bounds what a viewer spends over time; nil for no such bound.
	Bucket *Bucket
	// Subject says whose points a request spends. It is needed with a bucket.
	Subject func(context.Context) string
	// Documents is the executor's own cache: what is in it was screened and validated before, and is not screened again. Nil
	// screens every document.
	Documents graphql.Cache[*ast.QueryDocument]
	// Rules makes the validation rules that Explain applies; nil means the default ones.
	Rules func() *rules.Rules

	analyser *Analyser
}

var _ interface {
	graphql.HandlerExtension
	graphql.OperationParameterMutator
	graphql.OperationContextMutator
	graphql.RootFieldInterceptor
	graphql.ResponseInterceptor
} = (*Extension)(nil)

// ExtensionName is what gqlgen knows it by.
func (e *Extension) ExtensionName() string { return "Cost" }

// Validate reads the weights of the schema.
func (e *Extension) Validate(schema graphql.ExecutableSchema) error {
	if e.Bucket != nil && e.Subject == nil {
		return errors.New("a bucket needs to know whose points are spent")
	}
	analyser, err := New(schema.Schema(), e.Limits, e.Rules)
	if err != nil {
		return err
	}
	e.analyser = analyser
	return nil
}

// state is a request's.
type state struct {
	extension *Extension
	estimate  *Estimate
	subject   string
	// taken is what the viewer was charged, and saved what is to be given back.
	taken   int64
	saved   atomic.Int64
	settled atomic.Bool
}

func stateOf(ctx context.Context) *state {
	if !graphql.HasOperationContext(ctx) {
		return nil
	}
	s, _ := graphql.GetOperationContext(ctx).Stats.GetExtension(extensionName).(*state)
	return s
}

// Forget drops what is kept of a document that is no longer cached.
func (e *Extension) Forget(document *ast.QueryDocument) { e.analyser.Forget(document) }

// MutateOperationParameters screens a document before it is validated.
func (e *Extension) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	if e.Documents != nil {
		_, seen := e.Documents.Get(ctx, request.Query)
		if seen {
			return shown(e.Limits.Variables(request.Variables))
		}
	}
	_, err := e.Limits.Screen(request.Query, request.Variables)
	return shown(err)
}

// MutateOperationContext measures an operation and charges the viewer, or refuses it.
func (e *Extension) MutateOperationContext(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	estimate, err := e.analyser.Check(operation.Doc, operation.OperationName, operation.Variables)
	if err != nil {
		return shown(err)
	}
	// What costs nothing is still a request.
	s := &state{extension: e, estimate: estimate, taken: max(1, int64(estimate.Cost))}
	if e.Bucket != nil {
		s.subject = e.Subject(ctx)
		taken := e.Bucket.TryTake(s.subject, s.taken)
		if !taken.OK {
			return shown(e.limited(s, taken))
		}
	}
	operation.Stats.SetExtension(extensionName, s)
	return nil
}

func (e *Extension) limited(s *state, taken Taken) error {
	refusal := &Refusal{
		Code: CodeRateLimited, Limit: "cost", Requested: s.taken, Allowed: taken.Remaining,
		Report: s.estimate.Report(), RetryAfter: taken.RetryAfter,
	}
	if taken.RetryAfter == 0 {
		refusal.Code = CodeTooComplex
		refusal.Allowed = int64(e.Bucket.options.Capacity)
	}
	return refusal
}

// InterceptResponse gives back what was not needed, once the answer is whole, and tells the cost.
func (e *Extension) InterceptResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	s := stateOf(ctx)
	if response == nil || s == nil || response.HasNext != nil && *response.HasNext {
		return response
	}
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions[extensionName] = s.settle()
	return response
}

// settle pays back at most once: a subscription has many responses.
func (s *state) settle() map[string]any {
	saved := s.saved.Load()
	told := map[string]any{"requested": s.taken, "actual": max(1, s.taken-saved)}
	bucket := s.extension.Bucket
	if bucket == nil {
		return told
	}
	var back int64
	if s.settled.CompareAndSwap(false, true) {
		back = min(saved, s.taken-1)
	}
	told["remaining"] = bucket.Refund(s.subject, back)
	told["restoreRate"] = bucket.options.Restore
	return told
}

// Explain answers the field queryCost in the request that ctx is of, whose extension knows the weights and limits. variables is the
// text of a JSON object; it and operation may be nil.
func Explain(ctx context.Context, document string, variables, operation *string) (*Report, error) {
	s := stateOf(ctx)
	if s == nil {
		return nil, &domain.Error{Code: domain.CodeInternal, Message: "costs are not measured here"}
	}
	given, err := decode(variables)
	if err != nil {
		return nil, err
	}
	name := ""
	if operation != nil {
		name = *operation
	}
	return s.extension.analyser.Explain(document, given, name)
}

func decode(variables *string) (map[string]any, error) {
	if variables == nil {
		return nil, nil
	}
	decoder := json.NewDecoder(strings.NewReader(*variables))
	// As the executor has them: a whole number stays one.
	decoder.UseNumber()
	var given map[string]any
	err := decoder.Decode(&given)
	if err != nil || decoder.More() {
		return nil, domain.BadInput("the variables are not a JSON object")
	}
	return given, nil
}

// shown turns a refusal into what gqlgen shows.
func shown(err error) *gqlerror.Error {
	var refusal *Refusal
	if !errors.As(err, &refusal) {
		return nil
	}
	return &gqlerror.Error{Message: refusal.Error(), Extensions: refusal.Extensions()}
}
