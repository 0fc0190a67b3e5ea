// Package cost refuses queries that are too much before they run. Inspect looks at the shape of a parsed document without a
// schema, so it can stand before validation; an Analyser adds the weights and page sizes that a schema declares and gives a
// query's cost in points, roughly the objects that it may load. A Bucket restores points per viewer over time, and a Meter
// does all of it for the requests of a server. Every pass is linear in the document: a fragment is measured once, however often it is spread.
package cost

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/vigie-dev/vigie/domain"
)

// Most is where all counts stop: the largest GraphQL Int. What reaches it is that or more.
const Most = math.MaxInt32

// shownErrors is how many of a document's errors Explain tells.
const shownErrors = 3

// Analyser knows what each field of a schema weighs. It is safe for concurrent use.
type Analyser struct {
	schema  *ast.Schema
	limits  Limits
	weights *weights
	rules   func() *rules.Rules
	memory  memory
}

// New reads the weights and list sizes of a schema. newRules makes the validation rules that Explain applies; nil means the
// default ones. It fails where @cost or @listSize say something that cannot be meant.
func New(schema *ast.Schema, limits Limits, newRules func() *rules.Rules) (*Analyser, error) {
	table, err := newWeights(schema)
	if err != nil {
		return nil, err
	}
	if newRules == nil {
		newRules = rules.NewDefaultRules
	}
	return &Analyser{schema: schema, limits: limits, weights: table, rules: newRules}, nil
}

// Check measures one operation of a document and holds it against all limits but those on the text itself. The document may be
// anything that parses; variables are the coerced ones. The estimate is never nil. The error is a *Refusal.
func (a *Analyser) Check(document *ast.QueryDocument, operation string, variables map[string]any) (*Estimate, error) {
	estimate := a.estimate(document, operation, variables)
	err := a.limits.shape(estimate.Shape)
	if err != nil {
		return estimate, err
	}
	return estimate, a.limits.dear(estimate)
}

func (a *Analyser) estimate(document *ast.QueryDocument, operation string, variables map[string]any) *Estimate {
	chosen := document.Operations.ForName(operation)
	if chosen == nil {
		return &Estimate{Shape: Inspect(document), limit: a.limits.MaxCost}
	}
	var room [64]byte
	spelled, simple := appendDigest(room[:0], chosen, variables)
	if simple {
		known := a.memory.get(chosen, spelled)
		if known != nil {
			return known
		}
	}
	estimate := &Estimate{Shape: Inspect(document), limit: a.limits.MaxCost}
	a.measure(estimate, document, chosen, variables)
	if simple {
		a.memory.put(chosen, spelled, estimate)
	}
	return estimate
}

// Forget drops what is kept of a document that nobody will ask for again.
func (a *Analyser) Forget(document *ast.QueryDocument) { a.memory.forget(document) }

// Explain tells what a query would cost, without running it. A query that is too dear is no error; one that is too large to be
// looked at is a *Refusal, and one that is no valid query is a domain.Error.
func (a *Analyser) Explain(document string, variables map[string]any, operation string) (*Report, error) {
	tokens, err := a.limits.Screen(document, variables)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: document}, a.limits.MaxTokens)
	if err != nil {
		return nil, domain.BadInput("the document cannot be read: %s", message(err))
	}
	if len(parsed.Operations) == 0 {
		return nil, domain.BadInput("the document has no operation")
	}
	faults := validator.ValidateWithRules(a.schema, parsed, a.rules())
	if len(faults) > 0 {
		return nil, domain.BadInput("the document is not valid: %s", messages(faults))
	}
	chosen := parsed.Operations.ForName(operation)
	if chosen == nil {
		return nil, domain.BadInput("the document has no operation %q", operation)
	}
	coerced, err := validator.VariableValues(a.schema, chosen, variables)
	if err != nil {
		return nil, domain.BadInput("the variables do not fit: %s", message(err))
	}
	estimate := a.estimate(parsed, operation, coerced)
	estimate.Tokens = tokens
	report := estimate.Report()
	report.Allowed = a.limits.dear(estimate) == nil
	return report, nil
}

func message(err error) string {
	var known *gqlerror.Error
	if errors.As(err, &known) {
		return known.Message
	}
	return err.Error()
}

func messages(faults gqlerror.List) string {
	texts := make([]string, 0, shownErrors+1)
	for i, fault := range faults {
		if i == shownErrors {
			texts = append(texts, fmt.Sprintf("and %d more", len(faults)-shownErrors))
			break
		}
		texts = append(texts, fault.Message)
	}
	return strings.Join(texts, " ")
}

// plus and times stop at Most.
func plus(a, b int64) int64 { return min(a+b, Most) }

func times(a, b int64) int64 { return min(a*b, Most) }
