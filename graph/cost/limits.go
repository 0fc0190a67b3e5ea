package cost

import (
	"fmt"
	"math"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/lexer"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/vigie-dev/vigie/domain"
)

// The codes of refusals, as clients see them in extensions.code.
const (
	// CodeTooComplex is for a query that is refused whoever sends it and whenever.
	CodeTooComplex domain.Code = "QUERY_TOO_COMPLEX"
	// CodeRateLimited is for a query that the viewer may send again later.
	CodeRateLimited domain.Code = "RATE_LIMITED"
)

// Limits bounds a request. Zero means no bound.
type Limits struct {
	// MaxBytes bounds the document's text.
	MaxBytes int
	// MaxTokens bounds what the parser is given, comments included.
	MaxTokens int
	// MaxDepth bounds how deep fields are nested, fragments included.
	MaxDepth int
	// MaxRootFields bounds the fields at an operation's top, fragments included.
	MaxRootFields int
	// MaxAliases bounds the fields that are renamed, as written.
	MaxAliases int
	// MaxDirectives bounds the directives, as written.
	MaxDirectives int
	// MaxFragments bounds the fragments that are defined.
	MaxFragments int
	// MaxSpreads bounds the fragment spreads, as written.
	MaxSpreads int
	// MaxSelections bounds an operation's fields with every fragment written out, lists counted once.
	MaxSelections int
	// MaxValidation bounds the steps that validation may take: rules compare all fields of one name with each other, and walk each
	// fragment from everywhere that it is reached.
	MaxValidation int
	// MaxListItems bounds one list among the arguments and variables.
	MaxListItems int
	// MaxInputValues bounds the values among the arguments, and again among the variables.
	MaxInputValues int
	// MaxInputDepth bounds how deep lists and input objects are nested.
	MaxInputDepth int
	// MaxInputFields bounds the fields of input objects among the arguments, and again among the variables: each condition of a filter is one.
	MaxInputFields int
	// MaxText bounds one text among the arguments and variables, in bytes.
	MaxText int
	// MaxFields bounds the values that the answer can have, lists counted as long as they may become.
	MaxFields int
	// MaxCost bounds the points.
	MaxCost int
}

// DefaultLimits suits a server on two cores: all that a screen or an analyst asks for passes with room to spare, and what is
// refused is refused within milliseconds.
func DefaultLimits() Limits {
	return Limits{
		MaxBytes:       100_000,
		MaxTokens:      10_000,
		MaxDepth:       20,
		MaxRootFields:  20,
		MaxAliases:     100,
		MaxDirectives:  100,
		MaxFragments:   100,
		MaxSpreads:     300,
		MaxSelections:  5_000,
		MaxValidation:  100_000,
		MaxListItems:   2_000,
		MaxInputValues: 5_000,
		MaxInputDepth:  24,
		MaxInputFields: 300,
		MaxText:        100_000, // Not below MaxBytes, so that queryCost can be asked about every document.
		MaxFields:      500_000,
		MaxCost:        100_000,
	}
}

// Refusal is why a query is not run. It is also a domain.Error with its code and message.
type Refusal struct {
	Code domain.Code
	// Limit names what was exceeded, such as depth or cost.
	Limit string
	// Requested is how much it was, or Most; Allowed is how much it may be.
	Requested, Allowed int64
	// Report tells where the cost comes from; nil where the limit is another.
	Report *Report
	// RetryAfter is when the query could be run; zero where it never could.
	RetryAfter time.Duration
}

// Error tells the limit and by how much it was exceeded; it holds nothing of the query.
func (r *Refusal) Error() string {
	if r.Code == CodeRateLimited {
		return fmt.Sprintf("too much was asked in a short time: try again in %d s", r.RetryAfterSeconds())
	}
	return fmt.Sprintf("the query is too complex: %s %d, at most %d", r.Limit, r.Requested, r.Allowed)
}

// RetryAfterSeconds is RetryAfter in whole seconds, rounded up, as the header of that name wants it.
func (r *Refusal) RetryAfterSeconds() int64 {
	return int64(math.Ceil(r.RetryAfter.Seconds()))
}

// Unwrap makes the refusal an error that may be shown.
func (r *Refusal) Unwrap() error {
	return &domain.Error{Code: r.Code, Message: r.Error()}
}

// Extensions is what a client is told beside the message.
func (r *Refusal) Extensions() map[string]any {
	extensions := map[string]any{"code": string(r.Code)}
	if r.Code == CodeRateLimited {
		extensions["retryAfter"] = r.RetryAfterSeconds()
	}
	if r.Report == nil {
		extensions["limit"] = map[string]any{"name": r.Limit, "requested": r.Requested, "allowed": r.Allowed}
		return extensions
	}
	extensions["cost"] = map[string]any{
		"requested": r.Requested,
		"limit":     r.Allowed,
		"unit":      r.Limit,
		"breakdown": map[string]any{"roots": r.Report.Roots, "dearest": r.Report.Dearest},
	}
	return extensions
}

// bound is a count and what it may be at most.
type bound struct {
	name               string
	requested, allowed int
}

func (b bound) exceeded() bool { return b.allowed > 0 && b.requested > b.allowed }

// hold returns a refusal by the first bound that is exceeded.
func hold(bounds ...bound) error {
	for _, b := range bounds {
		if b.exceeded() {
			return &Refusal{Code: CodeTooComplex, Limit: b.name, Requested: int64(b.requested), Allowed: int64(b.allowed)}
		}
	}
	return nil
}

// Screen holds a document's text and its raw variables against the limits that need no schema, and counts the text's tokens. It
// takes anything: what does not parse passes, for the executor to say what is wrong with it. The error is a *Refusal.
func (l Limits) Screen(document string, variables map[string]any) (int, error) {
	err := hold(bound{"bytes", len(document), l.MaxBytes})
	if err != nil {
		return 0, err
	}
	err = l.Variables(variables)
	if err != nil {
		return 0, err
	}
	tokens := count(document, l.MaxTokens)
	err = hold(bound{"tokens", tokens, l.MaxTokens})
	if err != nil {
		return tokens, err
	}
	parsed, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: document}, l.MaxTokens)
	if err != nil {
		return tokens, nil
	}
	return tokens, l.shape(Inspect(parsed))
}

// Variables holds variables as they came, or coerced, against the limits on lists and input values.
func (l Limits) Variables(variables map[string]any) error {
	var i input
	i.object(variables, 0)
	return l.inputs(i)
}

func (l Limits) inputs(i input) error {
	return hold(
		bound{"input depth", i.depth, l.MaxInputDepth},
		bound{"list items", i.longest, l.MaxListItems},
		bound{"input values", i.values, l.MaxInputValues},
		bound{"input fields", i.fields, l.MaxInputFields},
		bound{"text bytes", i.text, l.MaxText},
	)
}

func (l Limits) shape(s Shape) error {
	err := hold(
		bound{"aliases", s.Aliases, l.MaxAliases},
		bound{"directives", s.Directives, l.MaxDirectives},
		bound{"fragments", s.Fragments, l.MaxFragments},
		bound{"fragment spreads", s.Spreads, l.MaxSpreads},
		bound{"depth", s.Depth, l.MaxDepth},
		bound{"root fields", s.RootFields, l.MaxRootFields},
		bound{"selections", s.Selections, l.MaxSelections},
		bound{"validation steps", s.Validation, l.MaxValidation},
	)
	if err != nil {
		return err
	}
	return l.inputs(s.input)
}

// dear refuses an estimate by its price, with the breakdown.
func (l Limits) dear(e *Estimate) error {
	for _, b := range []bound{{"cost", e.Cost, l.MaxCost}, {"fields", e.Fields, l.MaxFields}} {
		if b.exceeded() {
			return &Refusal{
				Code: CodeTooComplex, Limit: b.name, Requested: int64(b.requested), Allowed: int64(b.allowed), Report: e.Report(),
			}
		}
	}
	return nil
}

// count counts a text's tokens, up to one more than most where there is a bound. It stops at what is no token.
func count(document string, most int) int {
	scan := lexer.New(&ast.Source{Input: document})
	for tokens := 0; ; tokens++ {
		token, err := scan.ReadToken()
		if err != nil || token.Kind == lexer.EOF || most > 0 && tokens > most {
			return tokens
		}
	}
}
