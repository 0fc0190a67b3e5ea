package graph

import "github.com/vektah/gqlparser/v2/validator/rules"

// quietRules are the validation rules without their guesses at what a client meant, which would tell the names of a schema that introspection
// does not. gqlgen's own switch leaves those of arguments, types and enum values.
func quietRules() *rules.Rules {
	quiet := rules.NewDefaultRules()
	quiet.RemoveRule(rules.FieldsOnCorrectTypeRule.Name)
	quiet.RemoveRule(rules.KnownArgumentNamesRule.Name)
	quiet.RemoveRule(rules.KnownTypeNamesRule.Name)
	quiet.RemoveRule(rules.ScalarLeafsRule.Name)
	quiet.RemoveRule(rules.ValuesOfCorrectTypeRule.Name)
	quiet.AddRule(rules.FieldsOnCorrectTypeRuleWithoutSuggestions.Name, rules.FieldsOnCorrectTypeRuleWithoutSuggestions.RuleFunc)
	quiet.AddRule(rules.KnownArgumentNamesRuleWithoutSuggestions.Name, rules.KnownArgumentNamesRuleWithoutSuggestions.RuleFunc)
	quiet.AddRule(rules.KnownTypeNamesRuleWithoutSuggestions.Name, rules.KnownTypeNamesRuleWithoutSuggestions.RuleFunc)
	quiet.AddRule(rules.ScalarLeafsRuleWithoutSuggestions.Name, rules.ScalarLeafsRuleWithoutSuggestions.RuleFunc)
	quiet.AddRule(rules.ValuesOfCorrectTypeRuleWithoutSuggestions.Name, rules.ValuesOfCorrectTypeRuleWithoutSuggestions.RuleFunc)
	return quiet
}
