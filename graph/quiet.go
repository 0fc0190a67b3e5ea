package graph

import (
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// usualRules are the validation rules without the guess at the name of an unknown type: it compares each such name with that of every type, and
// 95 kB of them keep it busy for half a second.
func usualRules() *rules.Rules {
	usual := rules.NewDefaultRules()
	usual.RemoveRule(rules.KnownTypeNamesRule.Name)
	usual.AddRule(rules.KnownTypeNamesRuleWithoutSuggestions.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	return usual
}

// quietRules are the validation rules without their guesses at what a client meant, which would tell the names of a schema that introspection
// does not. gqlgen's own switch leaves those of arguments, types and enum values.
func quietRules() *rules.Rules {
	quiet := rules.NewDefaultRules()
	for _, swap := range []struct{ loud, quiet core.Rule }{
		{rules.FieldsOnCorrectTypeRule, rules.FieldsOnCorrectTypeRuleWithoutSuggestions},
		{rules.KnownArgumentNamesRule, rules.KnownArgumentNamesRuleWithoutSuggestions},
		{rules.KnownTypeNamesRule, rules.KnownTypeNamesRuleWithoutSuggestions},
		{rules.ScalarLeafsRule, rules.ScalarLeafsRuleWithoutSuggestions},
		{rules.ValuesOfCorrectTypeRule, rules.ValuesOfCorrectTypeRuleWithoutSuggestions},
	} {
		quiet.RemoveRule(swap.loud.Name)
		quiet.AddRule(swap.quiet.Name, swap.quiet.RuleFunc)
	}
	return quiet
}
