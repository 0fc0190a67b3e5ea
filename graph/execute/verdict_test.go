package execute

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/stretchr/testify/assert"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/vigie-dev/vigie/graph/binding"
	"github.com/vigie-dev/vigie/loaders"
)

// strict is a policy that refuses everything, in the words of its standing and of a variable, and counts.
type strict struct {
	standing string
	asked    *int
}

type standingKey struct{}

func (p strict) Verdict(_ string, field *ast.Field, variables map[string]any) Verdict {
	*p.asked++
	return Verdict{Err: fmt.Errorf("%s: %s of %v", p.standing, field.Name, field.ArgumentMap(variables)["id"])}
}

func (p strict) Standing() string { return p.standing }

func (strict) Personal(any) bool { return true }

func (strict) Note(context.Context, string, string, iter.Seq[any]) {}

// selectionOf is a selection of one field whose argument is of a kind.
func selectionOf(p *plan, argument *ast.Value) *selection {
	definition := &ast.FieldDefinition{Name: "node", Arguments: ast.ArgumentDefinitionList{{Name: "id", Type: ast.NamedType("ID", nil)}}}
	node := &ast.Field{Name: "node", Definition: definition, Arguments: ast.ArgumentList{{Name: "id", Value: argument}}}
	s := &selection{object: &binding.Object{Name: "Query"}, slot: p.selections, varies: variable(argument)}
	s.fields = []*field{{Field: &binding.Field{Name: "node"}, collected: graphql.CollectedField{Field: node}}, {typename: []byte(`"Query"`)}}
	p.all = append(p.all, s)
	p.selections++
	return s
}

func TestVerdictsAreKeptByStanding(t *testing.T) {
	p, asked := &plan{}, 0
	fixed := selectionOf(p, &ast.Value{Kind: ast.StringValue, Raw: "1"})
	varying := selectionOf(p, &ast.Value{Kind: ast.Variable, Raw: "id"})
	e := &Executor{options: Options{Policy: func(ctx context.Context) Policy { return strict{ctx.Value(standingKey{}).(string), &asked} }}}
	for _, request := range []struct {
		standing, id string
		// asked counts how often the policy has been asked so far.
		asked int
	}{
		{"AGENT", "7", 2},
		{"AGENT", "8", 3},
		{"ANALYST", "7", 5},
		{"AGENT", "7", 6},
	} {
		ctx := context.WithValue(loaders.With(t.Context(), &loaders.Set{}), standingKey{}, request.standing)
		r := e.begin(ctx, &graphql.OperationContext{Variables: map[string]any{"id": request.id}}, p)
		for range 2 {
			assert.EqualError(t, r.verdict(fixed, 0).Err, request.standing+": node of 1")
			assert.EqualError(t, r.verdict(varying, 0).Err, request.standing+": node of "+request.id)
			assert.Zero(t, *r.verdict(fixed, 1), "nobody is asked of __typename")
		}
		r.end()
		assert.Equal(t, request.asked, asked)
	}
}

func TestARunKeepsNoVerdicts(t *testing.T) {
	p, asked := &plan{}, 0
	s := selectionOf(p, &ast.Value{Kind: ast.Variable, Raw: "id"})
	r := newRun(p)
	r.policy, r.operation = strict{"AGENT", &asked}, &graphql.OperationContext{}
	assert.Error(t, r.verdict(s, 0).Err)
	r.end()
	assert.Equal(t, [][]Verdict{{{}, {}}}, r.own)
	assert.Equal(t, [][]Verdict{nil}, r.verdicts)
}

func TestStandingsThatAreKeptAreBounded(t *testing.T) {
	p := &plan{selections: 1}
	for i := range 2 * keptStandings {
		made := p.judgedFor(fmt.Sprint(i))
		made[0].Store(&[]Verdict{{Err: errors.New("kept")}})
	}
	assert.Len(t, p.verdicts.of, keptStandings)
	assert.NotNil(t, p.judgedFor("0")[0].Load())
	assert.Nil(t, p.judgedFor("none")[0].Load())
}
