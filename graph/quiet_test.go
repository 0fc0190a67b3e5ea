package graph

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

const secretive = `
type Query { salary(currency: Money): Person }
type Person { salary: Int boss: Person }
enum Money { EURO DOLLAR }`

// TestQuietRulesGuessNothing sends near misses: the usual rules answer with the right names, the quiet ones must not.
func TestQuietRulesGuessNothing(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: secretive})
	for name, query := range map[string]string{
		"field":    `{ salery { boss { salery } } }`,
		"argument": `{ salary(curency: EURO) { salary } }`,
		"enum":     `{ salary(currency: EURA) { salary } }`,
		"type":     `{ salary { ... on Persan { salary } } }`,
		"leaf":     `{ salary }`,
	} {
		document, err := parser.ParseQuery(&ast.Source{Input: query})
		assert.NoError(t, err, name)
		usual := validator.ValidateWithRules(schema, document, rules.NewDefaultRules())
		assert.NotEmpty(t, usual, name)
		quiet := validator.ValidateWithRules(schema, document, quietRules())
		assert.NotEmpty(t, quiet, name)
		assert.NotContains(t, quiet.Error(), "Did you mean", name)
	}
}

// TestUsualRulesGuessNoTypes holds them to what is cheap to guess: there are few fields on a type, but many types.
func TestUsualRulesGuessNoTypes(t *testing.T) {
	schema := gqlparser.MustLoadSchema(&ast.Source{Input: secretive})
	document, err := parser.ParseQuery(&ast.Source{Input: `{ salary { ... on Persan { salary } } }`})
	assert.NoError(t, err)
	faults := validator.ValidateWithRules(schema, document, usualRules())
	assert.Len(t, faults, 1)
	assert.Equal(t, `Unknown type "Persan".`, faults[0].Message)
	near, err := parser.ParseQuery(&ast.Source{Input: `{ salery { salary } }`})
	assert.NoError(t, err)
	assert.Contains(t, validator.ValidateWithRules(schema, near, usualRules()).Error(), "Did you mean", "other names are guessed at")
}
