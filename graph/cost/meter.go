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

// extension is under which a request's state is kept in its operation context, and the key in the answer's extensions.
const extension = "cost"

// Options is what a Meter is made of.
type Options struct {
	Limits Limits
	// Bucket bounds what a viewer spends over time; nil for no such bound.
	Bucket *Bucket
	// Subject says whose points a request spends. It is needed with a bucket.
	Subject func(context.Context) string
	// Rules makes the validation rules that Explain applies; nil means the default ones.
	Rules func() *rules.Rules
}

// Meter holds requests against limits and costs.
//
// A document that nobody has seen is screened before it is validated. Each operation is then measured with its
// variables, refused where it costs too much or the viewer has spent too much, and paid back for what it did not need. The answer's
// extensions tell, under cost, the points requested and actual, and with a bucket the points remaining and restored each second.
type Meter struct {
	options  Options
	analyser *Analyser
}

// NewMeter reads the weights of a schema.
func NewMeter(schema *ast.Schema, options Options) (*Meter, error) {
	if options.Bucket != nil && options.Subject == nil {
		return nil, errors.New("a bucket needs to know whose points are spent")
	}
	analyser, err := New(schema, options.Limits, options.Rules)
	if err != nil {
		return nil, err
	}
	return &Meter{options: options, analyser: analyser}, nil
}

// state is a request's.
type state struct {
	meter    *Meter
	estimate *Estimate
	subject  string
	// taken is what the viewer was charged, and saved what is to be given back.
	taken   int64
	saved   atomic.Int64
	settled atomic.Bool
}

func stateOf(ctx context.Context) *state {
	if !graphql.HasOperationContext(ctx) {
		return nil
	}
	s, _ := graphql.GetOperationContext(ctx).Stats.GetExtension(extension).(*state)
	return s
}

// Forget drops what is kept of a document that is no longer cached.
func (m *Meter) Forget(document *ast.QueryDocument) { m.analyser.Forget(document) }

// Screen holds a request against the limits that need no schema, before anything else is done with it. seen tells that its document was screened and
// found valid before: then its variables alone are looked at.
func (m *Meter) Screen(request *graphql.RawParams, seen bool) *gqlerror.Error {
	if seen {
		return shown(m.options.Limits.Variables(request.Variables))
	}
	_, err := m.options.Limits.Screen(request.Query, request.Variables)
	return shown(err)
}

// Charge measures an operation and charges the viewer, or refuses it.
func (m *Meter) Charge(ctx context.Context, operation *graphql.OperationContext) *gqlerror.Error {
	estimate, err := m.analyser.Check(operation.Doc, operation.OperationName, operation.Variables)
	if err != nil {
		return shown(err)
	}
	// What costs nothing is still a request.
	s := &state{meter: m, estimate: estimate, taken: max(1, int64(estimate.Cost))}
	if m.options.Bucket != nil {
		s.subject = m.options.Subject(ctx)
		taken := m.options.Bucket.TryTake(s.subject, s.taken)
		if !taken.OK {
			return shown(m.limited(s, taken))
		}
	}
	operation.Stats.SetExtension(extension, s)
	return nil
}

func (m *Meter) limited(s *state, taken Taken) error {
	refusal := &Refusal{
		Code: CodeRateLimited, Limit: "cost", Requested: s.taken, Allowed: taken.Remaining,
		Report: s.estimate.Report(), RetryAfter: taken.RetryAfter,
	}
	if taken.RetryAfter == 0 {
		refusal.Code = CodeTooComplex
		refusal.Allowed = int64(m.options.Bucket.options.Capacity)
	}
	return refusal
}

// Settle gives back what was not needed, once the answer is whole, and tells the cost. It does nothing where ctx belongs to no operation that was
// charged.
func (m *Meter) Settle(ctx context.Context, response *graphql.Response) {
	s := stateOf(ctx)
	if s == nil || response.HasNext != nil && *response.HasNext {
		return
	}
	if response.Extensions == nil {
		response.Extensions = map[string]any{}
	}
	response.Extensions[extension] = s.settle()
}

// settle pays back at most once: a subscription has many responses.
func (s *state) settle() *Told {
	saved := s.saved.Load()
	told := &Told{Requested: s.taken, Actual: max(1, s.taken-saved)}
	bucket := s.meter.options.Bucket
	if bucket == nil {
		return told
	}
	var back int64
	if s.settled.CompareAndSwap(false, true) {
		back = min(saved, s.taken-1)
	}
	told.limited, told.Remaining, told.RestoreRate = true, bucket.Refund(s.subject, back), bucket.options.Restore
	return told
}

// Explain answers the field queryCost in the request that ctx is of, whose meter knows the weights and limits. variables is the
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
	return s.meter.analyser.Explain(document, given, name)
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

// shown turns a refusal into what clients are shown.
func shown(err error) *gqlerror.Error {
	refusal, refused := errors.AsType[*Refusal](err)
	if !refused {
		return nil
	}
	return &gqlerror.Error{Message: refusal.Error(), Extensions: refusal.Extensions()}
}
